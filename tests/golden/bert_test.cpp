// BERT against PyTorch: a small model read from a file of Hugging Face's naming; the masked-LM loss; the data of both pre-training tasks.
#include <unistd.h>

#include "common/autograd/losses.hpp"
#include "common/bert/bert_files.hpp"
#include "common/bert/masked_lm.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/io/safetensors.hpp"
#include "tests/golden/golden.hpp"

using namespace byhand;
using golden::json;

namespace {

nn::LoadedBert load(const std::filesystem::path& file, std::size_t heads) {
  Generator generator{0};
  nn::LoadedBert loaded = nn::load_bert(file, generator, heads);
  loaded.model.eval();
  return loaded;
}

nn::BertInput input_of(const golden::File& f) {
  return {.ids = f.input_ids("ids"), .segments = f.input_ids("segments"), .padding = f.input("padding_1_hidden")};
}

/// Block `i` of `blocks` equal ones of a gradient's rows: of in_proj's three, 0 is that of the queries.
Array part(const Tensor& parameter, std::size_t i = 0, std::size_t blocks = 1) {
  const std::size_t count = parameter.shape(0) / blocks;
  return slice(Tensor(parameter.grad()), 0, i * count, (i + 1) * count).value();
}

}  // namespace

TEST_CASE("golden bert_small: outputs, losses and gradients of a model in Hugging Face's naming") {
  golden::File f("bert_small");
  const std::size_t heads = std::size_t(f.input_ids("heads").data()[0]);
  const nn::LoadedBert loaded = load(golden::folder() / "bert_small.safetensors", heads);
  CHECK((loaded.pooler && loaded.masked_lm && loaded.next_sentence && loaded.unused.empty()));
  const nn::BertForPreTraining& model = loaded.model;
  f.check("n_params", double(model.parameter_count()), golden::forward);

  const nn::BertInput input = input_of(f);
  std::vector<Array> weights;
  const Tensor sequence = model.bert(input, &weights);
  f.check("sequence", sequence, golden::forward);
  f.check("weights_of_layer_1_in_text_1", select(Tensor(weights.at(1)), 0, 1), golden::forward);
  f.check("pooled", model.bert.pooled(sequence), golden::forward);
  f.check("mlm_logits", model.masked_lm_logits(sequence), golden::forward);
  f.check("nsp_logits", model.next_sentence_logits(sequence), golden::forward);
  f.check("mean_pooled", model.bert.sentence_vectors(input), golden::forward);
  const std::size_t length = input.ids.shape()[1];
  const Ids one = ids(
      {1, length}, std::vector<std::int64_t>(input.ids.begin() + std::ptrdiff_t(length), input.ids.begin() + std::ptrdiff_t(2 * length)));
  f.check("sequence_of_text_1_without_segments_and_padding", model.bert({.ids = one}), golden::forward);

  const nn::BertLoss loss = model.loss(input, {.words = f.input_ids("labels"), .next_sentence = f.input_ids("next_sentence")});
  f.check("mlm_loss", loss.masked_lm, golden::forward);
  f.check("nsp_loss", loss.next_sentence, golden::forward);
  f.check("loss", loss.total, golden::forward);
  // The loss made from the logits of all places is the same
  f.check("mlm_loss", cross_entropy(model.masked_lm_logits(sequence), f.input_ids("labels")), golden::forward);

  loss.total.backward();
  const nn::BertEmbeddings& e = model.bert.embeddings;
  const auto& layers = model.bert.encoder.layers;
  golden::Part grads = f.part("grads");
  grads.check("bert.embeddings.word_embeddings.weight", part(e.word.weight), golden::gradient);
  grads.check("bert.embeddings.position_embeddings.weight", part(e.position.weight), golden::gradient);
  grads.check("bert.embeddings.token_type_embeddings.weight", part(e.segment.weight), golden::gradient);
  grads.check("bert.embeddings.LayerNorm.weight", part(e.norm.weight), golden::gradient);
  grads.check("bert.encoder.layer.0.attention.self.query.weight", part(layers[0].self_attn.in_proj_weight, 0, 3), golden::gradient);
  grads.check("bert.encoder.layer.0.attention.self.value.bias", part(layers[0].self_attn.in_proj_bias, 2, 3), golden::gradient);
  grads.check("bert.encoder.layer.1.attention.self.key.weight", part(layers[1].self_attn.in_proj_weight, 1, 3), golden::gradient);
  grads.check("bert.encoder.layer.1.output.LayerNorm.bias", part(layers[1].norm2.bias), golden::gradient);
  grads.check("bert.pooler.dense.bias", part(model.bert.pooler.bias), golden::gradient);
  grads.check("cls.predictions.bias", part(model.masked_lm.bias), golden::gradient);
  grads.check("cls.predictions.transform.dense.bias", part(model.masked_lm.dense.bias), golden::gradient);
  grads.check("cls.seq_relationship.weight", part(model.next_sentence.weight), golden::gradient);
}

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  if (const std::size_t at = text.find(what); at != text.npos) text.replace(at, what.size(), by);
  return text;
}

}  // namespace

