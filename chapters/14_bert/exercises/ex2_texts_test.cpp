#include <ex2_texts.hpp>  // the reader's, the original or the solution: the build decides
#include "common/fast/cross_entropy.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include <algorithm>

#include "chapters/14_bert/pretraining/example.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// The built-in loss of each text alone, and their mean.
double expected(const Array& logits, const Ids& labels) {
  const std::size_t length = labels.shape()[1], words = logits.shape()[2];
  double sum = 0, texts = 0;
  for (std::size_t b = 0; b < labels.shape()[0]; ++b) {
    const std::vector<std::int64_t> asked(labels.data() + b * length,
                                          labels.data() + (b + 1) * length);
    if (std::all_of(asked.begin(), asked.end(),
                    [](std::int64_t label) { return label == text::no_label; }))
      continue;
    const std::vector<real> scores(logits.data() + b * length * words,
                                   logits.data() + (b + 1) * length * words);
    sum +=
        double(cross_entropy(Tensor(array({length, words}, scores)), ids(asked)).value().data()[0]);
    ++texts;
  }
  return texts == 0 ? 0 : sum / texts;
}

void judge(const std::string& name, const Array& logits, const Ids& labels) {
  verdict::equal(name, expected(logits, labels), ex::loss_per_text(logits, labels), 1e-4);
}

/// Each place is asked with the probability of its text.
Ids some_labels(const std::vector<double>& shares, std::size_t length, std::int64_t words,
                Generator& generator) {
  std::vector<std::int64_t> labels;
  for (const double share : shares)
    for (std::size_t t = 0; t < length; ++t)
      labels.push_back(double(generator.uniform()) < share ? generator.randint(0, words, 1)[0]
                                                           : text::no_label);
  return ids({shares.size(), length}, labels);
}

}  // namespace

TEST_CASE("the chapter's two texts, with one and two hidden words") {
  const bert::LossExample example = bert::loss_example();
  judge("two texts", example.logits, example.labels);
}

TEST_CASE("texts with many hidden words, few, none") {
  Generator generator{42};
  judge("all, some, none, few", normal({4, 9, 7}, 0, 2, generator),
        some_labels({1, 0.5, 0, 0.2}, 9, 7, generator));
  judge("none, all", normal({2, 5, 3}, 0, 2, generator), some_labels({0, 1}, 5, 3, generator));
  judge("one text", normal({1, 6, 12}, 0, 2, generator), some_labels({1}, 6, 12, generator));
  judge("no word hidden", normal({3, 4, 5}, 0, 2, generator),
        some_labels({0, 0, 0}, 4, 5, generator));
}

TEST_CASE("scores in the thousands") {
  const Ids labels = ids({2, 2}, {0, text::no_label, 2, 1});
  judge("high", array({2, 2, 3}, {5000, 4999, 4998, 1, 2, 3, 4000, 4003, 4001, 3000, 3000, 3000}),
        labels);
  judge("low",
        array({2, 2, 3}, {-5000, -4999, -4998, 1, 2, 3, -4000, -4003, -4001, -3000, -3000, -3000}),
        labels);
}
