// Exercise 14.1: Predict the pieces of words
//
// WordPiece (notes 004 § 7.1) takes at each place of a word the longest piece that fits, and never
// goes back. Pieces that begin with ## go on within a word, the others begin one. Where nothing
// fits, the whole word becomes one [UNK]. The vocabulary is
//   [PAD] [UNK] [CLS] [SEP] [MASK] the them ##e ##s ##me ##mes ##matic , !
// theme has 2 pieces, for instance: them ##e. Predict with a pencil, no code is needed.
// Each word of a text becomes small letters without accents first, and each punctuation mark is a
// word of its own.
#pragma once

namespace byhand::exercise {

inline constexpr int themes = 0;    // TODO: how many pieces has themes?
inline constexpr int thematic = 0;  // TODO: and thematic?
inline constexpr int mes = 0;       // TODO: and mes, as a word of its own?
// TODO: how many numbers does BERT read for "Thème, themes, thematic!", with [CLS] and [SEP]?
inline constexpr int numbers = 0;

}  // namespace byhand::exercise
