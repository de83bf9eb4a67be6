// the reader's, the original, or the one in solutions/: the build decides
#include <ex2_noise.hpp>

#include "chapters/06_word2vec/step/example.hpp"
#include "common/core/generator.hpp"
#include "tests/exercises/verdict.hpp"

using namespace byhand;

namespace {

void judge(const std::string& name, const std::vector<double>& counts, double power) {
  const auto as_array = [](const std::vector<double>& v) {
    return array(std::vector<real>(v.begin(), v.end()));
  };
  verdict::equal(name, as_array(word2vec::noise_distribution(counts, power)),
                 as_array(exercise::noise_shares(counts, power)));
}

}  // namespace

TEST_CASE("shares of the noise words") {
  judge("the chapter's eight words, 3/4", word2vec::example_counts(), 0.75);
  judge("power 1: as in the text", {3, 1}, 1);
  judge("power 0: all alike", {100, 10, 1, 1}, 0);
  judge("16 and 1, 3/4: 8/9 and 1/9", {16, 1}, 0.75);
  Generator generator{42};
  std::vector<double> counts;
  for (int i = 0; i < 50; ++i) counts.push_back(1 + 1000 * generator.uniform());
  judge("50 random counts, 3/4", counts, 0.75);
}
