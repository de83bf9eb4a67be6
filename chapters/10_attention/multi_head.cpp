#include "chapters/10_attention/multi_head.hpp"

#include <algorithm>

#include "common/tensor/broadcast.hpp"
#include "common/tensor/matmul.hpp"

namespace attention {
using namespace byhand;

namespace {

/// x W^T + b: (n, d) x (d, out) -> (n, out).
Array project(const Array& x, const Array& weight, const Array& bias) {
  return map("project", matmul(x, weight, Transpose::no, Transpose::yes), bias,
             [](real a, real b) { return a + b; });
}

/// One of the three blocks of the packed projection: 0 for Q, 1 for K, 2 for V.
Array packed_projection(const Array& x, const MultiHeadWeights& w, std::size_t block) {
  const std::size_t d = w.in_proj_weight.shape()[1];
  const std::size_t begin = block * d, end = begin + d;
  const Array weight = xt::view(w.in_proj_weight, xt::range(begin, end), xt::all());  // (d, d)
  const Array bias = xt::view(w.in_proj_bias, xt::range(begin, end));                 // (d,)
  return project(x, weight, bias);
}

}  // namespace

MultiHeadSteps multi_head(const Array& x, const Array& memory, const MultiHeadWeights& w,
                          std::size_t heads, const Array& hidden) {
  check(w.in_proj_weight.dimension() == 2 &&
            w.in_proj_weight.shape()[0] == 3 * w.in_proj_weight.shape()[1],
        "multi_head: in_proj_weight is {}, not (3 d, d)", w.in_proj_weight.shape());
  const std::size_t d = w.in_proj_weight.shape()[1];
  check(heads >= 1 && d % heads == 0, "multi_head: {} heads do not divide {} numbers", heads, d);
  const std::size_t width = d / heads;
  const Array Q = packed_projection(x, w, 0);       // (n, d)
  const Array K = packed_projection(memory, w, 1);  // (m, d)
  const Array V = packed_projection(memory, w, 2);  // (m, d)
  MultiHeadSteps s;
  std::vector<Array> attentions;
  for (std::size_t head = 0; head < heads; ++head) {
    const std::size_t begin = head * width, end = begin + width;
    const auto own = [&](const Array& all) { return columns(all, begin, end); };
    s.heads.push_back(scaled_dot_product(own(Q), own(K), own(V), hidden));
    attentions.push_back(s.heads.back().attention);  // (n, width)
  }
  s.concatenated = side_by_side(attentions);                               // (n, d)
  s.output = project(s.concatenated, w.out_proj_weight, w.out_proj_bias);  // (n, d)
  return s;
}

MultiHeadWeights as_one_layer(const std::vector<Weights>& heads) {
  check(!heads.empty(), "as_one_layer: needs a head");
  const std::size_t width = heads.front().query.shape()[0], d = width * heads.size();
  MultiHeadWeights w{zeros({3 * d, d}), zeros({3 * d}), eye(d), zeros({d})};
  for (std::size_t head = 0; head < heads.size(); ++head) {
    const Array* const blocks[] = {&heads[head].query, &heads[head].key, &heads[head].value};
    for (std::size_t block = 0; block < 3; ++block) {
      const Array& from = *blocks[block];
      check(from.shape() == Shape{width, width},
            "as_one_layer: a weight is {}, the others are ({}, {})", from.shape(), width, width);
      for (std::size_t i = 0; i < width; ++i)
        for (std::size_t j = 0; j < width; ++j)
          w.in_proj_weight(block * d + head * width + i, j) = from(i, j);
    }
  }
  return w;
}

Array widened(const Array& encodings, std::size_t times) {
  check(encodings.dimension() == 2 && times >= 1,
        "widened: needs a matrix and a factor, got {} and {}", encodings.shape(), times);
  std::vector<Array> parts(times, zeros(encodings.shape()));
  parts.front() = encodings;
  return side_by_side(parts);
}

std::size_t multi_head_parameters(std::size_t d) { return 4 * (d * d + d); }

}  // namespace attention
