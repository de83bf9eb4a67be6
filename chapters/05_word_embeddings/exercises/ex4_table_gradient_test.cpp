// the reader's, the original, or the one in solutions/: the build decides
#include <ex4_table_gradient.hpp>
#include "common/fast/cross_entropy.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include "chapters/05_word_embeddings/network/train.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// The word through a look-up and a layer without bias: autograd finds the gradient of the table.
Array by_autograd(const Array& E, const Array& O, std::size_t word, std::size_t next) {
  const Tensor table(E, true);
  cross_entropy(linear(embedding(table, ids({std::int64_t(word)})), Tensor(O)),
                ids({std::int64_t(next)}))
      .backward();
  return table.grad();
}

}  // namespace

TEST_CASE("a table that can be done with a pencil: both scores are 0, both probabilities 0.5") {
  const Array E = array({2, 1}, {0, 5}), O = array({2, 1}, {1, -1});
  verdict::equal("word 0, then word 0", array({2, 1}, {-1, 0}), ex::table_gradient(E, O, 0, 0));
  verdict::equal("word 0, then word 1", array({2, 1}, {1, 0}), ex::table_gradient(E, O, 0, 1));
}

TEST_CASE("the lecture's words: the chapter's gradients by hand") {
  Generator generator{42};
  const auto start = embeddings::random_weights(generator);
  const auto [E, O] = embeddings::as_matrices(start);
  const auto examples = embeddings::examples();
  const Ids next = argmax(embeddings::lecture_data().labels);
  for (std::size_t i = 0; i < examples.size(); ++i)
    verdict::equal(embeddings::tokens[i],
                   embeddings::as_matrices(embeddings::gradients_by_hand(examples[i], start)).E,
                   ex::table_gradient(E, O, i, std::size_t(next(i))));
}

TEST_CASE("other tables, as autograd") {
  Generator generator{42};
  for (const std::size_t words : {2u, 9u, 40u}) {
    const std::size_t width = words == 2 ? 7 : 3;
    const Array E = randn({words, width}, generator), O = randn({words, width}, generator);
    const auto word = std::size_t(generator.randint(0, std::int64_t(words), 1)[0]),
               next = std::size_t(generator.randint(0, std::int64_t(words), 1)[0]);
    verdict::equal(fmt::format("{} words, {} numbers each", words, width),
                   by_autograd(E, O, word, next), ex::table_gradient(E, O, word, next));
    verdict::equal(fmt::format("{} words, the last twice", words),
                   by_autograd(E, O, words - 1, words - 1),
                   ex::table_gradient(E, O, words - 1, words - 1));
  }
}
