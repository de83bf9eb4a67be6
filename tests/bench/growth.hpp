#pragma once
/// @file
/// How cost grows: time against context length, width, vocabulary and amount of text.
#include <string>
#include <vector>

#include "common/plot/figure.hpp"
#include "tests/bench/bench.hpp"

namespace bench {

struct Growth {
  std::string name, label;
  std::vector<double> sizes = {}, seconds = {};

  double exponent() const;       ///< the slope of log seconds over log size, by least squares
  double last_exponent() const;  ///< between the two largest sizes
};

/// Measures all four: a GPT layer of width 128 against its context, one of 128 tokens against its width, an output layer with
/// cross-entropy against the vocabulary, word2vec against the text. Each size for settings.seconds.
std::vector<Growth> measure_growth(const Settings& settings);

/// Four panels, both axes logarithmic: a straight line is a power, its slope the exponent.
byhand::plot::Figure growth_figure(const std::vector<Growth>& all);
void print_growth(const std::vector<Growth>& all);

}  // namespace bench
