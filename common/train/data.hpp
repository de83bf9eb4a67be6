#pragma once
/// @file
/// Spine, train. Datasets: rows that can be asked for by number.
#include <concepts>
#include <vector>

#include "common/autograd/tensor.hpp"

namespace byhand::train {

/// What a DataLoader yields: the same rows of every part of a dataset.
/// `for (const Batch& batch : loader) model(batch.tensor(0))`.
struct Batch {
  /// numbers, each (size, …), in the order in which the dataset was given them
  std::vector<Array> arrays;
  std::vector<Ids> id_arrays;  ///< integers, likewise
  std::size_t size = 0;        ///< rows in this batch

  /// Number array `i` as a constant tensor (size, …). Error when the dataset has no such array.
  Tensor tensor(std::size_t i = 0) const;
  /// Integer array `i` (size, …): token ids, class numbers. Error when the dataset has no such
  /// array.
  const Ids& ids(std::size_t i = 0) const;
};

/// Rows that can be asked for by number. Derive from it when the rows are made on request (windows
/// of a long text).
class Dataset {
 public:
  virtual ~Dataset() = default;
  /// How many rows there are.
  virtual std::size_t size() const = 0;
  /// The rows with these numbers, each in [0, size()), in this order.
  virtual Batch rows(const std::vector<std::int64_t>& indices) const = 0;
};

/// Arrays whose first axis counts the examples: `TensorDataset(inputs, labels)`. Inputs may be
/// Array or Ids, in any order and number.
class TensorDataset : public Dataset {
 public:
  template <class... Parts>
  requires(sizeof...(Parts) > 0 &&
           ((std::same_as<Parts, Array> ||
             std::same_as<Parts, Ids>)&&...)) explicit TensorDataset(const Parts&... parts) {
    (add(parts), ...);
  }

  std::size_t size() const override { return size_; }
  /// Error on a row number that does not exist.
  Batch rows(const std::vector<std::int64_t>& indices) const override;

 private:
  void add(const Array& part);
  void add(const Ids& part);
  void check_part(const Shape& shape);
  std::vector<Array> arrays_;
  std::vector<Ids> ids_;
  std::size_t size_ = 0;
};

}  // namespace byhand::train
