#include "chapters/01_tensors/shapes.hpp"

#include "common/tensor/broadcast.hpp"

namespace tensors {
using namespace byhand;

std::vector<Example> examples() {
  return {{"scalar", "one dose", {}},
          {"array", "two widths of one iris", {2}},
          {"row matrix", "the same as one row", {1, 2}},
          {"matrix", "a gray image", {6, 6}},
          {"n-d array", "a colour image", {256, 256, 3}},
          {"n-d array", "a video of 16 such images", {16, 256, 256, 3}}};
}

Shape strides_of(const Shape& shape) {
  Shape strides(shape.size());
  std::size_t step = 1;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

std::size_t place_of(const Shape& shape, const std::vector<std::size_t>& index) {
  check(index.size() == shape.size(), "place_of: {} indices for the shape {}", index.size(), shape);
  const Shape strides = strides_of(shape);
  std::size_t place = 0;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    check(index[axis] < shape[axis], "place_of: index {} along axis {} of {}", index[axis], axis,
          shape);
    place += index[axis] * strides[axis];
  }
  return place;
}

Shape as_rows_and_cols(const Shape& shape) {
  check(shape.size() <= 2, "rows and columns: the shape {} has more than two axes", shape);
  Shape both(2, 1);
  for (std::size_t i = 0; i < shape.size(); ++i) both[i + 2 - shape.size()] = shape[i];
  return both;
}

Array add_by_hand(const Array& a, const Array& b) {
  const Shape sa = as_rows_and_cols(a.shape()), sb = as_rows_and_cols(b.shape());
  Array sum = empty(broadcast_shape("add", a.shape(), b.shape()));
  const Shape size = as_rows_and_cols(sum.shape());
  for (std::size_t row = 0; row < size[0]; ++row) {
    for (std::size_t col = 0; col < size[1]; ++col) {
      const std::size_t row_a = sa[0] == 1 ? 0 : row, col_a = sa[1] == 1 ? 0 : col;
      const std::size_t row_b = sb[0] == 1 ? 0 : row, col_b = sb[1] == 1 ? 0 : col;
      sum.data()[row * size[1] + col] =
          a.data()[row_a * sa[1] + col_a] + b.data()[row_b * sb[1] + col_b];
    }
  }
  return sum;
}

Array first_draws_of_torch() {
  const std::vector<double> draws = {0.8822692632675171, 0.9150039553642273, 0.38286375999450684,
                                     0.9593056440353394, 0.3904482126235962};
  return array(std::vector<real>(draws.begin(), draws.end()));
}

}  // namespace tensors
