#include "chapters/10_attention/positions.hpp"

#include <cmath>

#include "chapters/10_attention/matrices.hpp"
#include "common/tensor/random.hpp"

namespace attention {
using namespace byhand;

Array position_encoding(std::size_t words, std::size_t d) {
  check(d > 0 && d % 2 == 0,
        "position_encoding: sines and cosines come in pairs, so the size must be even, got {}", d);
  Array table = empty({words, d});
  for (std::size_t pos = 0; pos < words; ++pos) {
    for (std::size_t i = 0; 2 * i < d; ++i) {
      const double angle = double(pos) / std::pow(10000.0, 2.0 * double(i) / double(d));
      table(pos, 2 * i) = real(std::sin(angle));
      table(pos, 2 * i + 1) = real(std::cos(angle));
    }
  }
  return table;
}

WordOrder compare_word_orders(Generator& generator) {
  const std::size_t n = 3, d = 4;
  const Array squatch_eats_pizza = randn({n, d}, generator);  // a row for each word
  Array pizza_eats_squatch = empty({n, d});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < d; ++j) pizza_eats_squatch(i, j) = squatch_eats_pizza(n - 1 - i, j);
  const Weights weights = random_weights(d, d, generator);
  const auto difference = [&](const Array& positions) {
    const Array x = squatch_eats_pizza + positions, y = pizza_eats_squatch + positions,
                hidden = nothing_hidden(n, n);
    const Array a = attend(x, x, weights, hidden).attention,
                b = attend(y, y, weights, hidden).attention;
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < d; ++j)
        largest = std::max(largest, double(std::abs(a(i, j) - b(n - 1 - i, j))));
    return largest;
  };
  return {difference(zeros({n, d})), difference(position_encoding(n, d))};
}

}  // namespace attention
