#include "chapters/15_rag/encoders/bert_encoder.hpp"

#include <algorithm>
#include <numeric>

#include "common/autograd/ops.hpp"
#include "common/bert/bert_files.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/files.hpp"
#include "common/system/hash.hpp"
#include "common/tensor/matmul.hpp"
#include "common/text/unicode.hpp"

namespace rag {
using namespace byhand;

std::vector<Pair> training_pairs(const std::vector<Passage>& passages, Generator& generator) {
  std::vector<Pair> pairs;
  for (const Passage& passage : passages) {
    const std::string above = passage.title + " " + passage.heading + " " + passage.subheading;
    if (!passage.heading.empty()) pairs.push_back({above, passage.text});
    const std::vector<std::string> sentences = sentences_of(passage.text);
    if (sentences.size() < 3) continue;
    const auto asked = std::size_t(generator.randint(0, std::int64_t(sentences.size()), 1).front());
    std::string rest = above;
    for (std::size_t i = 0; i < sentences.size(); ++i)
      if (i != asked) rest += "\n" + sentences[i];
    if (count_words(sentences[asked]) >= 4) pairs.push_back({sentences[asked], rest});
  }
  return pairs;
}

namespace {

// Stripping takes Korean syllables apart.
const text::WordPieceOptions korean_too{.basic = {.strip_accents = false}, .longest_word = 100};

Tensor unit_rows(const Tensor& x) { return x / sqrt(sum(square(x), {-1}, true) + real(1e-12)); }

}  // namespace

Tensor contrastive_loss(const Tensor& questions, const Tensor& passages, double temperature) {
  const Tensor cosines =
      // (batch, batch)
      matmul(unit_rows(questions), unit_rows(passages), Transpose::no, Transpose::yes) /
      real(temperature);
  std::vector<std::int64_t> own(questions.shape(0));
  std::iota(own.begin(), own.end(), 0);
  return (cross_entropy(cosines, ids(own)) + cross_entropy(transpose(cosines), ids(own))) / real(2);
}

// ---- the encoder ----

BertEncoder::BertEncoder(text::WordPiece tokenizer, nn::BertForPreTraining model)
    : tokenizer_(std::move(tokenizer)), model_(std::move(model)) {
  check(tokenizer_.size() == model_.bert.config.vocabulary,
        "bert: {} pieces in the vocabulary, the weights are for {}", tokenizer_.size(),
        model_.bert.config.vocabulary);
  check(length() >= 2, "bert: positions for {} pieces; [CLS] and [SEP] need 2", length());
  take_fingerprint();
}

void BertEncoder::take_fingerprint() {
  std::string bytes = fmt::format("{} {} ", length(), tokenizer_.size());
  for (const auto& [name, tensor] : model_.bert.state_dict())
    for (const real value : tensor.value()) {
      const auto number = float(value);
      bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
  fingerprint_ = hash_text(bytes);
}

nn::BertInput BertEncoder::input(const std::vector<std::string>& texts) const {
  std::vector<std::vector<std::int64_t>> all;
  std::size_t longest = 2;
  for (const std::string& text : texts) {
    all.push_back(tokenizer_.encode(text, length()).ids);
    longest = std::max(longest, all.back().size());
  }
  std::vector<std::int64_t> numbers;
  Array padding = zeros({texts.size(), longest});
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = all[i].size(); j < longest; ++j) padding.data()[i * longest + j] = 1;
    all[i].resize(longest, tokenizer_.pad());
    numbers.insert(numbers.end(), all[i].begin(), all[i].end());
  }
  return {ids({texts.size(), longest}, numbers), {}, padding};
}

Tensor BertEncoder::vectors(const std::vector<std::string>& texts) const {
  return model_.bert.sentence_vectors(input(texts));
}

