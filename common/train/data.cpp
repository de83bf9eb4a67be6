#include "common/train/data.hpp"

#include <algorithm>
#include <numeric>

namespace byhand::train {
namespace {

/// The given rows of an array (rows, …).
template <class A>
A take_rows(const A& all, const std::vector<std::int64_t>& indices) {
  Shape shape = all.shape();
  const std::size_t row = shape[0] ? all.size() / shape[0] : 0;
  shape[0] = indices.size();
  A taken = A::from_shape(shape);
  auto* out = taken.data();
  for (const std::int64_t i : indices)
    out = std::copy_n(all.data() + std::size_t(i) * row, row, out);
  return taken;
}

}  // namespace

Tensor Batch::tensor(std::size_t i) const {
  check(i < arrays.size(),
        "batch: asked for array {}, the dataset has {} of numbers (and {} of ids)", i,
        arrays.size(), id_arrays.size());
  return Tensor(arrays[i]);
}

const Ids& Batch::ids(std::size_t i) const {
  check(i < id_arrays.size(),
        "batch: asked for ids {}, the dataset has {} of ids (and {} of numbers)", i,
        id_arrays.size(), arrays.size());
  return id_arrays[i];
}

void TensorDataset::check_part(const Shape& shape) {
  check(!shape.empty(), "TensorDataset: a single number has no rows; give it the shape (1,)");
  const bool first = arrays_.empty() && ids_.empty();
  check(first || shape[0] == size_,
        "TensorDataset: array {} is {}, the ones before it have {} rows",
        arrays_.size() + ids_.size(), shape, size_);
  size_ = shape[0];
}

void TensorDataset::add(const Array& part) {
  check_part(part.shape());
  arrays_.push_back(part);
}

void TensorDataset::add(const Ids& part) {
  check_part(part.shape());
  ids_.push_back(part);
}

Batch TensorDataset::rows(const std::vector<std::int64_t>& indices) const {
  for (const std::int64_t i : indices)
    check(i >= 0 && std::size_t(i) < size_, "TensorDataset: row {} of {} does not exist", i, size_);
  Batch batch;
  for (const Array& part : arrays_) batch.arrays.push_back(take_rows(part, indices));
  for (const Ids& part : ids_) batch.id_arrays.push_back(take_rows(part, indices));
  batch.size = indices.size();
  return batch;
}

}  // namespace byhand::train
