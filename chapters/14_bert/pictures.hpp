#pragma once
/// @file
/// The chapter's figures.
#include "chapters/14_bert/finetuning/classify.hpp"
#include "common/plot/figure.hpp"

namespace bert {

/// Accuracy and perplexity of the hidden words and accuracy of the next sentence, over the steps,
/// beside what guessing gives.
byhand::plot::Figure training_figure(const Pretrained& model, std::size_t steps_an_epoch);

/// A word, its sentences' vectors after the encoder, their senses, and by how much cosines of the
/// same sense are larger than others, before and after pre-training.
struct SensePicture {
  TwoSenses word;
  Array vectors;
  std::vector<std::int64_t> labels;
  double gap_before, gap_after;
};
/// Each word's vectors along the two directions in which they differ most; before the encoder all
/// of them are one point.
byhand::plot::Figure senses_figure(const std::vector<SensePicture>& words);

/// Sentences by t-SNE, coloured by topic: means of the word table's rows, and of the encoder's
/// vectors. Error for over 1000 sentences.
byhand::plot::Figure sentences_figure(const Array& before, const Array& after,
                                      const std::vector<std::int64_t>& labels,
                                      const std::vector<std::string>& names, Generator& generator);

/// Whether pre-training beats both others: always, never, with few labels, or in no order.
/// `comparisons` by rising labels.
std::string verdict(const std::vector<Comparison>& comparisons);

/// Accuracy against the number of labels; the bands are one standard deviation wide to each side.
byhand::plot::Figure fine_tuning_figure(const std::vector<Comparison>& comparisons,
                                        const std::string& what);

}  // namespace bert
