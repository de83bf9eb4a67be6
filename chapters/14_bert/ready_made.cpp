#include "chapters/14_bert/ready_made.hpp"

#include "chapters/14_bert/knowledge/fill.hpp"
#include "chapters/14_bert/knowledge/show.hpp"
#include "common/app/chapter.hpp"
#include "common/system/text.hpp"

namespace bert {
using namespace byhand;

namespace {

std::string gap_text(const Settings& settings) {
  return settings.fill.empty() ? "the [MASK] sat on the throne" : settings.fill;
}

}  // namespace

text::WordPiece load_vocabulary(const std::filesystem::path& file) {
  const text::WordPiece plain = text::WordPiece::load(file);
  return text::WordPiece(plain.pieces(), tokenizer_for(plain.pieces()));
}

ReadyMade read_ready_made(const Settings& settings) {
  const std::string weights = settings.weights.string();
  text::WordPiece vocabulary = load_vocabulary(settings.vocabulary);
  const auto read = [&] {
    Generator generator{settings.seed};
    try {
      return nn::load_bert(settings.weights, generator, std::size_t(settings.heads));
    } catch (const Error& error) {
      const std::string what = error.what();
      if (what.find("give the number of heads") == std::string::npos) throw;
      fail("{} (--heads N)", what);
    }
  };
  ReadyMade result{read(), std::move(vocabulary)};
  const nn::BertConfig& c = result.loaded.model.bert.config;
  check(c.vocabulary == result.vocabulary.size(), "{} has {} pieces, the weights of {} are for {}",
        settings.vocabulary.string(), result.vocabulary.size(), weights, c.vocabulary);
  nn::check_vocabulary(result.loaded, result.vocabulary, settings.vocabulary);
  check(result.loaded.masked_lm,
        "{}: there is no head for hidden words in it (cls.predictions…), so no gap can be filled",
        weights);
  check_fill(gap_text(settings), result.vocabulary, c.max_length);
  result.loaded.model.eval();
  return result;
}

void show_ready_made(const Settings& settings) {
  const ReadyMade ready = read_ready_made(settings);
  const nn::BertConfig& c = ready.loaded.model.bert.config;
  app::numbered_heading(fmt::format("{}: {} layers of size {}, {} heads, {} pieces",
                                    settings.weights.filename().string(), c.layers, c.size, c.heads,
                                    c.vocabulary));
  fmt::print(
      "head for hidden words: read; pooler and head for the next sentence, not needed here: {}, "
      "{}\n",
      ready.loaded.pooler ? "there" : "not there",
      ready.loaded.next_sentence ? "there" : "not there");
  if (!ready.loaded.unused.empty())
    fmt::print("not used: {}\n", one_line(fmt::format("{}", fmt::join(ready.loaded.unused, ", "))));
  show_fill(ready.loaded.model, ready.vocabulary, gap_text(settings));
}

}  // namespace bert
