#pragma once
/// @file
/// The slides of notes 000 § 27: every matrix on the console, in their order, and the numbers printed on them.
#include "chapters/11_transformer/matrices.hpp"

namespace transformer {

/// A matrix with its name, and a name for each of its rows if there are any.
struct Named {
  std::string name;
  Array matrix;
  std::vector<std::string> rows = {};
};
/// Matrices side by side: a line of names, then their rows in brackets. Error when the names of rows do not fit.
std::string side_by_side_text(const std::vector<Named>& matrices, int decimals = 2);

/// Prints all matrices of the encoder, of the decoder.
void print_encoder(const EncoderSteps& steps, const Weights& weights, const Words& words);
void print_decoder(const DecoderSteps& steps, const Weights& weights, const Words& words, const Words& input);

/// A row of a matrix as numbers with spaces between them.
std::string row_text(const Array& matrix, std::size_t row, int decimals);
/// Prints the trained encoder beside the slides' numbers. Error when they are not the same.
void compare_with_slides(const EncoderSteps& ours, const Weights& weights);

namespace slide {

// The numbers of the slides for SOS let's go, rounded as they print them.
/// (3, 2): word embedding plus position.
Array encoded();
/// The weights as the slides print them, transposed: (2, 2) each.
Array query_weights(), key_weights(), value_weights();

/// One matrix of the encoder's attention: its name, ours, and the slide's.
struct Step {
  std::string name;
  Array ours, slide;
};
/// Q, K, V, similarities, percentages and self-attention beside the slides'.
std::vector<Step> steps(const AttentionSteps& ours);

/// The slides print three digits and go on from what they printed, so an error of half a last digit grows: matrices agree within
/// 0.02 + 1 %.
inline constexpr double absolute = 0.02, relative = 0.01;

}  // namespace slide
}  // namespace transformer
