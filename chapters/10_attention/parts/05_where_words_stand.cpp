#include "chapters/10_attention/built_in.hpp"
#include "chapters/10_attention/parts/parts.hpp"
#include "chapters/10_attention/parts/pictures.hpp"
#include "chapters/10_attention/positions.hpp"
#include "common/app/chapter.hpp"

namespace attention::parts {
using namespace byhand;

void where_words_stand(const app::Settings& settings) {
  app::heading("5. Where a word stands: (sin place, cos place) for two numbers a word");
  const Array places = position_encoding(4, 2);
  app::Table table({"place", "sin", "cos"}, 2);
  for (std::size_t pos = 0; pos < 4; ++pos) table.add_row({pos, places(pos, 0), places(pos, 1)});
  table.print();
  app::agree("by formula = nn::sinusoidal_encoding", position_encoding(40, 32),
             built_in_positions(40, 32), same);
  Generator generator{settings.seed};
  const WordOrder order = compare_word_orders(generator);
  check(order.without_positions < same && order.with_positions > 0.01,
        "word order: differences {} and {}", order.without_positions, order.with_positions);
  fmt::print(
      "Squatch eats pizza, pizza eats Squatch: without places a word gets the same vector in both, "
      "with places another one.\n");
  app::save_figure(positions_figure(), "positions", settings);
}

}  // namespace attention::parts
