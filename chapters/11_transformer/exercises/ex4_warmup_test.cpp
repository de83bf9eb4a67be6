// The reader's, the original, or the one in solutions/: the build decides.
#include <ex4_warmup.hpp>
#include "tests/exercises/verdict.hpp"

#include <algorithm>

#include "chapters/11_transformer/seq2seq/decoding.hpp"
#include "chapters/11_transformer/seq2seq/training.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

// Budget: examples read in training.
constexpr std::int64_t budget = 2400, largest_warmup = 4000, largest_batch = 100;
constexpr std::size_t digits = 4, tests = 64,
                      vocabulary = std::size_t(seq2seq::first_word) + digits;

/// All 256 rows of four digits from 0 to 3, with their answers, in random order.
seq2seq::Examples rows_of_digits(Generator& generator) {
  seq2seq::Examples examples;
  for (const std::int64_t k : generator.randperm(digits * digits * digits * digits)) {
    seq2seq::Tokens source;
    for (std::int64_t left = k, i = 0; i < 4; left /= std::int64_t(digits), ++i)
      source.push_back(seq2seq::first_word + left % std::int64_t(digits));
    examples.push_back({source, seq2seq::solve(seq2seq::Task::reverse, source)});
  }
  return examples;
}

double share_right(std::uint64_t seed, std::int64_t warmup, std::int64_t batch) {
  Generator generator{seed};
  const seq2seq::Examples all = rows_of_digits(generator);
  const seq2seq::Examples unseen(all.begin(), all.begin() + tests),
      seen(all.begin() + tests, all.end());
  const seq2seq::Model model({.source_words = vocabulary,
                              .target_words = vocabulary,
                              .size = 16,
                              .heads = 2,
                              .layers = 1,
                              .neurons = 32},
                             generator);
  const seq2seq::Training training{.steps = budget / batch,
                                   .warmup = warmup,
                                   .batch = std::size_t(batch),
                                   .smoothing = 0,
                                   .averaged = 0};
  seq2seq::fit(model, seq2seq::PairDataset(seen), training, generator);
  return seq2seq::share_right(unseen, seq2seq::answer(model, unseen));
}

}  // namespace

TEST_CASE("the settings are settings") {
  const auto [warmup, batch] = ex::my_settings();
  const auto in_range = [](const char* name, std::int64_t value, std::int64_t most) {
    verdict::holds(name, value >= 1 && value <= most,
                   fmt::format("{} is not from 1 to {}; what the rows show came from {}", value,
                               most, std::clamp(value, std::int64_t(1), most)));
  };
  in_range("warmup", warmup, largest_warmup);
  in_range("batch", batch, largest_batch);
}

TEST_CASE("rows it has not seen, reversed, from three starts") {
  const auto [warmup, batch] = ex::my_settings();
  for (const std::uint64_t seed : {1, 2, 3})
    verdict::above(fmt::format("seed {}: share of rows right", seed),
                   share_right(seed, std::clamp(warmup, std::int64_t(1), largest_warmup),
                               std::clamp(batch, std::int64_t(1), largest_batch)),
                   0.9);
}
