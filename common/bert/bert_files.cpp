#include "common/bert/bert_files.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "common/io/json.hpp"
#include "common/io/safetensors.hpp"
#include "common/nn/meta.hpp"
#include "common/system/hash.hpp"
#include "common/system/text.hpp"
#include "common/text/wordpiece.hpp"

namespace byhand::nn {
namespace {

using io::Safetensors;
using nlohmann::json;

const std::string word_table = "bert.embeddings.word_embeddings.weight";
const std::string mlm_bias = "cls.predictions.bias", decoder_bias = "cls.predictions.decoder.bias",
                  decoder_weight = "cls.predictions.decoder.weight";
constexpr const char* settings_key = "config";             // in the metadata of our own files: what config.json says elsewhere
constexpr const char* vocabulary_key = "vocabulary_hash";  // the same: of the pieces in vocab.txt

/// A tensor of the file and where it goes: one of `parts` equal blocks of rows of one of our parameters. Our attention has queries, keys
/// and values in one matrix.
struct WeightSlice {
  std::string name;
  Tensor tensor;
  std::size_t part = 0, parts = 1;

  Shape shape() const {
    Shape s = tensor.shape();
    s[0] /= parts;
    return s;
  }
  std::size_t begin() const { return part * element_count(shape()); }
};
using Slices = std::vector<WeightSlice>;

template <class Layer>  // Linear or LayerNorm
void add_both(Slices& all, const std::string& name, const Layer& layer) {
  all.push_back({name + ".weight", layer.weight});
  all.push_back({name + ".bias", layer.bias});
}

void add_layer(Slices& all, const std::string& name, const TransformerEncoderLayer& layer) {
  const char* thirds[] = {"query", "key", "value"};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string third = fmt::format("{}.attention.self.{}", name, thirds[i]);
    all.push_back({third + ".weight", layer.self_attn.in_proj_weight, i, 3});
    all.push_back({third + ".bias", layer.self_attn.in_proj_bias, i, 3});
  }
  add_both(all, name + ".attention.output.dense", layer.self_attn.out_proj);
  add_both(all, name + ".attention.output.LayerNorm", layer.norm1);
  add_both(all, name + ".intermediate.dense", layer.linear1);
  add_both(all, name + ".output.dense", layer.linear2);
  add_both(all, name + ".output.LayerNorm", layer.norm2);
}

/// Which of the parts that a file may lack it has, or should get.
struct Parts {
  bool pooler = true, masked_lm = true, next_sentence = true;
};

Slices slices_of(const BertForPreTraining& model, const Parts& parts) {
  const BertEmbeddings& embeddings = model.bert.embeddings;
  Slices all{{word_table, embeddings.word.weight},
             {"bert.embeddings.position_embeddings.weight", embeddings.position.weight},
             {"bert.embeddings.token_type_embeddings.weight", embeddings.segment.weight}};
  add_both(all, "bert.embeddings.LayerNorm", embeddings.norm);
  for (std::size_t i = 0; i < model.bert.encoder.layers.size(); ++i)
    add_layer(all, fmt::format("bert.encoder.layer.{}", i), model.bert.encoder.layers[i]);
  if (parts.pooler) add_both(all, "bert.pooler.dense", model.bert.pooler);
  if (parts.masked_lm) {
    all.push_back({mlm_bias, model.masked_lm.bias});
    add_both(all, "cls.predictions.transform.dense", model.masked_lm.dense);
    add_both(all, "cls.predictions.transform.LayerNorm", model.masked_lm.norm);
  }
  if (parts.next_sentence) add_both(all, "cls.seq_relationship", model.next_sentence);
  return all;
}

/// A name of a file as today's files with heads have it.
std::string canonical(std::string name) {
  const auto renamed_end = [&](std::string_view old, const char* now) {
    if (name.ends_with(old)) name.replace(name.size() - old.size(), old.size(), now);
  };
  renamed_end("LayerNorm.gamma", "LayerNorm.weight");
  renamed_end("LayerNorm.beta", "LayerNorm.bias");
  for (const char* start : {"embeddings.", "encoder.", "pooler."})
    if (name.starts_with(start)) return "bert." + name;
  return name;
}

/// A safetensors file, its entries by their canonical names.
class BertFile {
 public:
  explicit BertFile(const std::filesystem::path& path) : path_(path), where_(path.string()), file_(io::read_safetensors(path)) {
    for (const Safetensors::Entry& e : file_.entries()) {
      const auto [same, added] = entries_.emplace(canonical(e.name), &e);
      check(added, "{}: '{}' and '{}' are two names of one tensor", where_, shown(same->second->name), shown(e.name));
    }
    if (has(decoder_bias) && !has(mlm_bias)) entries_[mlm_bias] = entries_[decoder_bias];
    check(has(word_table), "{}: not a BERT: no '{}', neither with 'bert.' nor without", where_, word_table);
  }

