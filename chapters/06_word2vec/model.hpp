#pragma once
/// @file
/// Which model is trained on which text, and how good its vectors are.
#include <functional>
#include <memory>

#include "chapters/06_word2vec/fasttext.hpp"
#include "chapters/06_word2vec/glove.hpp"
#include "chapters/06_word2vec/texts.hpp"

namespace word2vec {

enum class Model { cbow, skipgram, glove, fasttext };

/// What to train, and how. word2vec's options count for cbow, skipgram and fasttext.
struct Plan {
  Model model = Model::skipgram;
  byhand::text::Word2VecOptions word2vec;
  GloveOptions glove;
  NgramOptions ngrams;
};

/// The settings that suit the toy world, or a real text. Error unless the model is "cbow",
/// "skipgram", "glove" or "fasttext" and the loss "negative" or "softmax".
Plan default_plan(const std::string& model, const std::string& loss, bool toy);

/// The questions a : b = c : d whose four words all have vectors, and how many get the right d as
/// the first answer.
struct AnalogyScore {
  std::size_t asked = 0, right = 0;
  double share() const { return asked ? double(right) / double(asked) : 0; }
};
AnalogyScore score_analogies(const byhand::text::WordVectors& vectors,
                             const std::vector<byhand::text::Analogy>& questions);
/// How alike the differences b - a are over some pairs (a, b): the mean cosine between each two of
/// them; 1 when all arrows are parallel. Pairs of which a word has no vector are left out; 0 when
/// fewer than two are left.
double parallel(const byhand::text::WordVectors& vectors, const Pairs& pairs);

struct Epoch {
  int epoch;  ///< from 1
  double loss;
  AnalogyScore analogies;
};
struct Trained {
  byhand::text::WordVectors vectors;
  std::vector<Epoch> epochs;
  /// for words never seen; empty for the other models. Refers to the corpus.
  std::shared_ptr<const FastText> fasttext;
};
/// Trains and asks the questions after each epoch; `report` is told.
Trained train(const byhand::text::Corpus& corpus, const Plan& plan,
              const std::vector<byhand::text::Analogy>& questions, byhand::Generator& generator,
              const std::function<void(const Epoch&)>& report = {});

/// About how many seconds the softmax over all words will take, from a few timed steps.
double softmax_seconds(const byhand::text::Corpus& corpus,
                       const byhand::text::Word2VecOptions& options);

}  // namespace word2vec
