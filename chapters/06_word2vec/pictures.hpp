#pragma once
/// @file
/// The figures of the chapter.
#include "chapters/06_word2vec/model.hpp"
#include "common/plot/figure.hpp"

namespace word2vec {

/// For any text: a word, and the words nearest to it.
std::vector<Topic> neighbourhoods(const byhand::text::WordVectors& vectors,
                                  const std::vector<std::string>& words, std::size_t neighbours);

/// All words of these topics that have a vector.
std::vector<std::string> words_with_vectors(const byhand::text::WordVectors& vectors,
                                            const std::vector<Topic>& topics);

/// Loss, and share of analogies solved, over the epochs.
byhand::plot::Figure training_figure(const std::vector<Epoch>& epochs, const std::string& name);
/// PCA of the words of two kinds of pairs, a line from each word to its partner. Here and in the
/// map a word whose name would cover something has its mark only. Error when fewer than two pairs
/// have vectors.
byhand::plot::Figure pairs_figure(const byhand::text::WordVectors& vectors, const Pairs& left,
                                  const Pairs& right);
/// t-SNE of the words of some topics, one colour a topic. Error when fewer than 10 words have
/// vectors.
byhand::plot::Figure topics_figure(const byhand::text::WordVectors& vectors,
                                   const std::vector<Topic>& topics, byhand::Generator& generator);

}  // namespace word2vec
