// the reader's, the original, or the one in solutions/: the build decides
#include <ex1_pairs.hpp>

#include "chapters/06_word2vec/step/example.hpp"
#include "tests/exercises/verdict.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

TEST_CASE("pairs and probabilities") {
  const std::vector<std::string> seven = {"a", "b", "c", "d", "e", "f", "g"};
  verdict::predicted("pairs of 7 words, window 2",
                     double(word2vec::training_pairs(seven, 2).size()), ex::pairs_of_words, 0);
  verdict::predicted("kept, the paper", word2vec::keep_paper(0.025, 0.001), ex::kept_by_the_paper,
                     0.002);
  verdict::predicted("kept, the program", word2vec::keep_program(0.025, 0.001),
                     ex::kept_by_the_program, 0.002);
}
