#include "chapters/10_attention/parts/parts.hpp"
#include "chapters/10_attention/parts/pictures.hpp"
#include "chapters/10_attention/patterns/lookup.hpp"
#include "common/app/chapter.hpp"

namespace attention::parts {
using namespace byhand;

namespace {

/// "above 99 %", "below 25 %", or the share itself where it is not: last digits depend on rounding.
std::string above(double good, double share) {
  return share >= good ? fmt::format("above {:.0f} %", 100 * good)
                       : fmt::format("{:.1f} %", 100 * share);
}
std::string below(double limit, double share) {
  return share < limit ? fmt::format("below {:.0f} %", 100 * limit)
                       : fmt::format("{:.1f} %", 100 * share);
}

}  // namespace

void look_ups(const app::Settings& settings) {
  app::heading(
      "10. A pattern that is learned: six pairs such as c4 are given, six letters are asked for");
  Generator generator{settings.seed};
  const lookup::Model model(generator);
  const lookup::Tasks test =
      lookup::draw_tasks(200, generator);  // not trained on, except by chance
  const lookup::Score start = lookup::score(model, test);
  const Array before = lookup::pattern(model, test);
  const std::vector<double> losses = lookup::train(model, settings.epochs, generator);
  const lookup::Score end = lookup::score(model, test);
  const Array after = lookup::pattern(model, test);

  app::Table table({"", "questions answered right", "attention on the pair asked for"});
  table.add_row({"guessing", "12.5 %", "16.7 %"});
  table.add_row({"before training", below(0.25, start.correct), below(0.25, start.on_the_pair)});
  table.add_row({"after training", above(0.99, end.correct), above(0.95, end.on_the_pair)});
  table.print();
  fmt::print("Nobody told the model where to look; only its answers were judged.\n");
  app::save_figure(lookup_figure(test, before, after, losses), "lookup", settings);
}

}  // namespace attention::parts
