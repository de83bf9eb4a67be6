#include "chapters/10_attention/parts/parts.hpp"
#include "common/app/chapter.hpp"

namespace attention::parts {
using namespace byhand;

void one_word(const Weights& w) {
  app::heading("1. One word, number by number: encodings (1.16, 0.23) (0.57, 1.36) (4.41, -2.16)");
  const FirstWord word = first_word(lecture_encodings(), w);
  app::Table table({"word 1", "with word 1", "with word 2", "with word 3", "lecture"});
  table.add_row(
      {"similarity: query . key", word.similarity1, word.similarity2, word.similarity3, ""});
  table.add_row({"scaled: / root of 2", word.scaled1, word.scaled2, word.scaled3, ""});
  table.add_row(
      {"percent: softmax", word.percent1, word.percent2, word.percent3, "0.3573 0.4011 0.2416"});
  table.print();
  fmt::print(
      "query of word 1: 1.16 x {:.4f} + 0.23 x {:.4f} = {:.4f}, 1.16 x {:.4f} + 0.23 x {:.4f} = "
      "{:.4f}\n",
      w.query(0, 0), w.query(0, 1), word.query1, w.query(1, 0), w.query(1, 1), word.query2);
  fmt::print(
      "attention of word 1: {:.4f} {:.4f} (lecture: 1.0100 1.0641), the three values in these "
      "shares\n",
      word.attention1, word.attention2);
  const Array ours = array({word.percent1, word.percent2, word.percent3,  //
                            word.attention1, word.attention2});
  const Array lecture = array({real(0.3573), real(0.4011), real(0.2416),  //
                               real(1.0100), real(1.0641)});
  app::agree("percent and attention of word 1 = lecture", ours, lecture, printed);
}

}  // namespace attention::parts
