#include "common/plot/labels.hpp"

#include <algorithm>
#include <cmath>

#include "common/core/error.hpp"
#include "common/plot/figure.hpp"
#include "common/system/text.hpp"

namespace byhand::plot {
namespace {

// In pixels, and for the usual font size.
constexpr double font_size = FigureOptions{}.font_size;
constexpr double below_letters = 0.24 * font_size;   // what g, p and y need
constexpr double label_right = 7.8, label_up = 3.3;  // Axes::labels begins a text so far right of and above its place
constexpr double mark_radius = 5, line_room = 2;
constexpr double x_room = 85, y_room = 25;  // between the outermost points and the edges
constexpr double nearer = 1.5;              // marks that all but coincide: either may be the nearest

constexpr double letter_width(char c) {  // as a part of the font size
  constexpr std::pair<std::string_view, double> classes[] = {
      {" ',.IJijl", 0.32}, {"!()-/:;[\\]frt|", 0.42}, {"*?_`csz", 0.56}, {"#+<=>^w~", 0.85}, {"%@MWm", 1}};
  for (const auto& [letters, width] : classes)
    if (letters.find(c) != letters.npos) return width;
  return (c >= 'A' && c <= 'Z') || c == '&' ? 0.8 : 0.65;
}

struct Pixel {
  double x, y;  // y upwards
};
struct Box {
  double left, right, bottom, top;
};
using Line = std::pair<Pixel, Pixel>;

bool meet(const Box& a, const Box& b) { return a.left < b.right && b.left < a.right && a.bottom < b.top && b.bottom < a.top; }

// The part of the line, from 0 to 1 of its way, that lies between the left and right side is cut down to what lies between bottom and top.
bool meet(const Line& line, const Box& box) {
  double begin = 0, end = 1;
  const auto cut = [&](double from, double to, double low, double high) {
    const double way = to - from;
    if (way == 0) {
      if (from < low || from > high) end = -1;
      return;
    }
    const double a = (low - from) / way, b = (high - from) / way;
    begin = std::max(begin, std::min(a, b));
    end = std::min(end, std::max(a, b));
  };
  cut(line.first.x, line.second.x, box.left - line_room, box.right + line_room);
  cut(line.first.y, line.second.y, box.bottom - line_room, box.top + line_room);
  return begin <= end;
}

double distance(const Pixel& p, const Box& box) {
  return std::hypot(std::max({box.left - p.x, p.x - box.right, 0.0}), std::max({box.bottom - p.y, p.y - box.top, 0.0}));
}

// Where the name may stand, best first: right, left, above, below, then between these and a little farther off.
std::vector<Box> places(const Pixel& mark, const std::string& name) {
  const double width = text_width(name), height = font_size;
  std::vector<Box> boxes;
  const auto add_box = [&](double left, double bottom) {
    boxes.push_back({mark.x + left, mark.x + left + width, mark.y + bottom, mark.y + bottom + height});
  };
  for (const double off : {0, 4, 9}) {
    const double beside = mark_radius + 2 + off, middle = -height / 2;
    for (const double up : {6.0, 0.0, -6.0}) add_box(beside, middle + up);
    for (const double up : {6.0, 0.0, -6.0}) add_box(-beside - width, middle + up);
    for (const double share : {0.5, 0.25, 0.75, 0.05, 0.95}) {
      add_box(-share * width, beside);
      add_box(-share * width, -beside - height);
    }
  }
  return boxes;
}

// What is drawn already.
struct Taken {
  const View& view;
  std::vector<Pixel> marks;
  std::vector<Line> lines;
  std::vector<Box> texts;

  Pixel pixel(double x, double y) const {
    return {(x - view.x_low) / (view.x_high - view.x_low) * view.width, (y - view.y_low) / (view.y_high - view.y_low) * view.height};
  }
  bool is_free(const Box& box, std::size_t own) const;
};

bool Taken::is_free(const Box& box, std::size_t own) const {
  // The place given to Axes::labels must be inside, too: others are not drawn.
  if (!(box.left > label_right && box.right < view.width && box.bottom > label_up && box.top < view.height)) return false;
  const double near = distance(marks[own], box);  // more than mark_radius + nearer, so that no other mark is covered, either
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (i != own && distance(marks[i], box) < near - nearer) return false;
  }
  return std::none_of(texts.begin(), texts.end(), [&](const Box& text) { return meet(text, box); }) &&
         std::none_of(lines.begin(), lines.end(), [&](const Line& line) { return meet(line, box); });
}

}  // namespace

double text_width(std::string_view text) {
  double letters = 0;
  std::string others;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80)
      letters += letter_width(c);
    else
      others += c;
  }
  return font_size * (letters + 0.7 * double(display_width(others)));
}

