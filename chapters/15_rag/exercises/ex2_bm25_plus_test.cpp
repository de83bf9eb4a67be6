// The reader's, the original, or the one in solutions/: the build decides.
#include <ex2_bm25_plus.hpp>
#include "tests/exercises/verdict.hpp"

#include "chapters/15_rag/words/count_terms.hpp"
#include "common/core/generator.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// The chapter's BM25, and for each of the question's terms that stands in the passage delta times
/// its idf.
double expected(const ex::Terms& question, const std::vector<ex::Terms>& passages,
                std::size_t which, const ex::Options& options) {
  const rag::Postings postings(passages);
  double sum = rag::bm25_scores(postings, question, {.k1 = options.k1, .b = options.b})[which];
  for (const std::string& term : question)
    for (const auto& [passage, times] : postings.find(term))
      if (passage == which) {
        const double df = double(postings.find(term).size());
        sum += options.delta *
               std::max(1e-6, std::log((double(passages.size()) - df + 0.5) / (df + 0.5)));
      }
  return sum;
}

void judge(const std::string& name, const ex::Terms& question,
           const std::vector<ex::Terms>& passages, std::size_t which, const ex::Options& options) {
  verdict::equal(name, expected(question, passages, which, options),
                 ex::score(question, passages, which, options), 1e-9);
}

/// Terms t0 to t7, the first ones more often.
ex::Terms some_terms(Generator& generator, std::int64_t most) {
  ex::Terms terms;
  const std::int64_t size = generator.randint(0, most + 1, 1)[0];
  for (std::int64_t i = 0; i < size; ++i)
    terms.push_back("t" + std::to_string(int(8 * generator.uniform() * generator.uniform())));
  return terms;
}

const std::vector<ex::Terms> breakfast = {
    {"tea", "tea", "milk"}, {"milk", "bread"}, {"bread"}, {}, {"milk", "milk", "milk", "honey"}};

}  // namespace

TEST_CASE("worked with pencil and paper") {
  // n = 3, mean 2, df = 1, f = 2: ln(2.5 / 1.5) (2 x 2 / (2 + 1.5) + 0.5) = 0.510826 x 1.642857
  verdict::equal(
      "tea", 0.839213,
      ex::score({"tea"}, {{"tea", "tea", "milk"}, {"milk", "bread"}, {"bread"}}, 0, {1, 1, 0.5}),
      1e-5);
}

TEST_CASE("delta = 0: the chapter's BM25") {
  judge("tea milk", {"tea", "milk"}, breakfast, 0, {1.2, 0.75, 0});
  judge("other k1 and b", {"bread", "milk"}, breakfast, 1, {2, 0.3, 0});
  judge("k1 = 0: how often does not matter", {"tea"}, breakfast, 0, {0, 0.75, 0});
  judge("b = 0: the length does not matter", {"honey"}, breakfast, 4, {1.5, 0, 0});
}

TEST_CASE("delta") {
  judge("one term", {"tea"}, breakfast, 0, {1.2, 0.75, 1});
  judge("a term twice in the question", {"tea", "tea", "bread"}, breakfast, 0, {1.2, 0.75, 1});
  judge("a term in more than half of the passages", {"milk"}, breakfast, 4, {1.2, 0.75, 1});
  judge("a term that is nowhere", {"coffee"}, breakfast, 1, {1.2, 0.75, 1});
  judge("a term that only another passage holds", {"honey", "bread"}, breakfast, 2, {1.2, 0.75, 1});
  judge("an empty passage", {"tea", "milk"}, breakfast, 3, {1.2, 0.75, 1});
}

TEST_CASE("random passages, questions and options") {
  Generator generator{42};
  for (int i = 1; i <= 5; ++i) {
    std::vector<ex::Terms> passages;
    for (int p = 0; p < 12; ++p) passages.push_back(some_terms(generator, 20));
    passages.push_back({"t1", "t5", "t7"});
    ex::Terms question = some_terms(generator, 6);
    question.push_back("t7");
    const ex::Options options{3 * double(generator.uniform()), double(generator.uniform()),
                              2 * double(generator.uniform())};
    std::vector<real> right, came;
    for (std::size_t p = 0; p < passages.size(); ++p) {
      right.push_back(real(expected(question, passages, p, options)));
      came.push_back(real(ex::score(question, passages, p, options)));
    }
    verdict::equal(fmt::format("13 passages, {}", i), array(right), array(came), 1e-5);
  }
}
