// Exercise 14.3: Find the bug in the corruption
//
// BERT hides words for its training (notes 004 § 7.1, and the chapter's part 3): each word is
// chosen with probability 0.15, special tokens never. Of the chosen ones 80 % become [MASK], 10 %
// another word drawn at random, 10 % stay as they are. All chosen ones are asked for:
// their label is the word that was there; elsewhere the label is text::no_label. A random word is
// never a special token.
// A single number decides between the three: a second one would ask for 10 % of the 20 % that are
// left.
#pragma once
#include <algorithm>

#include "common/bert/masked_lm.hpp"

namespace byhand::exercise {

/// Words are numbers 0 … vocabulary - 1, those in `special` are the special tokens.
inline text::MaskedTokens corrupt(const Ids& words, const std::vector<std::int64_t>& special,
                                  std::size_t vocabulary, std::int64_t mask, Generator& generator) {
  const auto is_special = [&](std::int64_t word) {
    return std::find(special.begin(), special.end(), word) != special.end();
  };
  text::MaskedTokens result{words, words};
  std::fill_n(result.labels.data(), words.size(), text::no_label);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::int64_t word = words.data()[i];
    if (is_special(word) || generator.uniform() >= 0.15f) continue;
    result.labels.data()[i] = word;
    const float fate = generator.uniform();
    if (fate < 0.8f) {
      result.ids.data()[i] = mask;
    } else if (fate < 0.9f) {
      std::int64_t drawn = mask;
      while (is_special(drawn)) drawn = generator.randint(0, std::int64_t(vocabulary), 1)[0];
      result.ids.data()[i] = drawn;
    }
  }
  return result;
}

}  // namespace byhand::exercise
