#include "common/io/npy.hpp"

#include <algorithm>
#include <string>

#include "common/io/dtypes.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace byhand::io {

// "\x93NUMPY", version (2 bytes), length of the header (2 bytes in version 1, else 4), the header, the numbers. The header is a Python
// dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }

namespace {

struct NpyHeader {
  std::string descr;
  bool fortran = false;
  Shape shape;
};

/// Reads the dictionary, and no other Python.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  NpyHeader read() {
    expect('{');
    int seen = 0;
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      const int bit = value(key);
      check(!(seen & bit), "{}: the header has '{}' twice", where_, key);
      seen |= bit;
      if (accept(',')) continue;
      expect('}');
      break;
    }
    skip_space();
    check(at_ == text_.size(), "{}: the header goes on after its '}}'", where_);
    check(seen == 7, "{}: the header lacks one of 'descr', 'fortran_order', 'shape'", where_);
    return header_;
  }

 private:
  /// Reads the value of a key; returns one bit that stands for the key.
  int value(const std::string& key) {
    if (key == "descr") {
      skip_space();
      check(!next_is('['), "{}: holds records of several fields; only plain numbers can be read", where_);
      header_.descr = quoted();
      return 1;
    }
    if (key == "fortran_order") {
      header_.fortran = accept("True");
      check(header_.fortran || accept("False"), "{}: the header's 'fortran_order' is neither True nor False", where_);
      return 2;
    }
    check(key == "shape", "{}: the header has an unknown entry '{}'", where_, shown(key));
    expect('(');
    while (!accept(')')) {
      header_.shape.push_back(size());
      if (accept(',')) continue;
      expect(')');
      break;
    }
    return 4;
  }

  std::size_t size() {
    skip_space();
    check(!next_is('-'), "{}: the shape has a negative size", where_);
    const std::string_view rest = text_.substr(at_), digits = rest.substr(0, rest.find_first_not_of("0123456789"));
    check(!digits.empty(), "{}: the shape has something that is not a size: '{}'", where_, shown(rest));
    const auto size = whole_number<std::size_t>(digits);
    check(size.has_value(), "{}: the shape has a size larger than any file", where_);
    at_ += digits.size();
    accept('L');  // Python 2 wrote 3L
    return *size;
  }

  std::string quoted() {
    skip_space();
    check(next_is('\'') || next_is('"'), "{}: the header is damaged at '{}'", where_, shown(text_.substr(at_)));
    const std::size_t end = text_.find(text_[at_], at_ + 1);
    check(end != text_.npos, "{}: the header has a text without an end: '{}'", where_, shown(text_.substr(at_)));
    const std::string inside(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return inside;
  }

  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size()); }
  bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool accept(char c) { return accept(std::string_view(&c, 1)); }
  bool accept(std::string_view word) {
    skip_space();
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void expect(char c) { check(accept(c), "{}: the header is damaged: '{}' expected at '{}'", where_, c, shown(text_.substr(at_))); }

  std::string_view text_;
  const std::string& where_;
  std::size_t at_ = 0;
  NpyHeader header_;
};

Dtype dtype_of(const std::string& descr, const std::string& where) {
  check(descr.empty() || descr[0] != '>', "{}: dtype '{}' is big-endian; save it as little-endian: a.astype('<f4')", where, shown(descr));
  const bool marked = !descr.empty() && (descr[0] == '<' || descr[0] == '|' || descr[0] == '=');
  const std::string kind = descr.substr(marked ? 1 : 0);
  if (kind == "f8") return Dtype::f64;
  if (kind == "f4") return Dtype::f32;
  if (kind == "f2") return Dtype::f16;
  if (kind == "i8") return Dtype::i64;
  if (kind == "i4") return Dtype::i32;
  if (kind == "u1") return Dtype::u8;
  if (kind == "b1") return Dtype::boolean;
  fail("{}: dtype '{}' cannot be read; f8, f4, f2, i8, i4, u1 and b1 can", where, shown(descr));
}

/// Cuts the header off `bytes`.
NpyHeader take_header(std::string_view& bytes, const std::string& where) {
  check(bytes.starts_with("\x93NUMPY"), "{}: not an .npy file (it does not begin with \\x93NUMPY)", where);
  check(bytes.size() >= 10, "{}: cut short: {} bytes", where, bytes.size());
  const int version = static_cast<unsigned char>(bytes[6]);
  check(version >= 1 && version <= 3, "{}: .npy format version {}; 1, 2 and 3 can be read", where, version);
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  bytes.remove_prefix(8);
  check(bytes.size() >= length_bytes, "{}: cut short before its header", where);
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length |= std::size_t(static_cast<unsigned char>(bytes[i])) << (8 * i);
  bytes.remove_prefix(length_bytes);
  check(length <= bytes.size(), "{}: its header should have {} bytes, only {} are left in the file", where, length, bytes.size());
  const NpyHeader header = HeaderReader(bytes.substr(0, length), where).read();
  bytes.remove_prefix(length);
  return header;
}

/// From column-major to row-major: walks the elements in the file's order, first axis fastest, and keeps their place in the result.
template <class A>
A from_fortran(const A& a) {
  const Shape& shape = a.shape();
  A out = A::from_shape(shape);
  Shape index(shape.size(), 0), stride(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) stride[axis - 1] = stride[axis] * shape[axis];
  std::size_t place = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    out.data()[place] = a.data()[i];
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      place += stride[axis];
      if (++index[axis] < shape[axis]) break;
      place -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

template <class A>
A parse(std::string_view bytes, const std::string& where, A decode(Dtype, std::string_view, const Shape&)) {
  const NpyHeader header = take_header(bytes, where);
  const Dtype dtype = dtype_of(header.descr, where);
  if (std::is_same_v<A, Ids>) check(is_integer(dtype), "{}: dtype '{}' is not an integer; read_npy reads it", where, header.descr);
  const std::size_t needed = checked_count(header.shape, where) * byte_size(dtype);
  check(bytes.size() == needed, "{}: the shape {} of dtype '{}' needs {} bytes, after the header there are {}", where, header.shape,
        header.descr, needed, bytes.size());
  const A a = decode(dtype, bytes, header.shape);
  return header.fortran ? from_fortran(a) : a;
}

void write(const std::filesystem::path& file, const Shape& shape, std::string_view descr, const std::string& numbers) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", descr, shape);
  while ((10 + header.size() + 1) % 64) header += ' ';  // so that the numbers begin at a multiple of 64
  header += '\n';
  check(header.size() < 65536, "{}: not written: the shape has {} axes", file.string(), shape.size());
  const std::string start{'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, char(header.size() % 256), char(header.size() / 256)};
  write_file(file, start + header + numbers);
}

}  // namespace

Array parse_npy(std::string_view bytes, const std::string& where) { return parse(bytes, where, decode_array); }
Ids parse_npy_ids(std::string_view bytes, const std::string& where) { return parse(bytes, where, decode_ids); }
Array read_npy(const std::filesystem::path& file) { return parse_npy(read_file(file), file.string()); }
Ids read_npy_ids(const std::filesystem::path& file) { return parse_npy_ids(read_file(file), file.string()); }

void write_npy(const std::filesystem::path& file, const Array& values) {
  write(file, values.shape(), sizeof(real) == 8 ? "<f8" : "<f4", encode(values, real_dtype));
}
void write_npy(const std::filesystem::path& file, const Ids& values) { write(file, values.shape(), "<i8", encode(values)); }

}  // namespace byhand::io
