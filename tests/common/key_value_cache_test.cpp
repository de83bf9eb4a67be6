// Token by token with remembered keys and values, against the whole sequence at once with a causal mask: another path through the code.
#include "common/fast/key_value_cache.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "common/nn/transformer.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;
using test::values;

namespace {

/// Tokens [begin, end) of each sequence.
Tensor part(const Tensor& x, bool batch_first, std::size_t begin, std::size_t end) { return slice(x, batch_first ? 1 : 0, begin, end); }

nn::TransformerEncoder small_encoder(bool norm_first, bool batch_first, double dropout = 0) {
  Generator g{5};
  const nn::TransformerEncoderLayer layer(8, 2, g,
                                          {.feed_forward = 16, .dropout = dropout, .norm_first = norm_first, .batch_first = batch_first});
  nn::TransformerEncoder encoder(layer, 3, nn::LayerNorm(8));
  for (const Tensor& p : encoder.parameters())  // copies of a layer begin alike; here each must be told from the others
    for (real& w : p.mutable_value()) w += real(0.3 * (g.uniform() - 0.5));
  encoder.eval();
  return encoder;
}

}  // namespace

TEST_CASE("key/value cache: pieces of a sequence give the rows of the whole") {
  for (const bool norm_first : {false, true}) {
    for (const bool batch_first : {false, true}) {
      const nn::TransformerEncoder encoder = small_encoder(norm_first, batch_first);
      const std::size_t length = 9, batch = 2;
      const Tensor x(values(batch_first ? Shape{batch, length, 8} : Shape{length, batch, 8}), true);
      const Array whole = encoder(x, {.causal = true}).value();
      for (const std::vector<std::size_t>& pieces : std::vector<std::vector<std::size_t>>{{1, 1, 1, 1, 1, 1, 1, 1, 1}, {4, 1, 1, 3}, {9}}) {
        CAPTURE(fmt::format("norm first {}, batch first {}, pieces {}", norm_first, batch_first, fmt::join(pieces, " ")));
        std::vector<nn::KeyValueCache> caches = encoder.caches(length);
        std::size_t at = 0;
        for (const std::size_t size : pieces) {
          const Tensor y = encoder.next(part(x, batch_first, at, at + size), caches);
          CHECK_FALSE(y.requires_grad());
          // sums of some ten numbers of size 1, three layers deep
          CHECK(all_close(y.value(), part(Tensor(whole), batch_first, at, at + size).value(), 10 * test::rounding));
          at += size;
        }
        CHECK(caches[2].size() == length);
      }
    }
  }
}

TEST_CASE("key/value cache: two keys by hand") {
  // d = 1, so no scale. First token: it sees itself, 3. Second: scores 2 * 0 and 2 * (ln 3 / 2), shares 1/4 and 3/4: 3/4 + 3 * 7/4 = 6.
  nn::KeyValueCache cache(2);
  CHECK(cache.attend(array({1, 1, 1, 1}, {5}), zeros({1, 1, 1, 1}), array({1, 1, 1, 1}, {3}))(0, 0, 0, 0) == real(3));
  const Array y = cache.attend(array({1, 1, 1, 1}, {2}), array({1, 1, 1, 1}, {real(std::log(3.0) / 2)}), array({1, 1, 1, 1}, {7}));
  CHECK(double(y(0, 0, 0, 0)) == doctest::Approx(6).epsilon(10 * test::rounding));
}

TEST_CASE("key/value cache: what it refuses, and that nothing is remembered then") {
  const nn::TransformerEncoder encoder = small_encoder(true, true);
  std::vector<nn::KeyValueCache> caches = encoder.caches(3);
  const Tensor x(values({2, 3, 8}));
  encoder.next(slice(x, 1, 0, 2), caches);
  CHECK(error_of([&] {
          encoder.next(Tensor(values({2, 2, 8})), caches);
        }) == "KeyValueCache: room for 3 tokens, of which 2 are taken; 2 more do not fit");
  CHECK(caches[0].size() == 2);
  CHECK(error_of([&] {
          encoder.next(Tensor(values({1, 1, 8})), caches);
        }).find("KeyValueCache: made for (2, 2, 3, 4), got q (1, 2, 1, 4)") == 0);
  CHECK(error_of([&] { encoder.next(Tensor(values({1, 8})), caches); }).find("MultiheadAttention::next: needs (batch, new, 8)") == 0);
  CHECK(all_close(encoder.next(slice(x, 1, 2, 3), caches).value(), slice(encoder(x, {.causal = true}), 1, 2, 3).value(),
                  10 * test::rounding));
  caches.pop_back();
  CHECK(error_of([&] { encoder.next(Tensor(values({2, 1, 8})), caches); }) == "TransformerEncoder::next: 2 caches for 3 layers");
  caches.emplace_back(3);
  CHECK(error_of([&] {
          encoder.next(Tensor(values({2, 1, 8})), caches);
        }) == "TransformerEncoder::next: the caches hold 3 and 0 tokens, with room for 3 and 3");
  caches = encoder.caches(3);
  caches[1] = nn::KeyValueCache(2);
  CHECK(error_of([&] {
          encoder.next(Tensor(values({2, 1, 8})), caches);
        }) == "TransformerEncoder::next: the caches hold 0 and 0 tokens, with room for 3 and 2");
  nn::KeyValueCache cache(1);
  CHECK(error_of([&] {
          cache.attend(zeros({1, 1, 1, 2}), zeros({1, 1, 1, 3}), zeros({1, 1, 1, 2}));
        }) == "KeyValueCache: q (1, 1, 1, 2), k (1, 1, 1, 3) and v (1, 1, 1, 2) should be one (batch, heads, new, d)");
  const nn::TransformerEncoder drops = small_encoder(true, true, 0.1);
  drops.train();
  std::vector<nn::KeyValueCache> fresh = drops.caches(3);
  CHECK(error_of([&] { drops.next(Tensor(values({2, 1, 8})), fresh); }).find("call eval() first") != std::string::npos);
}
