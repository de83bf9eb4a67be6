// WordPiece against the expectations of google-research/bert, and our numbers against those of its tokenization.py.
#include "common/text/wordpiece.hpp"
#include "common/text/unicode.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::json;
using text::WordPiece;
using text::Words;

TEST_CASE("golden wordpiece") {
  golden::File f("wordpiece");
  const auto vocabulary = [&](const std::string& name) { return WordPiece(io::member(f.inputs(), name, "wordpiece.json").get<Words>()); };
  const WordPiece first = vocabulary("vocab1"), second = vocabulary("vocab2_with_comma"), third = vocabulary("vocab3");
  for (const std::string text : {"", "unwanted running", "unwantedX running"})
    CHECK(first.tokens(text) == f.expected("vocab1 '" + text + "'").get<Words>());
  CHECK(second.tokens("UNwanted,running") == f.expected("vocab2 full tokenizer 'UNwanted,running'").get<Words>());
  CHECK(second.ids("UNwanted,running") == f.expected("vocab2 ids").get<std::vector<std::int64_t>>());
  for (const std::string word : {"unaffable", "embeddings", "played", "xyz"})
    CHECK(third.split_word(word) == f.expected("vocab3 " + word).get<Words>());
}

namespace {

/// A line of the file: text, or {"hex": …} where it is not UTF-8.
std::string line_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  const std::string digits = io::member(value, "hex", "bert_ids.json").get<std::string>();
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) bytes += char(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

}  // namespace

// Made by scripts/bert_ids.py. The lines hold no code point that came after Unicode 14, so the version of utf8proc does not matter.
TEST_CASE("golden bert_ids: BERT's own vocabulary") {
  const std::filesystem::path file = project_dir() / "datasets/cache/bert-vocab.txt";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: datasets/cache/bert-vocab.txt is not there; `./byhand data bert-vocab` fetches it");
    return;
  }
  golden::File f("bert_ids");
  for (const std::string casing : {"uncased", "cased"}) {
    golden::Part expected = f.part(casing);
    const bool small = casing == "uncased";
    const WordPiece bert = WordPiece::load(file, {{small, small}, f.params().at("longest_word").get<std::size_t>()});
    CHECK(bert.size() == f.params().at("pieces").get<std::size_t>());
    CHECK(expected.all().size() == f.inputs().size());
    for (const auto& line : f.inputs().items()) {
      INFO(casing, ", ", line.key());
      CHECK(bert.ids(line_of(line.value())) == expected.expected(line.key()).get<std::vector<std::int64_t>>());
    }
  }
}
