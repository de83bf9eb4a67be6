// The reader's, the original, or the one in solutions/: the build decides.
#include <ex1_fusion.hpp>
#include "tests/exercises/verdict.hpp"

#include "chapters/15_rag/measure/evaluate.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

// Predictions are numbers, or formulas of numbers: what a program has counted does not compile
// here.
constexpr int first_with_60 = ex::first_with_60, second_with_60 = ex::second_with_60,
              first_with_0 = ex::first_with_0;
constexpr double recall_at_1 = ex::recall_at_1, recall_at_5 = ex::recall_at_5,
                 mean_reciprocal_rank = ex::mean_reciprocal_rank;

/// The three rankings of the task, made one. Their own scores do not matter.
std::vector<rag::Match> fused(double k) {
  return rag::fuse({{{4, 1}, {7, 1}, {2, 1}, {5, 1}, {1, 1}},
                    {{4, 1}, {3, 1}, {2, 1}, {6, 1}, {5, 1}},
                    {{1, 1}, {2, 1}, {5, 1}, {7, 1}, {3, 1}}},
                   k);
}

}  // namespace

TEST_CASE("three rankings made one") {
  verdict::predicted("first with k = 60", double(fused(60)[0].row), first_with_60, 0);
  verdict::predicted("second with k = 60", double(fused(60)[1].row), second_with_60, 0);
  verdict::predicted("first with k = 0", double(fused(0)[0].row), first_with_0, 0);
}

TEST_CASE("ten ranks") {
  const rag::Score score = rag::score({1, 2, 0, 5, 1, 10, 4, 1, 0, 8});
  verdict::predicted("recall@1", score.recall_1, recall_at_1, 0.0005);
  verdict::predicted("recall@5", score.recall_5, recall_at_5, 0.0005);
  // Three digits, cut or rounded.
  verdict::predicted("mean reciprocal rank", score.mrr, mean_reciprocal_rank, 0.0006);
}
