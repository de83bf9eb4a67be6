#include "chapters/06_word2vec/pictures.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "common/text/projection.hpp"

namespace word2vec {
using namespace byhand;

std::vector<Topic> neighbourhoods(const text::WordVectors& vectors, const std::vector<std::string>& words, std::size_t neighbours) {
  std::vector<Topic> topics;
  std::set<std::string> used(words.begin(), words.end());
  for (const std::string& word : words) {
    if (!vectors.contains(word)) continue;
    topics.push_back({"near " + word, {word}});
    for (const text::Neighbour& near : vectors.nearest(word, neighbours))
      if (used.insert(near.word).second) topics.back().words.push_back(near.word);
  }
  return topics;
}

std::vector<std::string> words_with_vectors(const text::WordVectors& vectors, const std::vector<Topic>& topics) {
  std::vector<std::string> words;
  for (const Topic& topic : topics)
    for (const std::string& word : topic.words)
      if (vectors.contains(word)) words.push_back(word);
  return words;
}

// ---- figures ----

plot::Figure training_figure(const std::vector<Epoch>& epochs, const std::string& name) {
  std::vector<double> numbers, loss, share;
  for (const Epoch& e : epochs) {
    numbers.push_back(e.epoch);
    loss.push_back(e.loss);
    share.push_back(100 * e.analogies.share());
  }
  plot::Figure figure("The loss falls, and the analogies come with it", {.width = 1000, .height = 420});
  figure.subplots(1, 2);
  figure.panel(0, 0)
      .lines(numbers, loss, "", {.points = true})
      .title(name + ": loss")
      .x_label("epoch")
      .y_label("mean loss of a prediction");
  figure.panel(0, 1).lines(numbers, share, "", {.points = true}).title("analogies").x_label("epoch").y_label("solved, %").y_range(0, 105);
  return figure;
}

namespace {

/// The vectors of words that have one, scaled to length 1 (only directions count): (words, width).
Array directions(const text::WordVectors& vectors, const std::vector<std::string>& words) {
  Array rows = empty({words.size(), vectors.width()});
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Array v = vectors[words[i]];
    double squares = 0;
    for (const real x : v) squares += double(x) * double(x);
    for (std::size_t d = 0; d < v.size(); ++d) rows(i, d) = real(v(d) / std::sqrt(std::max(squares, 1e-30)));
  }
  return rows;
}

std::vector<double> column(const Array& points, std::size_t col, std::size_t first, std::size_t last) {
  std::vector<double> numbers;
  for (std::size_t i = first; i < last; ++i) numbers.push_back(double(points(i, col)));
  return numbers;
}

/// Which of the pairs, whose left words are the rows 0 … n - 1 of the points and whose partners the rows n … 2n - 1, can be drawn with
/// their names: those at least 4 % of the height above or below the ones before them.
std::vector<std::size_t> apart(const Array& points, std::size_t n) {
  const std::vector<double> y = column(points, 1, 0, 2 * n);
  const auto [low, high] = std::minmax_element(y.begin(), y.end());
  const double gap = 0.04 * (*high - *low);
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < n; ++i)
    if (std::none_of(chosen.begin(), chosen.end(),
                     [&](std::size_t k) { return std::abs(y[i] - y[k]) < gap || std::abs(y[n + i] - y[n + k]) < gap; }))
      chosen.push_back(i);
  return chosen;
}

