// Names beside points: where they stand is read from what the panel has collected, and measured with the widths of DejaVu Sans.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "common/plot/figure.hpp"
#include "common/plot/labels.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using namespace byhand::plot;
using test::error_of;

namespace {

// A view in which a unit is a pixel.
const View pixels{0, 400, 0, 300, 400, 300};

/// What a text covers, up to a pixel: gnuplot writes it 7.8 pixels right of the place of a label, its letters standing 3.3 pixels above;
/// letters reach 10 pixels up and 3 down at size 13. (Read off an SVG of gnuplot 5.4.)
struct Box {
  std::string name;
  double left, right, bottom, top;
};
std::vector<Box> boxes(const Axes& axes) {
  std::vector<Box> found;
  for (const Chart* m : axes.content().in(Layer::mark))
    found.push_back({m->label, m->x[0] + 7.8, m->x[0] + 7.8 + text_width(m->label), m->y[0] + 3.3 - 3, m->y[0] + 3.3 + 10});
  return found;
}

Box only(const Axes& axes) {
  REQUIRE(axes.content().in(Layer::mark).size() == 1);
  return boxes(axes)[0];
}

bool covers(const Box& box, double x, double y, double room) {
  return x > box.left - room && x < box.right + room && y > box.bottom - room && y < box.top + room;
}

}  // namespace

// Sums of the advance widths in the hmtx table of DejaVuSans.ttf 2.37, in font sizes.
TEST_CASE("labels: the width of a text is at least what the font needs, and not much more") {
  const std::pair<const char*, double> widths[] = {
      {"princess", 4.16455}, {"will", 1.65137}, {"mummy", 4.14795}, {"Gymkata", 4.53760}, {"germany", 4.47363}};
  for (const auto& width : widths) {
    const char* text = width.first;
    const double ems = width.second;
    CHECK_MESSAGE(text_width(text) >= 13 * ems, text);
    CHECK_MESSAGE(text_width(text) <= 13 * ems * 1.1, text);
  }
  CHECK(text_width("") == 0);
  CHECK(text_width("왕비") >= 2 * 13);  // a Korean letter is about as wide as the font is high
  CHECK(text_width("왕비") <= 2 * 13 * 1.5);
}

TEST_CASE("labels: a name stands right of its mark, left at the right edge, and not on what is beside it") {
  const auto place = [](const Array& points, std::vector<std::string> names) {
    Axes axes;
    NamedPoints map(pixels);
    map.add("", names, points);
    CHECK(map.draw(axes).empty());
    return boxes(axes);
  };
  const Box alone = place(array({1, 2}, {200, 150}), {"alone"})[0];
  CHECK(alone.left > 200 + 4);
  CHECK(alone.left < 200 + 12);
  CHECK(covers(alone, alone.left + 1, 150, 3));
  const Box edge = place(array({1, 2}, {380, 150}), {"edge"})[0];
  CHECK(edge.right < 380 - 4);
  CHECK(edge.right > 380 - 12);
  const std::vector<Box> two = place(array({2, 2}, {200, 150, 230, 150}), {"first", "second"});
  CHECK_FALSE(covers(two[0], 230, 150, 4));
  CHECK_FALSE(covers(two[1], 200, 150, 4));
}

TEST_CASE("labels: a name keeps off lines, also its own") {
  const auto place = [](const Array& points) {  // a name at row 0, a line from row 1 to row 2
    Axes axes;
    NamedPoints map(pixels);
    map.add("", {"germany"}, points);
    map.add_line(points, 1, 2);
    CHECK(map.draw(axes).empty());
    CHECK(axes.content().in(Layer::series).size() == 2);  // the mark, the line
    return only(axes);
  };
  CHECK(place(array({3, 2}, {200, 150, 200, 150, 350, 150})).right < 200);  // its own line goes right, so the name is on the left
  CHECK(place(array({3, 2}, {200, 150, 200, 150, 50, 150})).left > 200);
  const Box between = place(array({3, 2}, {200, 150, 250, 0, 250, 300}));  // a line upright 50 pixels to the right; the name needs 60
  CHECK(between.right < 250);
  const Box steep = place(array({3, 2}, {200, 150, 215, 300, 215, 158}));  // one that ends above the name's usual place
  CHECK_FALSE(covers(steep, 215, 158, 0));
}

TEST_CASE("labels: where there is no room a mark stays without a name") {
  const Array crowd = zeros({20, 2}) + real(150);  // twenty words in one place
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back("word" + std::to_string(i));
  Axes axes;
  NamedPoints map(pixels);
  map.add("", {names.begin(), names.begin() + 10}, crowd);
  map.add("", {names.begin() + 10, names.end()}, crowd);
  map.choose_first({"word19", "nobody"});
  const std::vector<std::string> left_out = map.draw(axes);
  CHECK(left_out.size() >= 8);
  CHECK(left_out.size() + axes.content().in(Layer::mark).size() == 20);
  CHECK(axes.content().in(Layer::mark)[0]->label == "word19");  // it chose before all others
  CHECK(axes.content().in(Layer::mark)[1]->label == "word0");   // then the first of each group
  CHECK(axes.content().in(Layer::mark)[2]->label == "word10");
  CHECK(axes.content().in(Layer::mark)[3]->label == "word1");
  CHECK(axes.content().in(Layer::series).size() == 2);

  Axes narrow;
  NamedPoints nowhere({0, 1, 0, 1, 30, 10});
  nowhere.add("", {"a name far too long"}, zeros({1, 2}));
  CHECK(nowhere.draw(narrow) == std::vector<std::string>{"a name far too long"});
  CHECK(narrow.content().in(Layer::mark).empty());
  Figure figure;
  NamedPoints missing(pixels);
  missing.add("", {"nan", "there"}, array({2, 2}, {std::numeric_limits<real>::quiet_NaN(), 1, 200, 150}));
  CHECK(missing.draw(figure.axes()) == std::vector<std::string>{"nan"});
}

