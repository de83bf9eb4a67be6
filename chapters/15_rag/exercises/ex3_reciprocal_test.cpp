// The reader's, the original, or the one in solutions/: the build decides.
#include <ex3_reciprocal.hpp>
#include "tests/exercises/verdict.hpp"

#include <algorithm>

#include "chapters/15_rag/measure/evaluate.hpp"
#include "common/core/generator.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

/// The rank of the first right section, 0 beyond the tenth: sections in the order in which they
/// first come.
std::size_t rank_of(const ex::Ranked& question) {
  std::vector<int> sections;
  for (const int section : question.sections)
    if (std::find(sections.begin(), sections.end(), section) == sections.end())
      sections.push_back(section);
  for (std::size_t i = 0; i < std::min<std::size_t>(10, sections.size()); ++i)
    if (question.right.count(sections[i])) return i + 1;
  return 0;
}

void judge(const std::string& name, const std::vector<ex::Ranked>& questions) {
  std::vector<std::size_t> ranks;
  for (const ex::Ranked& question : questions) ranks.push_back(rank_of(question));
  verdict::equal(name, rag::score(ranks).mrr, ex::mean_reciprocal_rank(questions), 1e-9);
}

const ex::Ranked first{{1, 2, 3}, {1}}, third{{1, 2, 3}, {3}}, none{{1, 2, 3}, {4}};

}  // namespace

TEST_CASE("every question is answered") {
  judge("rank 1", {first});
  judge("ranks 1 and 3", {first, third});
  judge("several right sections: the first counts", {{{5, 2, 3, 4}, {2, 3, 4}}, {{1, 2}, {1, 2}}});
  judge("one section three times", {{{5, 5, 5, 2}, {2}}, {{5, 6, 5, 6, 2, 2}, {2, 7}}});
}

TEST_CASE("some questions are not") {
  judge("one of two", {first, none});
  judge("one of five", {none, none, third, none, none});
  judge("the first and the last fail", {none, first, third, {{}, {1}}});
  judge("none", {none, none});
  judge("nothing was found at all", {{{}, {1}}});
  judge("rank 10, and rank 11",
        {{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {10}}, {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {11}}});
  judge("no questions", {});
}

TEST_CASE("random rankings") {
  Generator generator{42};
  for (int i = 1; i <= 4; ++i) {
    std::vector<ex::Ranked> questions;
    for (int q = 0; q < 20; ++q) {
      ex::Ranked question;
      for (const std::int64_t section : generator.randint(0, 25, 20))
        question.sections.push_back(int(section));
      for (const std::int64_t section : generator.randint(0, 25, std::size_t(1 + q % 3)))
        question.right.insert(int(section));
      questions.push_back(question);
    }
    judge(fmt::format("20 questions, {}", i), questions);
  }
}
