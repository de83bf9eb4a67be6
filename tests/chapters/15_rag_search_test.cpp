#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chapters/15_rag/search/search.hpp"
#include "common/core/parallel.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using text::Match;

namespace {

/// The same in the plainest way: every product in double, everything sorted.
std::vector<std::vector<Match>> plainly(const Array& queries, const Array& vectors, std::size_t k) {
  std::vector<std::vector<Match>> found;
  const std::size_t width = vectors.shape()[1];
  for (std::size_t q = 0; q < queries.shape()[0]; ++q) {
    std::vector<Match>& all = found.emplace_back();
    for (std::size_t row = 0; row < vectors.shape()[0]; ++row) {
      double product = 0;
      for (std::size_t i = 0; i < width; ++i) product += double(queries.data()[q * width + i]) * double(vectors.data()[row * width + i]);
      if (product == product) all.push_back({row, product});
    }
    std::sort(all.begin(), all.end());
    all.resize(std::min(k, all.size()));
  }
  return found;
}

std::vector<std::size_t> rows_of(const std::vector<Match>& matches) {
  std::vector<std::size_t> rows;
  for (const Match& match : matches) rows.push_back(match.row);
  return rows;
}

}  // namespace

TEST_CASE("top_matches: by hand, equal ones by row") {
  const Array vectors = array({5, 2}, {1, 0, 0, 1, 2, 2, 1, 0, -3, 1});
  const auto found = text::top_matches(array({2, 2}, {1, 0, 0, -1}), vectors, 3);
  CHECK(rows_of(found[0]) == std::vector<std::size_t>{2, 0, 3});  // products 1 0 2 1 -3
  CHECK(found[0][0].score == 2);
  CHECK(found[0][2].score == 1);
  CHECK(rows_of(found[1]) == std::vector<std::size_t>{0, 3, 1});  // products 0 -1 -2 0 -1: of rows 1 and 4 the first
}

TEST_CASE("top_matches: equals the plain way, over the seams of blocks, with any number of threads") {
  const int before = threads();
  // 1024 vectors are one product, 128 queries; 32 scores are looked at together.
  struct Case {
    std::size_t queries, rows, width, k;
  };
  for (const Case& c : std::vector<Case>{{1, 1, 1, 1},
                                         {3, 33, 5, 4},
                                         {130, 1023, 7, 3},
                                         {2, 1025, 16, 10},
                                         {5, 9000, 8, 100},
                                         {2, 50, 3, 60},
                                         {64, 5000, 33, 10},
                                         {70, 7000, 100, 5},
                                         {64, 3000, 1, 4}}) {
    CAPTURE(c.rows);
    const Array queries = test::values({c.queries, c.width}, -1, 1, 3), vectors = test::values({c.rows, c.width}, -1, 1, 4);
    const auto expected = plainly(queries, vectors, c.k);
    for (const int count : {1, 2, 3}) {
      set_threads(count);
      const auto found = text::top_matches(queries, vectors, c.k);
      REQUIRE(found.size() == c.queries);
      for (std::size_t q = 0; q < c.queries; ++q) {
        REQUIRE(found[q].size() == std::min(c.k, c.rows));
        for (std::size_t i = 0; i < found[q].size(); ++i) {
          // Two products nearer to each other than float's rounding may change places.
          CHECK(found[q][i].score == doctest::Approx(expected[q][i].score).epsilon(test::rounding));
          if (sizeof(real) == 8) CHECK(found[q][i].row == expected[q][i].row);
        }
      }
    }
  }
  set_threads(before);
}

TEST_CASE("top_matches: nothing to find, and numbers that are none") {
  const real nan = std::numeric_limits<real>::quiet_NaN(), inf = std::numeric_limits<real>::infinity();
  CHECK(text::top_matches(zeros({2, 3}), zeros({4, 3}), 0) == std::vector<std::vector<Match>>(2));
  CHECK(text::top_matches(zeros({0, 3}), zeros({4, 3}), 2).empty());
  CHECK(text::top_matches(zeros({1, 3}), zeros({0, 3}), 2).front().empty());
  const auto found = text::top_matches(array({1, 1}, {1}), array({5, 1}, {nan, -inf, 2, inf, 1}), 5).front();
  CHECK(rows_of(found) == std::vector<std::size_t>{3, 2, 4, 1});
  CHECK(test::error_of([] {
          text::top_matches(zeros({2, 3}), zeros({4, 5}), 1);
        }) == "top_matches: queries (2, 3) and vectors (4, 5) differ in width");
  CHECK(test::error_of([] { text::top_matches(zeros({3}), zeros({4, 3}), 1); }) == "top_matches: needs two matrices, got (3,) and (4, 3)");
}

TEST_CASE("top_matches: a rough look at the rows leaves none out that belongs to the best") {
  // Products that rounding to 8 bits cannot tell apart, of both signs, large and tiny, and rows that hold no numbers.
  const std::size_t rows = 6000, width = 40, queries = 64;
  for (const double scale : {1.0, 1e-25, 1e12}) {
    for (const double spread : {1e-3, 1e-1, 1.0}) {
      CAPTURE(scale);
      CAPTURE(spread);
      Array vectors = test::values({rows, width}, -spread, spread, 7);
      Array asked = test::values({queries, width}, -1, 1, 8);
      for (std::size_t i = 0; i < vectors.size(); ++i) vectors.data()[i] = real(scale * (double(vectors.data()[i]) + (i % width == 0)));
      for (std::size_t row = 1500; row < rows; row += 1500) vectors.data()[row * width + 3] = std::numeric_limits<real>::quiet_NaN();
      const auto expected = plainly(asked, vectors, 8), found = text::top_matches(asked, vectors, 8);
      for (std::size_t q = 0; q < queries; ++q) {
        REQUIRE(found[q].size() == 8);
        for (std::size_t i = 0; i < 8; ++i) CHECK(std::abs(found[q][i].score - expected[q][i].score) <= test::rounding * scale * 4);
      }
    }
  }
}

TEST_CASE("top_scores: the best of a list") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(rows_of(text::top_scores({0.5, nan, 2, 0.5, -1}, 3)) == std::vector<std::size_t>{2, 0, 3});
  CHECK(text::top_scores({}, 3).empty());
  CHECK(text::top_scores({1, 2}, 9).size() == 2);
}