  const std::string& where() const { return where_; }
  /// A text of the file's metadata, empty when there is none.
  std::string metadata(const char* key) const {
    const auto found = file_.metadata().find(key);
    return found == file_.metadata().end() ? "" : found->second;
  }
  bool has(const std::string& name) const { return entries_.count(name) > 0; }
  bool has_any(const std::string& start) const {
    const auto next = entries_.lower_bound(start);
    return next != entries_.end() && next->first.starts_with(start);
  }
  const Safetensors::Entry& entry(const std::string& name) const {
    const auto found = entries_.find(name);
    check(found != entries_.end(), "{}: no tensor '{}'", where_, name);
    return *found->second;
  }
  /// A matrix's shape. Error on another rank, and when a size is 0.
  Shape matrix(const std::string& name) const {
    const Safetensors::Entry& e = entry(name);
    check(e.shape.size() == 2 && element_count(e.shape) > 0, "{}: '{}' is {}, it should be a matrix of at least one number", where_, name,
          e.shape);
    return e.shape;
  }
  /// The numbers of a tensor. Error when its shape is another one, or one of them is not finite.
  Array array(const std::string& name, const Shape& shape) const {
    check_shape(name, shape);
    Array values = file_.array(entry(name).name);
    for (const real x : values)
      if (!std::isfinite(x)) fail("{}: '{}' has a number that is not finite", where_, name);
    return values;
  }
  void check_shape(const std::string& name, const Shape& shape) const {
    const Safetensors::Entry& e = entry(name);
    check(e.shape == shape, "{}: '{}' is {} in the file and {} in the model", where_, name, e.shape, shape);
  }
  Parts parts() const { return {has_any("bert.pooler."), has_any("cls.predictions."), has_any("cls.seq_relationship.")}; }
  BertConfig config(std::size_t heads) const;
  /// Names that no slice takes. Error on one that is BERT's all the same: then this model would not compute what the file's did.
  std::vector<std::string> unused(const Slices& slices) const;

 private:
  json settings() const;

  std::filesystem::path path_;
  std::string where_;
  Safetensors file_;
  std::map<std::string, const Safetensors::Entry*> entries_;
};

/// A text of config.json must be the one this model is built for.
void check_choice(const json& settings, const char* key, const char* ours, const std::string& where) {
  if (const auto found = settings.find(key); found != settings.end())
    check(*found == ours, "{}: '{}' is {}, only '{}' is built here", where, key, shown(found->dump()), ours);
}

double number_or(double otherwise, const json& settings, const char* key, const std::string& where) {
  const auto found = settings.find(key);
  if (found == settings.end()) return otherwise;
  check(found->is_number() && found->get<double>() >= 0 && found->get<double>() < 1, "{}: '{}' is {}, it should be a number in [0, 1)",
        where, key, shown(found->dump()));
  return found->get<double>();
}

json BertFile::settings() const {
  const std::string own = metadata(settings_key);
  const std::filesystem::path beside = path_.parent_path() / "config.json";
  json found = json::object();
  if (!own.empty()) {
    found = io::parse_json(own, where_ + ": metadata");
  } else if (std::filesystem::exists(beside)) {
    found = io::read_json(beside);
  }
  check(found.is_object(), "{}: what says the number of heads is not a JSON object", where_);
  return found;
}

BertConfig BertFile::config(std::size_t heads) const {
  const Shape words = matrix(word_table);
  BertConfig c{.vocabulary = words[0], .size = words[1]};
  c.max_length = matrix("bert.embeddings.position_embeddings.weight")[0];
  c.segments = matrix("bert.embeddings.token_type_embeddings.weight")[0];
  c.feed_forward = matrix("bert.encoder.layer.0.intermediate.dense.weight")[0];
  for (c.layers = 0; has_any(fmt::format("bert.encoder.layer.{}.", c.layers));) ++c.layers;

  const json given = settings();
  check_choice(given, "hidden_act", "gelu", where_);
  check_choice(given, "position_embedding_type", "absolute", where_);
  c.layer_norm_eps = number_or(c.layer_norm_eps, given, "layer_norm_eps", where_);
  c.dropout = number_or(c.dropout, given, "hidden_dropout_prob", where_);
  c.heads = heads;
  if (heads == 0) {
    check(given.contains("num_attention_heads"),
          "{}: give the number of heads: it is neither in the metadata nor in a config.json beside it", where_);
    const json& number = given["num_attention_heads"];
    check(number.is_number_unsigned() && number.get<std::size_t>() > 0, "{}: 'num_attention_heads' is {}, it should be a number from 1 on",
          where_, shown(number.dump()));
    c.heads = number.get<std::size_t>();
  }
  check(c.size % c.heads == 0, "{}: size {} does not split into {} heads", where_, c.size, c.heads);
  return c;
}

std::vector<std::string> BertFile::unused(const Slices& slices) const {
  std::vector<std::string> names;
  for (const auto& [name, e] : entries_) {
    if (std::any_of(slices.begin(), slices.end(), [&, &wanted = name](const WeightSlice& s) { return s.name == wanted; })) continue;
    if (name == decoder_weight || name == decoder_bias) continue;  // looked at elsewhere
    if (name == "bert.embeddings.position_ids") continue;          // 0, 1, 2, …, saved by old versions
    check(!name.starts_with("bert.") && !name.starts_with("cls."), "{}: '{}' {} has no place in this model", where_, shown(e->name),
          e->shape);
    names.push_back(e->name);
  }
  return names;
}

/// What a file may say twice must be the same both times.
void check_decoder(const BertFile& file) {
  const auto same = [&](const std::string& copy, const std::string& original) {
    const Shape shape = file.entry(original).shape;
    check(!file.has(copy) || file.array(copy, shape) == file.array(original, shape), "{}: '{}' is not '{}': this model has one for both",
          file.where(), copy, original);
  };
  same(decoder_weight, word_table);
  if (file.has(mlm_bias)) same(decoder_bias, mlm_bias);
}

/// All shapes are compared before a model of that size is made: a short file must not ask for much memory.
void check_shapes(const BertFile& file, const BertConfig& config) {
  const MetaGuard guard;
  Generator unused{0};
  for (const WeightSlice& s : slices_of(BertForPreTraining(config, unused), file.parts())) file.check_shape(s.name, s.shape());
}

}  // namespace

