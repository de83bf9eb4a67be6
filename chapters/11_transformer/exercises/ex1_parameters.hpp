// Exercise 11.1: Predict how many parameters a layer has
//
// An encoder layer of size 64 with 4 heads and 256 neurons (notes 003 § 14.3) has 49,984
// parameters:
//   queries, keys, values, output:  4 x (64 x 64 + 64)
//   feed-forward part:              64 x 256 + 256 and 256 x 64 + 64
//   two layer norms:                2 x 2 x 64
// Predict, with pencil and paper, what becomes of it when one thing is changed.
// A decoder layer has a second attention, which looks at the encoder, and a layer norm for it.
#pragma once

namespace byhand::exercise {

inline constexpr int with_8_heads = 0;    // TODO: 8 heads instead of 4
inline constexpr int twice_as_large = 0;  // TODO: size 128 and 512 neurons
inline constexpr int no_biases = 0;  // TODO: every bias taken away, those of the layer norms too
inline constexpr int decoder_layer = 0;  // TODO: a decoder layer of size 64 with 256 neurons

}  // namespace byhand::exercise
