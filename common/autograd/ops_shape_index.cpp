// Operations that pick elements by their index.
#include <algorithm>

#include "common/autograd/node.hpp"
#include "common/autograd/ops.hpp"

namespace byhand {
namespace {

/// The flat positions in an array of `shape` that gather and scatter_add refer to, in the order of
/// ids. Error on an id outside.
std::vector<std::size_t> positions(const char* op, const Shape& shape, int axis, const Ids& ids) {
  const std::size_t i = axis_index(op, axis, shape);
  check(ids.dimension() == shape.size(), "{}: ids {} need the rank of {}", op, ids.shape(), shape);
  std::size_t outer = 1, inner = 1;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    check(k == i || ids.shape()[k] == shape[k], "{}: ids {} and {} differ on another axis than {}",
          op, ids.shape(), shape, axis);
    if (k < i) outer *= shape[k];
    if (k > i) inner *= shape[k];
  }
  std::vector<std::size_t> at(ids.size());
  const std::size_t length = ids.shape()[i];
  for (std::size_t o = 0, k = 0; o < outer; ++o) {
    for (std::size_t l = 0; l < length; ++l) {
      for (std::size_t j = 0; j < inner; ++j, ++k) {
        const std::int64_t id = ids.data()[k];
        check(id >= 0 && std::size_t(id) < shape[i], "{}: id {} is outside axis {} of {}", op, id,
              axis, shape);
        at[k] = (o * shape[i] + std::size_t(id)) * inner + j;
      }
    }
  }
  return at;
}

}  // namespace

Tensor embedding(const Tensor& table, const Ids& ids, std::int64_t padding_idx) {
  check(table.ndim() == 2, "embedding: the table is (rows, size), got {}", table.shape());
  const std::size_t rows = table.shape(0), width = table.shape(1);
  Shape shape = ids.shape();
  shape.push_back(width);
  Array y = empty(shape);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::int64_t id = ids.data()[i];
    check(id >= 0 && std::size_t(id) < rows, "embedding: id {} is outside a table of {} rows", id,
          rows);
    std::copy_n(table.value().data() + std::size_t(id) * width, width, y.data() + i * width);
  }
  return make_op("embedding", std::move(y), {table}, [ids, width, padding_idx](Node& node) {
    real* d = node.input(0).mutable_grad().data();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids.data()[i] == padding_idx) continue;
      const real* dy = node.grad().data() + i * width;
      for (std::size_t j = 0; j < width; ++j) d[std::size_t(ids.data()[i]) * width + j] += dy[j];
    }
  });
}

Tensor gather(const Tensor& x, int axis, const Ids& ids) {
  std::vector<std::size_t> at = positions("gather", x.shape(), axis, ids);
  Array y = empty(ids.shape());
  for (std::size_t k = 0; k < at.size(); ++k) y.data()[k] = x.value().data()[at[k]];
  return make_op("gather", std::move(y), {x}, [at = std::move(at)](Node& node) {
    real* dx = node.input(0).mutable_grad().data();
    for (std::size_t k = 0; k < at.size(); ++k) dx[at[k]] += node.grad().data()[k];
  });
}

Tensor scatter_add(const Tensor& x, int axis, const Ids& ids, const Tensor& source) {
  check(source.shape() == ids.shape(), "scatter_add: source {} and ids {} differ", source.shape(),
        ids.shape());
  std::vector<std::size_t> at = positions("scatter_add", x.shape(), axis, ids);
  Array y = x.value();
  for (std::size_t k = 0; k < at.size(); ++k) y.data()[at[k]] += source.value().data()[k];
  return make_op("scatter_add", std::move(y), {x, source}, [at = std::move(at)](Node& node) {
    node.input(0).add_grad(node.grad());
    if (!node.input(1).requires_grad()) return;
    Array d = empty(node.input(1).shape());
    for (std::size_t k = 0; k < at.size(); ++k) d.data()[k] = node.grad().data()[at[k]];
    node.input(1).add_grad(std::move(d));
  });
}

}  // namespace byhand