LoadedBert load_bert(const std::filesystem::path& path, Generator& generator, std::size_t heads) {
  const BertFile file(path);
  const BertConfig config = file.config(heads);
  check_shapes(file, config);
  check_decoder(file);
  const Parts parts = file.parts();
  const BertForPreTraining model(config, generator);
  const Slices slices = slices_of(model, parts);
  for (const WeightSlice& s : slices) {
    const Array values = file.array(s.name, s.shape());
    std::copy_n(values.data(), values.size(), s.tensor.mutable_value().data() + s.begin());
  }
  return {model, parts.pooler, parts.masked_lm, parts.next_sentence, file.unused(slices), file.metadata(vocabulary_key)};
}

namespace {

std::string hash_of(const text::WordPiece& vocabulary) { return hash_text(fmt::format("{}\n", fmt::join(vocabulary.pieces(), "\n"))); }

void write_bert(const std::filesystem::path& file, const BertForPreTraining& model, io::Metadata metadata) {
  io::NamedArrays arrays;
  for (const WeightSlice& s : slices_of(model, {})) {
    Array values = empty(s.shape());
    std::copy_n(s.tensor.value().data() + s.begin(), values.size(), values.data());
    for (const real x : values)
      if (!std::isfinite(x)) fail("{}: not written: '{}' has a number that is not finite", file.string(), s.name);
    arrays.emplace_back(s.name, std::move(values));
  }
  const BertConfig& c = model.bert.config;
  const json settings{{"num_attention_heads", c.heads}, {"layer_norm_eps", c.layer_norm_eps}, {"hidden_dropout_prob", c.dropout}};
  metadata.insert({{"format", "pt"}, {settings_key, settings.dump()}});
  io::write_safetensors(file, arrays, metadata);
}

}  // namespace

void save_bert(const std::filesystem::path& file, const BertForPreTraining& model) { write_bert(file, model, {}); }

void save_bert(const std::filesystem::path& folder, const BertForPreTraining& model, const text::WordPiece& vocabulary) {
  write_bert(folder / "model.safetensors", model, {{vocabulary_key, hash_of(vocabulary)}});  // first: it refuses what is not finite
  vocabulary.save(folder / "vocab.txt");
}

void check_vocabulary(const LoadedBert& loaded, const text::WordPiece& vocabulary, const std::filesystem::path& vocabulary_file) {
  check(loaded.vocabulary_hash.empty() || loaded.vocabulary_hash == hash_of(vocabulary),
        "{}: the model was saved with other pieces than these; save both again", vocabulary_file.string());
}

}  // namespace byhand::nn
