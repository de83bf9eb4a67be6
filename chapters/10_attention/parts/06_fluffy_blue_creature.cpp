#include "chapters/10_attention/parts/parts.hpp"
#include "chapters/10_attention/patterns/sentence.hpp"
#include "common/app/chapter.hpp"

namespace attention::parts {
using namespace byhand;

namespace {

/// Where creature, forest, roaming and through look, each in the head made for it.
app::Table sentence_table() {
  const std::vector<std::string> words = sentence::words();
  const std::vector<sentence::Head> heads = sentence::heads();
  std::vector<std::string> names{"asks", "head"};
  names.insert(names.end(), words.begin(), words.end());
  app::Table table(names, 2);
  for (const auto& [head, word] :
       {std::pair<std::size_t, std::size_t>{0, 3}, {0, 8}, {1, 4}, {2, 5}}) {
    const Array percent = sentence::run(heads[head], true).percent;  // (9, 9)
    std::vector<app::Cell> row{words[word], head + 1};
    for (std::size_t j = 0; j < words.size(); ++j) row.emplace_back(percent(word, j));
    table.add_row(row);
  }
  return table;
}

}  // namespace

void fluffy_blue_creature() {
  app::heading(
      "6. a fluffy blue creature roaming through the verdant forest: queries and keys made by "
      "hand");
  sentence_table().print();
  const std::vector<sentence::Head> heads = sentence::heads();
  for (std::size_t i = 0; i < heads.size(); ++i) fmt::print("head {}: {}\n", i + 1, heads[i].name);
  const real early = sentence::run(heads[0], false).percent(3, 7);
  fmt::print("Without the mask creature would give {:.2f} to verdant, which comes after it.\n",
             early);
}

}  // namespace attention::parts
