// Which points of a curve are drawn.
#include "common/plot/panel.hpp"

#include <algorithm>
#include <cmath>

namespace byhand::plot {
namespace {

constexpr std::size_t most_points = 4000, points_after = 2000;

using Columns = std::vector<const std::vector<double>*>;
using Stretch = std::vector<std::size_t>;

// The first and last point of each of `buckets` parts of a stretch, and those with the extremes of each column.
Stretch extremes(const Columns& columns, const Stretch& stretch, std::size_t buckets) {
  Stretch kept{stretch.front()};
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    const auto begin = stretch.begin() + std::ptrdiff_t(stretch.size() * bucket / buckets);
    const auto end = stretch.begin() + std::ptrdiff_t(stretch.size() * (bucket + 1) / buckets);
    if (begin == end) continue;
    Stretch here;
    for (const std::vector<double>* column : columns) {
      const auto [low, high] = std::minmax_element(begin, end, [&](std::size_t a, std::size_t b) { return (*column)[a] < (*column)[b]; });
      here.push_back(*low);
      here.push_back(*high);
    }
    std::sort(here.begin(), here.end());
    kept.insert(kept.end(), here.begin(), here.end());
  }
  kept.push_back(stretch.back());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  return kept;
}

}  // namespace

std::vector<std::vector<std::size_t>> visible_points(const Columns& columns, bool thin) {
  std::vector<Stretch> stretches(1);
  std::size_t count = 0;
  for (std::size_t i = 0; i < columns.front()->size(); ++i) {
    const bool gap = std::any_of(columns.begin(), columns.end(), [&](const auto* column) { return std::isnan((*column)[i]); });
    const bool infinite = std::any_of(columns.begin(), columns.end(), [&](const auto* column) { return std::isinf((*column)[i]); });
    if (gap && !stretches.back().empty()) stretches.emplace_back();
    if (gap || infinite) continue;
    stretches.back().push_back(i);
    ++count;
  }
  if (stretches.back().empty()) stretches.pop_back();
  if (!thin || count <= most_points) return stretches;
  const std::size_t all_buckets = points_after / (2 * columns.size());
  for (Stretch& stretch : stretches) {
    const std::size_t buckets = std::max<std::size_t>(1, all_buckets * stretch.size() / count);
    if (stretch.size() > 2 * columns.size()) stretch = extremes(columns, stretch, buckets);
  }
  return stretches;
}

}  // namespace byhand::plot
