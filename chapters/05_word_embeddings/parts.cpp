#include "chapters/05_word_embeddings/parts.hpp"

#include <algorithm>

#include "chapters/05_word_embeddings/network_by_hand.hpp"
#include "common/app/chapter.hpp"

namespace embeddings {
using namespace byhand;

void the_picture() {
  app::heading("3. The network of the lecture's picture: Troll 2 is great, Gymkata is great");
  const Weights<real> w = picture_weights();
  app::Table table({"word", "one-hot", "top hidden", "bottom hidden", "next word", "softmax", "notes"});
  for (std::size_t i = 0; i < word_count; ++i) {
    const auto [input, label] = examples()[i];
    const auto pass = forward(input, w);
    const auto softmax = softmax_by_hand(pass.output);
    const auto best = std::size_t(std::max_element(softmax.begin(), softmax.end()) - softmax.begin());
    table.add_row({tokens[i], fmt::format("{}", fmt::join(input, " ")), app::number(pass.inputs_to_top_hidden, 1),
                   app::number(pass.inputs_to_bottom_hidden, 1), tokens[best], softmax[best], "1.0"});
  }
  table.print();
  fmt::print(
      "The hidden numbers of a word are its two weights: its embedding. (The notes leave out the one-hot of Troll 2, and say Jim Kata.)\n");
}

}  // namespace embeddings
