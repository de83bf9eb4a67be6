// Chapter 14 and what it is given: texts and labels in bad shape, options that contradict each other, models of others.
#include <set>

#include "chapters/14_bert/knowledge/fill.hpp"
#include "chapters/14_bert/knowledge/show.hpp"
#include "chapters/14_bert/material.hpp"
#include "chapters/14_bert/pictures.hpp"
#include "chapters/14_bert/pretraining/show.hpp"
#include "chapters/14_bert/ready_made.hpp"
#include "common/io/safetensors.hpp"
#include "tests/chapters/14_bert_shared.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;

namespace {

using namespace bert_tests;

/// What the chapter says to these options; "" when nothing is wrong.
std::string complaint(std::vector<std::string> words) {
  const TemporaryFolder out("out");
  words.insert(words.end(), {"--out", out.path.string()});
  bert::Settings settings;
  settings.epochs = 16;
  settings.words = words;
  app::Options options("14_bert", "", settings);
  bert::add_options(options, settings);
  std::vector<char*> argv = {const_cast<char*>("14_bert")};
  for (std::string& word : words) argv.push_back(word.data());
  std::string what;
  const auto body = [&] {
    try {
      bert::check_settings(settings);
    } catch (const Error& error) {
      what = error.what();
    }
  };
  CHECK(options.run(int(argv.size()), argv.data(), body) == 0);
  return what;
}

/// What a body prints.
template <class Body>
std::string printed(const Body& body) {
  std::fflush(stdout);
  std::FILE* file = std::tmpfile();
  const int before = ::dup(1);
  ::dup2(::fileno(file), 1);
  body();
  std::fflush(stdout);
  ::dup2(before, 1);
  ::close(before);
  std::rewind(file);
  std::string text;
  for (int c; (c = std::fgetc(file)) != EOF;) text += char(c);
  std::fclose(file);
  return text;
}

std::vector<std::size_t> lengths(const bert::Texts& texts) {
  std::vector<std::size_t> all;
  for (const auto& document : texts) all.push_back(document.size());
  return all;
}

/// `count` lines, an empty one before each whose number is divisible by `every`.
std::string numbered(int count, int every = 1 << 30) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("{}line {}\n", i > 0 && i % every == 0 ? "\n" : "", i);
  return text;
}

}  // namespace

TEST_CASE("texts from a file: documents end at empty lines, or after twenty lines") {
  const auto read = [](const std::string& text) {
    const TemporaryFile file("text.txt", text);
    return bert::read_texts(file.path);
  };
  CHECK(lengths(read(numbered(45))) == std::vector<std::size_t>{20, 20, 5});
  CHECK(read(numbered(45))[1][0] == "line 20");
  // 22 documents of two sentences or more are marked by their empty lines; 21 are not
  CHECK(lengths(read(numbered(66, 3))) == std::vector<std::size_t>(22, 3));
  CHECK(lengths(read(numbered(63, 3))) == std::vector<std::size_t>{20, 20, 20, 3});
  CHECK(lengths(read(numbered(50, 1))) == std::vector<std::size_t>{20, 20, 10});  // each line alone
  CHECK(lengths(read("a lonely one\n\n" + numbered(66, 3))).front() == 1);
  // A title, empty lines at the end, lines of blanks, CRLF, lines of signs that are no text: none makes one document of a whole text
  const std::vector<std::size_t> five(5, 20);
  CHECK(lengths(read("title\n\n" + numbered(99))) == five);
  CHECK(lengths(read(numbered(100) + "\n\n")) == five);
  CHECK(lengths(read("title\r\n \t \r\n" + numbered(99) + "\u00a0\n\u200b\n\x01\n")) == five);
  CHECK(read("  first  \r\n" + numbered(99))[0][0] == "first");

  const TemporaryFile few("few.txt", "one line\n");
  CHECK_THROWS_WITH_AS(bert::read_texts(few.path), doctest::Contains("few.txt: 1 lines of text"), Error);
  CHECK_THROWS_AS(bert::read_texts(scratch("missing.txt")), Error);
}

TEST_CASE("material: too few sentences are named; documents of one sentence are not held back") {
  Generator generator{1};
  const auto error_with = [&](const char* data, const char* classify, const char* message) {
    CHECK_THROWS_WITH_AS(bert::real_material(data, classify, generator), doctest::Contains(message), Error);
  };
  const TemporaryFile two("two.tsv", "a\tone\nb\ttwo\n"), signs("signs.tsv", "a\tone\nb\ttwo\nb\t\u00a0\n"),
      small("small.txt", numbered(60));
  error_with("", two.path.c_str(), "two.tsv: 2 labelled sentences; at least 5");
  error_with("", signs.path.c_str(), "signs.tsv: 2 labelled sentences");  // the line with nothing to read is left out
  error_with(small.path.c_str(), "", "small.txt: 3 documents are too few");

  // Thirty documents of one sentence, then thirty of two
  std::string text;
  for (int i = 0; i < 30; ++i) text += fmt::format("alone {}\n\n", i);
  for (int i = 0; i < 30; ++i) text += fmt::format("first {}\nthen {}\n\n", i, i);
  const TemporaryFile mixed("mixed.txt", text);
  const bert::Material m = bert::real_material(mixed.path, "", generator);
  CHECK((lengths(m.validation) == std::vector<std::size_t>{2, 2} && m.training.size() == 58));

  std::string labelled;
  for (int i = 0; i < 40; ++i) labelled += fmt::format("{}\tsentence {}\n", i < 38 ? "many" : "rare", i);
  const TemporaryFile uneven("uneven.tsv", labelled);
  const bert::Material classes = bert::real_material("", uneven.path, generator);
  CHECK_THROWS_WITH_AS(bert::check_labels(classes, "uneven.tsv", 5), doctest::Contains("uneven.tsv: class 'rare' has "), Error);
  CHECK_THROWS_WITH_AS(bert::check_labels(classes, "uneven.tsv", 5), doctest::Contains("--labels 5"), Error);
}

