#include "common/tensor/strided.hpp"

namespace byhand::detail {

StridedIterator::StridedIterator(const Shape& shape, const Shape& a, const Shape& b) {
  std::vector<Axis> axes;  // innermost first
  std::size_t stride_a = 1, stride_b = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::size_t size = shape[shape.size() - 1 - i];
    const std::size_t size_a = i < a.size() ? a[a.size() - 1 - i] : 1,
                      size_b = i < b.size() ? b[b.size() - 1 - i] : 1;
    const Axis axis{size, size_a == 1 ? 0 : stride_a, size_b == 1 ? 0 : stride_b};
    stride_a *= size_a;
    stride_b *= size_b;
    if (size == 1) continue;
    if (!axes.empty() && axis.a == axes.back().a * axes.back().size &&
        axis.b == axes.back().b * axes.back().size) {
      axes.back().size *= size;
    } else {
      axes.push_back(axis);
    }
  }
  if (!axes.empty()) row = axes.front();
  if (axes.size() > 1) outer.assign(axes.rbegin(), axes.rend() - 1);
}

}  // namespace byhand::detail
