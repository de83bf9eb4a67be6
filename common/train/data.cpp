#include "common/train/data.hpp"

#include <algorithm>
#include <numeric>

namespace byhand::train {
namespace {

constexpr std::uint64_t int64_mask = (std::uint64_t(1) << 63) - 1;  // torch.empty((), dtype=int64).random_() keeps 63 bits

/// The given rows of an array (rows, …).
template <class A>
A take_rows(const A& all, const std::vector<std::int64_t>& indices) {
  Shape shape = all.shape();
  const std::size_t row = shape[0] ? all.size() / shape[0] : 0;
  shape[0] = indices.size();
  A taken = A::from_shape(shape);
  auto* out = taken.data();
  for (const std::int64_t i : indices) out = std::copy_n(all.data() + std::size_t(i) * row, row, out);
  return taken;
}

}  // namespace

Tensor Batch::tensor(std::size_t i) const {
  check(i < arrays.size(), "batch: asked for array {}, the dataset has {} of numbers (and {} of ids)", i, arrays.size(), id_arrays.size());
  return Tensor(arrays[i]);
}

const Ids& Batch::ids(std::size_t i) const {
  check(i < id_arrays.size(), "batch: asked for ids {}, the dataset has {} of ids (and {} of numbers)", i, id_arrays.size(), arrays.size());
  return id_arrays[i];
}

void TensorDataset::check_part(const Shape& shape) {
  check(!shape.empty(), "TensorDataset: a single number has no rows; give it the shape (1,)");
  const bool first = arrays_.empty() && ids_.empty();
  check(first || shape[0] == size_, "TensorDataset: array {} is {}, the ones before it have {} rows", arrays_.size() + ids_.size(), shape,
        size_);
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
  for (const std::int64_t i : indices) check(i >= 0 && std::size_t(i) < size_, "TensorDataset: row {} of {} does not exist", i, size_);
  Batch batch;
  for (const Array& part : arrays_) batch.arrays.push_back(take_rows(part, indices));
  for (const Ids& part : ids_) batch.id_arrays.push_back(take_rows(part, indices));
  batch.size = indices.size();
  return batch;
}

Batch Epoch::batch(std::size_t i) const {
  check(i < batches_, "epoch: batch {} of {} does not exist", i, batches_);
  const auto begin = order_.begin() + std::ptrdiff_t(i * batch_size_);
  const auto end = order_.begin() + std::ptrdiff_t(std::min(order_.size(), (i + 1) * batch_size_));
  return dataset_->rows({begin, end});
}

DataLoader::DataLoader(std::shared_ptr<const Dataset> dataset, const DataLoaderOptions& options, const Generator& generator)
    : dataset_(std::move(dataset)), options_(options), generator_(generator) {
  check(dataset_ != nullptr, "DataLoader: there is no dataset");
  check(options.batch_size > 0, "DataLoader: batch_size is 0");
  options_.batch_size = std::min(options.batch_size, std::size_t(1) << 40);  // so that sums of sizes cannot overflow
}

std::size_t DataLoader::size() const {
  const std::size_t extra = options_.drop_last ? 0 : options_.batch_size - 1;
  return (rows() + extra) / options_.batch_size;
}

Epoch DataLoader::epoch() const {
  Epoch epoch;
  epoch.dataset_ = dataset_;
  epoch.batch_size_ = options_.batch_size;
  epoch.batches_ = size();
  generator_.random64();  // PyTorch's seed for worker processes; we have none, but the stream must move on as PyTorch's does
  if (options_.shuffle) {
    epoch.order_ = Generator(generator_.random64() & int64_mask).randperm(rows());
  } else {
    epoch.order_.resize(rows());
    std::iota(epoch.order_.begin(), epoch.order_.end(), std::int64_t(0));
  }
  return epoch;
}

}  // namespace byhand::train
