#include <ex4_forgetful_loop.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// final_bias after each epoch: by the chapter's derivative, written out, and by the reader's loop.
void judge(const std::string& name, real start, const dosage::Data& data, double learning_rate,
           int epochs) {
  dosage::Network n;
  n.final_bias = start;
  const dosage::BuiltIn built_in(n);
  std::vector<real> expected;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    n.final_bias -= real(learning_rate) * dosage::derivative_by_hand(n, data);
    expected.push_back(n.final_bias);
  }
  const double rounding = 1e-3;  // of derivatives up to 200 in float
  verdict::equal(name, array(expected), array(ex::descend(built_in, data, learning_rate, epochs)),
                 rounding);
}

}  // namespace

TEST_CASE("final_bias after each epoch") {
  const dosage::Data notes;
  judge("from 0: 1 epoch", 0, notes, 0.1, 1);
  judge("from 0: 40 epochs", 0, notes, 0.1, 40);
  judge("from 5: all doses have an output", 5, notes, 0.05, 40);
}

TEST_CASE("other doses") {
  Generator generator{42};
  dosage::Data data;
  data.inputs.clear();
  data.labels.clear();
  for (int i = 0; i < 6; ++i) {
    data.inputs.push_back(generator.uniform());
    data.labels.push_back(generator.uniform());
  }
  judge("6 random doses, 30 epochs", 10, data, 0.02, 30);
}
