// the reader's, the original, or the one in solutions/: the build decides
#include <ex3_analogy.hpp>
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include "common/system/files.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

void ask(const text::WordVectors& vectors, const std::string& a, const std::string& b,
         const std::string& c) {
  const std::string right = vectors.analogy(a, b, c, 1)[0].word,
                    came = ex::analogy(vectors, a, b, c);
  verdict::holds(fmt::format("{} - {} + {}", a, b, c), came == right,
                 fmt::format("the answer is {}, not '{}'", right, came));
}

/// 100 questions, each among 30 random words whose vectors have lengths from `shortest` to
/// `longest`: how many answers are right?
void judge(const std::string& name, float shortest, float longest) {
  Generator generator{42};
  int right = 0;
  for (int question = 0; question < 100; ++question) {
    Array numbers = randn({30, 4}, generator);
    std::vector<std::string> words;
    for (std::size_t w = 0; w < 30; ++w) {
      const real length = real(generator.uniform(1, shortest, longest)[0]);
      const Array vector = embeddings::row(numbers, w);
      const real factor = length / real(std::sqrt(embeddings::dot_by_hand(vector, vector)));
      for (std::size_t i = 0; i < 4; ++i) numbers(w, i) *= factor;
      words.push_back(fmt::format("word{}", w));
    }
    const text::WordVectors vectors(words, numbers);
    right += ex::analogy(vectors, words[0], words[1], words[2]) ==
             vectors.analogy(words[0], words[1], words[2], 1)[0].word;
  }
  verdict::equal(name, 100, right, 0);
}

}  // namespace

TEST_CASE("GloVe") {
  const text::WordVectors vectors =
      text::load_glove_q8(dataset("glove_q8.vec").replace_extension());
  ask(vectors, "king", "man", "woman");
  ask(vectors, "paris", "france", "japan");
  ask(vectors, "walked", "walk", "go");
}

TEST_CASE("words that point away") {
  // a - b + c points along x; the two words left point against it, the short one more so
  const text::WordVectors vectors(
      {"a", "b", "c", "aside", "against"},
      array({5, 2}, {1, 0, 0, 1, 0, 1, real(-0.1), -1, real(-0.01), real(-0.005)}));
  ask(vectors, "a", "b", "c");
}

TEST_CASE("random words: right answers of 100") {
  judge("all vectors of length 1", 1, 1);
  judge("lengths from 0.1 to 10", 0.1f, 10);
}
