#pragma once
/// @file
/// Appliance, io. NumPy's .npy files, one array each, and the ways numbers are stored in files (safetensors.hpp uses them too).
#include <filesystem>
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

/// Reads an .npy file of any dtype above but bf16 (which NumPy lacks), C or Fortran order, format versions 1 to 3. Numbers are rounded to
/// `real`: integers above 2^24 lose digits in float, so read those with read_npy_ids.
/// Error that names the file when it is cut short, its header and its size disagree, or its dtype is another one.
Array read_npy(const std::filesystem::path& file);
/// Reads integers or booleans. Error for floats, and as read_npy.
Ids read_npy_ids(const std::filesystem::path& file);
/// The same from the bytes of such a file; `where` stands in front of every error message.
Array parse_npy(std::string_view bytes, const std::string& where);
Ids parse_npy_ids(std::string_view bytes, const std::string& where);

/// Writes an .npy file that numpy.load reads: `<f4` or, where real is double, `<f8`; `<i8` for integers.
void write_npy(const std::filesystem::path& file, const Array& values);
void write_npy(const std::filesystem::path& file, const Ids& values);

}  // namespace byhand::io
