// safetensors: every array is converted, then all are written and read again.
#include "common/io/safetensors.hpp"

#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

void fuzz::read(std::string_view input) {
  accepts([&] {
    const io::Safetensors first(std::string(input), "input");
    const io::NamedArrays arrays = first.arrays();
    for (const auto& entry : first.entries())
      require(accepts([&] { first.ids(entry.name); }) == io::is_integer(entry.dtype), "integers can be read, floats cannot");
    accepts([&] { first.array("no such name"); });

    const io::Safetensors again = must([&] {
      io::write_safetensors(file(), arrays, first.metadata());
      return io::read_safetensors(file());
    });
    require(again.entries().size() == arrays.size(), "another number of arrays comes back");
    require(again.metadata() == first.metadata(), "the metadata come back otherwise");
    for (const auto& [name, values] : arrays) require(same(again.array(name), values), "an array comes back otherwise");
  });
}
