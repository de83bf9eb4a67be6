#pragma once
/// @file
/// Arrays in JSON: {"shape": [2, 3], "data": [six numbers, row by row]}, as in README.md beside this.
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>

#include "common/io/dtypes.hpp"
#include "common/io/json.hpp"
#include "common/system/text.hpp"

namespace golden {

using byhand::Array;
using byhand::Ids;
using byhand::real;
using nlohmann::json;

namespace detail {

/// What a message says of a value that does not belong: "a list" or the value itself.
inline std::string described(const json& value) {
  if (value.is_structured()) return value.is_array() ? "a list" : "an object";
  return byhand::shown(value.dump(-1, ' ', true, json::error_handler_t::replace));
}

inline bool read_value(const json& value, real& out) {
  if (value.is_number()) {
    out = real(value.get<double>());
  } else if (value.is_boolean()) {
    out = value.get<bool>() ? real(1) : real(0);
  } else if (value == "nan") {
    out = std::numeric_limits<real>::quiet_NaN();
  } else if (value == "inf" || value == "-inf") {
    out = value == "inf" ? std::numeric_limits<real>::infinity() : -std::numeric_limits<real>::infinity();
  } else {
    return false;
  }
  return true;
}

inline bool read_value(const json& value, std::int64_t& out) {
  if (value.is_boolean()) {
    out = value.get<bool>();
  } else if (value.is_number_unsigned()) {
    const std::uint64_t number = value.get<std::uint64_t>();
    out = std::int64_t(number);
    return out >= 0;
  } else if (value.is_number_integer()) {
    out = value.get<std::int64_t>();
  } else {
    return false;
  }
  return true;
}

inline byhand::Shape shape_from_json(const json& value, const std::string& where) {
  byhand::check(value.is_array(), "{}: shape must be a list of sizes, not {}", where, described(value));
  byhand::Shape shape;
  for (const json& size : value) {
    byhand::check(size.is_number_unsigned(), "{}: shape: {} is not a size (0, 1, 2, ...)", where, described(size));
    shape.push_back(size.get<std::size_t>());
  }
  return shape;
}

template <class A>
A from_list(const json& data, const byhand::Shape& shape, const std::string& where) {
  const std::size_t count = byhand::io::checked_count(shape, where);
  byhand::check(count == data.size(), "{}: shape {} has {} elements, 'data' has {}", where, shape, count, data.size());
  A a = A::from_shape(shape);
  std::size_t i = 0;
  for (const json& item : data) {
    if (!read_value(item, a.data()[i]))
      byhand::fail("{}: data[{}]: {} is not {}", where, i, described(item), std::is_same_v<A, Ids> ? "an integer" : "a number");
    ++i;
  }
  return a;
}

template <class A>
A from_json(const json& value, const std::string& where) {
  if (value.is_array()) return from_list<A>(value, byhand::Shape{value.size()}, where);
  if (!value.is_object()) {
    A a = A::from_shape(byhand::Shape{});
    byhand::check(read_value(value, *a.data()), "{}: {} is not {}", where, described(value),
                  std::is_same_v<A, Ids> ? "an integer" : "a number");
    return a;
  }
  const json& data = byhand::io::member(value, "data", where);
  byhand::check(data.is_array(), "{}: data must be a flat list of numbers, not {}", where, described(data));
  return from_list<A>(data, shape_from_json(byhand::io::member(value, "shape", where), where), where);
}

template <class A>
json with_shape(const A& values, json data) {
  json shape = json::array();
  for (const std::size_t size : values.shape()) shape.push_back(size);
  return json{{"shape", std::move(shape)}, {"data", std::move(data)}};
}

}  // namespace detail

/// The array written as {"shape": …, "data": …}; a plain number is an array of shape (), a plain list of n numbers one of shape (n,).
/// Numbers may also be the strings "inf", "-inf", "nan" and the booleans (1 and 0); they are rounded to `real`.
/// Error that names `where` and the element when there is anything else, or when shape and number of elements do not agree.
inline Array array_from_json(const json& value, const std::string& where) { return detail::from_json<Array>(value, where); }
/// The same for integers, which must be written without a decimal point.
inline Ids ids_from_json(const json& value, const std::string& where) { return detail::from_json<Ids>(value, where); }

/// {"shape": …, "data": …}. The numbers come back exactly. NaN and infinities are strings.
inline json json_from_array(const Array& values) {
  json data = json::array();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = values.data()[i];
    data.push_back(std::isfinite(x) ? json(x) : json(std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf"));
  }
  return detail::with_shape(values, std::move(data));
}

inline json json_from_ids(const Ids& values) {
  json data = json::array();
  for (std::size_t i = 0; i < values.size(); ++i) data.push_back(values.data()[i]);
  return detail::with_shape(values, std::move(data));
}

}  // namespace golden
