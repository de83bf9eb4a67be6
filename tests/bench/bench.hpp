#pragma once
/// @file
/// What `byhand bench` times: workloads, each one a task that a reader would otherwise give to another program.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/limits.hpp"

namespace bench {

struct Settings {
  double seconds = 5;          ///< repeat for about so long; at least once
  std::filesystem::path text;  ///< for workloads that read one; empty: the text they name
};

struct Result {
  double rate = 0;  ///< units per second; larger is better
  std::string detail;
  Work work = {};  ///< what hardware must do for it, to compare with
};

struct Workload {
  std::string name, unit, what;
  Result (*run)(const Settings&);
};

const std::vector<Workload>& workloads();

/// Skip-gram, 5 negatives, 100 numbers a word, window 5, words seen 5 times, subsampling 1e-3, one pass over a text.
Result word2vec(const Settings& settings);
/// The 10 largest inner products with each of 64 queries among 100,000 vectors of 384 numbers, exact.
Result retrieval(const Settings& settings);
/// One LSTM unit with 12 scalar weights, two sequences of four days, one Adam step for each: by autograd, and with gradients by hand.
Result lstm_by_hand(const Settings& settings);
Result lstm_by_hand_backward(const Settings& settings);
/// The fry shop: sigmoid of 20 * hunger + bias, a shop is drawn, one update of the bias a visit.
Result policy_gradient(const Settings& settings);
/// Built-in LSTM, 2 layers, 64 wide, 60 days, batch 32, a linear head, squared error of the last day, Adam.
Result nn_lstm(const Settings& settings);
/// Pre-norm transformer, cross-entropy, gradients clipped to norm 1, AdamW. Small: 4 layers, 4 heads, 128 wide, 64 tokens, batch 16.
/// Baby: 6 layers, 6 heads, 384 wide, 256 tokens, batch 8. Both 96 words.
Result gpt_small(const Settings& settings);
Result gpt_baby(const Settings& settings);
/// The same without a causal mask: 4 layers, 4 heads, 256 wide, 128 tokens, batch 16, 8192 words.
Result bert_small(const Settings& settings);
/// gpt_baby writes 200 tokens, greedily, one sequence, with remembered keys and values.
Result gpt_generate(const Settings& settings);
/// A decoder-only transformer with vectors of 2 numbers, 5 words, two sequences of 5 tokens, one Adam step for each.
Result decoder_toy(const Settings& settings);

/// The seconds that one call takes.
template <class F>
double seconds_of(const F& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Calls `work` until `seconds` are over, at least once: the seconds that each call took.
template <class F>
std::vector<double> repeat(double seconds, const F& work) {
  std::vector<double> times;
  double total = 0;
  do total += times.emplace_back(seconds_of(work));
  while (total < seconds);
  return times;
}

inline double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(values.size() / 2), values.end());
  return values[values.size() / 2];
}

}  // namespace bench
