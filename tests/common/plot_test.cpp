#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "common/plot/figure.hpp"
#include "common/plot/gnuplot.hpp"
#include "common/plot/style.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

using namespace byhand;
using plot::Figure;
namespace fs = std::filesystem;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();
const double inf = std::numeric_limits<double>::infinity();

// A folder that goes away with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / fmt::format("byhand_plot_test_{}", ::getpid());
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  fs::path operator/(const std::string& name) const { return path / name; }
  std::size_t count() const { return std::size_t(std::distance(fs::directory_iterator(path), fs::directory_iterator())); }
};

// Another program in gnuplot's place while it lives.
struct Gnuplot {
  std::string before = std::getenv("BYHAND_GNUPLOT") ? std::getenv("BYHAND_GNUPLOT") : "";
  explicit Gnuplot(const std::string& program) { ::setenv("BYHAND_GNUPLOT", program.c_str(), 1); }
  ~Gnuplot() { ::setenv("BYHAND_GNUPLOT", before.c_str(), 1); }
};

bool has_gnuplot() {
  const bool found = plot::run_gnuplot("print 1\n").found;
  if (!found) MESSAGE("gnuplot is not installed: what needs it is skipped");
  return found;
}

std::string script_of(const Figure& figure) {
  const Folder folder;
  const Gnuplot none("/nonexistent/gnuplot");
  return read_file(figure.save(folder / "figure").at(0));
}

// Empty when the text is XML in which every tag is closed, otherwise what is wrong.
std::string xml_problem(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t i = xml.find('<'); i != std::string::npos; i = xml.find('<', i + 1)) {
    const std::size_t end = xml.find('>', i);
    if (end == std::string::npos) return "a tag without end";
    const std::string tag = xml.substr(i + 1, end - i - 1);
    if (tag.empty()) return "an empty tag";
    if (tag[0] == '?' || tag[0] == '!') continue;
    const std::string name = tag.substr(tag[0] == '/', tag.find_first_of(" \t\n/", 1) - (tag[0] == '/'));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != name) return "</" + name + "> closes what is not open";
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
  }
  for (std::size_t i = xml.find('&'); i != std::string::npos; i = xml.find('&', i + 1)) {
    const std::string entity = xml.substr(i, xml.find(';', i) - i + 1);
    if (entity != "&amp;" && entity != "&lt;" && entity != "&gt;" && entity != "&quot;") return "a bare & before " + xml.substr(i, 12);
  }
  return open.empty() ? "" : open.back() + " is not closed";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t i = text.find(part); i != std::string::npos; i = text.find(part, i + 1)) ++count;
  return count;
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::vector<double> wave(std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = std::sin(double(i) * 0.7) * std::cos(double(i) * 0.013);
  return values;
}

// One figure with everything in it.
Figure full_figure() {
  Figure figure("Everything, 모두", {.width = 1000, .height = 900});
  figure.subplots(3, 2);
  figure.panel(0, 0).lines({0, 1, 2}, {1, 2, 4}, "curve").band({0, 1, 2}, {0, 1, 3}, {2, 3, 5}, "spread").hline(3, "limit").vline(1);
  figure.panel(0, 1).scatter({0, 1}, {2, 1}, "points").labels({0, 1}, {2, 1}, {"left", "right"}).legend(plot::Legend::top_right);
  figure.panel(1, 0).bars({"a", "b"}, {1, -2}, "first", {.show_values = true}).bars({"a", "b"}, {2, missing}, "second").title("bars");
  figure.panel(1, 1).heat_map(2, 3, {1, 2, 3, missing, -inf, 6}, {"r0", "r1"}, {}, {.show_values = true});
  figure.panel(2, 0).images(2, 2, {{0, 1, 1, 0}, {1, 0, 0, 1}}, {.captions = {"x", "o"}});
  figure.panel(2, 1)
      .contour({0, 1, 2}, {0, 1, 2}, {0, 1, 4, 1, 2, 5, 4, 5, 8}, {.levels = {1.5, 3}, .filled = true})
      .lines({0, 2}, {0, 2}, "path");
  return figure;
}

}  // namespace

TEST_CASE("plot: text becomes valid UTF-8 without control characters") {
  CHECK(clean_text("loss 손실 é") == "loss 손실 é");
  CHECK(clean_text("a\tb\r\nc\x01"
                   "d\x7f") == "a b\nc d ");
  CHECK(
      clean_text("\xff|\xc3|\xe2\x82|\xed\xa0\x80|\xc0\xaf") ==
      "\uFFFD|\uFFFD|\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD|\uFFFD\uFFFD");  // one sign for each byte that is none: the cut, the surrogate, the overlong
  CHECK(one_line("two\nlines") == "two lines");
}

