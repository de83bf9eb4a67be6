// the reader's, the original, or the one in solutions/: the build decides
#include <ex5_look_up.hpp>
#include "common/autograd/node.hpp"
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include "chapters/05_word_embeddings/counts.hpp"
#include "common/autograd/ops.hpp"
#include "common/tensor/matmul.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// Value and gradient of sum(rows * weights) with random weights: one-hot rows times the table, and
/// the reader's.
void judge(const std::string& name, const Shape& shape, const Ids& words) {
  Generator generator{42};
  const Array numbers = randn(shape, generator),
              weights = randn({words.size(), shape[1]}, generator);
  const Array one_hot = embeddings::one_hot(words, shape[0]);  // (n, rows)
  const Tensor table(numbers, true);
  const Tensor rows = ex::look_up(table, words);
  verdict::equal(name + ", value", matmul(one_hot, numbers), rows.value());
  if (shape_of(rows.value()) != shape_of(weights)) return;  // said above
  sum(rows * Tensor(weights)).backward();
  verdict::equal(name + ", gradient", matmul(one_hot, weights, Transpose::yes),
                 table.has_grad() ? table.grad() : zeros(shape));
}

Ids random_words(std::size_t rows, std::size_t n, Generator& generator) {
  return ids(generator.randint(0, std::int64_t(rows), n));
}

bool refuses(std::int64_t word) {
  try {
    ex::look_up(Tensor(ones({3, 2})), ids({0, word}));
  } catch (const Error&) {
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("one-hot rows times the table") {
  Generator generator{7};
  judge("each word once", {4, 2}, ids({3, 0, 1, 2}));
  judge("one word", {4, 2}, ids({2}));
  judge("a word twice", {4, 2}, ids({1, 3, 1}));
  judge("a table of one row", {1, 3}, ids({0, 0, 0}));
  judge("200 of 30 words", {30, 5}, random_words(30, 200, generator));
}

TEST_CASE("a table that is itself a result, and used twice") {
  const Array numbers = array({3, 2}, {1, 2, 3, 4, 5, 6});
  const auto gradient = [&](const auto& look_up) {
    const Tensor table(numbers, true);
    const Tensor doubled = table * 2;
    sum(look_up(doubled, ids({0, 2, 2})) * look_up(doubled, ids({1, 2, 0}))).backward();
    return table.has_grad() ? table.grad() : zeros({3, 2});
  };
  verdict::equal("gradient",
                 gradient([](const Tensor& t, const Ids& words) { return embedding(t, words); }),
                 gradient(ex::look_up));
}

TEST_CASE("it is one operation") {
  const Tensor table(ones({3, 2}), true);
  const Tensor rows = ex::look_up(table, ids({1}));
  verdict::holds("graph",
                 rows.node().inputs.size() == 1 && &rows.node().inputs[0].node() == &table.node() &&
                     rows.node().op != std::string("embedding"),
                 "look_up() should be one node of your own on top of the table");
}

TEST_CASE("numbers that are no rows") {
  verdict::holds("word -1", refuses(-1), "no Error, though a table has no row -1");
  verdict::holds("word 3 of 3", refuses(3), "no Error, though the last of 3 rows is row 2");
  verdict::holds("word 2 of 3", !refuses(2), "an Error, though row 2 is the last of 3 rows");
}
