#include <ex6_truncated.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// By autograd: plain numbers up to the first day that counts, tensors from there on.
Array expected(const std::vector<real>& days, real target, const lstm::Weights<real>& w,
               std::size_t steps) {
  const std::size_t first = days.size() - std::min(steps, days.size());
  lstm::Memory<real> constant{0, 0};
  for (std::size_t day = 0; day < first; ++day)
    constant = lstm::lstm_unit(days[day], constant, w).after;
  const lstm::Weights<Tensor> tensors = lstm::to_tensors(w);
  lstm::Memory<Tensor> memory{Tensor(constant.long_memory), Tensor(constant.short_memory)};
  for (std::size_t day = first; day < days.size(); ++day)
    memory = lstm::lstm_unit(Tensor(days[day]), memory, tensors).after;
  square(memory.short_memory - target).backward();
  std::vector<real> gradients;
  for (const Tensor& weight : lstm::to_array(tensors)) gradients.push_back(weight.grad().data()[0]);
  return array(gradients);
}

void judge(const std::string& name, const std::vector<real>& days, real target,
           const lstm::Weights<real>& w, std::size_t steps) {
  const auto mine = ex::truncated_gradients(days, target, w, steps);
  verdict::equal(fmt::format("{}, steps {}", name, steps), expected(days, target, w, steps),
                 array(std::vector<real>(mine.begin(), mine.end())));
}

}  // namespace

TEST_CASE("company B of the notes, the start of seed 42") {
  Generator generator{42};
  const lstm::Weights<real> w = lstm::random_weights(generator);
  const lstm::Company b = lstm::companies()[1];
  for (const std::size_t steps : {1, 2, 3, 4}) judge("company B, 4 days", b.days, b.day5, w, steps);
}

TEST_CASE("random days and weights") {
  Generator generator{7};
  lstm::Weights<real> w = lstm::random_weights(generator);
  w.blr1 = real(1.5), w.bo1 = real(-0.5);
  std::vector<real> days;
  for (int day = 0; day < 12; ++day) days.push_back(generator.normal());
  for (const std::size_t steps : {1, 5, 11, 12}) judge("12 random days", days, real(0.3), w, steps);
  judge("more steps than the 12 days", days, real(0.3), w, 1000);
  judge("a single day", {days[0]}, real(-1), w, 1);
}
