#include "chapters/03_training/by_hand/clipping.hpp"
#include "chapters/03_training/parts/parts.hpp"
#include "chapters/03_training/pictures.hpp"
#include "common/app/chapter.hpp"

namespace training {
using namespace byhand;

void clip_gradients(const app::Settings& settings) {
  app::heading("6. Clipping the gradient [0.9, 100] at 1");
  const clipping::Vector g = {0.9, 100};
  const clipping::Vector value = clipping::by_value(g, 1), norm = clipping::by_norm(g, 1);
  const clipping::Vector global = clipping::by_global_norm({g}, 1)[0];
  app::Table table({"", "first", "second", "length", "direction, degrees", "turned by"}, 4);
  const auto row = [&](const char* name, const clipping::Vector& v) {
    table.add_row({name, app::number(v[0], 8), app::number(v[1], 8), clipping::norm(v),
                   clipping::angle({1, 0}, v), app::number(clipping::angle(g, v), 2)});
  };
  row("gradient", g);
  row("by value", value);
  row("by norm", norm);
  row("by norm, with PyTorch's 1e-6", global);
  table.print();
  fmt::print("with pencil: length sqrt(0.81 + 10000) = 100.00405; ");
  fmt::print("0.9 / 100.00405 = 0.00899964, 100 / 100.00405 = 0.99995950\n");

  const auto as_array = [](const clipping::Vector& v) {
    return array(std::vector<real>(v.begin(), v.end()));
  };
  app::agree("by value: by hand = common/optim", as_array(value),
             as_array(clipping::built_in_by_value(g, 1)), 1e-7);
  app::agree("by norm, with PyTorch's 1e-6: by hand = common/optim", as_array(global),
             as_array(clipping::built_in_by_norm(g, 1)), 1e-7);

  const clipping::Vector other = {3, -4};
  const auto together = clipping::by_global_norm({g, other}, 5);
  fmt::print("Two variables, [0.9, 100] and [3, -4], limit 5. ");
  fmt::print("Each by itself (Keras' clipnorm): lengths {:.2f} and {:.2f}.\n",
             clipping::norm(clipping::by_norm(g, 5)), clipping::norm(clipping::by_norm(other, 5)));
  fmt::print("All together (PyTorch's clip_grad_norm_): {:.2f} and {:.2f}; ",
             clipping::norm(together[0]), clipping::norm(together[1]));
  fmt::print("only so does the whole gradient keep its direction.\n");
  app::save_figure(pictures::clipping(), "clipping", settings);
}

}  // namespace training