TEST_CASE("golden bert_small: the same under the other names there are") {
  golden::File f("bert_small");
  for (const auto& [key, value] : f.all().items()) f.expected(key);  // checked above
  const std::size_t heads = std::size_t(f.input_ids("heads").data()[0]);
  const io::NamedArrays arrays = io::read_safetensors(golden::folder() / "bert_small.safetensors").arrays();
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("byhand_bert_golden_{}", ::getpid());
  const Array logits = golden::array_from_json(f.expected("mlm_logits"), "mlm_logits");

  io::NamedArrays bare,
      old;  // BertModel's file: no heads, no prefix; the authors' layer norms, the decoder's matrix and bias written again
  for (const auto& [name, values] : arrays) {
    if (name.starts_with("bert.")) bare.emplace_back(name.substr(5), values);
    old.emplace_back(replaced(replaced(name, "LayerNorm.weight", "LayerNorm.gamma"), "LayerNorm.bias", "LayerNorm.beta"), values);
    if (name == "bert.embeddings.word_embeddings.weight") old.emplace_back("cls.predictions.decoder.weight", values);
    if (name == "cls.predictions.bias") old.emplace_back("cls.predictions.decoder.bias", values);
  }
  bare.emplace_back("embeddings.position_ids", zeros({1, 9}));
  bare.emplace_back("classifier.weight", zeros({3, 12}));
  io::write_safetensors(folder / "bare.safetensors", bare);
  io::write_safetensors(folder / "old.safetensors", old);

  const nn::LoadedBert from_bare = load(folder / "bare.safetensors", heads), from_old = load(folder / "old.safetensors", heads);
  CHECK((from_bare.pooler && !from_bare.masked_lm && !from_bare.next_sentence));
  CHECK(from_bare.unused == std::vector<std::string>{"classifier.weight"});
  f.check("sequence", from_bare.model.bert(input_of(f)), golden::forward);
  f.check("pooled", from_bare.model.bert.pooled(from_bare.model.bert(input_of(f))), golden::forward);
  CHECK((from_old.pooler && from_old.masked_lm && from_old.next_sentence && from_old.unused.empty()));
  f.check("mlm_logits", from_old.model.masked_lm_logits(from_old.model.bert(input_of(f))), golden::forward);
  // A head that was not in the file has its start weights: other answers
  CHECK(max_difference(from_bare.model.masked_lm_logits(from_bare.model.bert(input_of(f))).value(), logits) > 0.1);
  std::filesystem::remove_all(folder);
}

