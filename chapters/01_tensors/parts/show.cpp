#include "chapters/01_tensors/parts/show.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/01_tensors/shapes.hpp"
#include "common/system/text.hpp"
#include "common/tensor/broadcast.hpp"

namespace tensors {
using namespace byhand;
namespace {

constexpr std::size_t most_boxes = 8;

/// Which cells of the grid are in memory: those of the array itself. Repeated ones are not, nor
/// those outside the grid.
struct Cells {
  std::size_t own_rows, own_cols;
  bool stored(std::size_t row, std::size_t col) const {
    return row < own_rows && col < own_cols;
  }  // row - 1 of row 0 is huge
  bool solid_above(std::size_t row, std::size_t col) const {
    return stored(row, col) || stored(row - 1, col);
  }
  bool solid_left_of(std::size_t row, std::size_t col) const {
    return stored(row, col) || stored(row, col - 1);
  }
};

/// The corner at the top left of a cell: which of the four lines that may meet there are solid.
const char* corner(const Cells& cells, std::size_t row, std::size_t col) {
  const bool up = cells.solid_left_of(row - 1, col), down = cells.solid_left_of(row, col);
  const bool left = cells.solid_above(row, col - 1), right = cells.solid_above(row, col);
  static constexpr const char* corners[16] = {"·", "·", "·", "─", "·", "┌", "┐", "┬",
                                              "·", "└", "┘", "┴", "│", "├", "┤", "┼"};
  return corners[up * 8 + down * 4 + left * 2 + right];
}

std::string repeated(const char* mark, std::size_t times) {
  std::string text;
  for (; times > 0; --times) text += mark;
  return text;
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, display_width(text)), ' ');
}

}  // namespace

std::vector<std::string> boxes(const Array& a, std::size_t rows, std::size_t cols) {
  const Shape own = as_rows_and_cols(a.shape());
  check((own[0] == rows || own[0] == 1) && (own[1] == cols || own[1] == 1),
        "boxes: {} cannot be repeated to ({}, {})", a.shape(), rows, cols);
  std::size_t width = 1;
  for (const real value : a) width = std::max(width, fmt::format("{:g}", value).size());
  const Cells cells{own[0], own[1]};
  std::vector<std::string> lines;
  for (std::size_t row = 0; row <= rows; ++row) {
    std::string border, numbers;
    for (std::size_t col = 0; col <= cols; ++col) {
      border += corner(cells, row, col);
      if (row < rows) numbers += cells.solid_left_of(row, col) ? "│" : "┆";
      if (col == cols) break;
      border += repeated(cells.solid_above(row, col) ? "─" : "╌", width + 2);
      if (row < rows)
        numbers += fmt::format(
            " {:>{}g} ", a.data()[std::min(row, own[0] - 1) * own[1] + std::min(col, own[1] - 1)],
            width);
    }
    lines.push_back(border);
    if (row < rows) lines.push_back(numbers);
  }
  return lines;
}

std::string broadcast_picture(const Array& a, const Array& b) {
  const Array sum = add_by_hand(a, b);
  const Shape size = as_rows_and_cols(sum.shape());
  check(size[0] >= 1 && size[1] >= 1 && size[0] <= most_boxes && size[1] <= most_boxes,
        "picture: {} is empty or larger than {} x {} boxes", sum.shape(), most_boxes, most_boxes);
  std::vector<std::string> lines(2 * size[0] + 2);
  for (const Array* part : {&a, &b, &sum}) {
    std::vector<std::string> block = boxes(*part, size[0], size[1]);
    block.insert(block.begin(), fmt::format("{}", part->shape()));
    const std::size_t width = std::max(display_width(block[0]), display_width(block[1]));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool middle = i == 1 + size[0];  // line 0 is the shape
      const char* sign = part == &a ? "" : !middle ? "   " : part == &b ? " + " : " = ";
      lines[i] += sign + padded(block[i], width);
    }
  }
  std::string picture;
  for (const std::string& line : lines)
    picture += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  return picture;
}

std::string broadcast_picture(const Shape& a, const Shape& b) {
  const auto counting = [](const Shape& shape, real step) {
    Array numbers = empty(shape);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers.data()[i] = step * real(i + 1);
    return numbers;
  };
  const Shape size =
      as_rows_and_cols(broadcast_shape("add", a, b));  // refused before anything large is made
  check(size[0] <= most_boxes && size[1] <= most_boxes,
        "picture: ({}, {}) is larger than {} x {} boxes", size[0], size[1], most_boxes, most_boxes);
  return broadcast_picture(counting(a, 10), counting(b, 1));
}

std::string in_one_line(const Array& matrix) {
  check(matrix.dimension() == 2, "in_one_line: needs a matrix, got {}", matrix.shape());
  std::string text;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    const std::size_t column = i % matrix.shape()[1];
    text += fmt::format("{}{:>2}",
                        i == 0        ? ""
                        : column == 0 ? ", "
                                      : " ",
                        std::lround(matrix.data()[i]));
  }
  return text;
}

std::string refusal(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  fail("something was computed that should have been refused");
}

}  // namespace tensors
