#include "chapters/06_word2vec/model.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>

#include "common/system/files.hpp"
#include "common/core/parallel.hpp"

namespace word2vec {
using namespace byhand;

namespace {

Model model_named(const std::string& name) {
  for (const auto& [known, model] :
       {std::pair{"cbow", Model::cbow}, {"skipgram", Model::skipgram}, {"glove", Model::glove}, {"fasttext", Model::fasttext}})
    if (name == known) return model;
  fail("--model: '{}' is none of cbow, skipgram, glove, fasttext", name);
}

}  // namespace

Plan default_plan(const std::string& model, const std::string& loss, bool toy) {
  check(loss == "negative" || loss == "softmax", "--loss: '{}' is neither negative nor softmax", loss);
  Plan plan;
  plan.model = model_named(model);
  plan.word2vec.skipgram = plan.model != Model::cbow;
  plan.word2vec.negative = loss == "negative";
  plan.word2vec.lr = plan.word2vec.skipgram ? 0.025 : 0.05;  // as in the authors' program
  plan.word2vec.width = plan.glove.width = toy ? 50 : 100;
  plan.word2vec.epochs = toy ? 15 : 5;
  plan.glove.window = toy ? 5 : 10;
  plan.glove.x_max = toy ? 30 : 10;  // the paper's 100 is for texts of billions of words
  plan.ngrams.buckets = toy ? 5'000 : 200'000;
  return plan;
}

// ---- how good are the vectors? ----

AnalogyScore score_analogies(const text::WordVectors& vectors, const std::vector<text::Analogy>& questions) {
  AnalogyScore score;
  for (const auto& [a, b, c, d] : questions) {
    if (!vectors.contains(a) || !vectors.contains(b) || !vectors.contains(c) || !vectors.contains(d)) continue;
    ++score.asked;
    score.right += vectors.analogy(b, a, c, 1).front().word == d;  // near b - a + c
  }
  return score;
}

double parallel(const text::WordVectors& vectors, const Pairs& pairs) {
  std::vector<Array> arrows;
  for (const auto& [from, to] : pairs)
    if (vectors.contains(from) && vectors.contains(to)) arrows.emplace_back(vectors[to] - vectors[from]);
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < arrows.size(); ++i)
    for (std::size_t j = 0; j < i; ++j, ++count) sum += text::cosine(arrows[i], arrows[j]);
  return count ? sum / count : 0;
}

// ---- training ----

Trained train(const text::Corpus& corpus, const Plan& plan, const std::vector<text::Analogy>& questions, Generator& generator,
              const std::function<void(const Epoch&)>& report) {
  std::vector<Epoch> epochs;
  const auto note = [&](int epoch, double loss, const text::WordVectors& vectors) {
    epochs.push_back({epoch, loss, score_analogies(vectors, questions)});
    if (report) report(epochs.back());
  };
  if (plan.model == Model::glove) {
    text::WordVectors vectors = train_glove(corpus, plan.glove, generator, note);
    return {std::move(vectors), epochs, nullptr};
  }
  const auto run = [&](text::Word2Vec& model) {
    model.train([&](const text::Word2VecEpoch& e) { note(e.epoch, e.loss, model.vectors()); });
    return model.vectors();
  };
  if (plan.model == Model::fasttext) {
    const auto model = std::make_shared<FastText>(corpus, plan.word2vec, plan.ngrams, generator);
    text::WordVectors vectors = run(model->model());
    return {std::move(vectors), epochs, model};
  }
  text::Word2Vec model(corpus, plan.word2vec, generator);
  text::WordVectors vectors = run(model);
  return {std::move(vectors), epochs, nullptr};
}

double softmax_seconds(const text::Corpus& corpus, const text::Word2VecOptions& options) {
  text::RowTable in(1, options.width), out(corpus.vocabulary.size(), options.width);
  text::Word2VecStep step(in, out);
  const std::vector<std::uint32_t> word = {0};
  constexpr int trials = 20;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < trials; ++i) step.softmax(word, word, real(0.01));
  const double one = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / trials;
  double kept = 0;
  for (std::size_t w = 0; w < corpus.vocabulary.size(); ++w)
    kept += double(corpus.vocabulary.count(std::int64_t(w))) * keep_probability(corpus.vocabulary, std::int64_t(w), options.sample);
  return one * kept * options.epochs / threads();
}

// ---- texts and files ----

namespace {

/// Every letter has the number of bytes that its first one says, and is written with as few as can be (RFC 3629).
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) { return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u; };
    const unsigned first = byte(0);
    const std::size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((byte(k) & 0xC0) != 0x80) return false;
    if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return false;  // too long; half of a UTF-16 pair
    if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return false;  // too long; beyond U+10FFFF
    i += length;
  }
  return true;
}

}  // namespace

std::vector<text::Words> toy_sentences(std::size_t count, Generator& generator) {
  std::vector<text::Words> sentences;
  for (const std::string& sentence : text::toy_world(count, generator)) sentences.push_back(text::words(sentence));
  return sentences;
}

std::vector<text::Words> read_sentences(const std::filesystem::path& file) {
  constexpr std::uintmax_t largest = 256 << 20;  // each word is a string of its own: some 20 bytes of memory for a byte of text
  std::istringstream lines(read_file(file, largest));
  std::vector<text::Words> sentences;
  std::size_t words = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t number = sentences.size() + 1;
    check(line.find('\0') == line.npos, "{}: line {} holds a byte 0: this is not a text", file.string(), number);
    check(is_utf8(line), "{}: line {} is not UTF-8; convert the file first, with iconv for example", file.string(), number);
    sentences.push_back(text::words(line));
    words += sentences.back().size();
  }
  check(words > 0, "{}: holds no word", file.string());
  return sentences;
}

std::vector<std::string> probe_words(const text::Words& known, Model model, bool toy) {
  if (toy && model == Model::fasttext) return {"king", "paris", "tea", "kings", "frenchman", "teapot"};
  std::vector<std::string> words;
  for (const std::string word : {"king", "paris", "tea", "cat", "daughter", "water", "bread", "father"})
    if (words.size() < 5 && std::find(known.begin(), known.end(), word) != known.end()) words.push_back(word);
  if (!words.empty()) return words;
  const std::size_t first = std::min<std::size_t>(50, known.size() / 2);  // the most frequent words say little
  for (std::size_t rank = first; rank < std::min(known.size(), first + 5); ++rank) words.push_back(known[rank]);
  return words;
}

std::vector<std::string> probe_words(const std::string& option) {
  std::vector<std::string> words;
  for (const std::string& word : text::words(option))
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  check(!words.empty(), "--probe: no word in '{}'", option);
  return words;
}

namespace {

void check_ending(const std::filesystem::path& file) {
  check(file.extension() == ".txt" || file.extension() == ".bin", "--save: '{}' must end in .txt (text) or .bin (binary)", file.string());
}

}  // namespace

void check_vector_file(const std::filesystem::path& file, const std::filesystem::path& source) {
  check_ending(file);
  std::error_code neither_is_there;
  check(!std::filesystem::equivalent(file, source, neither_is_there), "--save: '{}' is the file that is read; give another name",
        file.string());
  check_can_write(file);
}

void save_vectors(const std::filesystem::path& file, const text::WordVectors& vectors) {
  check_ending(file);
  file.extension() == ".txt" ? save_word2vec_text(file, vectors) : save_word2vec_binary(file, vectors);
}

}  // namespace word2vec