View view_around(const Array& points, double width, double height) {
  check(points.dimension() == 2 && points.shape()[0] > 0 && points.shape()[1] == 2, "view_around: {} is not (n, 2) with points in it",
        points.shape());
  double low[2], high[2];
  for (const std::size_t axis : {0, 1}) {
    low[axis] = high[axis] = double(points(0, axis));
    for (std::size_t i = 0; i < points.shape()[0]; ++i) {
      const double at = double(points(i, axis));
      check(std::isfinite(at), "view_around: point {} is not finite", i);
      low[axis] = std::min(low[axis], at);
      high[axis] = std::max(high[axis], at);
    }
    const double extent = high[axis] - low[axis], pixels = axis == 0 ? width : height;
    const double names = std::min(axis == 0 ? x_room : y_room, pixels / 4);
    const double room = extent > 0 ? extent * names / (pixels - 2 * names) : std::max(std::abs(low[axis]), 1.0);
    low[axis] -= room;
    high[axis] += room;
  }
  return {low[0], high[0], low[1], high[1], width, height};
}

NamedPoints::NamedPoints(const View& view) : view_(view) {
  check(view.x_low < view.x_high && view.y_low < view.y_high && view.width > 0 && view.height > 0,
        "NamedPoints: the view from ({}, {}) to ({}, {}) on {} x {} pixels has no extent", view.x_low, view.y_low, view.x_high, view.y_high,
        view.width, view.height);
}

void NamedPoints::add(const std::string& legend, const std::vector<std::string>& names, const Array& points, std::size_t first,
                      const PointOptions& options) {
  check(points.dimension() == 2 && points.shape()[1] == 2 && first + names.size() <= points.shape()[0],
        "NamedPoints: {} names from row {} on do not fit points {}", names.size(), first, points.shape());
  groups_.push_back({legend, points_.size(), names.size(), options});
  for (std::size_t i = 0; i < names.size(); ++i)
    points_.push_back({names[i], double(points(first + i, 0)), double(points(first + i, 1)), i});
}

void NamedPoints::add_line(const Array& points, std::size_t from, std::size_t to) {
  check(points.dimension() == 2 && points.shape()[1] == 2 && std::max(from, to) < points.shape()[0],
        "NamedPoints: no line from row {} to {} in points {}", from, to, points.shape());
  const double x[2] = {double(points(from, 0)), double(points(to, 0))}, y[2] = {double(points(from, 1)), double(points(to, 1))};
  lines_.push_back({Numbers{x[0], x[1]}, Numbers{y[0], y[1]}});
}

std::vector<std::string> NamedPoints::draw(Axes& axes) const {
  for (const Group& group : groups_) {
    std::vector<double> x, y;
    for (std::size_t i = group.first; i < group.first + group.count; ++i) x.push_back(points_[i].x), y.push_back(points_[i].y);
    if (!x.empty()) axes.scatter(x, y, group.legend, group.options);
  }
  for (const auto& [x, y] : lines_) axes.lines(x, y, "", {.solid = true, .width = 1, .color = "gray"});
  axes.x_range(view_.x_low, view_.x_high).y_range(view_.y_low, view_.y_high);

  Taken taken{view_, {}, {}, {}};
  for (const Point& point : points_) taken.marks.push_back(taken.pixel(point.x, point.y));
  for (const auto& [x, y] : lines_) taken.lines.push_back({taken.pixel(x[0], y[0]), taken.pixel(x[1], y[1])});
  const double x_unit = (view_.x_high - view_.x_low) / view_.width, y_unit = (view_.y_high - view_.y_low) / view_.height;  // a pixel
  std::vector<double> x, y;
  std::vector<std::string> names, left_out;
  for (const std::size_t i : order()) {
    const std::vector<Box> boxes = places(taken.marks[i], points_[i].name);
    const auto box = std::find_if(boxes.begin(), boxes.end(), [&](const Box& b) { return taken.is_free(b, i); });
    if (box == boxes.end()) {
      left_out.push_back(points_[i].name);
      continue;
    }
    taken.texts.push_back(*box);
    x.push_back(points_[i].x + (box->left - label_right - taken.marks[i].x) * x_unit);
    y.push_back(points_[i].y + (box->bottom + below_letters - label_up - taken.marks[i].y) * y_unit);
    names.push_back(points_[i].name);
  }
  if (!names.empty()) axes.labels(x, y, names);
  return left_out;
}

/// Indices of the points in the order in which they choose.
std::vector<std::size_t> NamedPoints::order() const {
  std::vector<std::size_t> indices(points_.size());
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
  const auto rank = [&](std::size_t i) {
    const auto wish = std::size_t(std::find(first_.begin(), first_.end(), points_[i].name) - first_.begin());
    return std::pair(wish, wish < first_.size() ? 0 : points_[i].place_in_group);
  };
  std::stable_sort(indices.begin(), indices.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return indices;
}

}  // namespace byhand::plot
