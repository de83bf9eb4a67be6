#pragma once
/// @file
/// How many parameters? Each count is a sum of products of sizes.
/// Notes 001, "Counting parameters"; 003 § 14.
#include <cstdint>
#include <string>
#include <vector>

namespace counting {

using Count = std::uint64_t;

/// One line of a count: what, its formula in numbers, and the result.
struct Line {
  std::string what, formula;
  Count count = 0;
};
using Lines = std::vector<Line>;

Count total(const Lines& lines);

/// The sizes of a GPT: `key` numbers in a query or key of one head.
struct GptSizes {
  Count vocabulary, size, key, heads, layers, neurons;
};
inline constexpr GptSizes gpt3{
    .vocabulary = 50257, .size = 12288, .key = 128, .heads = 96, .layers = 96, .neurons = 49152};

/// GPT-3 as the lecture counts it: matrices only, no biases, no layer norms, no positions;
/// embedding and unembedding separate.
Lines gpt3_lines(const GptSizes& sizes = gpt3);

/// The sizes of a stack of layers as in the notes, and of what stands before and after it.
struct StackSizes {
  Count layers, size, neurons;
};
inline constexpr StackSizes notes{.layers = 12, .size = 768, .neurons = 3072};

/// With biases: 4 matrices size x size; 2 matrices size x neurons; 2 layer norms.
Count attention(const StackSizes& sizes);
Count feed_forward(const StackSizes& sizes);
Count layer_norms(const StackSizes& sizes);
/// The stack: attention, feed-forward, layer norms of all layers.
/// 85,054,464 for the notes' 12 x 768.
Lines stack_lines(const StackSizes& sizes = notes);
/// What the notes count: one head instead of all, 768 numbers for a matrix, and 768 x 768 for
/// 3072 x 768. 37,204,992.
Lines notes_wrong_lines(const StackSizes& sizes = notes, Count heads = 12);

/// GPT-2 small, whose output layer is its embedding once more: 124,439,808.
Lines gpt2_lines();
/// BERT-base with its pooler: 109,482,240.
Lines bert_lines();

/// The encoder-decoder of 2017 without embeddings and output layer, as PyTorch builds it: a layer
/// norm more at the end of each stack.
Lines encoder_decoder_lines(const StackSizes& sizes);

/// 1234567 as "1,234,567".
std::string with_commas(Count count);

}  // namespace counting
