#include "chapters/06_word2vec/pictures.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "common/plot/labels.hpp"
#include "common/text/projection.hpp"
#include "common/text/tsne.hpp"

namespace word2vec {
using namespace byhand;

std::vector<Topic> neighbourhoods(const text::WordVectors& vectors,
                                  const std::vector<std::string>& words, std::size_t neighbours) {
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

std::vector<std::string> words_with_vectors(const text::WordVectors& vectors,
                                            const std::vector<Topic>& topics) {
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
  plot::Figure figure("Loss and analogies over the epochs", {.width = 1000, .height = 420});
  figure.subplots(1, 2);
  figure.panel(0, 0)
      .lines(numbers, loss, "", {.points = true})
      .title(name + ": loss")
      .x_label("epoch")
      .y_label("mean loss of a prediction");
  figure.panel(0, 1)
      .lines(numbers, share, "", {.points = true})
      .title("analogies")
      .x_label("epoch")
      .y_label("solved, %")
      .y_range(0, 105);
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
    for (std::size_t d = 0; d < v.size(); ++d)
      rows(i, d) = real(v(d) / std::sqrt(std::max(squares, 1e-30)));
  }
  return rows;
}

void draw_pairs(plot::Axes& axes, const text::WordVectors& vectors, const Pairs& pairs,
                const std::string& title) {
  Pairs known;
  for (const auto& [a, b] : pairs)
    if (vectors.contains(a) && vectors.contains(b)) known.emplace_back(a, b);
  const std::size_t n = known.size();
  check(n >= 2, "pairs: {} of {} pairs have vectors; at least 2 are needed", n, pairs.size());
  std::vector<std::string> words(2 * n);  // first all left words, then their partners
  for (std::size_t i = 0; i < n; ++i) std::tie(words[i], words[n + i]) = known[i];
  const Array points = text::pca(directions(vectors, words));  // (2n, 2)

  plot::NamedPoints map(plot::view_around(points, 485, 565));
  map.add("", {words.begin(), words.begin() + std::ptrdiff_t(n)}, points, 0, {.color = "#0072b2"});
  map.add("", {words.begin() + std::ptrdiff_t(n), words.end()}, points, n, {.color = "#d55e00"});
  for (std::size_t i = 0; i < n; ++i) map.add_line(points, i, n + i);
  map.draw(axes);
  axes.title(title).x_label("first principal component").y_label("second principal component");
}

}  // namespace

plot::Figure pairs_figure(const text::WordVectors& vectors, const Pairs& left, const Pairs& right) {
  plot::Figure figure("A line from each word to its partner", {.width = 1200, .height = 720});
  figure.subplots(1, 2);
  draw_pairs(figure.panel(0, 0), vectors, left,
             left.front().first + " to " + left.front().second + ", and so on");
  draw_pairs(figure.panel(0, 1), vectors, right,
             right.front().first + " to " + right.front().second + ", and so on");
  return figure;
}

plot::Figure topics_figure(const text::WordVectors& vectors, const std::vector<Topic>& topics,
                           Generator& generator) {
  const std::vector<std::string> words = words_with_vectors(vectors, topics);
  check(words.size() >= 10, "topics: only {} of their words have vectors; at least 10 are needed",
        words.size());
  const double perplexity = std::min(20.0, double(words.size() - 1) / 4);
  const Array points =
      text::tsne(directions(vectors, words), generator, {.perplexity = perplexity});  // (n, 2)
  plot::Figure figure("Words with like vectors lie together (t-SNE)",
                      {.width = 1100, .height = 900});
  plot::NamedPoints map(plot::view_around(points, 990, 700));
  std::size_t first = 0;
  for (const Topic& topic : topics) {
    const std::vector<std::string> known = words_with_vectors(vectors, {topic});
    map.add(topic.name, known, points, first);
    first += known.size();
  }
  map.choose_first({"king", "queen", "tea", "coffee"});
  map.draw(figure.axes());
  figure.axes().x_label("t-SNE, first number (no unit)").y_label("t-SNE, second number (no unit)");
  return figure;
}

}  // namespace word2vec
