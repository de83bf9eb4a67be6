#include "chapters/02_first_network/pictures.hpp"

#include <cmath>

#include "common/autograd/losses.hpp"

namespace first_network {
using namespace byhand;

plot::Figure dosage_figure() {
  plot::Figure figure("Training one bias brings the bent line down to the data");
  const Array doses = linspace(0, 1, 201);
  std::vector<real> before, after;
  dosage::Network untrained, trained;
  untrained.final_bias = 0;
  for (const real dose : doses) {
    before.push_back(dosage::forward(untrained, dose).output);
    after.push_back(dosage::forward(trained, dose).output);
  }
  const dosage::Data data;
  figure.axes()
      .lines(doses, before, "before training: final_bias = 0")
      .lines(doses, after, "after training: final_bias = -16");
  figure.axes()
      .scatter(data.inputs, data.labels, "observed", {.size = 1.6, .color = "black"})
      .x_label("dose")
      .y_label("effectiveness")
      .x_range(-0.03, 1.03);
  return figure;
}

plot::Figure descent_figure(const std::vector<dosage::Step>& run) {
  plot::Figure figure("Steps get smaller as the slope does", {.width = 1000, .height = 440});
  figure.subplots(1, 2);
  std::vector<real> epochs, bias, loss;
  for (const dosage::Step& step : run) {
    epochs.push_back(real(epochs.size()));
    bias.push_back(step.final_bias);
    loss.push_back(step.loss);
  }
  figure.panel(0, 0)
      .lines(epochs, bias, "", {.points = true})
      .hline(-16)
      .title("final_bias (goal: about -16)")
      .x_label("epoch")
      .y_label("final_bias")
      .legend(plot::Legend::none);
  figure.panel(0, 1)
      .lines(epochs, loss, "", {.points = true})
      .log_y()
      .title("summed squared residuals")
      .x_label("epoch")
      .y_label("loss (logarithmic)")
      .legend(plot::Legend::none);
  return figure;
}

plot::Figure activations_figure() {
  plot::Figure figure("Where a curve is flat, its derivative is 0 and nothing is learned",
                      {.width = 1000, .height = 820});
  figure.subplots(2, 2);
  using Function = Tensor (*)(const Tensor&);
  const std::vector<std::pair<const char*, Function>> smooth = {
      {"sigmoid", [](const Tensor& x) { return sigmoid(x); }},
      {"tanh", [](const Tensor& x) { return tanh(x); }},
      {"softplus", [](const Tensor& x) { return softplus(x); }},
      {"ELU", [](const Tensor& x) { return elu(x); }}};
  const std::vector<std::pair<const char*, Function>> bent = {
      {"ReLU", [](const Tensor& x) { return relu(x); }},
      {"leaky ReLU (0.1)", [](const Tensor& x) { return leaky_relu(x, real(0.1)); }},
      {"GELU", [](const Tensor& x) { return gelu(x); }},
      {"SiLU", [](const Tensor& x) { return silu(x); }}};
  std::size_t row = 0;
  for (const auto& group : {smooth, bent}) {
    for (const auto& [name, function] : group) {
      const Tensor x(linspace(-4, 4, 401), true), y = function(x);
      sum(y).backward();
      figure.panel(row, 0).lines(x.value(), y.value(), name);
      figure.panel(row, 1).lines(x.value(), x.grad(), name);
    }
    figure.panel(row, 0).title("function").x_label("x").y_label("y").y_range(-1.4, 4);
    figure.panel(row, 1).title("derivative").x_label("x").y_label("dy/dx").y_range(-0.3, 1.3);
    ++row;
  }
  return figure;
}

plot::Figure losses_figure() {
  plot::Figure figure("A confident mistake: cross-entropy is far steeper than the squared residual",
                      {.width = 1000, .height = 440});
  figure.subplots(1, 2);
  const Array p = linspace(real(0.02), 1, 197);
  std::vector<real> entropy, squared, entropy_slope, squared_slope;
  for (const real v : p) {
    entropy.push_back(-std::log(v));
    squared.push_back((1 - v) * (1 - v));
    entropy_slope.push_back(-1 / v);
    squared_slope.push_back(-2 * (1 - v));
  }
  figure.panel(0, 0)
      .lines(p, entropy, "-log p")
      .lines(p, squared, "(1 - p)^2")
      .title("loss")
      .x_label("p: probability of the true class")
      .y_label("loss");
  figure.panel(0, 1)
      .lines(p, entropy_slope, "-1 / p")
      .lines(p, squared_slope, "-2 (1 - p)")
      .title("slope")
      .x_label("p")
      .y_label("d loss / dp")
      .y_range(-20, 1);
  return figure;
}

}  // namespace first_network
