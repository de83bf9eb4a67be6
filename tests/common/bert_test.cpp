// BERT: sizes, start weights, padding, files, errors. Against PyTorch's numbers: tests/golden/bert_test.cpp.
#include "common/bert/bert.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "common/bert/bert_files.hpp"
#include "common/io/safetensors.hpp"
#include "common/nn/deep_copy.hpp"
#include "common/nn/meta.hpp"
#include "common/system/files.hpp"
#include "common/text/wordpiece.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;

namespace {

const nn::BertConfig tiny{.vocabulary = 11, .size = 8, .layers = 2, .heads = 2, .feed_forward = 12, .max_length = 7, .dropout = 0.2};

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::temp_directory_path() / fmt::format("byhand_bert_test_{}", ::getpid()) / name;
}

bool starts_with(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

}  // namespace

TEST_CASE("bert: parameters are counted as published") {
  const nn::MetaGuard guard;
  Generator g{0};
  // Hugging Face's BertModel for bert-base-uncased and bert-large-uncased; by hand for the large one: tables 31,782,912, 24 layers of
  // 12,596,224, pooler 1,049,600.
  const nn::BertForPreTraining base({.vocabulary = 30522}, g);
  CHECK(base.bert.parameter_count() == 109'482'240);
  CHECK(base.bert.embeddings.parameter_count() == 23'837'184);
  CHECK(nn::Bert({.vocabulary = 30522, .size = 1024, .layers = 24, .heads = 16, .feed_forward = 4096}, g).parameter_count() == 335'141'888);
  // The word table counts once: what the heads add is a matrix 768 x 768, its bias, a layer norm, a bias for each word, and 768 x 2 + 2.
  CHECK(base.parameter_count() == 109'482'240 + 768 * 768 + 768 + 2 * 768 + 30522 + 768 * 2 + 2);
}

TEST_CASE("bert: start weights are normal with deviation 0.02, other ones in each layer; biases 0, gains 1") {
  Generator g{1}, again{1};
  const nn::BertForPreTraining model({.vocabulary = 50, .size = 32, .layers = 2, .heads = 4, .feed_forward = 64, .max_length = 20}, g);
  const nn::BertForPreTraining same({.vocabulary = 50, .size = 32, .layers = 2, .heads = 4, .feed_forward = 64, .max_length = 20}, again);
  const nn::NamedTensors parameters = model.named_parameters(), others = same.named_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string name = parameters[i].first;
    const Tensor p = parameters[i].second;
    CHECK_MESSAGE(p.value() == others[i].second.value(), name);
    double total = 0, squares = 0;
    for (const real x : p.value()) total += double(x), squares += double(x) * double(x);
    const double n = double(p.size()), mean = total / n, deviation = std::sqrt(squares / n);
    if (p.ndim() == 1) {
      const double expected = name.ends_with("bias") ? 0 : 1;
      CHECK_MESSAGE((mean == expected && squares == n * expected), name);
    } else {  // the mean of n draws deviates by 0.02 / sqrt(n), their deviation by 0.02 / sqrt(2 n); 4.5 times that
      CHECK_MESSAGE(std::abs(mean) < 4.5 * 0.02 / std::sqrt(n), name);
      CHECK_MESSAGE(std::abs(deviation - 0.02) < 4.5 * 0.02 / std::sqrt(2 * n), name);
    }
  }
  const auto& layers = model.bert.encoder.layers;
  CHECK(max_difference(layers[0].self_attn.in_proj_weight.value(), layers[1].self_attn.in_proj_weight.value()) > 0.01);
  CHECK(max_difference(layers[0].linear1.weight.value(), layers[1].linear1.weight.value()) > 0.01);
}

namespace {

/// Two texts of 5 and 3 tokens side by side; what stands where the second is padded is up to the caller.
nn::BertInput two_texts(std::int64_t junk) {
  return {.ids = ids({2, 5}, {2, 5, 6, 7, 3, 2, 8, 3, junk, junk}),
          .segments = ids({2, 5}, {0, 0, 0, 1, 1, 0, 0, 1, junk % 2, 0}),
          .padding = array({2, 5}, {0, 0, 0, 0, 0, 0, 0, 0, 1, 1})};
}

}  // namespace

