#pragma once
/// @file
/// What the program prints, one function for each part. Which parts there are depends on the model.
#include "chapters/06_word2vec/settings.hpp"
#include "chapters/06_word2vec/step/example.hpp"

namespace word2vec {

// ---- what every model does, by hand ----

/// The pairs of the example's sentence.
void show_pairs();
/// The step of this kind with every number, then all four in four ways.
void show_steps(bool cbow, bool negative);
/// Words of the example with their frequency, the two probabilities to be kept, and their share
/// among noise words.
void show_drawing();
/// GloVe's loss and gradients on its example, by hand, as matrices and by autograd.
void show_glove_step();
/// The n-grams of a word and the buckets they fall into.
void show_ngrams(const std::string& word, const NgramOptions& options);

// ---- vectors trained or read ----

/// What is about to be trained, on what; a line for an epoch; where the vectors were saved; which
/// file was read in place of training.
void show_plan(const Settings& settings, const Plan& plan, const byhand::text::Corpus& corpus);
void show_epoch(const Epoch& epoch, const Plan& plan);
void show_saved(const std::filesystem::path& file);
void show_ready_made(const std::filesystem::path& file, const byhand::text::WordVectors& vectors);

/// Neighbours of the words of `probe`, analogies, and how parallel their arrows are. Words without
/// a vector get one from their letters when there is a FastText, and otherwise a line that says so:
/// unlike a word that was mistyped, one that the text happens not to have is no error.
void show_exploration(const Settings& settings, const Trained& trained,
                      const std::vector<std::string>& probe);

/// Those figures for which enough words have vectors.
void show_figures(const Settings& settings, const Trained& trained,
                  const std::vector<std::string>& probe, byhand::Generator& generator);

}  // namespace word2vec