void draw_pairs(plot::Axes& axes, const text::WordVectors& vectors, const Pairs& pairs, const std::string& title) {
  Pairs known;
  for (const auto& [a, b] : pairs)
    if (vectors.contains(a) && vectors.contains(b)) known.emplace_back(a, b);
  const std::size_t n = known.size();
  check(n >= 2, "pairs: {} of {} pairs have vectors; at least 2 are needed", n, pairs.size());
  std::vector<std::string> words(2 * n);  // first all left words, then their partners
  for (std::size_t i = 0; i < n; ++i) std::tie(words[i], words[n + i]) = known[i];
  const Array points = text::pca(directions(vectors, words));  // (2n, 2)

  std::vector<double> x[2], y[2];  // of left words and partners
  std::vector<std::string> names[2];
  for (const std::size_t i : apart(points, n)) {
    for (const std::size_t side : {0, 1}) {
      x[side].push_back(double(points(side * n + i, 0)));
      y[side].push_back(double(points(side * n + i, 1)));
      names[side].push_back(words[side * n + i]);
    }
  }
  for (const std::size_t side : {0, 1}) {
    axes.scatter(x[side], y[side], "", {.color = side == 0 ? "#0072b2" : "#d55e00"});
    axes.labels(x[side], y[side], names[side]);
  }
  for (std::size_t i = 0; i < x[0].size(); ++i)
    axes.lines(std::vector{x[0][i], x[1][i]}, std::vector{y[0][i], y[1][i]}, "", {.solid = true, .width = 1, .color = "#999999"});
  const std::vector<double> all = column(points, 0, 0, 2 * n);
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  axes.x_range(*low - 0.1 * (*high - *low), *high + 0.3 * (*high - *low));  // room for the words on the right
  axes.title(title).x_label("first principal component").y_label("second principal component");
}

/// Names the points, but for those whose name would cover another: nobody could read either.
void name_points(plot::Axes& axes, const Array& points, const std::vector<std::string>& words) {
  const std::vector<double> x = column(points, 0, 0, words.size()), y = column(points, 1, 0, words.size());
  const auto range = [](const std::vector<double>& v) {
    return *std::max_element(v.begin(), v.end()) - *std::min_element(v.begin(), v.end());
  };
  const double letter = 0.0105 * range(x), line = 0.028 * range(y);  // of this figure's size and font, with some room
  std::vector<std::size_t> named;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto covers = [&](std::size_t other) {
      const double right = x[i] + letter * double(words[i].size()), other_right = x[other] + letter * double(words[other].size());
      return std::abs(y[i] - y[other]) < line && x[i] < other_right && x[other] < right;
    };
    if (std::none_of(named.begin(), named.end(), covers)) named.push_back(i);
  }
  std::vector<double> named_x, named_y;
  std::vector<std::string> names;
  for (const std::size_t i : named) named_x.push_back(x[i]), named_y.push_back(y[i]), names.push_back(words[i]);
  axes.labels(named_x, named_y, names);
}

}  // namespace

plot::Figure pairs_figure(const text::WordVectors& vectors, const Pairs& left, const Pairs& right) {
  plot::Figure figure("The same step leads from each word to its partner", {.width = 1200, .height = 640});
  figure.subplots(1, 2);
  draw_pairs(figure.panel(0, 0), vectors, left, left.front().first + " to " + left.front().second + ", and so on");
  draw_pairs(figure.panel(0, 1), vectors, right, right.front().first + " to " + right.front().second + ", and so on");
  return figure;
}

plot::Figure topics_figure(const text::WordVectors& vectors, const std::vector<Topic>& topics, Generator& generator) {
  const std::vector<std::string> words = words_with_vectors(vectors, topics);
  check(words.size() >= 10, "topics: only {} of their words have vectors; at least 10 are needed", words.size());
  const Array points =
      text::tsne(directions(vectors, words), generator, {.perplexity = std::min(20.0, double(words.size() - 1) / 4)});  // (n, 2)
  plot::Figure figure("Words used alike lie together (t-SNE)", {.width = 1000, .height = 800});
  std::size_t first = 0;
  for (const Topic& topic : topics) {
    const std::size_t last = first + words_with_vectors(vectors, {topic}).size();
    if (last > first) figure.axes().scatter(column(points, 0, first, last), column(points, 1, first, last), topic.name);
    first = last;
  }
  name_points(figure.axes(), points, words);
  figure.axes().x_label("t-SNE, first number (no unit)").y_label("t-SNE, second number (no unit)");
  return figure;
}

}  // namespace word2vec
