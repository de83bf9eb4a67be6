#include <cmath>

#include "chapters/03_training/by_hand/batch_norm.hpp"
#include "chapters/03_training/depth.hpp"
#include "chapters/03_training/parts/parts.hpp"
#include "chapters/03_training/pictures.hpp"
#include "common/app/chapter.hpp"
#include "common/tensor/random.hpp"

namespace training {
using namespace byhand;
namespace {

/// A network that is nothing but one weight, again and again. Powers of 2 are exact.
void one_weight_fifty_times() {
  for (const double weight : {2.0, 0.5}) {
    const double by_hand = depth::applied_by_hand(weight, 50);
    fmt::print("a weight of {} applied 50 times: derivative {:.16g}\n", weight, by_hand);
    check(by_hand == depth::applied_by_autograd(weight, 50),
          "{}^50 by hand is not what autograd says", weight);
  }
}

depth::Table seven_networks(const app::Settings& settings, const moons::Data& data) {
  const depth::Table norms =
      depth::measure({2, 5, 10, 20, 30, 40, 50}, data, settings.quick ? 1 : 5, settings.seed);
  app::Table table({"norm of the gradient at the first layer of", "2 layers", "10", "20", "50",
                    "factor a layer"});
  const auto text = [](double v) { return v > 0 ? fmt::format("{:.0e}", v) : "0"; };
  for (std::size_t i = 0; i < norms.norms.size(); ++i) {
    // n[0] at 2 layers, n[2] at 10, n[3] at 20, n[4] at 30, n[6] at 50
    const auto& n = norms.norms[i];
    const double factor = std::pow(n[4] / n[2], 1 / 20.0);  // from 10 to 30 layers
    table.add_row({depth::setups()[i].name, text(n[0]), text(n[2]), text(n[3]), text(n[6]),
                   app::number(factor, 2)});
  }
  table.print();
  fmt::print("The sigmoid's slope is at most 0.25: each layer takes most of what is left, ");
  fmt::print("and after 50 a float holds 0. Xavier's and He's\n");
  fmt::print("weights, or batch normalisation, keep the factor near 1. ");
  fmt::print("With weights three times as large it is near 3. (From 10 to 30 layers.)\n");
  return norms;
}

}  // namespace

void deep_gradients(const app::Settings& settings, const Sets& sets) {
  app::heading("5. Vanishing and exploding gradients: what reaches the first layer");
  one_weight_fifty_times();
  const depth::Table norms = seven_networks(settings, sets.test);
  Generator generator{settings.seed};
  const Array x = randn({20, 4}, generator);
  app::agree("batch norm by hand = nn::BatchNorm", by_hand::BatchNorm(4).training(x),
             nn::BatchNorm(4)(Tensor(x)).value(), 1e-5);
  app::save_figure(pictures::depth(norms), "depth", settings);
}

}  // namespace training
