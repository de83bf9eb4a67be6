// the reader's, the original, or the one in solutions/: the build decides
#include <ex1_one_visit.hpp>
#include "tests/exercises/verdict.hpp"

#include "chapters/04_policy_gradient/fry_shop.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

TEST_CASE("a visit to the wrong shop") {
  fries::Network network{20, -1};
  const fries::Visit visit = fries::visit(network, real(0.1), real(0.8), 2);
  verdict::predicted("P(Norm's)", visit.p_norm, ex::p_norm, 0.01);
  verdict::predicted("derivative before the reward", visit.derivative, ex::derivative, 0.01);
  verdict::predicted("new bias", visit.new_bias, ex::new_bias,
                     0.015);  // twice a derivative that was rounded by up to 0.005, and a rounding
  verdict::predicted("new P(Norm's)", visit.new_p_norm, ex::new_p_norm, 0.01);
}
