#include "common/train/loader.hpp"

#include <algorithm>
#include <numeric>

namespace byhand::train {
namespace {

// torch.empty((), dtype=int64).random_() keeps 63 bits
constexpr std::uint64_t int64_mask = (std::uint64_t(1) << 63) - 1;

}  // namespace

Batch Epoch::batch(std::size_t i) const {
  check(i < batches_, "epoch: batch {} of {} does not exist", i, batches_);
  const auto begin = order_.begin() + std::ptrdiff_t(i * batch_size_);
  const auto end = order_.begin() + std::ptrdiff_t(std::min(order_.size(), (i + 1) * batch_size_));
  return dataset_->rows({begin, end});
}

DataLoader::DataLoader(std::shared_ptr<const Dataset> dataset, const DataLoaderOptions& options,
                       const Generator& generator)
    : dataset_(std::move(dataset)), options_(options), generator_(generator) {
  check(dataset_ != nullptr, "DataLoader: there is no dataset");
  check(options.batch_size > 0, "DataLoader: batch_size is 0");
  // so that sums of sizes cannot overflow
  options_.batch_size = std::min(options.batch_size, std::size_t(1) << 40);
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
  // PyTorch's seed for worker processes; we have none, but the stream must move on as PyTorch's
  // does
  generator_.random64();
  if (options_.shuffle) {
    epoch.order_ = Generator(generator_.random64() & int64_mask).randperm(rows());
  } else {
    epoch.order_.resize(rows());
    std::iota(epoch.order_.begin(), epoch.order_.end(), std::int64_t(0));
  }
  return epoch;
}

}  // namespace byhand::train
