// Where a training run stands, as JSON; and the states of its generators.
#include "common/train/run/run_state.hpp"

#include <cmath>

#include "common/core/generator.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

namespace {

void check_generator(const std::string& text) {
  Generator generator;
  if (!fuzz::accepts([&] { generator.set_state(text); })) return;
  Generator again;
  fuzz::must([&] { again.set_state(generator.state()); });
  for (int i = 0; i < 3; ++i) fuzz::require(again.normal() == generator.normal(), "a generator draws otherwise");
}

/// All numbers that are not whole, with NaN as 0: it need not equal itself.
std::vector<double> numbers_of(const train::RunState& state) {
  std::vector<double> numbers{state.lr, state.step_lr, state.best};
  for (const auto& [name, sum, weight] : state.averages.entries()) numbers.insert(numbers.end(), {sum, weight});
  for (const train::EpochReport& report : state.reports) {
    numbers.insert(numbers.end(), {report.train_loss, report.lr, report.validation_loss.value_or(-1)});
    for (const auto& [name, value] : report.metrics) numbers.push_back(value);
  }
  for (double& number : numbers)
    if (std::isnan(number)) number = 0;
  return numbers;
}

}  // namespace

void fuzz::read(std::string_view input) {
  accepts([&] {
    const train::RunState state = train::run_state(input, "input");
    for (const std::string& text : state.generators) check_generator(text);
    const std::string written = train::to_text(state);
    const train::RunState again = must([&] { return train::run_state(written, "again"); });
    require(train::to_text(again) == written && numbers_of(again) == numbers_of(state), "the state comes back otherwise");
  });
}
