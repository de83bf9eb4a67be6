#include "chapters/14_bert/pictures.hpp"

#include <algorithm>
#include <cmath>

#include "common/text/projection.hpp"
#include "common/text/tsne.hpp"

namespace bert {
using namespace byhand;

plot::Figure training_figure(const Pretrained& model, std::size_t steps_an_epoch) {
  std::vector<double> steps, accuracy, perplexity, next;
  for (const train::EpochReport& e : model.history.epochs) {
    steps.push_back(double(e.epoch) * double(steps_an_epoch));
    accuracy.push_back(100 * e.metric("validation_masked_accuracy").value_or(NAN));
    perplexity.push_back(std::exp(e.metric("validation_masked_loss").value_or(NAN)));
    next.push_back(100 * e.metric("validation_next_accuracy").value_or(NAN));
  }
  const double end = steps.back() * 1.04;
  const bool pairs = !next.empty() && !std::isnan(next.back());
  plot::Figure figure("Pre-training: hidden words soon become easier than guessing by frequency",
                      {.width = pairs ? 1300 : 900, .height = 430});
  figure.subplots(1, pairs ? 3 : 2);
  figure.panel(0, 0)
      .lines(steps, accuracy, "", {.points = true})
      .hline(100 * model.baseline, fmt::format("always \"{}\"", model.most_frequent))
      .x_range(0, end)
      .title("hidden words found")
      .x_label("steps")
      .y_label("right, % of held-out")
      .y_range(0, 100);
  figure.panel(0, 1)
      .lines(steps, perplexity, "", {.points = true})
      .hline(model.unigram_perplexity, "by frequency")
      .log_y()
      .x_range(0, end)
      .title("perplexity of hidden words")
      .x_label("steps")
      .y_label("exp(loss)");
  if (pairs)
    figure.panel(0, 2)
        .lines(steps, next, "", {.points = true})
        .hline(50, "a coin")
        .x_range(0, end)
        .title("next sentence or not")
        .x_label("steps")
        .y_label("right, %")
        .y_range(0, 100);
  return figure;
}

namespace {

/// One scatter for each label.
void scatter_by_label(plot::Axes& axes, const Array& points,
                      const std::vector<std::int64_t>& labels,
                      const std::vector<std::string>& names, double size) {
  for (std::size_t label = 0; label < names.size(); ++label) {
    std::vector<double> x, y;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] != std::int64_t(label)) continue;
      x.push_back(double(points(i, 0)));
      y.push_back(double(points(i, 1)));
    }
    // Not the style's colours: its sixth mark is open and needs a dark one
    const char* colors[] = {"blue", "vermillion", "green", "pink", "orange", "black"};
    if (!x.empty())
      axes.scatter(x, y, names[label], {.size = size, .color = colors[label % std::size(colors)]});
  }
}

}  // namespace

plot::Figure senses_figure(const std::vector<SensePicture>& words) {
  plot::Figure figure("The same word in two senses: what pre-training adds to the gap between them",
                      {.width = 900, .height = 800});
  figure.subplots((words.size() + 1) / 2, 2);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const SensePicture& picture = words[i];
    plot::Axes& axes = figure.panel(i / 2, i % 2);
    scatter_by_label(
        axes, text::pca(picture.vectors), picture.labels,
        {topics()[std::size_t(picture.word.first)], topics()[std::size_t(picture.word.second)]},
        0.8);
    axes.title(fmt::format("{}: gap {:.2f} before, {:.2f} after", picture.word.word,
                           picture.gap_before, picture.gap_after))
        .x_label("first direction")
        .y_label("second direction");
  }
  return figure;
}

plot::Figure sentences_figure(const Array& before, const Array& after,
                              const std::vector<std::int64_t>& labels,
                              const std::vector<std::string>& names, Generator& generator) {
  plot::Figure figure("Sentences of one topic gather, though no topic was ever told (t-SNE)",
                      {.width = 1100, .height = 560});
  figure.subplots(1, 2);
  const std::pair<const char*, const Array*> sides[] = {{"mean of the word table's rows", &before},
                                                        {"mean of the encoder's vectors", &after}};
  for (std::size_t side = 0; side < 2; ++side) {
    plot::Axes& axes = figure.panel(0, side);
    scatter_by_label(axes, text::tsne(*sides[side].second, generator), labels, names, 0.7);
    axes.title(sides[side].first).x_label("first coordinate").y_label("second coordinate");
  }
  return figure;
}

std::string verdict(const std::vector<Comparison>& comparisons) {
  const auto pays = [](const Comparison& c) {
    return mean_spread(c.pretrained).mean >
           std::max(mean_spread(c.from_scratch).mean, mean_spread(c.tfidf).mean);
  };
  const auto paid = std::size_t(std::count_if(comparisons.begin(), comparisons.end(), pays));
  if (paid == comparisons.size()) return "Pre-training pays";
  if (paid == 0) return "Pre-training does not pay";
  const bool first =
      std::all_of(comparisons.begin(), comparisons.begin() + std::ptrdiff_t(paid), pays);
  return first ? "Pre-training pays while labels are few" : "Pre-training pays now and then";
}

plot::Figure fine_tuning_figure(const std::vector<Comparison>& comparisons,
                                const std::string& what) {
  plot::Figure figure(fmt::format("{}: {}", verdict(comparisons), what),
                      {.width = 800, .height = 500});
  plot::Axes& axes = figure.axes();
  const std::pair<const char*, std::vector<double> Comparison::*> contestants[] = {
      {"BERT, pre-trained", &Comparison::pretrained},
      {"BERT from scratch", &Comparison::from_scratch},
      {"TF-IDF + logistic regression", &Comparison::tfidf}};
  double lowest = 100;
  for (const auto& [name, member] : contestants) {
    std::vector<double> labels, mean, low, high;
    for (const Comparison& c : comparisons) {
      const MeanSpread m = mean_spread(c.*member);
      labels.push_back(double(c.labels));
      mean.push_back(100 * m.mean);
      low.push_back(100 * (m.mean - m.spread));
      high.push_back(std::min(100.0, 100 * (m.mean + m.spread)));
      lowest = std::min(lowest, low.back());
    }
    axes.lines(labels, mean, name, {.points = true});
    if (comparisons.front().tfidf.size() > 1) axes.band(labels, low, high);
  }
  const double first = double(comparisons.front().labels), last = double(comparisons.back().labels);
  axes.log_x()
      .x_range(first / 1.3, last * 1.3)
      .x_label("labelled sentences a class")
      .y_label("test sentences right, %")
      .y_range(std::max(0.0, 10 * std::floor(lowest / 10)), 102);
  std::vector<double> places;
  std::vector<std::string> names;
  for (const Comparison& c : comparisons) {
    places.push_back(double(c.labels));
    names.push_back(fmt::format("{}", c.labels));
  }
  axes.x_ticks(places, names);
  return figure;
}

}  // namespace bert
