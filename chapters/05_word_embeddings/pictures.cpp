#include "chapters/05_word_embeddings/pictures.hpp"

#include <algorithm>
#include <cmath>

#include "common/plot/labels.hpp"
#include "common/text/projection.hpp"

namespace embeddings {
using namespace byhand;

namespace {

std::vector<real> column(const Array& rows, std::size_t c) {
  std::vector<real> numbers;
  for (std::size_t i = 0; i < rows.shape()[0]; ++i) numbers.push_back(rows(i, c));
  return numbers;
}

/// Somewhat more than the largest of the numbers, so that a panel from -reach to reach shows all,
/// with room for texts.
double reach_of(const Array& places) {
  double largest = 0;
  for (const real number : places) largest = std::max(largest, std::abs(double(number)));
  return 1.2 * largest;
}

}  // namespace

plot::Figure counts_figure(const Words& vocabulary, const Array& counts, const Array& tfidf) {
  plot::Figure figure("TF-IDF lowers \"the\" and lifts the words that set a sentence apart",
                      {.width = 1150, .height = 500});
  figure.subplots(2, 1);
  const std::vector<std::string> sentences = {"sentence 1", "sentence 2", "sentence 3"};
  figure.panel(0, 0)
      .heat_map(counts, sentences, vocabulary,
                {.show_values = true, .square = false, .decimals = 0})
      .title("bag of words: times the word occurs");
  figure.panel(1, 0)
      .heat_map(tfidf, sentences, vocabulary, {.show_values = true, .square = false})
      .title("TF-IDF: rows of length 1");
  return figure;
}

plot::Figure embedding_figure(const Run& run) {
  plot::Figure figure("Troll 2 and Gymkata, used alike, come to lie side by side",
                      {.width = 1000, .height = 520});
  figure.subplots(1, 2);
  // one scale for both panels
  const double reach = std::max(reach_of(run.end.E), reach_of(run.steps.front().E));
  for (std::size_t panel = 0; panel < 2; ++panel) {
    plot::Axes& axes = figure.panel(0, panel);
    plot::NamedPoints map({-reach, reach, -reach, reach, 405, 365});
    for (std::size_t word = 0; word < word_count; ++word)
      map.add("", {tokens[word]}, panel == 0 ? run.steps.front().E : run.end.E, word,
              {.size = 1.1});
    map.draw(axes);
    axes.x_label("w1: to the top hidden node").y_label("w2: to the bottom hidden node");
    axes.title(panel == 0 ? "before training" : "after training");
  }
  return figure;
}

plot::Figure training_figure(const Run& by_hand, const Run& two_linear, const Run& look_up) {
  plot::Figure figure("Three starts, one result: each word predicts the next",
                      {.width = 1000, .height = 480});
  figure.subplots(1, 2);
  plot::Axes& losses = figure.panel(0, 0);
  for (const auto& [name, run] : {std::pair{"by hand: even on -0.5 … 0.5", &by_hand},
                                  {"two nn::Linear", &two_linear},
                                  {"nn::Embedding, nn::Linear", &look_up}}) {
    // after thousands of epochs float has no loss left to show
    std::vector<double> positive = run->losses;
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
  ways.title("the ways of the words, by hand")
      .x_label("w1: to the top hidden node")
      .y_label("w2: to the bottom hidden node");
  ways.x_range(-reach, reach).y_range(-reach, reach);
  return figure;
}

plot::Figure glove_figure(const WordVectors& vectors) {
  plot::Figure figure("Nobody told GloVe the topics, or which city is whose capital",
                      {.width = 1400, .height = 760});
  figure.subplots(1, 2);
  std::vector<std::string> words;
  for (const Topic& topic : topics())
    words.insert(words.end(), topic.words.begin(), topic.words.end());
  const Array places = text::pca(unit_rows(vectors, words));  // (words, 2)
  plot::NamedPoints map(plot::view_around(places, 585, 535));
  std::size_t first = 0;
  for (const Topic& topic : topics()) {
    map.add(topic.name, topic.words, places, first, {.size = 1.1});
    first += topic.words.size();
  }
  map.draw(figure.panel(0, 0));
  figure.panel(0, 0).title("six topics");

  std::vector<std::string> countries, cities;
  for (const Capital& pair : capitals())
    countries.push_back(pair.country), cities.push_back(pair.city);
  std::vector<std::string> both = countries;
  both.insert(both.end(), cities.begin(), cities.end());
  const Array pairs = text::pca(unit_rows(vectors, both));  // (2 * pairs, 2)
  plot::NamedPoints pairs_map(plot::view_around(pairs, 585, 555));
  pairs_map.add("country", countries, pairs, 0, {.size = 1.1});
  pairs_map.add("capital", cities, pairs, countries.size(), {.size = 1.1});
  for (std::size_t i = 0; i < countries.size(); ++i)
    pairs_map.add_line(pairs, i, countries.size() + i);
  plot::Axes& axes = figure.panel(0, 1);
  pairs_map.draw(axes);
  axes.title("countries and capitals");
  for (std::size_t panel = 0; panel < 2; ++panel)
    figure.panel(0, panel)
        .x_label("first principal component")
        .y_label("second principal component");
  return figure;
}

}  // namespace embeddings
