#pragma once
/// @file
/// A small model that learns to look things up, so that its attention pattern can be read. Six
/// pairs such as "c4" are given, then six letters are asked for; the answer to "c" is 4. This is
/// the smallest use of encoder-decoder attention: letters ask, pairs answer.
#include <string>
#include <vector>

#include "common/nn/layers.hpp"

namespace attention::lookup {

using byhand::Array;
using byhand::Generator;
using byhand::Ids;
using byhand::Tensor;

inline constexpr std::size_t letters = 8, digits = 8, pairs = 6;

/// Tasks, each array (tasks, 6). In a task the letters differ;
/// the same letters are asked for in another order.
struct Tasks {
  Ids letter, digit;  ///< the pairs
  Ids question;       ///< the letters asked for
  Ids answer;         ///< the digit that stands with each
  Ids place;          ///< the pair it stands in, 0 to 5: where a good model looks
};
Tasks draw_tasks(std::size_t tasks, Generator& generator);

struct Model : byhand::nn::Module {
  explicit Model(Generator& generator);
  struct Output {
    Tensor logits;  ///< (tasks, 6, 8): for each question a score for each digit
    Array percent;  ///< (tasks, 6, 6): the attention pattern, questions x pairs
  };
  Output operator()(const Tasks& tasks) const;

  byhand::nn::Embedding letter, digit;
  byhand::nn::Linear query, key, value, answer;
};

/// The loss of each step of Adam (rate 0.01), 32 new tasks a step.
std::vector<double> train(const Model& model, int steps, Generator& generator);

struct Score {
  double correct = 0;      ///< share of the questions answered right; guessing gives 1/8
  double on_the_pair = 0;  ///< share of the attention that lies on the pair asked for; evenly: 1/6
};
Score score(const Model& model, const Tasks& tasks);

/// The pattern (6, 6) of one task, and the names of its rows ("c?") and columns ("c4").
Array pattern(const Model& model, const Tasks& tasks, std::size_t task = 0);
std::vector<std::string> question_names(const Tasks& tasks, std::size_t task = 0);
std::vector<std::string> pair_names(const Tasks& tasks, std::size_t task = 0);

}  // namespace attention::lookup
