#pragma once
/// @file
/// Appliance, io. The ways numbers are stored in files: what npy.hpp and safetensors.hpp share.
#include <string>
#include <string_view>

#include "common/tensor/array.hpp"

namespace byhand::io {

/// How a number is stored, little-endian: floats of 8, 4 and 2 bytes, bfloat16 (a float's upper half), signed and unsigned integers, bool.
enum class Dtype { f64, f32, f16, bf16, i64, i32, u8, boolean };
/// How `real` is stored.
inline constexpr Dtype real_dtype = sizeof(real) == 8 ? Dtype::f64 : Dtype::f32;

/// Bytes of one number.
std::size_t byte_size(Dtype dtype);
/// True for i64, i32, u8 and boolean, which fit into Ids.
bool is_integer(Dtype dtype);
/// Numbers from row-major bytes, exactly as many as the shape has elements (anything else is an Error), rounded to `real`.
Array decode_array(Dtype dtype, std::string_view bytes, const Shape& shape);
/// The same for integers. Error when the dtype is a float.
Ids decode_ids(Dtype dtype, std::string_view bytes, const Shape& shape);
/// The numbers as row-major bytes. Error unless the dtype is f64 or f32.
std::string encode(const Array& values, Dtype dtype);
/// The integers as i64.
std::string encode(const Ids& values);

/// The number of elements of a shape that a file states. Error that names `where` when it has more than 32 axes or is larger than any
/// file, also when one of its sizes is 0: the strides must not overflow either.
std::size_t checked_count(const Shape& shape, const std::string& where);

}  // namespace byhand::io