TEST_CASE("labels: in a full panel no name covers a name, a mark or a line, and each is nearest to its own mark") {
  for (const std::uint32_t seed : {1, 2, 3}) {
    const Array x = test::values({60, 2}, 20, 380, seed), lines = test::values({10, 2}, 20, 380, seed + 10);
    std::vector<std::string> names;
    for (int i = 0; i < 60; ++i) names.push_back(fmt::format("{}{}", std::string(std::size_t(1 + i % 5), "oilsw"[i % 5]), i));
    Axes axes;
    NamedPoints map({0, 400, 0, 400, 400, 400});
    map.add("left", {names.begin(), names.begin() + 30}, x, 0);
    map.add("right", {names.begin() + 30, names.end()}, x, 30);
    for (std::size_t i = 0; i + 1 < 10; i += 2) map.add_line(lines, i, i + 1);
    const std::vector<std::string> left_out = map.draw(axes);
    const std::vector<Box> texts = boxes(axes);
    REQUIRE(texts.size() + left_out.size() == 60);
    CHECK(texts.size() >= 30);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const Box& box = texts[i];
      CHECK((box.left > 0 && box.right < 400 && box.bottom > 0 && box.top < 400));
      for (std::size_t j = 0; j < i; ++j)
        CHECK_FALSE((box.left < texts[j].right && texts[j].left < box.right && box.bottom < texts[j].top && texts[j].bottom < box.top));
      const auto distance = [&](std::size_t k) {
        const double dx = std::max({box.left - x(k, 0), x(k, 0) - box.right, 0.0}),
                     dy = std::max({box.bottom - x(k, 1), x(k, 1) - box.top, 0.0});
        return std::hypot(dx, dy);
      };
      const auto own = std::size_t(std::find(names.begin(), names.end(), box.name) - names.begin());
      for (std::size_t k = 0; k < 60; ++k) {
        CHECK_FALSE(covers(box, x(k, 0), x(k, 1), 4));
        CHECK(distance(k) > distance(own) - 2);  // two marks in almost one place may share what is around them
      }
      for (std::size_t l = 0; l + 1 < 10; l += 2) {
        bool crossed = false;
        for (double t = 0; t <= 1; t += 0.001)
          crossed = crossed || covers(box, (1 - t) * lines(l, 0) + t * lines(l + 1, 0), (1 - t) * lines(l, 1) + t * lines(l + 1, 1), 1);
        CHECK_FALSE(crossed);
      }
    }
  }
}

TEST_CASE("labels: a view around points leaves room, and errors name what is wrong") {
  const View view = view_around(array({3, 2}, {-1, 10, 3, 30, 0, 20}), 400, 200);
  CHECK(view.width == 400);
  CHECK(view.height == 200);
  CHECK(4 / (view.x_high - view.x_low) * 400 <= 400 - 2 * 75);  // the points from x = -1 to 3 leave room for a word on either side
  CHECK(20 / (view.y_high - view.y_low) * 200 <= 200 - 2 * 20);
  CHECK(-1 - view.x_low == doctest::Approx(view.x_high - 3));
  const View tiny = view_around(array({2, 2}, {0, 0, 1, 1}), 20, 20);
  CHECK((tiny.x_low < 0 && tiny.x_high > 1 && tiny.x_high < 2));
  const View one = view_around(array({1, 2}, {5, -700}), 400, 200);
  CHECK((one.x_low < 5 && one.x_high > 5 && one.y_low < -700 && one.y_high > -700));

  CHECK(error_of([] { view_around(zeros({0, 2}), 1, 1); }) == "view_around: (0, 2) is not (n, 2) with points in it");
  CHECK(error_of([] { view_around(zeros({2, 3}), 1, 1); }) == "view_around: (2, 3) is not (n, 2) with points in it");
  CHECK(error_of([] {
          view_around(array({2, 2}, {0, 0, 0, std::numeric_limits<real>::infinity()}), 1, 1);
        }) == "view_around: point 1 is not finite");
  CHECK(error_of([] { NamedPoints({0, 0, 0, 1, 10, 10}); }).find("has no extent") != std::string::npos);
  NamedPoints map(pixels);
  CHECK(error_of([&] { map.add("", {"a", "b"}, zeros({2, 2}), 1); }) == "NamedPoints: 2 names from row 1 on do not fit points (2, 2)");
  CHECK(error_of([&] { map.add_line(zeros({2, 2}), 0, 2); }) == "NamedPoints: no line from row 0 to 2 in points (2, 2)");
}
