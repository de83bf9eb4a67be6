#include "common/io/safetensors.hpp"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "common/io/json.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace byhand::io {
using nlohmann::json;

namespace {

constexpr std::size_t header_limit = 100'000'000;  // the official reader's
constexpr const char* metadata_key = "__metadata__";

constexpr std::pair<const char*, Dtype> dtype_names[] = {{"F64", Dtype::f64},   {"F32", Dtype::f32},     {"F16", Dtype::f16},
                                                         {"BF16", Dtype::bf16}, {"I64", Dtype::i64},     {"I32", Dtype::i32},
                                                         {"U8", Dtype::u8},     {"BOOL", Dtype::boolean}};

Dtype dtype_of(const json& value, const std::string& where) {
  check(value.is_string(), "{}: 'dtype' is not a text", where);
  for (const auto& [name, dtype] : dtype_names) {
    if (value == name) return dtype;
  }
  fail("{}: dtype '{}' cannot be read; F64, F32, F16, BF16, I64, I32, U8 and BOOL can", where, shown(value.get_ref<const std::string&>()));
}

/// A list of sizes or offsets. Negative numbers, fractions and numbers beyond 64 bits are not.
std::vector<std::size_t> whole_numbers(const json& value, const char* key, const std::string& where) {
  check(value.is_array(), "{}: '{}' is not a list", where, key);
  std::vector<std::size_t> numbers;
  for (const json& number : value) {
    check(number.is_number_unsigned(), "{}: '{}' has something that is not a whole number from 0 on", where, key);
    numbers.push_back(number.get<std::size_t>());
  }
  return numbers;
}

Safetensors::Entry read_entry(const std::string& name, const json& value, const std::string& file) {
  const std::string where = fmt::format("{}: '{}'", file, shown(name));
  const Dtype dtype = dtype_of(member(value, "dtype", where), where);
  const std::vector<std::size_t> sizes = whole_numbers(member(value, "shape", where), "shape", where);
  const Shape shape(sizes.begin(), sizes.end());
  const std::vector<std::size_t> offsets = whole_numbers(member(value, "data_offsets", where), "data_offsets", where);
  check(offsets.size() == 2, "{}: 'data_offsets' has {} numbers instead of 2", where, offsets.size());
  check(offsets[0] <= offsets[1], "{}: its data ends at {}, before it begins at {}", where, offsets[1], offsets[0]);
  const std::size_t needed = checked_count(shape, where) * byte_size(dtype);
  check(offsets[1] - offsets[0] == needed, "{}: the shape {} needs {} bytes, its offsets {} to {} hold {}", where, shape, needed,
        offsets[0], offsets[1], offsets[1] - offsets[0]);
  return {name, dtype, shape, offsets[0], offsets[1]};
}

}  // namespace

Safetensors::Safetensors(std::string bytes, std::string where) : bytes_(std::move(bytes)), where_(std::move(where)) {
  check(bytes_.size() >= 8, "{}: not a safetensors file: {} bytes, its header's length alone has 8", where_, bytes_.size());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes_.data(), 8);
  check(length <= bytes_.size() - 8, "{}: its header should have {} bytes, only {} are left in the file", where_, length,
        bytes_.size() - 8);
  check(length <= header_limit, "{}: its header has {} bytes, more than the limit of {}", where_, length, header_limit);
  data_begin_ = 8 + std::size_t(length);
  read_header(std::string_view(bytes_).substr(8, std::size_t(length)));
  check_layout(bytes_.size() - data_begin_);
}

void Safetensors::read_header(std::string_view text) {
  check(text.starts_with('{'), "{}: not a safetensors file: its header does not begin with '{{'", where_);
  const json header = parse_json(text, where_ + ": header");
  for (const auto& [name, value] : header.items()) {
    if (name != metadata_key) {
      entries_.push_back(read_entry(name, value, where_));
      continue;
    }
    check(value.is_object(), "{}: '{}' is not an object", where_, metadata_key);
    for (const auto& [key, text_value] : value.items()) {
      check(text_value.is_string(), "{}: '{}': '{}' is not a text", where_, metadata_key, shown(key));
      metadata_[key] = text_value.get<std::string>();
    }
  }
}

