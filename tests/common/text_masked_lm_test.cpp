// Hidden words and sentence pairs as frequencies, packing, errors. On a fixed seed, against an independent program: tests/golden/bert_test.cpp.
#include "common/bert/masked_lm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;

namespace {

bool starts_with(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

/// The number of `wanted` among `n` draws of probability p is within 4.5 standard deviations of n p: for a right program one seed in
/// 150,000 fails, and the seed here is fixed.
void check_binomial(const char* what, double wanted, double n, double p) {
  const double deviations = std::abs(wanted - n * p) / std::sqrt(n * p * (1 - p));
  CHECK_MESSAGE(deviations < 4.5, what, ": ", wanted, " of ", n, ", expected ", n * p);
}

}  // namespace

TEST_CASE("masked LM: 15 % are chosen; of these 80 % become [MASK], 10 % a random token, 10 % stay") {
  const std::size_t n = 60'000, vocabulary = 30;
  const std::vector<std::int64_t> special{0, 2, 3, 4};
  std::vector<std::int64_t> text(n);
  for (std::size_t i = 0; i < n; ++i) text[i] = i % 10 == 0 ? special[i / 10 % 3] : std::int64_t(5 + i % 25);
  Generator g{42};
  const text::MaskedTokens got = text::mask_tokens(ids({100, 600}, text), special, vocabulary, 4, g);
  std::map<std::int64_t, double> random;
  double chosen = 0, masked = 0, stayed = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t now = got.ids.data()[i], label = got.labels.data()[i];
    if (label == text::no_label) {
      if (now != text[i]) FAIL_CHECK("changed without a label: ", i);
      continue;
    }
    if (label != text[i] || i % 10 == 0) FAIL_CHECK("a wrong label: ", i);
    chosen += 1;
    masked += now == 4;
    stayed += now == text[i];
    if (now != 4 && now != text[i]) random[now] += 1;
  }
  CHECK(got.ids.shape() == Ids::shape_type{100, 600});
  check_binomial("chosen", chosen, 0.9 * n, 0.15);
  check_binomial("[MASK]", masked, chosen, 0.8);
  check_binomial("stayed", stayed, chosen, 0.1 + 0.1 / 26);  // one random token in 26 is the token itself
  // 26 tokens are not special: 1 and 5 to 29. Token 1 is never in the text; 5 stands at i = 0, 25, 50, ..., the others likewise.
  CHECK(random.size() == 26);
  const double drawn = chosen - masked - stayed;
  for (const auto& [token, count] : random) {
    CHECK((token == 1 || token >= 5));
    check_binomial("a random token", count, drawn, 1.0 / 26);
  }
}

TEST_CASE("masked LM: all, none, and errors") {
  const Ids text = ids({7, 8, 2, 9});
  Generator g{1};
  const auto mask = [&](const text::MlmOptions& options) { return text::mask_tokens(text, {2}, 10, 4, g, options); };
  CHECK(mask({.mlm_probability = 1, .mask_replace_prob = 1, .random_replace_prob = 0}).ids == ids({4, 4, 2, 4}));
  CHECK(mask({.mlm_probability = 1, .mask_replace_prob = 1, .random_replace_prob = 0}).labels == ids({7, 8, -100, 9}));
  CHECK(mask({.mlm_probability = 1, .mask_replace_prob = 0, .random_replace_prob = 0}).ids == text);
  CHECK(mask({.mlm_probability = 0}).labels == ids({-100, -100, -100, -100}));
  const auto error = [&](const Ids& t, const std::vector<std::int64_t>& special, std::size_t vocabulary, std::int64_t mask_id,
                         double share) {
    return error_of([&] { text::mask_tokens(t, special, vocabulary, mask_id, g, {.mlm_probability = share}); });
  };
  CHECK(error(text, {2}, 9, 4, 0.15) == "mask_tokens: the id 9 is not in a vocabulary of 9");
  CHECK(error(ids({-1}), {2}, 9, 4, 0.15) == "mask_tokens: the id -1 is not in a vocabulary of 9");
  CHECK(error(text, {12}, 10, 4, 0.15) == "mask_tokens: the special token 12 is not in a vocabulary of 10");
  CHECK(error(text, {2}, 10, 10, 0.15) == "mask_tokens: the mask's id 10 is not in a vocabulary of 10");
  CHECK(error(ids({0}), {0, 1, 1}, 2, 1, 0.15) == "mask_tokens: all 2 tokens are special");
  CHECK(starts_with(error(text, {2}, 10, 4, 1.5),
                    "mask_tokens: mlm_probability 1.5, mask_replace_prob 0.8 and random_replace_prob 0.1 should be probabilities"));
  CHECK(starts_with(error(text, {2}, 10, 4, std::nan("")), "mask_tokens: mlm_probability nan"));
}

