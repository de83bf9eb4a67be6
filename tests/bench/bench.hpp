#pragma once
/// @file
/// What `byhand bench` times: workloads, each one a task that a reader would otherwise give to another program.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

struct Settings {
  double seconds = 5;          ///< repeat for about so long; at least once
  std::filesystem::path text;  ///< for workloads that read one; empty: the text they name
};

struct Result {
  double rate = 0;  ///< units per second; larger is better
  std::string detail;
};

struct Workload {
  std::string name, unit, what;
  Result (*run)(const Settings&);
};

const std::vector<Workload>& workloads();

/// Skip-gram, 5 negatives, 100 numbers a word, window 5, words seen 5 times, subsampling 1e-3, one pass over a text.
Result word2vec(const Settings& settings);
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