Array BertEncoder::encode(const std::vector<std::string>& texts) const {
  const NoGrad no_grad;
  model_.eval();
  Array rows = zeros({texts.size(), width()});
  std::vector<std::size_t> order(texts.size());  // texts of like length together: less padding
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return texts[a].size() < texts[b].size(); });
  for (std::size_t first = 0; first < order.size(); first += 32) {
    std::vector<std::string> batch;
    for (std::size_t i = first; i < std::min(order.size(), first + 32); ++i)
      batch.push_back(texts[order[i]]);
    const Tensor made = vectors(batch);  // (batch, size)
    for (std::size_t i = 0; i < batch.size(); ++i)
      std::copy_n(made.value().data() + i * width(), width(),
                  rows.data() + order[first + i] * width());
  }
  scale_rows(rows);
  return rows;
}

// ---- files ----

void BertEncoder::save(const std::filesystem::path& folder) const {
  std::filesystem::create_directories(folder);
  nn::save_bert(folder, model_, tokenizer_);
}

std::shared_ptr<BertEncoder> BertEncoder::load(const std::filesystem::path& folder) {
  check(
      std::filesystem::is_directory(folder),
      "bert: {}: no folder with model.safetensors and vocab.txt; byhand run bert --save makes one",
      folder.string());
  const std::filesystem::path pieces = folder / "vocab.txt";
  text::WordPieceOptions options = korean_too;
  // As the texts that the pieces were learned from.
  options.basic.strip_accents = !text::has_hangul(read_file(pieces, 16 << 20));
  // The weights are replaced at once.
  Generator generator{0};
  text::WordPiece vocabulary = text::WordPiece::load(pieces, options);
  const nn::LoadedBert loaded = nn::load_bert(folder / "model.safetensors", generator);
  nn::check_vocabulary(loaded, vocabulary, pieces);
  return std::make_shared<BertEncoder>(std::move(vocabulary), loaded.model);
}

// ---- training ----

std::shared_ptr<BertEncoder> new_bert(const std::vector<Passage>& passages,
                                      const TuneOptions& options, Generator& generator) {
  text::WordPiece tokenizer =
      text::train_wordpiece(searched(passages), options.vocabulary, {.tokenizer = korean_too});
  const nn::BertForPreTraining start({.vocabulary = tokenizer.size(),
                                      .size = options.size,
                                      .layers = options.layers,
                                      .heads = options.heads,
                                      .feed_forward = 4 * options.size,
                                      .max_length = options.length,
                                      .dropout = 0},  // each epoch asks with other sentences
                                     generator);
  return std::make_shared<BertEncoder>(std::move(tokenizer), start);
}

void BertEncoder::tune(const std::vector<Passage>& passages, const TuneOptions& options,
                       Generator& generator,
                       const std::function<void(std::size_t, double)>& report) {
  check(passages.size() >= 2, "bert: {} passages are too few to train on", passages.size());
  const nn::Bert& bert = model_.bert;
  bert.train();
  optim::AdamW optimizer(bert.parameters(), {.lr = options.lr});
  double loss = 0;
  std::vector<Pair> pairs;
  std::size_t next = 0;
  std::vector<std::int64_t> order;
  for (std::size_t step = 1; step <= options.steps; ++step) {
    // A new epoch asks with other sentences.
    if (pairs.empty() || next + options.batch > order.size()) {
      pairs = training_pairs(passages, generator);
      order = generator.randperm(std::int64_t(pairs.size()));
      next = 0;
    }
    std::vector<std::string> questions, answers;
    for (std::size_t i = 0; i < std::min(options.batch, order.size()); ++i) {
      const Pair& pair = pairs[std::size_t(order[next++])];
      questions.push_back(pair.question);
      answers.push_back(pair.passage);
    }
    if (questions.size() < 2)
      fail("bert: {} pairs of question and passage are too few to train on", questions.size());
    // Warm-up, then down.
    optimizer.set_lr(options.lr * std::min({1.0, double(step) / 50,
                                            1.05 - double(step) / double(options.steps)}));
    Tensor now = contrastive_loss(vectors(questions), vectors(answers), options.temperature);
    loss += double(now.item());
    optimizer.zero_grad();
    now.backward();
    optim::clip_grad_norm(bert.parameters(), 1);
    optimizer.step();
    if (report && step % 50 == 0) report(step, loss / 50);
    if (step % 50 == 0) loss = 0;
  }
  bert.eval();
  take_fingerprint();
}

}  // namespace rag
