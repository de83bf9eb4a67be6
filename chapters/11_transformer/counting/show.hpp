#pragma once
/// @file
/// Parts 6 and 7: the counts on the console.

namespace counting {

/// Part 6: the transformer of 2017, part by part;
/// and what a layer norm does to (1, 3), alone and in company.
void print_encoder_decoder();
/// Part 7: GPT-3 line by line; the notes' 12 layers of 768, their count and the right one; and five
/// models by formula and built. Error when the two counts of a model differ.
void print_counts();

}  // namespace counting