TEST_CASE("plot: quoting leaves nothing for gnuplot to interpret") {
  CHECK(plot::quoted_text("it's") == "'it''s'");
  CHECK(plot::quoted_text("a\nb") == "'a'.\"\\n\".'b'");
  CHECK(plot::quoted_text("\\n `date` @x {a_b^c} \"q\"") == "'\\n `date` @x {a_b^c} \"q\"'");
  CHECK(plot::quoted_text("50%") == "'50%'");
  CHECK(plot::quoted_tick("50%") == "'50%%'");
  // 20 letters of 3 bytes: of the 50 bytes 3 are the ellipsis and 45 whole letters.
  std::string korean, kept;
  for (int i = 0; i < 20; ++i) korean += "값";
  for (int i = 0; i < 15; ++i) kept += "값";
  CHECK(plot::quoted_tick(korean) == "'" + kept + "…'");
}

TEST_CASE("plot: text is measured in columns and wrapped at blanks") {
  CHECK(display_width("LSTM") == 4);
  CHECK(display_width("손실 x") == 6);
  CHECK(display_width("ab\nabcd\nc") == 4);
  CHECK(plot::wrap_text("one two three", 7) == "one two\nthree");
  CHECK(plot::wrap_text("unbreakable is long", 4) == "unbreakable\nis\nlong");
  CHECK(plot::wrap_text("a\nb c", 10) == "a\nb c");
  CHECK(plot::wrap_text("", 10) == "");
}

TEST_CASE("plot: colours by name and code") {
  CHECK(plot::color_code("blue") == "#0072b2");  // Okabe and Ito's blue is (0, 114, 178)
  CHECK(plot::color_code("#12aBef") == "#12aBef");
  CHECK(contains(error_of([] { plot::color_code("#12345'"); }), "no colour '#12345''"));
  // Luma by ITU-R BT.601; viridis begins with (68, 1, 84) and ends with (253, 231, 37).
  CHECK(plot::palette_brightness(plot::Palette::viridis, 0) == doctest::Approx((0.299 * 68 + 0.587 * 1 + 0.114 * 84) / 255));
  CHECK(plot::palette_brightness(plot::Palette::viridis, 1) == doctest::Approx((0.299 * 253 + 0.587 * 231 + 0.114 * 37) / 255));
  CHECK(plot::palette_brightness(plot::Palette::gray, 0.5) == doctest::Approx(0.5));
}

TEST_CASE("plot: NaN parts a curve, an infinite value is left out") {
  const std::vector<double> x{0, 1, 2, 3, 4, 5}, y{missing, 10, inf, 30, missing, 50};
  CHECK(plot::visible_points({&x, &y}, true) == std::vector<std::vector<std::size_t>>{{1, 3}, {5}});
  Figure figure;
  figure.axes().lines(x, y, "loss");
  CHECK(contains(script_of(figure), "<< END_OF_DATA\n1 10\n3 30\n\n5 50\nEND_OF_DATA\n"));
}

