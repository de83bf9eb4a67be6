#include <ex5_softmax.hpp>  // the reader's, the original or the solution: the build decides
#include "common/fast/cross_entropy.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include "chapters/02_first_network/iris.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

void judge(const std::string& name, const Array& logits, std::size_t truth) {
  const Tensor z(reshape(logits, {1, logits.size()}), true);
  const Tensor loss = cross_entropy(z, ids({std::int64_t(truth)}));
  loss.backward();
  const ex::Loss mine = ex::softmax_cross_entropy(logits, truth);
  // Whoever adds the largest logit and takes another off rounds numbers as large as the logits.
  const double size = std::max(double(xt::amax(xt::abs(logits))()), 1.0);
  verdict::equal(name + ", loss", loss.item(), mine.value, 1e-6 * size + 1e-5);
  verdict::equal(name + ", gradient", reshape(z.grad(), {logits.size()}), mine.gradient);
}

}  // namespace

TEST_CASE("the three irises of the video") {
  const iris::Weights w = iris::video_network();
  const iris::Examples irises = iris::video_irises();
  const char* names[] = {"Setosa", "Versicolor", "Virginica"};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto species = std::size_t(irises.species(i));
    judge(names[species],
          array(iris::forward_by_hand(w, irises.inputs(i, 0), irises.inputs(i, 1)).logits),
          species);
  }
}

TEST_CASE("other numbers of classes") {
  Generator generator{42};
  judge("1 class", array({3}), 0);
  judge("2 classes", randn({2}, generator), 1);
  judge("10 classes", normal({10}, 0, 3, generator), 7);
}

TEST_CASE("large logits") {
  judge("1000, 1001, 999", array({1000, 1001, 999}), 0);
  judge("-1000, -1001, -999", array({-1000, -1001, -999}), 2);
  judge("0, 200 and the truth is 0", array({0, 200}), 0);
  judge("-2000, 2000 and the truth is -2000", array({-2000, 2000}), 0);
}