TEST_CASE("Korean texts: syllables stay whole, in a vocabulary that is loaded too") {
  const std::vector<std::vector<std::string>> korean = {{"한글 문장", "한글 단어"}, {"문장 하나", "단어 하나"}};
  const text::WordPiece vocabulary = bert::train_vocabulary(korean, 60);
  CHECK_FALSE(vocabulary.options().basic.strip_accents);
  CHECK(vocabulary.tokens("한글") == text::Words{"한글"});
  CHECK(bert::train_vocabulary(tea, 200).options().basic.strip_accents);
  const TemporaryFile file("vocab.txt", "");
  vocabulary.save(file.path);
  CHECK(bert::load_vocabulary(file.path).tokens("한글 하나") == text::Words{"한글", "하나"});
}

TEST_CASE("options that contradict each other are named") {
  const TemporaryFile file("plain.txt", "x");
  const std::string path = file.path.string();
  CHECK(complaint({}) == "");
  CHECK(complaint({"--labels", "500", "--runs=3"}) == "");
  CHECK(complaint({"--weights", "w", "--vocabulary", "v", "--fill", "a [MASK]", "--heads", "2"}) == "");
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"--weights", "w"}, "--weights needs the model's vocabulary: --vocabulary FILE, a piece a line"},
      {{"--heads", "2"}, "--heads: it is the number of heads of --weights, which is not given"},
      {{"--labels", "7"}, "--labels: 7 is none of 5, 20, 100, 500"},
      {{"--data", "x", "--labels", "5"}, "--labels: a text alone has no classes to fine-tune on; add --classify FILE"},
      {{"--data", "x", "--runs=2"}, "--runs: a text alone has no classes to fine-tune on; add --classify FILE"},
      {{"--fill", ""}, "--fill '' has no gap: write [MASK] where a word is missing"},
      {{"--fill=anna"}, "--fill 'anna' has no gap: write [MASK] where a word is missing"},
      {{"--save", path}, "--save: " + path + " is not a folder"},
  };
  for (const auto& [words, message] : cases) CHECK(complaint(words) == message);
  for (const std::string option : {"--data=x", "--classify=x", "--labels=5", "--runs=2", "--resume", "--save=x", "--epochs=3"})
    CHECK(complaint({"--weights", "w", "--vocabulary", "v", option}) ==
          option.substr(0, option.find('=')) + ": --weights is a model that is trained already; leave one of the two out");
  bert::Settings out;
  out.out = file.path;
  CHECK_THROWS_WITH_AS(bert::check_settings(out), doctest::Contains("--out: "), Error);
}

TEST_CASE("a model of others: heads, the head for hidden words, a text that is too long") {
  const Small small;
  const TemporaryFolder folder("model");
  bert::save(folder.path, {small.model, small.vocabulary});
  bert::Settings settings;
  settings.weights = folder.path / "model.safetensors", settings.vocabulary = folder.path / "vocab.txt", settings.fill = "the [MASK]";
  CHECK(bert::read_ready_made(settings).loaded.model.bert.config.heads == 2);
  const auto refused = [&](const std::string& message) {
    CHECK_THROWS_WITH_AS(bert::read_ready_made(settings), doctest::Contains(message.c_str()), Error);
  };
  settings.fill = "a b c d e f g h i j k l m n o p [MASK]";
  refused("more than the model's 16 tokens");
  settings.fill = "the [MASK]";

  const io::Safetensors saved = io::read_safetensors(settings.weights);
  io::NamedArrays others, encoder;
  for (const auto& [name, values] : saved.arrays()) {
    others.emplace_back(name, values);
    if (!name.starts_with("cls.predictions")) encoder.emplace_back(name, values);
  }
  others.emplace_back("classifier.weight", ones({2, 8}));
  settings.weights = folder.path / "others.safetensors";
  io::write_safetensors(settings.weights, others);  // without metadata: nobody knows the heads
  refused("(--heads N)");
  settings.heads = 4;
  const bert::ReadyMade ready = bert::read_ready_made(settings);
  CHECK((ready.loaded.model.bert.config.heads == 4 && ready.loaded.unused == std::vector<std::string>{"classifier.weight"}));
  CHECK(printed([&] { bert::show_ready_made(settings); }).find("not used: classifier.weight\n") != std::string::npos);
  io::write_safetensors(settings.weights, encoder);
  refused("no head for hidden words");
}

