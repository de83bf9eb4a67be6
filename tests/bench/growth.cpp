#include "tests/bench/growth.hpp"

#include <fmt/format.h>

#include <cmath>
#include <sstream>

#include "chapters/06_word2vec/engine/word2vec.hpp"
#include "common/app/console.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/nn/transformer.hpp"
#include "common/system/files.hpp"
#include "common/tensor/random.hpp"
#include "tests/bench/bench.hpp"

namespace bench {
using namespace byhand;

namespace {

/// Median seconds of a forward and a backward pass through a GPT layer of this width and length, 4 heads, a batch of 1.
double layer_seconds(std::size_t width, std::size_t length, double seconds) {
  Generator generator{0};
  const nn::TransformerEncoderLayer layer(width, 4, generator,
                                          {.feed_forward = 4 * width, .dropout = 0, .norm_first = true, .batch_first = true});
  const Tensor x(randn({1, length, width}, generator), true);
  const auto step = [&] { sum(square(layer(x, {.causal = true}))).backward(); };
  step();
  return median(repeat(seconds, step));
}

/// The output layer over a vocabulary: 256 tokens of 128 numbers, cross-entropy, forward and backward.
double head_seconds(std::size_t words, double seconds) {
  Generator generator{0};
  const nn::Linear head(128, words, generator, false);
  const Tensor x(randn({256, 128}, generator), true);
  const Ids answers = ids({256}, std::vector<std::int64_t>(256, 1));
  const auto step = [&] { cross_entropy(head(x), answers).backward(); };
  step();
  return median(repeat(seconds, step));
}

/// One pass of word2vec over the first lines of a text.
std::pair<double, double> words_and_seconds(const std::string& text, double share) {
  std::istringstream lines(text.substr(0, text.find('\n', std::size_t(share * double(text.size())) - 1)));
  std::vector<text::Words> sentences;
  for (std::string line; std::getline(lines, line);) sentences.push_back(text::words(line));
  const text::Corpus corpus(sentences);
  Generator generator{1};
  text::Word2Vec model(corpus, {.epochs = 1}, generator);
  return {double(corpus.raw_words), seconds_of([&] { model.train(); })};
}

}  // namespace

double Growth::exponent() const {
  // The slope of the line through log(size), log(seconds) that has the least squares.
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double a = std::log(sizes[i]), b = std::log(seconds[i]);
    n += 1, x += a, y += b, xx += a * a, xy += a * b;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

double Growth::last_exponent() const {
  const std::size_t i = sizes.size() - 1;
  return std::log(seconds[i] / seconds[i - 1]) / std::log(sizes[i] / sizes[i - 1]);
}

std::vector<Growth> measure_growth(const Settings& settings) {
  Growth context{"context", "tokens in the context"}, width{"width", "numbers a token"},
      vocabulary{"vocabulary", "words in the vocabulary"}, corpus{"corpus", "words of text"};
  const auto add = [](Growth& growth, double size, double seconds) { growth.sizes.push_back(size), growth.seconds.push_back(seconds); };
  for (const std::size_t length : {64u, 128u, 256u, 512u, 1024u, 2048u})
    add(context, double(length), layer_seconds(128, length, settings.seconds));
  for (const std::size_t size : {64u, 128u, 256u, 512u, 1024u}) add(width, double(size), layer_seconds(size, 128, settings.seconds));
  for (const std::size_t words : {512u, 1024u, 2048u, 4096u, 8192u, 16384u, 32768u})
    add(vocabulary, double(words), head_seconds(words, settings.seconds));
  const std::string text = read_file(settings.text.empty() ? dataset("kjv.txt") : settings.text);
  for (const double share : {1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 2.0, 1.0}) {
    const auto [words, seconds] = words_and_seconds(text, share);
    add(corpus, words, seconds);
  }
  return {context, width, vocabulary, corpus};
}

plot::Figure growth_figure(const std::vector<Growth>& all) {
  plot::Figure figure("Where twice as much costs twice, and where four times", {.width = 1100, .height = 900});
  figure.subplots(2, 2);
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<double> milliseconds;
    for (const double s : all[i].seconds) milliseconds.push_back(1000 * s);
    figure.panel(i / 2, i % 2)
        .lines(all[i].sizes, milliseconds, "measured", {.points = true})
        .log_x()
        .log_y()
        .x_label(all[i].label)
        .y_label("milliseconds")
        .title(fmt::format("{}: power {:.2f}, at the end {:.2f}", all[i].name, all[i].exponent(), all[i].last_exponent()));
  }
  return figure;
}

void print_growth(const std::vector<Growth>& all) {
  for (const Growth& growth : all) {
    app::Table table({growth.label, "milliseconds", "times the row above"}, 3);
    for (std::size_t i = 0; i < growth.sizes.size(); ++i)
      table.add_row({fmt::format("{:.0f}", growth.sizes[i]), 1000 * growth.seconds[i],
                     i ? fmt::format("{:.2f}", growth.seconds[i] / growth.seconds[i - 1]) : ""});
    fmt::print("\n{}: time grows like size to the power of {:.2f}, at the end {:.2f}\n", growth.name, growth.exponent(),
               growth.last_exponent());
    table.print();
  }
}

}  // namespace bench