/// Sorts the entries by where their data lies; they must cover all of it, each byte once.
void Safetensors::check_layout(std::size_t data_size) {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name); });
  std::size_t covered = 0;
  for (const Entry& e : entries_) {
    check(e.end <= data_size, "{}: '{}' should end at byte {} of the data, there are {}", where_, shown(e.name), e.end, data_size);
    check(e.begin >= covered, "{}: '{}' begins at byte {} of the data, inside the array before it", where_, shown(e.name), e.begin);
    check(e.begin == covered, "{}: bytes {} to {} of the data, before '{}', belong to no array", where_, covered, e.begin, shown(e.name));
    covered = e.end;
    index_[e.name] = std::size_t(&e - entries_.data());
  }
  check(covered == data_size, "{}: {} bytes of data, the header describes {}", where_, data_size, covered);
}

bool Safetensors::has(const std::string& name) const { return index_.count(name) > 0; }

const Safetensors::Entry& Safetensors::entry(const std::string& name) const {
  if (const auto found = index_.find(name); found != index_.end()) return entries_[found->second];
  std::vector<std::string> names;
  for (const Entry& e : entries_) names.push_back(e.name);
  fail("{}: no array '{}'; there are: {}", where_, shown(name), shown_names(names));
}

std::string_view Safetensors::data(const Entry& e) const { return std::string_view(bytes_).substr(data_begin_ + e.begin, e.end - e.begin); }

Array Safetensors::array(const std::string& name) const {
  const Entry& e = entry(name);
  return decode_array(e.dtype, data(e), e.shape);
}

Ids Safetensors::ids(const std::string& name) const {
  const Entry& e = entry(name);
  check(is_integer(e.dtype), "{}: '{}' holds floats, not integers", where_, shown(name));
  return decode_ids(e.dtype, data(e), e.shape);
}

NamedArrays Safetensors::arrays() const {
  NamedArrays all;
  for (const Entry& e : entries_) all.emplace_back(e.name, decode_array(e.dtype, data(e), e.shape));
  return all;
}

Safetensors read_safetensors(const std::filesystem::path& file) { return Safetensors(read_file(file), file.string()); }

namespace {

/// The header, entries in the order given. Throws json::exception when a name is not UTF-8.
std::string make_header(const NamedArrays& arrays, const Metadata& metadata, Dtype dtype) {
  std::string header = "{";
  if (!metadata.empty()) header += fmt::format("\"{}\":{},", metadata_key, json(metadata).dump());
  std::size_t begin = 0;
  for (const auto& [name, values] : arrays) {
    const std::size_t end = begin + values.size() * byte_size(dtype);
    const std::vector<std::size_t> sizes(values.shape().begin(), values.shape().end());
    header += fmt::format("{}:{{\"dtype\":\"{}\",\"shape\":{},\"data_offsets\":[{},{}]}},", json(name).dump(),
                          dtype == Dtype::f64 ? "F64" : "F32", json(sizes).dump(), begin, end);
    begin = end;
  }
  if (header.back() == ',') header.pop_back();
  header += '}';
  header.resize((header.size() + 7) / 8 * 8, ' ');  // the numbers begin at a multiple of 8
  return header;
}

}  // namespace

void write_safetensors(const std::filesystem::path& file, const NamedArrays& arrays, const Metadata& metadata, Dtype dtype) {
  check(dtype == Dtype::f64 || dtype == Dtype::f32, "{}: not written: arrays are written as F64 or F32 only", file.string());
  std::set<std::string> names{metadata_key};
  for (const auto& [name, values] : arrays) {
    check(names.insert(name).second, "{}: not written: the name '{}' is {}", file.string(), shown(name),
          name == metadata_key ? "reserved" : "there twice");
  }
  std::string header;
  try {
    header = make_header(arrays, metadata, dtype);
  } catch (const json::exception&) {
    fail("{}: not written: a name or a piece of metadata is not UTF-8", file.string());
  }
  const std::uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  bytes += header;
  for (const auto& [name, values] : arrays) bytes += encode(values, dtype);
  write_file(file, bytes);
}

}  // namespace byhand::io
