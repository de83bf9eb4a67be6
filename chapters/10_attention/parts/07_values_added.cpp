#include "chapters/10_attention/parts/parts.hpp"
#include "chapters/10_attention/parts/pictures.hpp"
#include "chapters/10_attention/patterns/sentence.hpp"
#include "common/app/chapter.hpp"

namespace attention::parts {
using namespace byhand;

namespace {

/// The meaning of creature before attention, what is added, and after.
app::Table meaning_table() {
  std::vector<std::string> names = sentence::meaning_names();
  names.insert(names.begin(), "creature");
  app::Table table(names, 2);
  const Array before = sentence::embeddings();               // (9, 19)
  const Array change = sentence::change_by_output_matrix();  // (9, 19)
  const Array after = before + change;
  const std::size_t creature = 3;
  for (const auto& [name, e] : {std::pair{"embedding", before},
                                {"+ what attention adds", change},
                                {"= in this sentence", after}}) {
    const Array meaning = sentence::meaning_of(e);  // (9, 6)
    std::vector<app::Cell> row{name};
    for (std::size_t j = 0; j < meaning.shape()[1]; ++j) row.emplace_back(meaning(creature, j));
    table.add_row(row);
  }
  return table;
}

}  // namespace

void values_added(const app::Settings& settings) {
  app::heading("7. Values: brought down to three numbers, mixed, brought up again, added");
  app::agree("value-up of each head, summed = heads side by side x output matrix",
             sentence::change_by_value_up(), sentence::change_by_output_matrix(), same);
  meaning_table().print();
  fmt::print(
      "The mix is added to the word and does not replace it. (alive comes from creature itself: in "
      "head 2 only verbs look elsewhere.)\n");
  fmt::print(
      "Down and up instead of one matrix, with d = 12288 and values of 128: 2 x 128 x 12288 = {} "
      "numbers, not {}.\n",
      2 * 128 * 12288, 12288 * 12288);
  app::save_figure(pattern_figure(), "pattern", settings);
  app::save_figure(heads_figure(), "heads", settings);
}

}  // namespace attention::parts
