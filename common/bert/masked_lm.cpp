#include "common/bert/masked_lm.hpp"

#include <algorithm>

#include "common/text/wordpiece.hpp"

namespace byhand::text {
namespace {

void check_id(const char* what, std::int64_t id, std::size_t vocabulary) {
  if (id < 0 || std::size_t(id) >= vocabulary) fail("mask_tokens: {} {} is not in a vocabulary of {}", what, id, vocabulary);
}

/// The tokens that may be hidden and drawn: all but some special ones.
class Ordinary {
 public:
  Ordinary(std::vector<std::int64_t> special, std::size_t vocabulary) : special_(std::move(special)), vocabulary_(vocabulary) {
    for (const std::int64_t id : special_) check_id("the special token", id, vocabulary);
    std::sort(special_.begin(), special_.end());
    special_.erase(std::unique(special_.begin(), special_.end()), special_.end());
    check(special_.size() < vocabulary, "mask_tokens: all {} tokens are special", vocabulary);
  }
  bool has(std::int64_t id) const { return !std::binary_search(special_.begin(), special_.end(), id); }
  /// The k-th ordinary token, k drawn: each special one below it moves it up by one.
  std::int64_t draw(Generator& generator) const {
    std::int64_t id = generator.randint(0, std::int64_t(vocabulary_ - special_.size()), 1)[0];
    for (const std::int64_t s : special_)
      if (id >= s) ++id;
    return id;
  }

 private:
  std::vector<std::int64_t> special_;
  std::size_t vocabulary_;
};

void check_options(const MlmOptions& o) {
  const auto probability = [](double p) { return p >= 0 && p <= 1; };  // false for NaN
  const double replaced = o.mask_replace_prob + o.random_replace_prob;
  check(
      probability(o.mlm_probability) && probability(o.mask_replace_prob) && probability(o.random_replace_prob) && replaced <= 1 + 1e-9,
      "mask_tokens: mlm_probability {}, mask_replace_prob {} and random_replace_prob {} should be probabilities, the last two together at "
      "most 1",
      o.mlm_probability, o.mask_replace_prob, o.random_replace_prob);
}

}  // namespace

MaskedTokens mask_tokens(const Ids& ids, const std::vector<std::int64_t>& special, std::size_t vocabulary, std::int64_t mask_id,
                         Generator& generator, const MlmOptions& options) {
  check_options(options);
  check_id("the mask's id", mask_id, vocabulary);
  const Ordinary ordinary(special, vocabulary);
  for (const std::int64_t id : ids) check_id("the id", id, vocabulary);
  MaskedTokens result{ids, ids};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::int64_t id = ids.data()[i];
    const bool chosen = ordinary.has(id) && generator.uniform() < options.mlm_probability;
    if (!chosen) {
      result.labels.data()[i] = no_label;
      continue;
    }
    const double fate = generator.uniform();
    if (fate < options.mask_replace_prob) {
      result.ids.data()[i] = mask_id;
    } else if (fate < options.mask_replace_prob + options.random_replace_prob) {
      result.ids.data()[i] = ordinary.draw(generator);
    }
  }
  return result;
}

namespace {

void check_documents(const std::vector<Document>& documents) {
  check(documents.size() >= 2, "next_sentence_pairs: {} documents, but a sentence from another one is needed: at least 2",
        documents.size());
  bool any_pair = false;
  for (std::size_t d = 0; d < documents.size(); ++d) {
    if (documents[d].empty()) fail("next_sentence_pairs: document {} has no sentence", d);
    for (std::size_t s = 0; s < documents[d].size(); ++s) {
      if (documents[d][s].empty()) fail("next_sentence_pairs: sentence {} of document {} has no token", s, d);
    }
    any_pair = any_pair || documents[d].size() > 1;
  }
  check(any_pair, "next_sentence_pairs: every document has one sentence only, so that none follows another");
}

/// Any sentence of any document but one.
const Sentence& from_elsewhere(const std::vector<Document>& documents, std::size_t except, Generator& generator) {
  std::size_t d = std::size_t(generator.randint(0, std::int64_t(documents.size()) - 1, 1)[0]);
  if (d >= except) ++d;
  return documents[d][std::size_t(generator.randint(0, std::int64_t(documents[d].size()), 1)[0])];
}

}  // namespace