TEST_CASE("golden masked_lm: the loss is over hidden places only") {
  golden::File f("masked_lm");
  const Tensor logits(f.input("logits_B_L_V"), true);
  const Ids labels = f.input_ids("labels_-100_ignored"), original = f.input_ids("original_ids");
  const std::size_t batch = logits.shape(0), length = logits.shape(1), words = logits.shape(2);
  std::vector<double> picked;
  const Tensor log_probs = log_softmax(logits);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels.data()[i] != text::no_label) picked.push_back(log_probs.value().data()[i * words + std::size_t(labels.data()[i])]);
  f.check("log_probs_of_masked", picked, golden::forward);
  f.check("n_masked", double(picked.size()), golden::forward);
  f.check("loss_sum", cross_entropy(logits, labels, {.reduction = Reduction::sum}), golden::forward);
  f.check("all_labels_ignored_is_nan",
          cross_entropy(logits, ids(shape_of(labels), std::vector<std::int64_t>(labels.size(), text::no_label))), golden::forward);

  const Tensor loss = cross_entropy(logits, labels);
  f.check("loss_mean", loss, golden::forward);
  const Tensor nsp = cross_entropy(Tensor(f.input("nsp_logits")), f.input_ids("nsp_labels"));
  f.check("nsp_loss", nsp, golden::forward);
  f.check("bert_total_loss_mlm_plus_nsp", loss + nsp, golden::forward);
  loss.backward();
  f.check("grads_mean", logits.grad(), golden::gradient);

  // Predicting the next token instead, from the same logits: another loss
  std::vector<std::int64_t> next;
  for (std::size_t b = 0; b < batch; ++b)
    for (std::size_t i = 1; i < length; ++i) next.push_back(original.data()[b * length + i]);
  const Tensor shifted = slice(Tensor(logits.value()), 1, 0, length - 1);
  f.check("autoregressive_shifted_loss_same_logits", cross_entropy(shifted, ids({batch, length - 1}, next)), golden::forward);

  const Array vectors = f.input("token_vectors_for_pooling"), kept = f.input("attention_mask");
  Array padding = kept;
  for (real& x : padding) x = 1 - x;
  const Tensor pooled = nn::mean_pool(unsqueeze(Tensor(vectors), 0), reshape(padding, {1, padding.size()}));
  f.check("mean_pool_with_mask", squeeze(pooled, 0), golden::forward);
}

TEST_CASE("golden bert_batches: hidden words on a fixed seed") {
  golden::File f("bert_batches");
  for (const char* later : {"pair_labels", "packed"}) f.expected(later);
  const Ids text = f.input_ids("text"), special = f.input_ids("special");
  const std::vector<std::int64_t> never(special.begin(), special.end());
  const std::size_t vocabulary = std::size_t(f.input_ids("vocabulary").data()[0]);
  const std::int64_t mask = f.input_ids("pad_cls_sep_mask").data()[3];
  for (const char* key : {"share_0.15_mask_0.8_random_0.1", "share_0.7_mask_0.2_random_0.5"}) {
    golden::Part expected = f.part(key);
    Generator g{42};
    const text::MaskedTokens got = text::mask_tokens(text, never, vocabulary, mask, g,
                                                     {.mlm_probability = golden::number_after(key, "share_"),
                                                      .mask_replace_prob = golden::number_after(key, "mask_"),
                                                      .random_replace_prob = golden::number_after(key, "random_")});
    CHECK(got.ids == golden::ids_from_json(expected.expected("ids"), "ids"));
    CHECK(got.labels == golden::ids_from_json(expected.expected("labels"), "labels"));
    if (expected.all().contains("next_draw")) expected.check("next_draw", double(g.uniform()), golden::forward);
  }
}

TEST_CASE("golden bert_batches: sentence pairs on a fixed seed, packed to four lengths") {
  golden::File f("bert_batches");
  for (const char* before : {"share_0.15_mask_0.8_random_0.1", "share_0.7_mask_0.2_random_0.5"}) f.expected(before);
  std::vector<text::Document> documents;
  std::int64_t token = 10;
  for (const json& lengths : io::member(f.inputs(), "sentence_lengths", "inputs")) {
    documents.emplace_back();
    for (const std::int64_t length : golden::ids_from_json(lengths, "lengths")) {
      documents.back().emplace_back();
      for (std::int64_t i = 0; i < length; ++i) documents.back().back().push_back(token++);
    }
  }
  Generator g{42};
  const std::vector<text::SentencePair> pairs = text::next_sentence_pairs(documents, g);
  CHECK(text::pair_labels(pairs) == golden::ids_from_json(f.expected("pair_labels"), "pair_labels"));
  const Ids four = f.input_ids("pad_cls_sep_mask");
  const text::BertTokens tokens{.pad = four.data()[0], .cls = four.data()[1], .sep = four.data()[2], .mask = four.data()[3]};
  golden::Part packed = f.part("packed");
  for (const auto& entry : packed.all().items()) {
    const std::string key = entry.key();
    golden::Part expected = packed.part(key);
    const text::PackedBatch got = text::pack_pairs(pairs, tokens, std::size_t(golden::number_after(key, "max_length_")));
    CHECK_MESSAGE(got.ids == golden::ids_from_json(expected.expected("ids"), "ids"), key);
    CHECK_MESSAGE(got.segments == golden::ids_from_json(expected.expected("segments"), "segments"), key);
    CHECK_MESSAGE(got.padding == expected.given("padding"), key);
  }
}
