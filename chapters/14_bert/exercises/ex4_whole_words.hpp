// Exercise 14.4: Hide whole words
//
// When ##aff of un ##aff ##able is hidden alone, the pieces beside it give it away. BERT's authors
// later hid all pieces of a word together.
// Write hide_words(): a word is a piece and all that follow it with ##. Special tokens are no part
// of any word and end it; a piece with ## that follows no word (at the beginning of the text, or
// after a special token) begins one.
//   each word is chosen with probability 0.15, however many pieces it has; all pieces of a chosen
//   word get their label;
//   a chosen word, as a whole: 80 % all its pieces become [MASK], 10 % each becomes a random piece
//   (drawn for each anew), 10 % all stay.
// The library's text::mask_tokens (notes 004 § 7.1) chooses piece by piece.
#pragma once
#include <algorithm>

#include "common/bert/masked_lm.hpp"
#include "common/text/wordpiece.hpp"

namespace byhand::exercise {

inline bool is_special(const text::WordPiece& v, std::int64_t id) {
  return id == v.pad() || id == v.unk() || id == v.cls() || id == v.sep() || id == v.mask();
}
inline bool goes_on(const text::WordPiece& v, std::int64_t id) {
  return v.piece(id).starts_with("##");
}
inline std::int64_t random_piece(const text::WordPiece& v, Generator& generator) {
  std::int64_t id = v.mask();
  while (is_special(v, id)) id = generator.randint(0, std::int64_t(v.size()), 1)[0];
  return id;
}

/// ids (length,) of one text. Its labels are the pieces of the chosen words, text::no_label
/// elsewhere.
inline text::MaskedTokens hide_words(const Ids& ids,
                                     [[maybe_unused]] const text::WordPiece& vocabulary,
                                     [[maybe_unused]] Generator& generator) {
  text::MaskedTokens result{ids, ids};
  std::fill_n(result.labels.data(), ids.size(), text::no_label);
  // TODO: go from word to word
  return result;
}

}  // namespace byhand::exercise
