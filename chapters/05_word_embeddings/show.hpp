#pragma once
/// @file
/// What the program prints, one function for each part, with its figures.
#include "chapters/05_word_embeddings/network/train.hpp"
#include "common/app/options.hpp"
#include "common/text/word_vectors.hpp"
#include "common/text/words.hpp"

namespace embeddings {

/// Part 1: the words of some sentences as one-hot rows, counts (documents, words), n-grams, TF-IDF.
void show_counts(const std::vector<byhand::text::Words>& documents,
                 const byhand::text::Words& vocabulary, const Array& counts, const Array& tfidf,
                 const byhand::app::Settings& settings);

/// Part 2: cosines of one-hot rows and of rows of TF-IDF, in loops and as a product.
void show_cosines();

/// Part 3: the four words through the network with the weights of the lecture's picture.
void show_picture();

/// The lecture's three codes, each trained from its own start.
struct ThreeWays {
  Weights<real> start;  ///< of the code by hand
  Run by_hand, two_linear, look_up;
};
/// Part 4: from one start all ways agree; losses and embeddings from the lecture's starts.
void show_three_ways(const ThreeWays& ways, double learning_rate,
                     const byhand::app::Settings& settings);

/// Part 5: `trained` is what two nn::Linear have learned, `start` the same table with a new output
/// layer, from which one run kept the table frozen and one did not.
void show_pretrained(const Matrices& trained, const Matrices& start, const Run& frozen,
                     const Run& thawed);

/// Part 6: neighbours of these words, distances, analogies and directions in ready-made vectors.
void show_glove(const byhand::text::WordVectors& vectors, const std::vector<std::string>& words,
                const byhand::app::Settings& settings);

}  // namespace embeddings
