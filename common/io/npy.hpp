#pragma once
/// @file
/// Appliance, io. NumPy's .npy files, one array each.
#include <filesystem>
#include <string>
#include <string_view>

#include "common/tensor/array.hpp"

namespace byhand::io {

/// Reads an .npy file of any dtype but bf16 (which NumPy lacks), C or Fortran order, format versions 1 to 3. Numbers are rounded to
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
