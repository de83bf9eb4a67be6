#include "common/io/json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace byhand::io {
using nlohmann::json;

namespace {

/// Watches the parser: stops it at a key that was there before, or at too many levels.
class Watch {
 public:
  explicit Watch(const std::string& where) : where_(where) {}
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    using Event = json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      check(std::size_t(depth) < json_nesting_limit, "{}: nested deeper than {} levels", where_, json_nesting_limit);
    }
    if (event == Event::object_start) keys_.emplace_back();
    if (event == Event::object_end) keys_.pop_back();
    if (event == Event::key) {
      const std::string& key = parsed.get_ref<const std::string&>();
      check(keys_.back().insert(key).second, "{}: the key '{}' appears twice in one object", where_, shown(key));
    }
    return true;
  }

 private:
  const std::string& where_;
  std::vector<std::set<std::string>> keys_;  // of each open object
};

/// "line 3, column 7" of the byte numbered `byte`, counted from 1.
std::string position(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte ? byte - 1 : 0);
  const std::size_t line = std::size_t(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("line {}, column {}", line, before.size() - line_start + 1);
}

/// The parser's own reason, without its prefix and without the text it read, which may be long or binary.
std::string reason(std::string_view what) {
  if (const std::size_t dash = what.find(" - "); dash != what.npos) what.remove_prefix(dash + 3);
  return std::string(what.substr(0, std::min(what.find("; last read"), what.find('\n'))));
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

json parse_json(std::string_view text, const std::string& where) {
  // The parser would take a zero byte for the end of the file and ignore what follows.
  const std::size_t zero = text.find('\0');
  check(zero == text.npos, "{}: {}: not JSON: a zero byte", where, position(text, zero + 1));
  try {
    return json::parse(text.begin(), text.end(), Watch(where));
  } catch (const json::parse_error& e) {
    fail("{}: {}: not JSON: {}", where, position(text, e.byte), reason(e.what()));
  } catch (const json::exception&) {
    fail("{}: not JSON: a number in it is too large for a double", where);
  }
}

json read_json(const std::filesystem::path& file) { return parse_json(read_file(file), file.string()); }

namespace {

const char* name_of_special(double x) { return std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf"; }

/// A number as JSON has it, which knows neither infinities nor NaN.
json finite_or_text(double x) { return std::isfinite(x) ? json(x) : json(name_of_special(x)); }

bool is_plain_list(const json& value) {
  return value.is_array() && std::none_of(value.begin(), value.end(), [](const json& item) { return item.is_structured(); });
}

/// Appends `value` to `out`, lists of plain values on one line and all else one entry a line.
void print(std::string& out, const json& value, std::size_t depth) {
  check(depth <= json_nesting_limit, "nested deeper than {} levels", json_nesting_limit);
  if (value.is_number_float()) {
    out += finite_or_text(value.get<double>()).dump();
  } else if (!value.is_structured() || value.empty()) {
    out += value.dump();
  } else {
    const bool one_line = is_plain_list(value);
    const std::string line_break = "\n" + std::string(2 * depth, ' ');
    out += value.is_object() ? '{' : '[';
    const char* separator = "";
    for (const auto& [key, item] : value.items()) {
      out += separator;
      if (!one_line) out += line_break + "  ";
      if (value.is_object()) out += json(key).dump() + ": ";
      print(out, item, depth + 1);
      separator = one_line ? ", " : ",";
    }
    if (!one_line) out += line_break;
    out += value.is_object() ? '}' : ']';
  }
}

}  // namespace

void write_json(const std::filesystem::path& file, const json& value) {
  std::string text;
  try {
    print(text, value, 0);
  } catch (const json::exception&) {
    fail("{}: not written: a text in it is not UTF-8", file.string());
  } catch (const Error& e) {
    fail("{}: not written: {}", file.string(), e.what());
  }
  write_file(file, text + "\n");
}

const json& member(const json& object, const std::string& key, const std::string& where) {
  check(object.is_object(), "{}: is {}, not an object with the key '{}'", where, object.type_name(), shown(key));
  if (const auto found = object.find(key); found != object.end()) return *found;
  std::string keys;
  for (const auto& [name, item] : object.items()) {
    if (keys.size() < 200) keys += (keys.empty() ? "" : ", ") + shown(name);
  }
  fail("{}: no key '{}'; there are: {}", where, shown(key), keys.empty() ? "none" : keys);
}

namespace {

/// What a message says of a value that does not belong: "a list" or the value itself.
std::string described(const json& value) {
  if (value.is_structured()) return value.is_array() ? "a list" : "an object";
  return shown(value.dump(-1, ' ', true, json::error_handler_t::replace));
}

bool read_value(const json& value, real& out) {
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

bool read_value(const json& value, std::int64_t& out) {
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

Shape shape_from_json(const json& value, const std::string& where) {
  check(value.is_array(), "{}: shape must be a list of sizes, not {}", where, described(value));
  Shape shape;
  for (const json& size : value) {
    check(size.is_number_unsigned(), "{}: shape: {} is not a size (0, 1, 2, ...)", where, described(size));
    shape.push_back(size.get<std::size_t>());
  }
  return shape;
}

template <class A>
A from_list(const json& data, const Shape& shape, const std::string& where) {
  const std::size_t count = checked_count(shape, where);
  check(count == data.size(), "{}: shape {} has {} elements, 'data' has {}", where, shape, count, data.size());
  A a = A::from_shape(shape);
  std::size_t i = 0;
  for (const json& item : data) {
    if (!read_value(item, a.data()[i]))
      fail("{}: data[{}]: {} is not {}", where, i, described(item), std::is_same_v<A, Ids> ? "an integer" : "a number");
    ++i;
  }
  return a;
}

template <class A>
A from_json(const json& value, const std::string& where) {
  if (value.is_array()) return from_list<A>(value, Shape{value.size()}, where);
  if (!value.is_object()) {
    A a = A::from_shape(Shape{});
    check(read_value(value, *a.data()), "{}: {} is not {}", where, described(value), std::is_same_v<A, Ids> ? "an integer" : "a number");
    return a;
  }
  const json& data = member(value, "data", where);
  check(data.is_array(), "{}: data must be a flat list of numbers, not {}", where, described(data));
  return from_list<A>(data, shape_from_json(member(value, "shape", where), where), where);
}

template <class A>
json with_shape(const A& values, json data) {
  json shape = json::array();
  for (const std::size_t size : values.shape()) shape.push_back(size);
  return json{{"shape", std::move(shape)}, {"data", std::move(data)}};
}

}  // namespace

Array array_from_json(const json& value, const std::string& where) { return from_json<Array>(value, where); }
Ids ids_from_json(const json& value, const std::string& where) { return from_json<Ids>(value, where); }

json json_from_array(const Array& values) {
  json data = json::array();
  for (std::size_t i = 0; i < values.size(); ++i) data.push_back(finite_or_text(values.data()[i]));
  return with_shape(values, std::move(data));
}

json json_from_ids(const Ids& values) {
  json data = json::array();
  for (std::size_t i = 0; i < values.size(); ++i) data.push_back(values.data()[i]);
  return with_shape(values, std::move(data));
}

}  // namespace byhand::io
