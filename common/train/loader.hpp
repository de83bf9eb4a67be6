#pragma once
/// @file
/// Spine, train. The loader that hands a dataset out in batches.
#include <iterator>
#include <memory>

#include "common/core/generator.hpp"
#include "common/train/data.hpp"

namespace byhand::train {

struct DataLoaderOptions {
  std::size_t batch_size = 1;
  bool shuffle = false;    ///< a new order every epoch
  bool drop_last = false;  ///< leave out the last batch when it is not full
};

/// One pass over a dataset: its order is fixed.
class Epoch {
 public:
  /// How many batches it has.
  std::size_t size() const { return batches_; }
  /// Batch `i` of size(). Error when there is none.
  Batch batch(std::size_t i) const;
  /// The row numbers in the order of this epoch, also those a dropped last batch would have held.
  const std::vector<std::int64_t>& order() const { return order_; }

 private:
  friend class DataLoader;
  std::shared_ptr<const Dataset> dataset_;
  std::vector<std::int64_t> order_;
  std::size_t batch_size_ = 1, batches_ = 0;
};

/// Batches of a dataset; every range-for is one epoch. The same seed gives the same order as
/// PyTorch's DataLoader after torch.manual_seed (without a generator here, seed 42): each epoch
/// takes one number for the workers (also without shuffling), shuffling takes a second one, which
/// seeds the generator of the permutation.
class DataLoader {
 public:
  template <std::derived_from<Dataset> D>
  explicit DataLoader(D dataset, const DataLoaderOptions& options = {},
                      const Generator& generator = Generator())
      : DataLoader(std::shared_ptr<const Dataset>(std::make_shared<const D>(std::move(dataset))),
                   options, generator) {}
  /// A dataset used by several loaders. Error when batch_size is 0 or there is no dataset.
  DataLoader(std::shared_ptr<const Dataset> dataset, const DataLoaderOptions& options = {},
             const Generator& generator = Generator());

  /// Batches an epoch: rows / batch_size, rounded up, or down with drop_last.
  std::size_t size() const;
  /// Rows of the dataset.
  std::size_t rows() const { return dataset_->size(); }
  std::size_t batch_size() const { return options_.batch_size; }
  /// The stream the orders come from (a handle: it is the one given).
  Generator generator() const { return generator_; }

  /// Draws the order of a new epoch.
  Epoch epoch() const;

  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = Batch;
    Batch operator*() const { return epoch_.batch(position_); }
    Iterator& operator++() {
      ++position_;
      return *this;
    }
    void operator++(int) { ++position_; }
    bool operator==(std::default_sentinel_t) const { return position_ >= epoch_.size(); }

   private:
    friend class DataLoader;
    explicit Iterator(Epoch epoch) : epoch_(std::move(epoch)) {}
    Epoch epoch_;
    std::size_t position_ = 0;
  };
  /// Begins a new epoch.
  Iterator begin() const { return Iterator(epoch()); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::shared_ptr<const Dataset> dataset_;
  DataLoaderOptions options_;
  mutable Generator generator_;  // a handle: drawing does not change the loader
};

}  // namespace byhand::train
