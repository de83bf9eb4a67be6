#include "chapters/10_attention/tables.hpp"

#include "chapters/10_attention/masks.hpp"
#include "chapters/10_attention/sentence.hpp"

namespace attention {
using namespace byhand;

app::Table masking_table(const Weights& weights) {
  const Array scores = array({1, 3}, {1, 2, 3}), hidden = array({1, 3}, {0, 1, 1});
  app::Table table({"", "word 1", "word 2", "word 3", "sum", "word 1 changes when word 3 does"}, 2);
  for (const auto& [name, masking] : {std::pair{"right: minus infinity before the softmax", Masking::minus_infinity},
                                      {"wrong: 0 before the softmax", Masking::zeros_before},
                                      {"wrong: 0 after the softmax", Masking::zeros_after}}) {
    const Array p = percentages(scores, hidden, masking);
    const bool leaks = leak_into_first_word(lecture_encodings(), weights, masking) > 0;
    table.add_row({name, p(0, 0), p(0, 1), p(0, 2), p(0, 0) + p(0, 1) + p(0, 2), leaks ? "yes: it sees the future" : "no"});
  }
  return table;
}

app::Table softmax_table() {
  const Array scores = array({2, 2}, {1, 2, 3, 5});
  app::Table table({"softmax", "query 1", "", "query 2", "", "sum: query 1", "query 2"}, 2);
  for (const auto& [name, p] :
       {std::pair{"of rows: right for Q K^T", softmax_rows(scores)}, {"of columns: wrong for Q K^T", softmax_columns(scores)}})
    table.add_row({name, p(0, 0), p(0, 1), p(1, 0), p(1, 1), p(0, 0) + p(0, 1), p(1, 0) + p(1, 1)});
  return table;
}

app::Table sentence_table() {
  const std::vector<std::string> words = sentence::words();
  const std::vector<sentence::Head> heads = sentence::heads();
  std::vector<std::string> names{"asks", "head"};
  names.insert(names.end(), words.begin(), words.end());
  app::Table table(names, 2);
  for (const auto& [head, word] : {std::pair<std::size_t, std::size_t>{0, 3}, {0, 8}, {1, 4}, {2, 5}}) {
    const Array percent = sentence::run(heads[head], true).percent;  // (9, 9)
    std::vector<app::Cell> row{words[word], head + 1};
    for (std::size_t j = 0; j < words.size(); ++j) row.emplace_back(percent(word, j));
    table.add_row(row);
  }
  return table;
}

app::Table meaning_table() {
  std::vector<std::string> names = sentence::meaning_names();
  names.insert(names.begin(), "creature");
  app::Table table(names, 2);
  const Array before = sentence::embeddings(), change = sentence::change_by_output_matrix();  // (9, 19)
  const Array after = before + change;
  const std::size_t creature = 3;
  for (const auto& [name, e] : {std::pair{"embedding", before}, {"+ what attention adds", change}, {"= in this sentence", after}}) {
    const Array meaning = sentence::meaning_of(e);  // (9, 6)
    std::vector<app::Cell> row{name};
    for (std::size_t j = 0; j < meaning.shape()[1]; ++j) row.emplace_back(meaning(creature, j));
    table.add_row(row);
  }
  return table;
}

}  // namespace attention
