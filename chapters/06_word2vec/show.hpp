#pragma once
/// @file
/// The tables that the program prints.
#include "chapters/06_word2vec/example.hpp"
#include "chapters/06_word2vec/model.hpp"

namespace word2vec {

/// The hidden layer, a line for each scored word with what flows into its row, and what flows back into the hidden layer.
void show_step(const Weights& w, const Example& example, const Step& step);
/// Says that loss and gradients of all four steps are the same by hand, as matrices, by autograd and by the fast trainer.
void show_agreement(const Weights& w);
/// GloVe's loss and gradients on its example, by hand, as matrices and by autograd.
void show_glove_step();
/// Words of the example with their frequency, the two probabilities to be kept, and their share among noise words.
void show_drawing();
/// The n-grams of a word and the buckets they fall into.
void show_ngrams(const std::string& word, const NgramOptions& options);
/// A line for each word with its `count` nearest ones. Words without a vector get one from their letters when there is a FastText, and
/// otherwise a line that says so: unlike a word that was mistyped, one that the text happens not to have is no error.
void show_nearest(const Trained& trained, const std::vector<std::string>& words, std::size_t count);
/// A line for each question b - a + c whose words have vectors, with the three best answers; at most `limit`.
void show_analogies(const byhand::text::WordVectors& vectors, const std::vector<byhand::text::Analogy>& questions, std::size_t limit);

}  // namespace word2vec
