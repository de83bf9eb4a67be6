#include "chapters/10_attention/built_in.hpp"
#include "chapters/10_attention/cost.hpp"
#include "chapters/10_attention/parts/parts.hpp"
#include "chapters/10_attention/parts/pictures.hpp"
#include "common/app/chapter.hpp"

namespace attention::parts {
using namespace byhand;

void context_size(const app::Settings& settings) {
  app::heading("8. Context size against cost: one head, d_k = 64");
  Generator generator{settings.seed};
  app::Table table({"words", "multiplications", "pattern, MB", "times the row above", "time, ms",
                    "times the row above"},
                   2);
  std::vector<Cost> costs;
  for (const std::size_t words : {128, 256, 512, 1024, 2048}) {
    if (settings.quick && words > 512) break;
    costs.push_back(measured_cost(words, 64, generator));
    const Cost& c = costs.back();
    const auto times = [&](double Cost::*what, int decimals) {
      return costs.size() < 2 ? "-"
                              : app::number(c.*what / (costs[costs.size() - 2].*what), decimals);
    };
    table.add_row({words, fmt::format("{:.0f}", c.multiplications), c.pattern_bytes / 1e6,
                   times(&Cost::pattern_bytes, 0), app::number(1000 * c.seconds, 2),
                   times(&Cost::seconds, 1)});
  }
  table.print();
  const std::size_t counted = counted_parameters(768), formula = multi_head_parameters(768);
  check(counted == formula, "nn::MultiheadAttention(768, h) has {} parameters, by formula {}",
        counted, formula);
  fmt::print(
      "More heads do not cost more numbers: nn::MultiheadAttention(768, h) has 4 x (768 x 768 + "
      "768) = {} for h = 1, 2, 4, 12.\n",
      counted);
  app::save_figure(cost_figure(costs), "cost", settings);
}

}  // namespace attention::parts
