#include "chapters/08_lstm/by_hand.hpp"

#include <cmath>

#include "common/optim/optimizers.hpp"

namespace lstm {
using namespace byhand;

std::array<real, weight_count> to_array(const Weights<real>& w) {
  return {w.wlr1, w.wlr2, w.blr1, w.wpr1, w.wpr2, w.bpr1, w.wp1, w.wp2, w.bp1, w.wo1, w.wo2, w.bo1};
}

Weights<real> from_array(const std::array<real, weight_count>& v) {
  return {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11]};
}

Weights<Tensor> to_tensors(const Weights<real>& w) {
  const auto t = [](real number) { return Tensor(number, true); };
  return {t(w.wlr1), t(w.wlr2), t(w.blr1), t(w.wpr1), t(w.wpr2), t(w.bpr1),
          t(w.wp1),  t(w.wp2),  t(w.bp1),  t(w.wo1),  t(w.wo2),  t(w.bo1)};
}

std::array<Tensor, weight_count> to_array(const Weights<Tensor>& w) {
  return {w.wlr1, w.wlr2, w.blr1, w.wpr1, w.wpr2, w.bpr1, w.wp1, w.wp2, w.bp1, w.wo1, w.wo2, w.bo1};
}

Weights<real> video_weights() {
  return from_array({real(2.70), real(1.63), real(1.62), real(2.00), real(1.65), real(0.62),
                     real(1.41), real(0.94), real(-0.32), real(4.38), real(-0.19), real(0.59)});
}

Weights<real> random_weights(Generator& generator) {
  Weights<real> w{};
  for (real* weight : {&w.wlr1, &w.wlr2, &w.wpr1, &w.wpr2, &w.wp1, &w.wp2, &w.wo1, &w.wo2})
    *weight = generator.normal();
  return w;
}

std::vector<Unit<real>> unroll(const std::vector<real>& days, const Weights<real>& w) {
  std::vector<Unit<real>> units;
  Memory<real> memory{0, 0};
  for (const real day : days) {
    units.push_back(lstm_unit(day, memory, w));
    memory = units.back().after;
  }
  return units;
}

real predict(const std::vector<real>& days, const Weights<real>& w) {
  return unroll(days, w).back().after.short_memory;
}

Tensor predict(const std::vector<real>& days, const Weights<Tensor>& w) {
  Memory<Tensor> memory{Tensor(real(0)), Tensor(real(0))};
  for (const real day : days) memory = lstm_unit(Tensor(day), memory, w).after;
  return memory.short_memory;
}

std::array<real, weight_count> gradients_by_hand(const std::vector<real>& days, real target,
                                                 const Weights<real>& w) {
  const std::vector<Unit<real>> units = unroll(days, w);
  Weights<real> d{};  // d loss / d weight, summed over the days: the same weights serve every day
  // Loss = (short_memory - target)^2 of the last day. d_short and d_long: how the loss changes with
  // the memories after the day.
  real d_short = 2 * (units.back().after.short_memory - target), d_long = 0;
  for (std::size_t day = units.size(); day-- > 0;) {
    const Unit<real>& u = units[day];
    const real squashed = std::tanh(u.after.long_memory);
    // short = tanh(long) * output_percent;  tanh' = 1 - tanh^2
    d_long += d_short * u.output_percent * (1 - squashed * squashed);
    // d through the activation of each gate to its input x = short * w1 + input * w2 + b;
    // sigmoid' = s (1 - s)
    const real d_output = d_short * squashed * u.output_percent * (1 - u.output_percent);
    const real d_remember =
        d_long * u.before.long_memory * u.long_remember_percent * (1 - u.long_remember_percent);
    const real d_percent = d_long * u.potential_memory * u.potential_remember_percent *
                           (1 - u.potential_remember_percent);
    const real d_potential =
        d_long * u.potential_remember_percent * (1 - u.potential_memory * u.potential_memory);
    const auto gate = [&](real dx, real& w1, real& w2, real& b) {
      w1 += dx * u.before.short_memory;
      w2 += dx * u.input;
      b += dx;
    };
    gate(d_remember, d.wlr1, d.wlr2, d.blr1);
    gate(d_percent, d.wpr1, d.wpr2, d.bpr1);
    gate(d_potential, d.wp1, d.wp2, d.bp1);
    gate(d_output, d.wo1, d.wo2, d.bo1);
    // To the day before: through the short memory by all four gates, through the long memory by the
    // percentage remembered.
    d_short = d_remember * w.wlr1 + d_percent * w.wpr1 + d_potential * w.wp1 + d_output * w.wo1;
    d_long *= u.long_remember_percent;
  }
  return to_array(d);
}

std::vector<Company> companies() {
  return {{"A", {0, real(0.5), real(0.25), 1}, 0}, {"B", {1, real(0.5), real(0.25), 1}, 1}};
}

std::vector<Progress> train_by_hand(Weights<real>& w, double learning_rate, int epochs, int every,
                                    const std::vector<Company>& data) {
  const std::array<real, weight_count> start = to_array(w);
  const Tensor parameters(array(std::vector<real>(start.begin(), start.end())), true);  // (12,)
  optim::Adam adam({parameters}, {.lr = learning_rate});
  std::vector<Progress> history;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    real loss = 0;
    for (const Company& company : data) {
      const real residual = predict(company.days, w) - company.day5;
      loss += residual * residual;
      const auto gradients = gradients_by_hand(company.days, company.day5, w);
      parameters.zero_grad();
      std::copy(gradients.begin(), gradients.end(), parameters.mutable_grad().data());
      adam.step();
      std::array<real, weight_count> updated;
      std::copy_n(parameters.value().data(), weight_count, updated.begin());
      w = from_array(updated);
    }
    if (epoch % every == 0 || epoch == epochs)
      history.push_back({epoch, loss, predict(data[0].days, w), predict(data[1].days, w)});
  }
  return history;
}

}  // namespace lstm
