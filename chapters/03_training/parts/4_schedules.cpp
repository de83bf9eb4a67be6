#include <cmath>

#include "chapters/03_training/by_hand/rates.hpp"
#include "chapters/03_training/parts/parts.hpp"
#include "chapters/03_training/pictures.hpp"
#include "common/app/chapter.hpp"

namespace training {
using namespace byhand;

void schedules(const app::Settings& settings) {
  app::heading("4. Schedules and warm-up: the rate is a formula of the step");
  app::Table table({"base rate 1", "step 0", "10", "20", "50", "75", "100"}, 3);
  for (const auto& [name, rate, by_hand] : rates::hundred_steps())
    table.add_row(
        {name, rate(1, 0), rate(1, 10), rate(1, 20), rate(1, 50), rate(1, 75), rate(1, 100)});
  table.print();
  app::agree("formulas by hand = common/optim: 7 schedules, 101 steps", rates::all_by_hand(),
             rates::all_built_in(), 1e-6);

  const optim::Schedule noam = optim::Noam(512, 4000);
  fmt::print("the transformer's, size 512, warm-up 4000: ");
  fmt::print("step 1 {:.3e}, step 100000 {:.3e}, highest at 4000:\n", noam(1, 0), noam(1, 99999));
  app::agree("1 / sqrt(512 * 4000) = 6.988e-4 = optim::Noam", 1 / std::sqrt(512.0 * 4000),
             noam(1, 3999), 1e-12);
  app::save_figure(pictures::schedules(), "schedules", settings);
}

}  // namespace training
