#pragma once
/// @file
/// The figures of the chapter.
#include "chapters/05_word_embeddings/counts.hpp"
#include "chapters/05_word_embeddings/glove.hpp"
#include "chapters/05_word_embeddings/network/train.hpp"
#include "common/plot/figure.hpp"

namespace embeddings {

/// The sentences as counts and as TF-IDF, (documents, words) each.
byhand::plot::Figure counts_figure(const Words& vocabulary, const Array& counts,
                                   const Array& tfidf);

/// The four words by their two numbers, before and after training, with the way they took.
byhand::plot::Figure embedding_figure(const Run& run);

/// The mean loss over the epochs, from three starts.
byhand::plot::Figure training_figure(const Run& by_hand, const Run& two_linear, const Run& look_up);

/// Words of six topics by their two principal components; countries and their capitals, joined by
/// lines, by theirs.
byhand::plot::Figure glove_figure(const WordVectors& vectors);

}  // namespace embeddings
