#include "chapters/05_word_embeddings/pictures.hpp"

#include <algorithm>
#include <cmath>

#include "common/text/projection.hpp"

namespace embeddings {
using namespace byhand;

namespace {

std::vector<real> column(const Array& rows, std::size_t c) {
  std::vector<real> numbers;
  for (std::size_t i = 0; i < rows.shape()[0]; ++i) numbers.push_back(rows(i, c));
  return numbers;
}

/// What a panel shows, and on how many pixels.
struct View {
  double x_low, x_high, y_low, y_high, width, height;
};

/// Words at their places, all drawn in one panel: a mark of colour and shape of its own for each group. A text stands where it covers
/// no other text or mark: right, left, above or below its own mark, or farther up or down.
class WordMap {
 public:
  explicit WordMap(const View& view)
      : view_(view), x_pixel_((view.x_high - view.x_low) / view.width), y_pixel_((view.y_high - view.y_low) / view.height) {}

  void add_group(const std::string& name, const std::vector<std::string>& words, const Array& places, std::size_t first) {
    groups_.push_back({name, words_.size(), words.size()});
    for (std::size_t i = 0; i < words.size(); ++i) {
      words_.push_back(words[i]);
      x_.push_back(places(first + i, 0));
      y_.push_back(places(first + i, 1));
    }
  }

  void draw(plot::Axes& axes) const {
    for (const Group& group : groups_) {
      const auto from = std::ptrdiff_t(group.first), to = std::ptrdiff_t(group.first + group.count);
      axes.scatter(std::vector<double>(x_.begin() + from, x_.begin() + to), std::vector<double>(y_.begin() + from, y_.begin() + to),
                   group.name, {.size = 1.1});
    }
    std::vector<Box> taken;
    for (std::size_t i = 0; i < words_.size(); ++i)
      taken.push_back({x_[i] - 5 * x_pixel_, x_[i] + 5 * x_pixel_, y_[i] - 5 * y_pixel_, y_[i] + 5 * y_pixel_});
    std::vector<double> x, y;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const auto [dx, dy] = free_place(i, taken);
      x.push_back(x_[i] + dx);
      y.push_back(y_[i] + dy);
      taken.push_back(text_box(i, dx, dy));
    }
    axes.labels(x, y, words_).x_range(view_.x_low, view_.x_high).y_range(view_.y_low, view_.y_high);
  }

 private:
  struct Group {
    std::string name;
    std::size_t first, count;
  };
  struct Box {
    double left, right, bottom, top;
    bool meets(const Box& b) const { return left < b.right && b.left < right && bottom < b.top && b.bottom < top; }
  };
  double text_width(std::size_t i) const { return 8.2 * double(words_[i].size()) * x_pixel_; }  // about
  /// Axes::labels begins a text 7 pixels right of the place it is given and a little above it.
  Box text_box(std::size_t i, double dx, double dy) const {
    const double left = x_[i] + dx + 6 * x_pixel_, y = y_[i] + dy;
    return {left, left + text_width(i), y - 4 * y_pixel_, y + 11 * y_pixel_};
  }

  std::pair<double, double> free_place(std::size_t i, const std::vector<Box>& taken) const {
    const double left = -text_width(i) - 14 * x_pixel_, middle = left / 2;
    std::vector<std::pair<double, double>> places = {{0, 0}, {left, 0}, {middle, 13}, {middle, -19}};
    for (int up = 4; up < 60; up += 4) places.insert(places.end(), {{0, up}, {0, -up}, {left, up}, {left, -up}});
    for (const auto& [dx, pixels] : places) {
      const Box box = text_box(i, dx, pixels * y_pixel_);
      const bool inside = box.left > view_.x_low && box.right < view_.x_high && box.bottom > view_.y_low && box.top < view_.y_high;
      if (inside && std::none_of(taken.begin(), taken.end(), [&](const Box& other) { return other.meets(box); }))
        return {dx, pixels * y_pixel_};
    }
    return {0, 0};
  }

  View view_;
  double x_pixel_, y_pixel_;
  std::vector<Group> groups_;
  std::vector<std::string> words_;
  std::vector<double> x_, y_;
};

/// All places, with room for texts around them.
View view_of(const Array& places, double width, double height) {
  const auto x = column(places, 0), y = column(places, 1);
  const auto [left, right] = std::minmax_element(x.begin(), x.end());
  const auto [bottom, top] = std::minmax_element(y.begin(), y.end());
  const double x_room = 0.1 * double(*right - *left), y_room = 0.07 * double(*top - *bottom);
  return {*left - x_room, *right + x_room, *bottom - y_room, *top + y_room, width, height};
}

/// Somewhat more than the largest of the numbers, so that a panel from -reach to reach shows all, with room for texts.
double reach_of(const Array& places) {
  double largest = 0;
  for (const real number : places) largest = std::max(largest, std::abs(double(number)));
  return 1.2 * largest;
}

}  // namespace

