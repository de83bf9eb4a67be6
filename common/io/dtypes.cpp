#include "common/io/dtypes.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace byhand::io {

static_assert(std::endian::native == std::endian::little, "files are little-endian and are copied as they are");

namespace {

/// IEEE half precision: 1 sign bit, 5 of exponent (bias 15), 10 of fraction.
struct Half {
  std::uint16_t bits;
  operator float() const {
    const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
    float magnitude;
    if (exponent == 31)
      magnitude = fraction ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity();
    else if (exponent == 0)
      magnitude = std::ldexp(float(fraction), -24);  // subnormal: no leading 1
    else
      magnitude = std::ldexp(float(1024 + fraction), exponent - 25);
    return bits & 0x8000 ? -magnitude : magnitude;
  }
};

/// bfloat16: the upper half of a float.
struct Bfloat {
  std::uint16_t bits;
  operator float() const { return std::bit_cast<float>(std::uint32_t(bits) << 16); }
};

struct Bool {
  std::uint8_t bits;
  operator std::uint8_t() const { return bits != 0; }
};

/// Copies and converts; memcpy because the bytes need not be aligned.
template <class Stored, class A>
A convert(std::string_view bytes, const Shape& shape) {
  A a = A::from_shape(shape);
  for (std::size_t i = 0; i < a.size(); ++i) {
    Stored x;
    std::memcpy(&x, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    a.data()[i] = static_cast<typename A::value_type>(x);
  }
  return a;
}

template <class A>
A decode(Dtype dtype, std::string_view bytes, const Shape& shape) {
  const std::size_t needed = checked_count(shape, "decode") * byte_size(dtype);
  check(bytes.size() == needed, "decode: the shape {} needs {} bytes, there are {}", shape, needed, bytes.size());
  switch (dtype) {
    case Dtype::f64:
      return convert<double, A>(bytes, shape);
    case Dtype::f32:
      return convert<float, A>(bytes, shape);
    case Dtype::f16:
      return convert<Half, A>(bytes, shape);
    case Dtype::bf16:
      return convert<Bfloat, A>(bytes, shape);
    case Dtype::i64:
      return convert<std::int64_t, A>(bytes, shape);
    case Dtype::i32:
      return convert<std::int32_t, A>(bytes, shape);
    case Dtype::u8:
      return convert<std::uint8_t, A>(bytes, shape);
    case Dtype::boolean:
      return convert<Bool, A>(bytes, shape);
  }
  fail("decode: there is no such dtype");
}

template <class Stored, class A>
std::string stored_as(const A& values) {
  std::string bytes(values.size() * sizeof(Stored), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Stored x = static_cast<Stored>(values.data()[i]);
    std::memcpy(bytes.data() + i * sizeof(Stored), &x, sizeof(Stored));
  }
  return bytes;
}

}  // namespace

std::size_t checked_count(const Shape& shape, const std::string& where) {
  constexpr std::size_t most = std::size_t(1) << 40;
  check(shape.size() <= 32, "{}: a shape with {} axes; at most 32 can be read", where, shape.size());
  std::size_t product = 1;
  bool empty = false;
  for (const std::size_t size : shape) {
    empty = empty || size == 0;
    check(size <= most / product, "{}: the shape {} is larger than any file", where, shape);
    product *= std::max<std::size_t>(size, 1);
  }
  return empty ? 0 : product;
}

std::size_t byte_size(Dtype dtype) {
  constexpr std::array<std::size_t, 8> sizes{8, 4, 2, 2, 8, 4, 1, 1};  // in the order of the enum
  return sizes.at(std::size_t(dtype));
}

bool is_integer(Dtype dtype) { return dtype == Dtype::i64 || dtype == Dtype::i32 || dtype == Dtype::u8 || dtype == Dtype::boolean; }

Array decode_array(Dtype dtype, std::string_view bytes, const Shape& shape) { return decode<Array>(dtype, bytes, shape); }

Ids decode_ids(Dtype dtype, std::string_view bytes, const Shape& shape) {
  check(is_integer(dtype), "decode: floats cannot be read as integers");
  return decode<Ids>(dtype, bytes, shape);
}

std::string encode(const Array& values, Dtype dtype) {
  check(dtype == Dtype::f64 || dtype == Dtype::f32, "encode: numbers are written as f64 or f32 only");
  return dtype == Dtype::f64 ? stored_as<double>(values) : stored_as<float>(values);
}

std::string encode(const Ids& values) { return stored_as<std::int64_t>(values); }

}  // namespace byhand::io
