// the reader's, the original, or the one in solutions/: the build decides
#include <ex3_weight.hpp>
#include "tests/exercises/verdict.hpp"

#include "common/autograd/activations.hpp"

namespace ex = byhand::exercise;
using namespace byhand;
using fries::Shop;

namespace {

real by_autograd(const fries::Network& network, real hunger, Shop shop) {
  const Tensor weight(network.weight, true);
  const Tensor x = weight * hunger + network.bias;
  const Tensor loss = shop == Shop::norm ? -logsigmoid(x) : -logsigmoid(-x);
  loss.backward();
  return weight.grad().data()[0];
}

}  // namespace

TEST_CASE("the three factors, by pencil: weight 20, bias -6, hunger 0.3 make X = 0 and P = 0.5") {
  const fries::Network network{20, -6};
  const ex::WeightRule squatch = ex::weight_rule(network, real(0.3), Shop::squatch),
                       norm = ex::weight_rule(network, real(0.3), Shop::norm);
  verdict::equal("Squatch's: dC/dP", 2, squatch.dC_dP);
  verdict::equal("Norm's: dC/dP", -2, norm.dC_dP);
  verdict::equal("dP/dX", 0.25, squatch.dP_dX);
  verdict::equal("dX/dWeight", 0.3, norm.dX_dWeight);
}

TEST_CASE("random networks and hungers") {
  Generator generator{42};
  for (const Shop shop : {Shop::squatch, Shop::norm}) {
    std::vector<real> expected, came;
    for (int i = 0; i < 200; ++i) {
      const std::vector<float> u = generator.uniform(3, -2, 2);
      const fries::Network network{u[0], u[1]};
      expected.push_back(by_autograd(network, u[2], shop));
      came.push_back(ex::weight_rule(network, u[2], shop).derivative());
    }
    verdict::equal(fmt::format("{}: 200 derivatives, as autograd", fries::name(shop)),
                   array(expected), array(came));
  }
}

TEST_CASE("not hungry: the weight plays no part") {
  verdict::equal("hunger 0", 0, ex::weight_rule({20, real(0.7)}, 0, Shop::norm).derivative());
  verdict::equal("hunger 1, weight 0, bias 0", -0.5,
                 ex::weight_rule({0, 0}, 1, Shop::norm).derivative());
}