TEST_CASE("bert: padding changes nothing for the other tokens") {
  Generator g{3};
  const nn::BertForPreTraining model(tiny, g);
  model.eval();
  for (const Tensor& p : model.parameters())
    if (p.ndim() > 1) p.set_value(test::values(p.shape(), -1, 1, std::uint32_t(p.size())));  // start weights are too small to show much
  const nn::BertInput alone{.ids = ids({1, 3}, {2, 8, 3}), .segments = ids({1, 3}, {0, 0, 1})};
  const Tensor expected = model.bert(alone), zero = model.bert(two_texts(0)), seven = model.bert(two_texts(7));
  const auto text = [](const Tensor& sequence) { return slice(slice(sequence, 0, 1, 2), 1, 0, 3).value(); };
  // Products of other sizes add up in another order: some roundings, which two layers and their norms make larger
  const double rounding = sizeof(real) == 8 ? 1e-13 : 1e-4;
  CHECK(max_difference(text(zero), expected.value()) < rounding);
  CHECK(text(zero) == text(seven));
  CHECK(max_difference(slice(zero, 0, 0, 1).value(), slice(seven, 0, 0, 1).value()) == 0);
  CHECK(max_difference(slice(model.bert.sentence_vectors(two_texts(7)), 0, 1, 2).value(), model.bert.sentence_vectors(alone).value()) <
        rounding);
  CHECK(max_difference(nn::mean_pool(expected).value(), model.bert.sentence_vectors(alone).value()) == 0);
  CHECK(max_difference(slice(model.bert.pooled(zero), 0, 1, 2).value(), model.bert.pooled(expected).value()) < rounding);
  // Without the mask the padding is read like any word
  nn::BertInput open = two_texts(7);
  open.padding.reset();
  CHECK(max_difference(text(model.bert(open)), expected.value()) > 0.01);
}

TEST_CASE("bert: the decoder is the word table, also in a copy") {
  Generator g{4};
  const nn::BertForPreTraining model(tiny, g), copy = deep_copy(model);
  model.eval();
  copy.eval();
  const Tensor sequence(test::values({1, 2, 8}));
  const Array before = model.masked_lm_logits(sequence).value();
  CHECK(copy.masked_lm_logits(sequence).value() == before);
  for (real& x : copy.bert.embeddings.word.weight.mutable_value()) x *= 2;
  CHECK(model.masked_lm_logits(sequence).value() == before);
  CHECK(all_close(copy.masked_lm_logits(sequence).value(), Array(before * real(2)), 1e-6));  // the bias is 0 at the start
}

TEST_CASE("bert: a loss without hidden words, training and evaluation") {
  Generator g{5};
  const nn::BertForPreTraining model(tiny, g);
  const nn::BertInput input = two_texts(0);
  const Ids none = ids({2, 5}, std::vector<std::int64_t>(10, -100));
  const nn::BertLoss loss = model.loss(input, {.words = none});
  CHECK(loss.total.item() == 0);
  CHECK(!loss.next_sentence.defined());
  loss.total.backward();  // nothing to learn, and no NaN
  for (const real x : model.bert.embeddings.word.weight.grad()) CHECK(x == 0);
  CHECK(max_difference(model.bert(input).value(), model.bert(input).value()) > 0);  // dropout
  model.eval();
  CHECK(max_difference(model.bert(input).value(), model.bert(input).value()) == 0);
}