plot::Figure counts_figure(const Words& vocabulary, const Array& counts, const Array& tfidf) {
  plot::Figure figure("TF-IDF lowers \"the\" and lifts the words that set a sentence apart", {.width = 1150, .height = 500});
  figure.subplots(2, 1);
  const std::vector<std::string> sentences = {"sentence 1", "sentence 2", "sentence 3"};
  figure.panel(0, 0)
      .heat_map(counts, sentences, vocabulary, {.show_values = true, .square = false, .decimals = 0})
      .title("bag of words: times the word occurs");
  figure.panel(1, 0).heat_map(tfidf, sentences, vocabulary, {.show_values = true, .square = false}).title("TF-IDF: rows of length 1");
  return figure;
}

plot::Figure embedding_figure(const Run& run) {
  plot::Figure figure("Troll 2 and Gymkata, used alike, come to lie side by side", {.width = 1000, .height = 520});
  figure.subplots(1, 2);
  const double reach = std::max(reach_of(run.end.E), reach_of(run.steps.front().E));  // one scale for both panels
  for (std::size_t panel = 0; panel < 2; ++panel) {
    plot::Axes& axes = figure.panel(0, panel);
    WordMap map({-reach, reach, -reach, reach, 420, 400});
    for (std::size_t word = 0; word < word_count; ++word)
      map.add_group("", {tokens[word]}, panel == 0 ? run.steps.front().E : run.end.E, word);
    map.draw(axes);
    axes.x_label("w1: to the top hidden node").y_label("w2: to the bottom hidden node");
    axes.title(panel == 0 ? "before training" : "after training");
  }
  return figure;
}

plot::Figure training_figure(const Run& by_hand, const Run& two_linear, const Run& look_up) {
  plot::Figure figure("Three starts, one result: each word predicts the next", {.width = 1000, .height = 480});
  figure.subplots(1, 2);
  plot::Axes& losses = figure.panel(0, 0);
  for (const auto& [name, run] :
       {std::pair{"by hand: even on -0.5 … 0.5", &by_hand}, {"two nn::Linear", &two_linear}, {"nn::Embedding, nn::Linear", &look_up}}) {
    std::vector<double> positive = run->losses;  // after thousands of epochs float has no loss left to show
    for (double& loss : positive)
      if (!(loss > 0)) loss = std::nan("");
    losses.lines(plot::counting(positive.size()), positive, name);
  }
  losses.title("loss").log_y().x_label("epoch").y_label("mean cross-entropy (logarithmic)");
  plot::Axes& ways = figure.panel(0, 1);
  double reach = 0;
  for (std::size_t word = 0; word < word_count; ++word) {
    const Array way = path(by_hand, word);
    reach = std::max(reach, reach_of(way));
    ways.lines(column(way, 0), column(way, 1), tokens[word]);
  }
  ways.title("the ways of the words, by hand").x_label("w1: to the top hidden node").y_label("w2: to the bottom hidden node");
  ways.x_range(-reach, reach).y_range(-reach, reach);
  return figure;
}

plot::Figure glove_figure(const WordVectors& vectors) {
  plot::Figure figure("Nobody told GloVe the topics, or which city is whose capital", {.width = 1400, .height = 760});
  figure.subplots(1, 2);
  std::vector<std::string> words;
  for (const Topic& topic : topics()) words.insert(words.end(), topic.words.begin(), topic.words.end());
  const Array places = text::pca(unit_rows(vectors, words));  // (words, 2)
  WordMap map(view_of(places, 605, 580));
  std::size_t first = 0;
  for (const Topic& topic : topics()) {
    map.add_group(topic.name, topic.words, places, first);
    first += topic.words.size();
  }
  map.draw(figure.panel(0, 0));
  figure.panel(0, 0).title("six topics");

  std::vector<std::string> countries, cities;
  for (const Capital& pair : capitals()) countries.push_back(pair.country), cities.push_back(pair.city);
  std::vector<std::string> both = countries;
  both.insert(both.end(), cities.begin(), cities.end());
  const Array pairs = text::pca(unit_rows(vectors, both));  // (2 * pairs, 2)
  WordMap pairs_map(view_of(pairs, 605, 580));
  pairs_map.add_group("country", countries, pairs, 0);
  pairs_map.add_group("capital", cities, pairs, countries.size());
  plot::Axes& axes = figure.panel(0, 1);
  pairs_map.draw(axes);
  for (std::size_t i = 0; i < countries.size(); ++i) {
    const std::size_t city = countries.size() + i;
    axes.lines({pairs(i, 0), pairs(city, 0)}, {pairs(i, 1), pairs(city, 1)}, "", {.solid = true, .width = 1, .color = "gray"});
  }
  axes.title("countries and capitals");
  for (std::size_t panel = 0; panel < 2; ++panel)
    figure.panel(0, panel).x_label("first principal component").y_label("second principal component");
  return figure;
}

}  // namespace embeddings