TEST_CASE("plot: a long curve is thinned and keeps its peaks and gaps") {
  std::vector<double> x(100'000), y = wave(100'000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = double(i);
  y[54'321] = 77;
  y[12'345] = -55;
  y[70'000] = missing;
  const auto stretches = plot::visible_points({&x, &y}, true);
  REQUIRE(stretches.size() == 2);
  std::vector<std::size_t> all = stretches[0];
  all.insert(all.end(), stretches[1].begin(), stretches[1].end());
  CHECK(all.size() <= 4000);
  CHECK(all.size() >= 1000);
  CHECK(std::is_sorted(all.begin(), all.end()));
  for (const std::size_t kept : {0, 12'345, 54'321, 69'999, 70'001, 99'999}) CHECK(std::binary_search(all.begin(), all.end(), kept));
  CHECK(plot::visible_points({&x, &y}, false)[0].size() == 70'000);
  const std::vector<double> few(4000, 1.0);
  CHECK(plot::visible_points({&few, &few}, true)[0].size() == 4000);
}

TEST_CASE("plot: without gnuplot the figure is written as a script") {
  const Folder folder;
  Figure figure("It's 100 % \"done\"\n둘째 줄");
  figure.axes().lines({1, 2, 3}, {0.5, 0.25, 0.125}, "loss_a", {.dashed = true, .width = 3, .color = "green"});
  figure.axes().x_label("epoch").y_label("loss").log_y().hline(0.2, "goal").x_ticks({1, 3}, {"1 %", "3 %"}).x_range(0, 4);
  {
    const Gnuplot none("/nonexistent/gnuplot");
    const auto files = figure.save(folder / "sub/figure.svg");
    REQUIRE(files.size() == 1);
    CHECK(files[0] == folder / "sub/figure.gp");
    CHECK(figure.sketch() == "");
    CHECK_FALSE(figure.show());
  }
  const std::string script = read_file(folder / "sub/figure.gp");
  for (const char* part : {"set output 'figure.svg'", "set terminal svg size 900,500", "noenhanced", "1 0.5\n2 0.25\n3 0.125\n",
                           "title 'loss_a'", "#009e73", "lw 3", "set logscale y", "set xlabel 'epoch'", "set ylabel 'loss'",
                           "'It''s 100 % \"done\"'.\"\\n\".'둘째 줄'", "'goal'", "set xtics ('1 %%' 1, '3 %%' 3)", "set xrange [0:4]"}) {
    CHECK_MESSAGE(contains(script, part), part);
  }
  if (!has_gnuplot()) return;
  CHECK(std::system(fmt::format("cd '{}' && {} figure.gp", (folder / "sub").string(), plot::gnuplot_program()).c_str()) == 0);
  CHECK(contains(read_file(folder / "sub/figure.svg"), "</svg>"));
}

TEST_CASE("plot: save writes a complete SVG and PNG, the same each time") {
  if (!has_gnuplot()) return;
  const Folder folder;
  const Figure figure = full_figure();
  const auto files = figure.save(folder / "v1.all");  // a dot in the name is not an ending
  REQUIRE(files.size() == 2);
  CHECK(files[0] == folder / "v1.all.svg");
  CHECK(files[1] == folder / "v1.all.png");
  CHECK(folder.count() == 2);
  const std::string svg = read_file(files[0]), png = read_file(files[1]);
  CHECK(xml_problem(svg) == "");
  CHECK(contains(svg, "<title>Everything, 모두</title>"));
  CHECK(contains(svg, "<text>Everything, 모두</text>"));
  for (const char* part : {"curve", "spread", "limit", "points", "left", "right", "first", "second", "r0", "-inf", "6.00", "path"}) {
    CHECK_MESSAGE(contains(svg, fmt::format("<text>{}</text>", part)), part);
  }
  CHECK_FALSE(contains(svg, "GNUPLOT"));
  CHECK(contains(svg, "Noto Sans CJK KR"));
  CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  // Width and height are the first two numbers of the header, at byte 16 (PNG specification, 11.2.2).
  CHECK(png.substr(16, 8) == std::string("\x00\x00\x03\xe8\x00\x00\x03\x84", 8));  // 1000 x 900
  figure.save(folder / "again.png");
  CHECK(read_file(folder / "again.svg") == svg);
  CHECK(read_file(folder / "again.png") == png);
}

TEST_CASE("plot: any text reaches the figure as it is") {
  if (!has_gnuplot()) return;
  const Folder folder;
  const std::string hostile = "a_b^c {d} @e & ~f <g> \"h\" \\n i's `touch pwned` $k #l &#1; 50%d";
  // Inside XML; gnuplot leaves > as it is, which XML allows.
  const std::string shown = "<text>a_b^c {d} @e &amp; ~f &lt;g> \"h\" \\n i's `touch pwned` $k #l &amp;\u2060#1; 50%d</text>";
  const std::string short_hostile = "{a} @b &#1; 5%d 'c' `touch pwned`",
                    short_shown = "<text>{a} @b &amp;\u2060#1; 5%d 'c' `touch pwned`</text>";
  Figure figure(hostile, {.width = 1400});
  figure.subplots(1, 2);
  figure.panel(0, 0).title(hostile).x_label(hostile).lines({0, 1}, {0, 1}, hostile).hline(0.5, hostile);
  figure.panel(0, 0).labels({0, 1}, {0, 1}, {hostile, "END_OF_DATA\nEND_OF_DATA"}).x_ticks({0}, {short_hostile});
  figure.panel(0, 1).heat_map(1, 1, {3}, {short_hostile}, {short_hostile});
  const std::string svg = read_file(figure.save(folder / "hostile").at(0));
  CHECK(xml_problem(svg) == "");
  CHECK_FALSE(fs::exists("pwned"));
  CHECK(occurrences(svg, shown) == 6);  // figure title, panel title, x label, legend, guide line, point
  CHECK(occurrences(svg, short_shown) == 3);
}

TEST_CASE("plot: a large figure stays small in the repository") {
  if (!has_gnuplot()) return;
  const Folder folder;
  Figure figure("large");
  for (const char* name : {"a", "b", "c"}) figure.axes().lines(plot::counting(200'000), wave(200'000), name);
  figure.save(folder / "large");
  CHECK(fs::file_size(folder / "large.svg") < 150'000);
}

TEST_CASE("plot: a gnuplot that fails leaves nothing behind and says why in one line") {
  const Folder folder;
  Figure figure("x");
  figure.axes().lines({1, 2}, {3, 4});
  write_file(folder / "broken",
             "#!/bin/sh\nprintf '<?xml half'\nprintf '\\nplot $x\\n     ^\\n line 3: out of ink\\n\\nWARNING: a remark\\n' >&2\nexit 1\n");
  fs::permissions(folder / "broken", fs::perms::owner_all);
  const Gnuplot broken((folder / "broken").string());
  CHECK(error_of([&] { figure.save(folder / "figure"); }) == "plot: gnuplot failed: line 3: out of ink");
  CHECK(folder.count() == 1);
  write_file(folder / "broken", "#!/bin/sh\nprintf '<?xml half'\n");
  fs::permissions(folder / "broken", fs::perms::owner_all);
  CHECK(contains(error_of([&] { figure.save(folder / "figure"); }), "is not complete"));
  CHECK(folder.count() == 1);
}

TEST_CASE("plot: a sketch is text") {
  if (!has_gnuplot()) return;
  Figure figure("Loss over epochs");
  figure.axes().lines({0, 1, 2}, {4, 2, 1}, "by hand").x_label("epoch");
  const std::string sketch = figure.sketch(60, 16);
  for (const char* part : {"Loss over epochs", "by hand", "epoch", "***"}) CHECK_MESSAGE(contains(sketch, part), part);
  CHECK(display_width(sketch) <= 60);
  CHECK(contains(full_figure().sketch(120, 60), "Everything, 모두"));
  CHECK(contains(error_of([&] { figure.sketch(5, 5); }), "sketch of 5 x 5"));
}

TEST_CASE("plot: values that cannot be drawn are no reason to stop") {
  Figure lost("lost");
  lost.axes().lines({0, 1}, {missing, inf}, "loss").hline(1);
  CHECK(contains(script_of(lost), "loss (no finite values)"));
  Figure constant;
  constant.axes().heat_map(2, 2, {5, 5, 5, 5});
  Figure nothing;
  nothing.axes().heat_map(2, 2, {missing, missing, missing, missing});
  Figure black;
  black.axes().images(1, 3, {{0, 0, 0}});
  Figure bars;
  bars.axes().bars({"a"}, {missing});
  Figure point;
  point.axes().lines({2}, {3});
  Figure holes;
  holes.axes().contour({0, 1, 2}, {0, 1, 2}, {0, 1, 4, 1, missing, 5, 4, inf, 8});
  if (!has_gnuplot()) return;
  const Folder folder;
  for (const Figure* figure : {&lost, &constant, &nothing, &black, &bars, &point, &holes}) CHECK(figure->save(folder / "f").size() == 2);
}

TEST_CASE("plot: data come from any list of numbers") {
  Figure figure;
  figure.subplots(1, 4);
  figure.panel(0, 0).lines(arange(3), std::vector<float>{1.5f, 2.5f, 3.5f}).lines(std::vector<int>{0, 1}, plot::counting(2, 10, 5));
  figure.panel(0, 1).heat_map(array(Shape{2, 3}, {1, 2, 3, 4, 5, 6}));
  figure.panel(0, 2).images(array(Shape{2, 1, 2}, {0, 1, 1, 0}));
  figure.panel(0, 3).images(array(Shape{2, 2}, {0, 51, 102, 255}), {.low = 0, .high = 255});
  const std::string script = script_of(figure);
  CHECK(contains(script, "0 1.5\n1 2.5\n2 3.5\n"));
  CHECK(contains(script, "0 10\n1 15\n"));
  CHECK(contains(script, "0 0 1\n1 0 2\n2 0 3\n0 1 4\n1 1 5\n2 1 6\n"));  // column, row, value
  CHECK(contains(script, "\n0 255\n"));                                   // the first image, black to white
  CHECK(contains(script, "\n255 0\n"));
  CHECK(contains(script, "\n0 51\n102 255\n"));
}

TEST_CASE("plot: bad input is one clear line") {
  Figure f("Title");
  plot::Axes& a = f.axes();
  const auto says = [](const std::function<void()>& action, const std::string& part) {
    const std::string message = error_of(action);
    CHECK_MESSAGE(contains(message, part), message);
    CHECK_FALSE(contains(message, "\n"));
  };
  says([&] { f.save("/tmp/never"); }, "the figure 'Title' is empty");
  says([&] { a.hline(1), f.save("/tmp/never"); }, "is empty");
  says([&] { a.lines({1, 2, 3}, {1, 2}, "the\nloss"); }, "lines 'the loss': x has 3 values and y has 2");
  says([&] { a.lines({}, {}, "loss"); }, "lines 'loss': there are no values");
  says([&] { a.scatter({1}, {1, 2}); }, "scatter: x has 1 values and y has 2");
  says([&] { a.band({1, 2}, {1, 2}, {1}, "s"); }, "band 's': x has 2 values and high has 1");
  says([&] { a.labels({1, 2}, {1, 2}, {"a"}); }, "1 texts for 2 points");
  says([&] { a.lines({1}, {1}, "x", {.color = "mauve"}); }, "no colour 'mauve'");
  says([&] { a.lines({1}, {1}, "x", {.width = -1}); }, "width -1");
  says([&] { a.bars({"a", "b"}, {1}, "x"); }, "bars 'x': 2 names for 1 values");
  says([&] { Figure().axes().bars({"a"}, {1}).bars({"b"}, {1}, "x"); }, "names differ");
  says([&] { a.heat_map(2, 3, {1, 2, 3}); }, "3 values for (2, 3)");
  says([&] { a.heat_map(std::size_t(1) << 40, std::size_t(1) << 40, {1}); }, "more than a million cells");
  says([&] { a.heat_map(0, 3, {}); }, "(0, 3) has no cells");
  says([&] { a.heat_map(1, 2, {1, 2}, {}, {"only one"}); }, "1 names for 2 columns");
  says([&] { a.heat_map(ones(Shape{2, 2, 2})); }, "shape (2, 2, 2) has not two axes");
  says([&] { a.heat_map(1, 1, {1}, {}, {}, {.low = 3, .high = 3}); }, "low 3 is not below high 3");
  says([&] { a.images(2, 2, {{1, 2, 3}}); }, "image 0 has 3 pixels, not (2, 2)");
  says([&] { a.images(1, 1, {{1}}, {.captions = {"a", "b"}}); }, "2 captions for 1 images");
  says([&] { a.contour({0, 0}, {0, 1}, {1, 2, 3, 4}); }, "x[1] = 0 does not ascend");
  says([&] { a.contour({0, 1}, {0, 1}, {1, 2, 3}); }, "3 values for a grid of (2, 2)");
  says([&] { a.contour({0, 1, 5}, {0, 1}, {1, 2, 3, 4, 5, 6}, {.filled = true}); }, "not evenly spaced");
  says([&] { Figure().axes().heat_map(1, 1, {1}).images(1, 1, {{1}}); }, "already has");
  says([&] { a.hline(missing, "goal"); }, "hline 'goal': the place nan is not finite");
  says([&] { a.x_range(2, 1); }, "x_range: low 2 is not below high 1");
  says([&] { a.x_ticks({1, 2}, {"a"}); }, "2 places for 1 names");
  says([&] { Figure("", {.width = 5}); }, "5 x 500 pixels");
  says([&] { Figure("", {.font_size = 400}); }, "font size 400");
  says([&] { f.subplots(std::size_t(1) << 63, 4); }, "between 1 and 100 panels");
  says([&] { f.panel(1, 0); }, "panel(1, 0): the figure has (1, 1) panels");
  const auto saved = [](auto&& draw) {
    Figure figure;
    draw(figure.axes());
    figure.save("/tmp/never");
  };
  says([&] { saved([](auto& axes) {
               axes.lines({1, 2}, {1, 0}, "loss").log_y();
             }); },
       "series 'loss': y[1] = 0 has no place on a logarithmic axis");
  says([&] { saved([](auto& axes) { axes.scatter({-1, 2}, {1, 0}, "s").log_x(); }); }, "series 's': x[0] = -1");
  says([&] { saved([](auto& axes) { axes.lines({1}, {1}).hline(-2, "g").log_y(); }); }, "guide line 'g'");
  says([&] { saved([](auto& axes) { axes.heat_map(1, 1, {1}).log_x(); }); }, "cannot have a logarithmic axis");
  says([&] { saved([](auto& axes) { axes.contour({0, 1}, {0, 1}, {1, 2, 3, 4}, {.levels = {9}}); }); }, "none of the levels");
  Figure good;
  good.axes().lines({1}, {1});
  says([&] { good.save(""); }, "a file name is needed");
  if (has_gnuplot()) says([&] { good.save("/proc/none/figure"); }, "/proc/none");
}
