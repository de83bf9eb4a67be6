#pragma once
/// @file
/// Fine-tuning: BERT with one more layer learns to put sentences into classes; pre-trained, from
/// scratch, and against TF-IDF with logistic regression. Notes 004 § 7 (fine-tuning), § 4.2.
#include <filesystem>

#include "chapters/14_bert/knowledge/vectors.hpp"
#include "chapters/14_bert/pretraining/pretraining.hpp"

namespace bert {

/// How long and how fast.
struct FineTuning {
  std::int64_t steps = 200;
  std::size_t batch = 32;
  double learning_rate = 1e-3, dropout = 0.1;
  /// A text's vector is the mean of its tokens' instead of what [CLS] and the pooler say. For an
  /// encoder that was not asked about next sentences: nothing has trained its pooler.
  bool mean_of_tokens = false;
};

/// What a text's vector says after dropout and a matrix: (batch, classes).
struct Classifier : byhand::nn::Module {
  Classifier(const byhand::nn::Bert& bert, std::size_t classes, const FineTuning& plan,
             Generator& generator);
  Tensor operator()(const byhand::nn::BertInput& input) const;
  byhand::nn::Bert bert;

 private:
  byhand::nn::Dropout drop_;
  byhand::nn::Linear out_;
  bool mean_of_tokens_;
};

/// Fine-tunes a deep copy of the encoder on the training sentences, all weights; returns the share
/// of the test sentences that are right.
double fine_tune(const byhand::nn::Bert& start, const byhand::text::WordPiece& vocabulary,
                 const Labelled& training, const Labelled& test, std::size_t classes,
                 const FineTuning& plan, Generator& generator);

/// TF-IDF rows and one matrix, cross-entropy plus `shrink` times half the squared weights, 300
/// steps of Adam on all rows at once.
double tfidf_logistic(const Labelled& training, const Labelled& test, std::size_t classes,
                      Generator& generator, double shrink = 1e-4);

/// `per_class` sentences of each label, drawn at random. Error that names the class with fewer.
Labelled draw_labels(const Labelled& pool, std::size_t per_class, std::size_t classes,
                     Generator& generator);

/// The three contestants at one number of labels, over several draws of the labelled sentences and
/// start weights.
struct Comparison {
  std::size_t labels;                                   ///< a class
  std::vector<double> tfidf, from_scratch, pretrained;  ///< accuracy, one a run
};
/// Error when a class has fewer labels than asked for, or there is no run.
Comparison compare(const byhand::nn::BertForPreTraining& model,
                   const byhand::text::WordPiece& vocabulary, const Labelled& pool,
                   const Labelled& test, std::size_t classes, std::size_t labels, std::size_t runs,
                   const FineTuning& plan);

/// Mean, and the sample standard deviation (0 for one run).
struct MeanSpread {
  double mean, spread;
};
MeanSpread mean_spread(const std::vector<double>& values);

/// A file of lines label TAB … TAB sentence: the first and the last column count. Labels become 0,
/// 1, … in alphabetical order.
struct LabelledFile {
  Labelled all;
  std::vector<std::string> classes;
};
/// A sentence of signs that are no text is left out. Error that names file and line when a line has
/// no tab or an empty cell; error unless there are 2 to 50 classes.
LabelledFile read_labelled(const std::filesystem::path& file);

/// Each sentence as a document of its own, without its label.
Texts texts_of(const Labelled& data);

/// Two parts of shuffled sentences: the first holds `count`.
std::pair<Labelled, Labelled> split(const Labelled& all, std::size_t count, Generator& generator);

}  // namespace bert
