#include <ex3_two_weights.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

struct Case {
  dosage::Network network;
  real input, label;
};

/// Column 0: d w11, column 1: d w10, a row for each case; once from autograd on the built-in
/// network, once the reader's.
void judge(const std::string& name, const std::vector<Case>& cases, double tolerance) {
  Array expected = empty({cases.size(), 2}), came = expected;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& [network, input, label] = cases[i];
    const dosage::BuiltIn built_in(network);
    built_in.hidden.weight.set_requires_grad(true);  // frozen by the chapter
    built_in.output.weight.set_requires_grad(true);
    sum(square(built_in(Tensor(full({1, 1}, input))) - label)).backward();
    expected(i, 0) = built_in.output.weight.grad()(0, 1);
    expected(i, 1) = built_in.hidden.weight.grad()(1, 0);
    const ex::Derivatives mine = ex::derivatives(network, input, label);
    came(i, 0) = mine.d_w11;
    came(i, 1) = mine.d_w10;
  }
  verdict::equal(name, expected, came, tolerance);
}

}  // namespace

TEST_CASE("the notes' network, columns w11 and w10") {
  dosage::Network untrained;
  untrained.final_bias = 0;
  const double rounding = 1e-3;  // of derivatives up to 202 in float
  judge("before training, dose 0.5", {{untrained, real(0.5), 1}}, rounding);
  judge("after training, doses 0, 0.5, 1", {{{}, 0, 0}, {{}, real(0.5), 1}, {{}, 1, 0}}, rounding);
}

TEST_CASE("other networks") {
  Generator generator{42};
  std::vector<Case> bottom_on, bottom_off, silent;
  while (bottom_on.size() < 20 || bottom_off.size() < 20 || silent.size() < 20) {
    const std::vector<float> u = generator.uniform(9, -2, 2);
    const Case random{{u[0], u[1], u[2], u[3], u[4], u[5], u[6]}, u[7], u[8]};
    const dosage::Steps s = dosage::forward(random.network, random.input);
    auto& group = s.output <= 0 ? silent : s.bottom_relu_output > 0 ? bottom_on : bottom_off;
    if (group.size() < 20) group.push_back(random);
  }
  const double rounding = 1e-4;  // of derivatives up to about 100 in float
  judge("20 networks, bottom ReLU on", bottom_on, rounding);
  judge("20 networks, bottom ReLU off", bottom_off, rounding);
  judge("20 networks with output 0", silent, rounding);
}
