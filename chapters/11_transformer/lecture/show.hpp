#pragma once
/// @file
/// Parts 1 to 5: the lecture's transformer before and after training, every matrix of it as on the
/// slides of notes 000 § 27, and the numbers printed there.
#include "chapters/11_transformer/lecture/built_in.hpp"
#include "common/app/options.hpp"

namespace transformer {

/// Part 1: weights counted, loops = matrices = layers; `as_notebook`: the logits are the
/// notebook's, or an Error.
void before_training(const Translator& model, bool as_notebook);
/// Part 2: answers before, training, answers after; `as_notebook`:
/// they are the notebook's, or an Error.
void thirty_epochs(const Translator& model, int epochs, bool as_notebook);
/// Part 3: all matrices of the encoder.
void encoder_matrices(const Run& after);
/// Part 4: all matrices of the decoder, and what changes when the mask is left out; `as_notebook`:
/// something does, or an Error.
void decoder_matrices(const Translator& model, const Run& after, bool as_notebook);
/// Part 5: `as_notebook`: the trained encoder beside the slides' numbers, or an Error. The figures.
void numbers_of_the_slides(const Run& before, const Run& after, bool as_notebook,
                           const byhand::app::Settings& settings);

/// A matrix with its name, and a name for each of its rows if there are any.
struct Named {
  std::string name;
  Array matrix;
  std::vector<std::string> rows = {};
};
/// Matrices side by side: a line of names, then their rows in brackets.
/// Error when the names of rows do not fit.
std::string side_by_side_text(const std::vector<Named>& matrices, int decimals = 2);

/// Prints the trained encoder beside the slides' numbers. Error when they are not the same.
void compare_with_slides(const EncoderSteps& ours, const ModelWeights& weights);

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
std::vector<Step> steps(const Steps& ours);

/// The slides print three digits and go on from what they printed, so an error of half a last digit
/// grows: matrices agree within 0.02 + 1 %.
inline constexpr double absolute = 0.02, relative = 0.01;

}  // namespace slide
}  // namespace transformer