std::vector<SentencePair> next_sentence_pairs(const std::vector<Document>& documents, Generator& generator) {
  check_documents(documents);
  std::vector<SentencePair> pairs;
  for (std::size_t d = 0; d < documents.size(); ++d) {
    for (std::size_t s = 0; s + 1 < documents[d].size(); ++s) {
      const bool follows = generator.uniform() < 0.5f;
      pairs.push_back({documents[d][s], follows ? documents[d][s + 1] : from_elsewhere(documents, d, generator), follows ? 0 : 1});
    }
  }
  return pairs;
}

Ids pair_labels(const std::vector<SentencePair>& pairs) {
  std::vector<std::int64_t> labels;
  for (const SentencePair& pair : pairs) labels.push_back(pair.label);
  return ids(labels);
}

namespace {

Encoded sequence_of(SentencePair pair, const BertTokens& tokens, std::size_t max_length) {
  while (pair.a.size() + pair.b.size() > max_length - 3) (pair.a.size() > pair.b.size() ? pair.a : pair.b).pop_back();
  return with_specials({std::move(pair.a), std::move(pair.b)}, tokens.cls, tokens.sep);
}

Encoded sequence_of(Sentence sentence, const BertTokens& tokens, std::size_t max_length) {
  sentence.resize(std::min(sentence.size(), max_length - 2));
  return with_specials({std::move(sentence)}, tokens.cls, tokens.sep);
}

PackedBatch side_by_side(const std::vector<Encoded>& sequences, std::int64_t pad) {
  std::size_t length = 0;
  for (const Encoded& s : sequences) length = std::max(length, s.ids.size());
  const Shape shape{sequences.size(), length};
  const std::size_t count = element_count(shape);
  PackedBatch batch{ids(shape, std::vector<std::int64_t>(count, pad)), ids(shape, std::vector<std::int64_t>(count, 0)), ones(shape)};
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    const Encoded& s = sequences[i];
    std::copy(s.ids.begin(), s.ids.end(), batch.ids.data() + i * length);
    std::copy(s.segments.begin(), s.segments.end(), batch.segments.data() + i * length);
    std::fill_n(batch.padding.data() + i * length, s.ids.size(), real(0));
  }
  return batch;
}

}  // namespace

PackedBatch pack_pairs(const std::vector<SentencePair>& pairs, const BertTokens& tokens, std::size_t max_length) {
  check(!pairs.empty(), "pack_pairs: no pair to pack");
  check(max_length >= 5, "pack_pairs: max_length {} has no room for [CLS] a [SEP] b [SEP]: at least 5", max_length);
  std::vector<Encoded> sequences;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i].a.empty() || pairs[i].b.empty())
      fail("pack_pairs: sentence {} of pair {} has no token", pairs[i].a.empty() ? "a" : "b", i);
    sequences.push_back(sequence_of(pairs[i], tokens, max_length));
  }
  return side_by_side(sequences, tokens.pad);
}

PackedBatch pack_sentences(const std::vector<Sentence>& sentences, const BertTokens& tokens, std::size_t max_length) {
  check(!sentences.empty(), "pack_sentences: no sentence to pack");
  check(max_length >= 3, "pack_sentences: max_length {} has no room for [CLS] a [SEP]: at least 3", max_length);
  std::vector<Encoded> sequences;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (sentences[i].empty()) fail("pack_sentences: sentence {} has no token", i);
    sequences.push_back(sequence_of(sentences[i], tokens, max_length));
  }
  return side_by_side(sequences, tokens.pad);
}

}  // namespace byhand::text