TEST_CASE("next sentences: half follow; the others are from all other documents") {
  // A document d has d + 2 sentences of one token, 100 d + s.
  std::vector<text::Document> documents;
  for (std::int64_t d = 0; d < 4; ++d) {
    documents.emplace_back();
    for (std::int64_t s = 0; s < d + 2; ++s) documents.back().push_back({100 * d + s});
  }
  Generator g{42};
  const int rounds = 2000;
  double total = 0, follow = 0;
  std::map<std::pair<std::int64_t, std::int64_t>, double> from;  // (own document, b)
  std::map<std::int64_t, double> elsewhere;
  for (int r = 0; r < rounds; ++r) {
    const std::vector<text::SentencePair> pairs = text::next_sentence_pairs(documents, g);
    REQUIRE(pairs.size() == 1 + 2 + 3 + 4);
    for (const text::SentencePair& pair : pairs) {
      const std::int64_t own = pair.a[0] / 100;
      total += 1;
      follow += pair.label == 0;
      if (pair.label == 0 && pair.b[0] != pair.a[0] + 1) FAIL_CHECK("does not follow: ", pair.a[0], " ", pair.b[0]);
      if (pair.label == 0) continue;
      if (pair.b[0] / 100 == own) FAIL_CHECK("of its own document: ", pair.a[0], " ", pair.b[0]);
      elsewhere[own] += 1;
      from[{own, pair.b[0]}] += 1;
    }
  }
  check_binomial("follow", follow, total, 0.5);
  CHECK(from.size() == 14 * 4 - 14);  // each sentence from each document but its own
  for (const auto& [key, count] : from)
    check_binomial("from elsewhere", count, elsewhere[key.first], 1.0 / 3 / double(key.second / 100 + 2));

  const auto error = [&](const std::vector<text::Document>& d) { return error_of([&] { text::next_sentence_pairs(d, g); }); };
  CHECK(error({{{1}, {2}}}) == "next_sentence_pairs: 1 documents, but a sentence from another one is needed: at least 2");
  CHECK(error({{{1}, {2}}, {}}) == "next_sentence_pairs: document 1 has no sentence");
  CHECK(error({{{1}, {2}}, {{3}, {}}}) == "next_sentence_pairs: sentence 1 of document 1 has no token");
  CHECK(error({{{1}}, {{3}}}) == "next_sentence_pairs: every document has one sentence only, so that none follows another");
}

TEST_CASE("packing: single sentences, and errors") {
  const text::BertTokens tokens{.pad = 0, .cls = 2, .sep = 3, .mask = 4};
  const text::PackedBatch batch = text::pack_sentences({{7, 8, 9}, {5}}, tokens, 4);
  CHECK(batch.ids == ids({2, 4}, {2, 7, 8, 3, 2, 5, 3, 0}));
  CHECK(batch.segments == ids({2, 4}, std::vector<std::int64_t>(8, 0)));
  CHECK(batch.padding == array({2, 4}, {0, 0, 0, 0, 0, 0, 0, 1}));
  CHECK(text::pack_sentences({{7, 8, 9}, {5}}, tokens, 100).ids.shape()[1] == 5);
  CHECK(error_of([&] { text::pack_sentences({}, tokens, 9); }) == "pack_sentences: no sentence to pack");
  CHECK(error_of([&] { text::pack_sentences({{1}, {}}, tokens, 9); }) == "pack_sentences: sentence 1 has no token");
  CHECK(error_of([&] { text::pack_sentences({{1}}, tokens, 2); }) ==
        "pack_sentences: max_length 2 has no room for [CLS] a [SEP]: at least 3");
  CHECK(error_of([&] { text::pack_pairs({}, tokens, 9); }) == "pack_pairs: no pair to pack");
  CHECK(error_of([&] { text::pack_pairs({{{1}, {}, 0}}, tokens, 9); }) == "pack_pairs: sentence b of pair 0 has no token");
  CHECK(error_of([&] {
          text::pack_pairs({{{1}, {2}, 0}}, tokens, 4);
        }) == "pack_pairs: max_length 4 has no room for [CLS] a [SEP] b [SEP]: at least 5");
}
