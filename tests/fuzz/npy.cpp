// .npy: read as numbers and as integers; what was read is written and read again.
#include "common/io/npy.hpp"

#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

void fuzz::read(std::string_view input) {
  Array numbers;
  Ids integers;
  const std::string where = "input";
  const bool is_array = accepts([&] { numbers = io::parse_npy(input, where); });
  if (is_array) {
    io::write_npy(file(), numbers);
    require(same(io::read_npy(file()), numbers), "numbers come back otherwise");
  }
  if (accepts([&] { integers = io::parse_npy_ids(input, where); })) {
    require(is_array && integers.shape() == numbers.shape(), "integers can be read as numbers, in the same shape");
    io::write_npy(file(), integers);
    require(same(io::read_npy_ids(file()), integers), "integers come back otherwise");
  }
}
