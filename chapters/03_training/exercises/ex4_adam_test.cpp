#include <ex4_adam.hpp>  // the reader's, the original or the solution: the build decides

#include "chapters/03_training/by_hand/rules.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

TEST_CASE("the first step is the learning rate, against the gradient's sign") {
  exercise::Vector w = {1, 1, 1};
  exercise::Memory memory;
  exercise::adam(w, {0.001, -5, 200}, memory, 0.1);
  verdict::equal("w after one step", array({real(0.9), real(1.1), real(0.9)}),
                 array(std::vector<real>(w.begin(), w.end())), 1e-5);
}

TEST_CASE("Rosenbrock's valley: the path of the chapter's Adam") {
  rules::Rule rule = rules::adam(0.02);
  exercise::Vector by_chapter = rules::start, by_reader = rules::start;
  exercise::Memory memory;
  for (int step = 1; step <= 300; ++step) {
    rule(by_chapter, rules::rosenbrock_gradient(by_chapter));
    exercise::adam(by_reader, rules::rosenbrock_gradient(by_reader), memory, 0.02);
    if (step != 3 && step != 30 && step != 300) continue;
    const auto numbers = [](const exercise::Vector& w) { return array({real(w[0]), real(w[1])}); };
    verdict::equal(fmt::format("after {} steps", step), numbers(by_chapter), numbers(by_reader));
  }
}
