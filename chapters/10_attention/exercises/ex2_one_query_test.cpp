// The reader's, the original, or the one in solutions/: the build decides.
#include <ex2_one_query.hpp>
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include <array>
#include <limits>

#include "chapters/10_attention/matrices.hpp"

namespace ex = byhand::exercise;
using namespace byhand;
using ex::Numbers;

namespace {

Array as_array(const Numbers& numbers) {
  return array(std::vector<real>(numbers.begin(), numbers.end()));
}
std::vector<Numbers> rows_of(const Array& a) {
  std::vector<Numbers> rows;
  for (std::size_t i = 0; i < a.shape()[0]; ++i)
    rows.emplace_back(a.data() + i * a.shape()[1], a.data() + (i + 1) * a.shape()[1]);
  return rows;
}

/// percent_j = 1 / sum over l of e^(score_l - score_j): another way to write a softmax. A term that
/// is infinity makes the share 0.
ex::Attended by_formula(const Numbers& query, const std::vector<Numbers>& keys,
                        const std::vector<Numbers>& values) {
  Numbers scores;
  for (const Numbers& key : keys) {
    double product = 0;
    for (std::size_t i = 0; i < key.size(); ++i) product += query[i] * key[i];
    scores.push_back(product / std::sqrt(double(key.size())));
  }
  ex::Attended a{{}, Numbers(values.front().size(), 0)};
  for (std::size_t j = 0; j < keys.size(); ++j) {
    double sum = 0;
    for (const double score : scores) sum += std::exp(score - scores[j]);
    a.percent.push_back(1 / sum);
    for (std::size_t i = 0; i < a.attention.size(); ++i) a.attention[i] += values[j][i] / sum;
  }
  return a;
}

double largest_difference(const Numbers& a, const Numbers& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(a[i] - b[i]);
    if (std::isnan(difference)) return difference;
    largest = std::max(largest, difference);
  }
  return largest;
}

void judge(const std::string& name, const Numbers& query, const std::vector<Numbers>& keys,
           const std::vector<Numbers>& values) {
  const ex::Attended expected = by_formula(query, keys, values),
                     mine = ex::attend(query, keys, values);
  verdict::equal(name + ": percent", as_array(expected.percent), as_array(mine.percent));
  verdict::equal(name + ": attention", as_array(expected.attention), as_array(mine.attention));
}

std::vector<Numbers> random_rows(std::size_t n, std::size_t d, Generator& generator) {
  return rows_of(randn({n, d}, generator));
}

}  // namespace

TEST_CASE("the lecture's three words") {
  Generator generator{42};
  const Array x = attention::lecture_encodings();
  const attention::Steps s = attention::attend(x, x, attention::random_weights(2, 2, generator),
                                               attention::nothing_hidden(3, 3));
  Array percent = empty({3, 3}), attended = empty({3, 2});
  for (std::size_t i = 0; i < 3; ++i) {
    const ex::Attended mine = ex::attend(rows_of(s.Q)[i], rows_of(s.K), rows_of(s.V));
    if (mine.percent.size() != 3 || mine.attention.size() != 2)
      return verdict::holds("sizes", false,
                            fmt::format("3 shares and 2 numbers are needed, not {} and {}",
                                        mine.percent.size(), mine.attention.size()));
    for (std::size_t j = 0; j < 3; ++j) percent(i, j) = real(mine.percent[j]);
    for (std::size_t j = 0; j < 2; ++j) attended(i, j) = real(mine.attention[j]);
  }
  verdict::equal("lecture: percent", s.percent, percent);
  verdict::equal("lecture: attention", s.attention, attended);
}

TEST_CASE("other sizes") {
  Generator generator{42};
  for (const auto& [keys, d_k, d_v] : {std::array<std::size_t, 3>{7, 5, 3}, {4, 1, 6}, {1, 3, 2}}) {
    const Numbers query = random_rows(1, d_k, generator).front();
    const std::vector<Numbers> K = random_rows(keys, d_k, generator),
                               V = random_rows(keys, d_v, generator);
    judge(fmt::format("{} keys of {}, values of {}", keys, d_k, d_v), query, K, V);
  }
}

TEST_CASE("large scores") {
  const std::vector<Numbers> values = {{1, 2, 3}, {4, 5, 6}, {8, 7, 0}};
  judge("scores near 1768", {30, 40}, {{30, 40}, {40, 30}, {30, 40}}, values);
  judge("scores near -1768", {30, 40}, {{-30, -40}, {-40, -30}, {-30, -40}}, values);
  judge("scores 1000, 1001, 999", {1000}, {{1}, {1.001}, {0.999}}, values);
}

TEST_CASE("digits") {
  Generator generator{7};
  const Numbers query = random_rows(1, 6, generator).front();
  const std::vector<Numbers> K = random_rows(9, 6, generator), V = random_rows(9, 4, generator);
  const ex::Attended expected = by_formula(query, K, V), mine = ex::attend(query, K, V);
  verdict::below("error of percent, in double", largest_difference(expected.percent, mine.percent),
                 1e-10);
  verdict::below("error of attention, in double",
                 largest_difference(expected.attention, mine.attention), 1e-10);
}