TEST_CASE("bert: errors name what does not fit") {
  Generator g{6};
  const nn::BertForPreTraining model(tiny, g);
  const nn::Bert& bert = model.bert;
  CHECK(error_of([&] { nn::Bert({.vocabulary = 9, .size = 8, .heads = 3}, g); }) == "Bert: size 8 does not split into 3 heads");
  CHECK(starts_with(error_of([&] { nn::Bert({.vocabulary = 0}, g); }), "Bert: no size may be 0: vocabulary 0, size 768"));
  CHECK(error_of([&] { bert({.ids = ids({1, 2})}); }) == "Bert: ids should be (batch, length), got (2,)");
  CHECK(error_of([&] {
          bert({.ids = Ids(xt::empty<std::int64_t>({1, 8}))});
        }) == "Bert: a text of 8 tokens, there are positions for 7: cut it");
  CHECK(error_of([&] {
          bert({.ids = ids({1, 2}, {1, 2}), .segments = ids({0})});
        }) == "Bert: ids (1, 2) and segments (1,) should have one shape");
  CHECK(error_of([&] {
          bert({.ids = ids({1, 2}, {1, 2}), .padding = zeros({2, 1})});
        }) == "Bert: ids (1, 2) and padding (2, 1) should have one shape");
  CHECK(error_of([&] { bert({.ids = ids({1, 2}, {1, 11})}); }).find("11") != std::string::npos);
  CHECK(error_of([&] { bert({.ids = ids({1, 1}, {1}), .segments = ids({1, 1}, {2})}); }).find("2") != std::string::npos);
  CHECK(error_of([&] { bert.pooled(Tensor(zeros({2, 8}))); }) == "Bert: needs (batch, length, 8) to pool, got (2, 8)");
  const Tensor sequence(zeros({1, 2, 8}));
  CHECK(error_of([&] { model.masked_lm_loss(sequence, ids({2})); }) ==
        "Bert: labels (1,) for a result (1, 2, 8); they should be (batch, length)");
  CHECK(error_of([&] { model.masked_lm_loss(sequence, ids({1, 2}, {11, -100})); }).find("11") != std::string::npos);
  CHECK(error_of([&] { nn::mean_pool(Tensor(zeros({2, 8}))); }) == "mean_pool: needs (batch, length, size), got (2, 8)");
  CHECK(error_of([&] { nn::mean_pool(sequence, zeros({2, 1})); }) == "mean_pool: the padding of (1, 2, 8) should be (1, 2), got (2, 1)");
  CHECK(error_of([&] { nn::mean_pool(sequence, ones({1, 2})); }) == "mean_pool: text 0 of the batch is all padding");
}

namespace {

nn::LoadedBert load(const std::filesystem::path& file, std::size_t heads = 0) {
  Generator g{9};
  return nn::load_bert(file, g, heads);
}

/// The entries of a saved tiny model, to be spoilt.
io::NamedArrays saved_arrays() {
  Generator g{8};
  const std::filesystem::path file = scratch("good.safetensors");
  nn::save_bert(file, nn::BertForPreTraining(tiny, g));
  return io::read_safetensors(file).arrays();
}

/// The error of loading these entries with 2 heads, without the file's name at its start.
std::string load_error(const io::NamedArrays& arrays, std::size_t heads = 2) {
  const std::filesystem::path file = scratch("spoilt.safetensors");
  io::write_safetensors(file, arrays);
  const std::string error = error_of([&] { load(file, heads); });
  REQUIRE(starts_with(error, file.string() + ": "));
  return error.substr(file.string().size() + 2);
}

Array& named(io::NamedArrays& arrays, const std::string& name) {
  for (auto& [own, value] : arrays)
    if (own == name) return value;
  fail("no '{}'", name);
}

}  // namespace

TEST_CASE("bert: saved and loaded, bit for bit") {
  Generator g{7};
  nn::BertConfig config = tiny;
  config.layer_norm_eps = 1e-7;
  const nn::BertForPreTraining model(config, g);
  for (const Tensor& p : model.parameters()) p.set_value(test::values(p.shape(), -1, 1, std::uint32_t(p.size())));
  const std::filesystem::path file = scratch("model.safetensors");
  nn::save_bert(file, model);
  const nn::LoadedBert loaded = load(file);
  CHECK((loaded.pooler && loaded.masked_lm && loaded.next_sentence && loaded.unused.empty()));
  const nn::NamedTensors before = model.state_dict(), after = loaded.model.state_dict();
  REQUIRE(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) CHECK_MESSAGE(before[i].second.value() == after[i].second.value(), before[i].first);
  const nn::BertConfig& c = loaded.model.bert.config;
  CHECK(
      (c.vocabulary == 11 && c.size == 8 && c.layers == 2 && c.heads == 2 && c.feed_forward == 12 && c.max_length == 7 && c.segments == 2));
  CHECK((c.dropout == 0.2 && c.layer_norm_eps == 1e-7));
  nn::save_bert(scratch("again.safetensors"), loaded.model);
  CHECK(read_file(file) == read_file(scratch("again.safetensors")));

  // Hugging Face's names, as its BertForPreTraining.state_dict() has them; queries are the first third of our matrix
  const io::Safetensors entries = io::read_safetensors(file);
  CHECK(entries.entries().size() == 5 + 2 * 16 + 2 + 5 + 2);
  const Array query = entries.array("bert.encoder.layer.1.attention.self.query.weight");
  CHECK(query == slice(model.bert.encoder.layers[1].self_attn.in_proj_weight, 0, 0, 8).value());
  for (const char* name :
       {"bert.embeddings.LayerNorm.weight", "bert.encoder.layer.0.attention.output.LayerNorm.bias", "bert.pooler.dense.bias",
        "cls.predictions.transform.LayerNorm.bias", "cls.predictions.bias", "cls.seq_relationship.weight"})
    CHECK_MESSAGE(entries.has(name), name);
  std::filesystem::remove_all(scratch(""));
}

