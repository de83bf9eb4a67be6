#include "chapters/01_tensors/derivatives.hpp"
#include "chapters/01_tensors/graph.hpp"
#include "chapters/01_tensors/parts/parts.hpp"
#include "chapters/01_tensors/pictures.hpp"
#include "common/app/chapter.hpp"
#include "common/autograd/gradcheck.hpp"

namespace tensors {
using namespace byhand;
namespace {

void three_ways() {
  const Triple<real> by_autograd = derivatives_by_autograd(point<real>);
  const Triple<double> by_hand = derivatives_by_hand(point<double>).gradient;
  const Triple<float> in_float = central_differences(point<float>, 0x1p-7f);
  const Triple<double> in_double = central_differences(point<double>, 0x1p-18);

  app::Table table({"", "by hand", "autograd", "off by", "central, float", "off by",
                    "central, double", "off by"},
                   6);
  for (std::size_t i = 0; i < 3; ++i) {
    const double exact = by_hand[i], a = by_autograd[i], f = in_float[i], d = in_double[i];
    const auto off = [=](double value) { return fmt::format("{:.0e}", value - exact); };
    table.add_row({std::string("df/d") + "xyz"[i], exact, a, off(a), f, off(f), d, off(d)});
  }
  table.print();
  const auto as_array = [](const auto& t) { return array({real(t[0]), real(t[1]), real(t[2])}); };
  app::agree("by hand = autograd", as_array(by_hand), as_array(by_autograd), 2e-6);
  app::agree("by hand = central difference in double, rounded to float", as_array(by_hand),
             as_array(in_double), 1e-6);
}

/// The same question as a tool for any function: the tests of common/ ask it of each operation.
void checked_by_the_library() {
  std::vector<Tensor> at;
  for (const real value : point<real>) at.emplace_back(value, true);
  const GradientCheck found =
      check_gradients(at, [](const std::vector<Tensor>& v) { return steps(v[0], v[1], v[2]).f; });
  check(found.worst < 1e-3, "{}", found.message("f"));  // what a step in float can promise
}

void what_autograd_remembers(const app::Settings& settings) {
  const Tensor x(point<real>[0], true), y(point<real>[1], true), z(point<real>[2], true);
  const Steps<Tensor> f = steps(x, y, z);
  const Graph graph =
      trace(f.f, {{"x", x}, {"y", y}, {"z", z}, {"s", f.s}, {"t", f.t}, {"u", f.u}, {"f", f.f}});
  f.f.backward();
  fmt::print("What autograd remembers, f on top:\n{}", graph_text(graph));
  fmt::print("s is used twice, so its two derivatives add up: u (1 - t^2) + t = {:.4f}.\n",
             derivatives_by_hand(point<double>).df_ds);
  save_graph(graph_dot(graph, "f = tanh(x y) (x y + z): what autograd remembers"),
             settings.out / "graph.dot");
}

void step_sizes(const app::Settings& settings) {
  const ErrorCurve in_float = central_difference_errors<float>(22);
  const ErrorCurve in_double = central_difference_errors<double>(40);
  const auto error = [](const ErrorCurve& curve, std::size_t k) {
    return fmt::format("{:.0e}", curve.error[k - 1]);
  };
  app::Table errors({"step h", "error in float", "error in double"});
  for (const std::size_t k : {2, 4, 6, 8, 12, 16, 20})
    errors.add_row({fmt::format("2^-{}", k), error(in_float, k), error(in_double, k)});
  errors.print();
  fmt::print("A step 4 times smaller makes the error 16 times smaller, ");
  fmt::print("until the difference of two rounded values is mostly rounding:\n");
  fmt::print("in float (7 digits) from about 2^-7 on, ");
  fmt::print("in double (16 digits) from about 2^-17 on. Autograd takes no step.\n");
  app::save_figure(step_figure(in_float, in_double), "step", settings);
}

}  // namespace

void three_derivatives(const app::Settings& settings) {
  app::heading(
      "6. f = tanh(s) (s + z), s = x y: "
      "the derivative by hand = by central difference = by autograd");
  three_ways();
  checked_by_the_library();
  what_autograd_remembers(settings);
  step_sizes(settings);
}

}  // namespace tensors
