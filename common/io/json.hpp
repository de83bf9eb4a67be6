#pragma once
/// @file
/// Appliance, io. JSON files, and arrays in them: {"shape": [2, 3], "data": [six numbers, row by row]}, as in tests/golden/README.md.
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "common/tensor/array.hpp"

namespace byhand::io {

/// How deep lists and objects may lie inside each other in a file we read or write.
inline constexpr std::size_t json_nesting_limit = 100;

/// Reads a JSON file. Error that names file, line and column when it is not JSON; error when a key appears twice in one object or
/// when it is nested deeper than json_nesting_limit.
nlohmann::json read_json(const std::filesystem::path& file);

/// The same from text; `where` stands in front of every error message.
nlohmann::json parse_json(std::string_view text, const std::string& where);

/// Writes a JSON file, indented, lists of plain values on one line. Infinities and NaN become the strings "inf", "-inf", "nan".
/// Error, and nothing is written, when a string in it is not UTF-8 or it is nested too deep.
void write_json(const std::filesystem::path& file, const nlohmann::json& value);

/// The entry `key` of an object. Error that lists the keys there are. `where` names the object in the message: "golden.json: inputs".
const nlohmann::json& member(const nlohmann::json& object, const std::string& key, const std::string& where);

/// The array written as {"shape": …, "data": …}; a plain number is an array of shape (), a plain list of n numbers one of shape (n,).
/// Numbers may also be the strings "inf", "-inf", "nan" and the booleans (1 and 0); they are rounded to `real`.
/// Error that names `where` and the element when there is anything else, or when shape and number of elements do not agree.
Array array_from_json(const nlohmann::json& value, const std::string& where);
/// The same for integers, which must be written without a decimal point.
Ids ids_from_json(const nlohmann::json& value, const std::string& where);

/// {"shape": …, "data": …}. The numbers come back exactly. NaN and infinities are strings.
nlohmann::json json_from_array(const Array& values);
nlohmann::json json_from_ids(const Ids& values);

// What the readers of this floor share.

/// The number of elements of a shape that a file states. Error that names `where` when it has more than 32 axes or is larger than any
/// file, also when one of its sizes is 0: the strides must not overflow either.
std::size_t checked_count(const Shape& shape, const std::string& where);

}  // namespace byhand::io
