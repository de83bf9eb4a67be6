#include "common/io/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace byhand::io {
using nlohmann::json;

namespace {

constexpr std::size_t nesting_limit = 100;

/// Watches the parser: stops it at a key that was there before, or at too many levels.
class Watch {
 public:
  explicit Watch(const std::string& where) : where_(where) {}
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    using Event = json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      check(std::size_t(depth) < nesting_limit, "{}: nested deeper than {} levels", where_, nesting_limit);
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

const json& member(const json& object, const std::string& key, const std::string& where) {
  check(object.is_object(), "{}: is {}, not an object with the key '{}'", where, object.type_name(), shown(key));
  if (const auto found = object.find(key); found != object.end()) return *found;
  std::vector<std::string> keys;
  for (const auto& [name, item] : object.items()) keys.push_back(name);
  fail("{}: no key '{}'; there are: {}", where, shown(key), shown_names(keys));
}

}  // namespace byhand::io
