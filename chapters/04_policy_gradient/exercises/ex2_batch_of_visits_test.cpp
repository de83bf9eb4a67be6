// the reader's, the original, or the one in solutions/: the build decides
#include <ex2_batch_of_visits.hpp>
#include "tests/exercises/verdict.hpp"

namespace ex = byhand::exercise;
using namespace byhand;
using Draws = std::vector<fries::Draw>;

namespace {

/// Each visit by the chapter's visit(), all from the same bias.
real expected(const fries::Network& network, const Draws& draws, real learning_rate) {
  double sum = 0;
  for (const fries::Draw& draw : draws) {
    fries::Network copy = network;
    sum += double(fries::visit(copy, draw.hunger, draw.random, learning_rate).updated_derivative);
  }
  return network.bias - learning_rate * real(sum / double(draws.size()));
}

Draws some(std::size_t count, Generator& generator) {
  Draws draws;
  for (std::size_t i = 0; i < count; ++i) draws.push_back(fries::random_draw(generator));
  return draws;
}

}  // namespace

TEST_CASE("batches that can be done with a pencil") {
  const fries::Network start, later{20, real(-0.5)};
  verdict::equal("visit 1 of the video", -0.5, ex::new_bias(start, {{0, real(0.2)}}, 1));
  verdict::equal("visit 2 of the video", expected(later, {{0, real(0.9)}}, 1),
                 ex::new_bias(later, {{0, real(0.9)}}, 1));
  verdict::equal("hunger 0: Squatch's, Squatch's", -0.5,
                 ex::new_bias(start, {{0, real(0.2)}, {0, real(0.4)}}, 1));
  verdict::equal("hunger 0: Squatch's, Norm's", -0.5,
                 ex::new_bias(start, {{0, real(0.2)}, {0, real(0.9)}}, 1));
  verdict::equal("hunger 0.5: Norm's, no reward", 0,
                 ex::new_bias(start, {{real(0.5), real(0.9)}}, 1));
}

TEST_CASE("random batches") {
  Generator generator{42};
  std::vector<real> by_chapter, by_reader;
  for (std::size_t batch = 0; batch < 200; ++batch) {
    const fries::Network network{generator.uniform(1, 1, 20)[0], generator.uniform(1, -12, 2)[0]};
    const Draws draws = some(1 + batch % 16, generator);
    const real learning_rate = generator.uniform(1, 0.1f, 4)[0];
    by_chapter.push_back(expected(network, draws, learning_rate));
    by_reader.push_back(ex::new_bias(network, draws, learning_rate));
  }
  verdict::equal("200 random batches", array(by_chapter), array(by_reader), 1e-4);
}

TEST_CASE("a training: 300 batches of 8 visits") {
  Generator generator{7};
  fries::Network by_chapter, by_reader;
  for (int batch = 0; batch < 300; ++batch) {
    const Draws draws = some(8, generator);
    by_chapter.bias = expected(by_chapter, draws, 2);
    by_reader.bias = ex::new_bias(by_reader, draws, 2);
  }
  verdict::equal("bias at the end, to 0.5", by_chapter.bias, by_reader.bias, 0.5);
}
