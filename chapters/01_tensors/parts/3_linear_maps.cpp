#include "chapters/01_tensors/parts/parts.hpp"
#include "chapters/01_tensors/pictures.hpp"
#include "chapters/01_tensors/transforms.hpp"
#include "common/app/chapter.hpp"

namespace tensors {
using namespace byhand;

void linear_or_not(const app::Settings& settings) {
  app::heading("3. Linear or not: how far each promise is broken, 50 random pairs of points");
  Generator generator{settings.seed};
  std::vector<NamedMap> maps = maps_of_the_plane();
  for (const NamedMap& layer : linear_layers(generator)) maps.push_back(layer);

  app::Table table({"map", "f(0) = 0", "f(a + b)", "f(c a)", "straight", "even steps", "it is"});
  for (const NamedMap& m : maps) {
    const Broken broken = measure(m.map, generator);
    check(judge(broken) == m.kind, "{} should be {}, but is {}", m.name, name(m.kind),
          name(judge(broken)));
    table.add_row({m.name, broken.origin, broken.sum, broken.multiple, broken.straight,
                   broken.steps, name(m.kind)});
  }
  table.print();
  fmt::print("Even steps in, even steps out: affine maps do that too. ");
  fmt::print("Linear ones also keep 0 at 0: nn::Linear with a bias does not.\n");
  app::save_figure(grids_figure(maps_of_the_plane()), "grids", settings);
}

}  // namespace tensors
