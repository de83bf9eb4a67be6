#pragma once
/// @file
/// Appliance, io. safetensors: named arrays in one file, the form in which PyTorch and Hugging Face exchange weights.
///
/// 8 bytes (the header's length, little-endian), the header in JSON, then the numbers of all arrays one after the other:
/// {"fc.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ..., "__metadata__": {"epoch": "5"}}
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/io/dtypes.hpp"
#include "common/tensor/array.hpp"

namespace byhand::io {

/// Arrays with their names, in order: what Module::load_state_dict takes.
using NamedArrays = std::vector<std::pair<std::string, Array>>;
/// Free text about a file: who made it, which epoch.
using Metadata = std::map<std::string, std::string>;

/// A safetensors file in memory. Everything its header says has been checked; the numbers are converted when asked for.
class Safetensors {
 public:
  /// What the header says of one array; its numbers are the bytes [begin, end) behind the header.
  struct Entry {
    std::string name;
    Dtype dtype;
    Shape shape;
    std::size_t begin, end;
  };

  /// Checks the bytes of such a file; `where` stands in front of every error message. Error when a length, a shape, an offset or a name
  /// is not as the format demands: the arrays must fill the file without holes or overlaps, and no name may stand there twice.
  Safetensors(std::string bytes, std::string where);

  /// All arrays in the order in which their numbers lie in the file.
  const std::vector<Entry>& entries() const { return entries_; }
  const Metadata& metadata() const { return metadata_; }
  bool has(const std::string& name) const;
  /// The array of this name, rounded to `real`. Error that lists some of the names there are.
  Array array(const std::string& name) const;
  /// The same for integers and booleans. Error when its numbers are floats.
  Ids ids(const std::string& name) const;
  /// All arrays, in order.
  NamedArrays arrays() const;

 private:
  void read_header(std::string_view header);
  void check_layout(std::size_t data_size);
  const Entry& entry(const std::string& name) const;
  std::string_view data(const Entry& entry) const;

  std::string bytes_, where_;
  std::size_t data_begin_ = 0;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t> index_;  // name -> position in entries_
  Metadata metadata_;
};

/// Reads a file with arrays of F64, F32, F16, BF16, I64, I32, U8 and BOOL. Error when it cannot be trusted (see the class).
Safetensors read_safetensors(const std::filesystem::path& file);

/// Writes the arrays in this order as F64 or F32, `real`'s own unless told. Error, and nothing is written, when a name is there twice, is
/// "__metadata__" or is not UTF-8, or when the dtype is another one.
void write_safetensors(const std::filesystem::path& file, const NamedArrays& arrays, const Metadata& metadata = {},
                       Dtype dtype = real_dtype);

}  // namespace byhand::io
