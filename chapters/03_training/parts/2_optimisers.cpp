#include "chapters/03_training/by_hand/rules.hpp"
#include "chapters/03_training/parts/parts.hpp"
#include "chapters/03_training/pictures.hpp"
#include "common/app/chapter.hpp"

namespace training {
using namespace byhand;

void optimiser_paths(const app::Settings& settings) {
  app::heading(
      "2. Five update rules by hand, from (-1.2, 1) through Rosenbrock's valley to (1, 1)");
  app::Table table({"", "rate", "after 1 step", "after 500 steps", "PyTorch", "f there",
                    "steps to f < 1", "f < 0.1"});
  const auto row = [&](const std::string& name, double rate, const rules::Path& path,
                       const std::string& pytorch) {
    const auto place = [&](std::size_t step) {
      return app::number(path[step][0], 3) + " " + app::number(path[step][1], 3);
    };
    table.add_row({name, fmt::format("{}", rate), place(1), place(500), pytorch,
                   app::number(rules::rosenbrock(path[500]), 3), rules::steps_to(path, 1),
                   rules::steps_to(path, 0.1)});
  };

  const std::vector<rules::Contestant> contestants = rules::contestants();
  std::vector<rules::Path> paths;
  for (const rules::Contestant& c : contestants) {
    const rules::Path path = rules::walk(c.rule, 2000);
    row(c.name, c.lr, path, c.pytorch);
    paths.emplace_back(path.begin(), path.begin() + 501);
    app::agree(c.name + " by hand = common/optim: 300 steps", rules::flat(path, 300),
               rules::flat(rules::walk(c, 300), 300), 1e-3);
  }
  row("Adam, larger rate", 0.2, rules::walk(rules::adam(0.2), 2000), "");
  table.print();
  fmt::print("First step in x: SGD its rate times a slope of -215.6; ");
  fmt::print("Adam its rate, whatever the slope; RMSprop ten times its rate.\n");
  fmt::print("Which is fastest depends on the surface and the rate: ");
  fmt::print("momentum here, and Adam with ten times its rate comes close.\n");
  app::save_figure(pictures::paths(contestants, paths), "paths", settings);
}

}  // namespace training