TEST_CASE("bert: saved with its vocabulary; one of another run beside it is noticed") {
  Generator g{7};
  const nn::BertForPreTraining model(tiny, g);
  const text::WordPiece pieces({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b", "c", "d", "e", "f"});
  const std::filesystem::path vocabulary = scratch("vocab.txt");
  nn::save_bert(scratch(""), model, pieces);
  const nn::LoadedBert loaded = load(scratch("model.safetensors"));
  CHECK_NOTHROW(nn::check_vocabulary(loaded, text::WordPiece::load(vocabulary), vocabulary));
  // the same number of pieces, one of them another; and the same letters, cut elsewhere
  for (const text::Words& other : {text::Words{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b", "c", "d", "e", "g"},
                                   text::Words{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##bc", "d", "e", "f"}})
    CHECK(error_of([&] { nn::check_vocabulary(loaded, text::WordPiece(other), vocabulary); }) ==
          vocabulary.string() + ": the model was saved with other pieces than these; save both again");
  const std::string before = read_file(vocabulary);
  Generator other_draws{8};
  const nn::BertForPreTraining broken(tiny, other_draws);
  broken.parameters()[0].mutable_value()(0, 0) = std::numeric_limits<real>::quiet_NaN();
  CHECK_THROWS_AS(nn::save_bert(scratch(""), broken, text::WordPiece({"[UNK]"})), Error);
  CHECK(read_file(vocabulary) == before);              // refused as a pair: the old one is still whole
  nn::save_bert(scratch("alone.safetensors"), model);  // as a file of others: it does not say
  CHECK_NOTHROW(nn::check_vocabulary(load(scratch("alone.safetensors")), text::WordPiece({"[UNK]"}), vocabulary));
  std::filesystem::remove_all(scratch(""));
}

TEST_CASE("bert: the number of heads is given, in the metadata or in config.json") {
  const io::NamedArrays arrays = saved_arrays();
  const auto config_of = [](const char* file, std::size_t heads = 0) {
    Generator generator{1};
    return nn::load_bert(scratch(file), generator, heads).model.bert.config;
  };
  CHECK(config_of("good.safetensors").heads == 2);
  CHECK(config_of("good.safetensors", 4).heads == 4);
  CHECK(load_error(arrays, 0) == "give the number of heads: it is neither in the metadata nor in a config.json beside it");
  CHECK(load_error(arrays, 3) == "size 8 does not split into 3 heads");
  const auto with_config = [&](const char* text) {
    write_file(scratch("config.json"), text);
    return load_error(arrays, 0);
  };
  CHECK(with_config(R"({"num_attention_heads": -2})") == "'num_attention_heads' is -2, it should be a number from 1 on");
  CHECK(with_config(R"({"num_attention_heads": 5})") == "size 8 does not split into 5 heads");
  CHECK(with_config(R"({"num_attention_heads": 2, "hidden_act": "relu"})") == "'hidden_act' is \"relu\", only 'gelu' is built here");
  CHECK(with_config(R"({"position_embedding_type": "relative_key"})") ==
        "'position_embedding_type' is \"relative_key\", only 'absolute' is built here");
  CHECK(with_config(R"({"num_attention_heads": 2, "layer_norm_eps": "x"})") ==
        "'layer_norm_eps' is \"x\", it should be a number in [0, 1)");
  CHECK(with_config("[2]") == "what says the number of heads is not a JSON object");
  write_file(scratch("config.json"),
             R"({"num_attention_heads": 4, "hidden_act": "gelu", "layer_norm_eps": 1e-9, "hidden_dropout_prob": 0.3})");
  const nn::BertConfig c = config_of("spoilt.safetensors");
  CHECK((c.heads == 4 && c.layer_norm_eps == 1e-9 && c.dropout == 0.3));
  CHECK(config_of("good.safetensors").heads == 2);  // its own metadata comes first
  std::filesystem::remove_all(scratch(""));
}

TEST_CASE("bert: a file that does not fit is an error that names the tensor") {
  const io::NamedArrays good = saved_arrays();
  const auto spoilt = [&](const std::function<void(io::NamedArrays&)>& change) {
    io::NamedArrays arrays = good;
    change(arrays);
    return load_error(arrays);
  };
  const auto set = [&](const std::string& name, const Array& value) { return spoilt([&](io::NamedArrays& a) { named(a, name) = value; }); };
  const auto added = [&](const std::string& name, const Array& value) {
    return spoilt([&](io::NamedArrays& a) { a.emplace_back(name, value); });
  };
  const auto without = [&](const std::string& name) {
    return spoilt([&](io::NamedArrays& a) { std::erase_if(a, [&](const auto& entry) { return entry.first == name; }); });
  };
  const std::string word = "bert.embeddings.word_embeddings.weight", key = "bert.encoder.layer.1.attention.self.key.weight";
  CHECK(set(key, zeros({8, 9})) == "'" + key + "' is (8, 9) in the file and (8, 8) in the model");
  CHECK(set("cls.predictions.bias", zeros({10})) == "'cls.predictions.bias' is (10,) in the file and (11,) in the model");
  CHECK(set(word, zeros({8})) == "'" + word + "' is (8,), it should be a matrix of at least one number");
  CHECK(set(word, zeros({0, 8})) == "'" + word + "' is (0, 8), it should be a matrix of at least one number");
  // A table of one row would make a model of 2 x 4 x 100,000 x 100,000 numbers; the next tensor says that it is none
  CHECK(set(word, zeros({1, 100'000})) ==
        "'bert.embeddings.position_embeddings.weight' is (7, 8) in the file and (7, 100000) in the model");
  CHECK(without(key) == "no tensor '" + key + "'");
  CHECK(without("cls.seq_relationship.bias") == "no tensor 'cls.seq_relationship.bias'");
  CHECK(without(word) == "not a BERT: no '" + word + "', neither with 'bert.' nor without");
  CHECK(added("cls.predictions.decoder.weight", zeros({11, 8})) ==
        "'cls.predictions.decoder.weight' is not '" + word + "': this model has one for both");
  CHECK(added("cls.predictions.decoder.weight", zeros({11, 7})) ==
        "'cls.predictions.decoder.weight' is (11, 7) in the file and (11, 8) in the model");
  CHECK(added("cls.predictions.decoder.bias", ones({11})) ==
        "'cls.predictions.decoder.bias' is not 'cls.predictions.bias': this model has one for both");
  CHECK(added("bert.encoder.layer.0.attention.self.distance_embedding.weight", zeros({2, 2})) ==
        "'bert.encoder.layer.0.attention.self.dist...' (2, 2) has no place in this model");
  CHECK(added("bert.embeddings.LayerNorm.gamma", ones({8})) ==
        "'bert.embeddings.LayerNorm.weight' and 'bert.embeddings.LayerNorm.gamma' are two names of one tensor");
  Array broken = zeros({8});
  broken(3) = std::numeric_limits<real>::quiet_NaN();
  CHECK(set("bert.pooler.dense.bias", broken) == "'bert.pooler.dense.bias' has a number that is not finite");

  Generator g{1};
  const nn::BertForPreTraining model(tiny, g);
  model.bert.pooler.bias.set_value(broken);
  CHECK(error_of([&] { nn::save_bert(scratch("nan.safetensors"), model); }) ==
        scratch("nan.safetensors").string() + ": not written: 'bert.pooler.dense.bias' has a number that is not finite");
  CHECK(!std::filesystem::exists(scratch("nan.safetensors")));
  std::filesystem::remove_all(scratch(""));
}
