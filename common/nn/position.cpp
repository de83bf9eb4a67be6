#include "common/nn/position.hpp"
#include "common/nn/meta.hpp"
#include "common/tensor/random.hpp"

#include <cmath>

namespace byhand::nn {

namespace {
void check_pairs(std::size_t size) {
  check(size > 0 && size % 2 == 0,
        "sinusoidal_encoding: size {}, but sines and cosines come in pairs", size);
}
}  // namespace

Array sinusoidal_encoding(std::size_t length, std::size_t size) {
  check_pairs(size);
  Array table = empty({length, size});
  for (std::size_t i = 0; i < size; i += 2) {
    const double wavelength = std::pow(10000.0, double(i) / double(size));
    for (std::size_t position = 0; position < length; ++position) {
      const double angle = double(position) / wavelength;
      table.data()[position * size + i] = real(std::sin(angle));
      table.data()[position * size + i + 1] = real(std::cos(angle));
    }
  }
  return table;
}

namespace {

/// The table, or its shape alone under a MetaGuard.
Tensor table_of(std::size_t length, std::size_t size) {
  if (!MetaGuard::active()) return Tensor(sinusoidal_encoding(length, size));
  check_pairs(size);
  return Tensor::meta({length, size});
}

/// x + rows first, first + 1, … of the table.
Tensor add_positions(const char* name, const Tensor& x, const Tensor& table, std::size_t first,
                     bool batch_first) {
  const std::size_t size = table.shape(1), most = table.shape(0);
  check((x.ndim() == 2 || x.ndim() == 3) && x.shape(-1) == size,
        "{}: needs an input {} or (length, size) with size {}, got {}", name,
        batch_first ? "(batch, length, size)" : "(length, batch, size)", size, x.shape());
  const bool length_first = x.ndim() == 3 && !batch_first;
  const std::size_t length = x.shape(length_first ? 0 : -2);
  check(length <= most && first <= most - length,
        "{}: {} positions from position {} on are wanted, the table has {}", name, length, first,
        most);
  const Tensor rows = slice(table, 0, first, first + length);  // (length, size)
  return x + (length_first ? unsqueeze(rows, 1) : rows);
}

}  // namespace

PositionalEncoding::PositionalEncoding(std::size_t size, const Generator& generator,
                                       const PositionOptions& given)
    : table(table_of(given.max_length, size)),
      options(given),
      dropout_(child("dropout", Dropout(given.dropout, generator))) {}

Tensor PositionalEncoding::operator()(const Tensor& x, std::size_t first) const {
  return dropout_(add_positions("PositionalEncoding", x, table, first, options.batch_first));
}

LearnedPosition::LearnedPosition(std::size_t size, Generator& generator,
                                 const PositionOptions& given)
    : weight(parameter("weight", {given.max_length, size},
                       [&](const Shape& shape) { return randn(shape, generator); })),
      options(given),
      dropout_(child("dropout", Dropout(given.dropout, generator))) {}

Tensor LearnedPosition::operator()(const Tensor& x, std::size_t first) const {
  return dropout_(add_positions("LearnedPosition", x, weight, first, options.batch_first));
}

}  // namespace byhand::nn