TEST_CASE("what is printed: few pairs, several gaps, three fates of a word") {
  const text::WordPiece vocabulary = bert::train_vocabulary(tea, 200);
  Generator generator{2};
  const std::vector<text::Document> one_pair = bert::encode({{"anna drinks tea", "she likes it"}, {"ben plays chess"}}, vocabulary);
  CHECK(printed([&] { bert::show_pairs(vocabulary, one_pair, generator); }).find("1 pairs, ") != std::string::npos);

  const Small small;
  const std::string gaps = printed([&] { bert::show_fill(small.model, small.vocabulary, "the [MASK] is [MASK]"); });
  CHECK(gaps.find("the [MASK] is [MASK]\n  gap 1 ") == 0);
  CHECK(gaps.find("\n  gap 2 ") != std::string::npos);
  CHECK(printed([&] { bert::show_fill(small.model, small.vocabulary, "the [MASK]"); }).find("gap") == std::string::npos);
  CHECK_THROWS_WITH_AS(bert::check_fill("[MASK] a b c", vocabulary, 5), doctest::Contains("more than the model's 5 tokens"), Error);

  const std::vector<text::Document> documents = bert::encode(tea, vocabulary);
  const std::string fates = printed([&] { bert::show_corruption(vocabulary, "the road is wet", documents, generator); });
  CHECK(fates.find("of the tokens of 3 documents") != std::string::npos);
  std::vector<std::string> lines;
  for (std::size_t begin = 0; lines.size() < 4; begin += lines.back().size() + 1)
    lines.push_back(fates.substr(begin, fates.find('\n', begin) - begin));
  CHECK(lines[0].starts_with("the text      [CLS] the "));
  CHECK(lines[1].find("[MASK]", 13) != std::string::npos);
  CHECK(lines[2].find("asked: nothing") == std::string::npos);
  CHECK(lines[3].find("asked: nothing") == std::string::npos);
  CHECK(printed([&] { bert::show_corruption(vocabulary, "", documents, generator); }).find("asked: nothing") != std::string::npos);

  CHECK(bert::beginning("one two three", 2) == "one two");
  CHECK(bert::beginning("\u200b \u200b text", 2) == "\u200b \u200b text");
}

TEST_CASE("the figure of fine-tuning is named by what was seen") {
  const auto comparison = [](double pretrained) { return bert::Comparison{5, {0.5}, {0.4}, {pretrained}}; };
  const bert::Comparison better = comparison(0.6), worse = comparison(0.45);
  CHECK(bert::verdict({better, better}) == "Pre-training pays");
  CHECK(bert::verdict({better, worse, worse}) == "Pre-training pays while labels are few");
  CHECK(bert::verdict({worse, better}) == "Pre-training pays now and then");
  CHECK(bert::verdict({worse, worse}) == "Pre-training does not pay");
}

TEST_CASE("material: nothing that is validated or tested on stands in what is pre-trained on") {
  Generator generator{1};
  const bert::Material m = bert::toy_material(generator);
  CHECK((m.training.size() == 3000 && m.validation.size() == 60 && m.classes.size() == 6));
  std::set<std::string> read;
  for (const auto& sentences : m.training) read.insert(sentences.begin(), sentences.end());
  std::size_t known = 0;
  for (const auto& sentences : m.validation)
    for (const std::string& sentence : sentences) known += read.count(sentence);
  for (const std::string& sentence : m.test.sentences) known += read.count(sentence);
  for (const bert::Story& story : m.stories)
    for (const std::string& sentence : story.sentences) known += read.count(sentence);
  const bert::Labelled looked_at = bert::labelled_sentences(m.stories, 60);
  CHECK(looked_at.size() == 360);  // there are enough of them
  CHECK(known == 0);
  const std::set<std::string> pool(m.pool.sentences.begin(), m.pool.sentences.end());
  for (const std::string& sentence : m.test.sentences) CHECK(pool.count(sentence) == 0);
  for (std::int64_t topic = 0; topic < 6; ++topic) {
    CHECK(std::count(m.test.labels.begin(), m.test.labels.end(), topic) == 50);
    CHECK(std::count(m.pool.labels.begin(), m.pool.labels.end(), topic) == 500);
  }

  std::string text;
  for (int i = 0; i < 50; ++i) text += fmt::format("{}\tsentence {}\n", i % 2, i);
  const TemporaryFile file("material.tsv", text), few("few.tsv", "a\tone\nb\ttwo\na\tthree\nb\tfour\na\tfive\n");
  const bert::Material real = bert::real_material("", file.path, generator);
  CHECK((real.test.size() == 10 && real.pool.size() == 40 && real.training.size() == 38 && real.validation.size() == 2));
  CHECK((!real.plan.next_sentence && real.fine_tuning.mean_of_tokens));
  CHECK((m.plan.next_sentence && !m.fine_tuning.mean_of_tokens));
  CHECK_THROWS_WITH_AS(bert::real_material("", few.path, generator), doctest::Contains("4 sentences are too few"), Error);
}
