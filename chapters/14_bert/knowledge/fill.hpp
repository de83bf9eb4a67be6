#pragma once
/// @file
/// Fill-mask: a text with a gap, and the words that fit best.
#include <string>
#include <vector>

#include "common/bert/bert.hpp"
#include "common/text/wordpiece.hpp"

namespace bert {

struct Candidate {
  std::string piece;
  double probability;
};

/// Error when the text has no [MASK] or is too long for a model with so many positions.
void check_fill(const std::string& text, const byhand::text::WordPiece& vocabulary,
                std::size_t positions);

/// For each [MASK] of a text the `count` likeliest pieces, best first. Special tokens are not among
/// them; the probabilities are those among all pieces. Error when the text has no [MASK] or is too
/// long for the model's positions.
std::vector<std::vector<Candidate>> fill_mask(const byhand::nn::BertForPreTraining& model,
                                              const byhand::text::WordPiece& vocabulary,
                                              const std::string& text, std::size_t count);

}  // namespace bert
