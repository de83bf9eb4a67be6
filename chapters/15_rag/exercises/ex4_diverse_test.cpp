// The reader's, the original, or the one in solutions/: the build decides.
#include <ex4_diverse.hpp>
#include "common/tensor/random.hpp"
#include "tests/exercises/verdict.hpp"

#include <set>

#include "chapters/15_rag/embed.hpp"
#include "chapters/15_rag/search/search.hpp"
#include "common/core/generator.hpp"

namespace ex = byhand::exercise;
using namespace byhand;
using Rows = std::vector<std::size_t>;

namespace {

double product(const Array& a, std::size_t i, const Array& b, std::size_t j) {
  double sum = 0;
  for (std::size_t c = 0; c < a.shape()[1]; ++c) sum += double(a(i, c)) * double(b(j, c));
  return sum;
}

/// What row i is worth after the first `size` rows of `chosen`, by the formula.
double worth(const Array& question, const Array& passages, const Rows& chosen, std::size_t size,
             std::size_t i, double lambda) {
  const double near = product(question, 0, passages, i);
  if (size == 0) return near;
  double like = product(passages, chosen[0], passages, i);
  for (std::size_t c = 1; c < size; ++c)
    like = std::max(like, product(passages, chosen[c], passages, i));
  return lambda * near - (1 - lambda) * like;
}

/// Asks for k of the passages. Empty, with a row that says why, when they are not k different rows.
Rows asked(const std::string& name, const Array& question, const Array& passages, std::size_t k,
           double lambda) {
  const std::size_t n = passages.shape()[0], most = std::min(k, n);
  const Rows chosen = ex::choose(reshape(question, {question.shape()[1]}), passages, k, lambda);
  const bool rows =
      chosen.size() == most && std::set<std::size_t>(chosen.begin(), chosen.end()).size() == most &&
      std::all_of(chosen.begin(), chosen.end(), [&](std::size_t row) { return row < n; });
  verdict::holds(
      name + ": different rows", rows,
      fmt::format("{} came; expected {} different rows from 0 to {}", chosen.size(), most, n - 1));
  return rows ? chosen : Rows{};
}

/// Every choice must be the best one after those before it; of two that differ by rounding only,
/// either will do.
void judge(const std::string& name, const Array& question, const Array& passages, std::size_t k,
           double lambda) {
  const Rows chosen = asked(name, question, passages, k, lambda);
  if (chosen.empty()) return;
  for (std::size_t size = 0; size < chosen.size(); ++size) {
    std::size_t best = chosen[size];
    const double came = worth(question, passages, chosen, size, best, lambda);
    double largest = came;
    for (std::size_t i = 0; i < passages.shape()[0]; ++i) {
      if (std::find(chosen.begin(), chosen.begin() + std::ptrdiff_t(size), i) !=
          chosen.begin() + std::ptrdiff_t(size))
        continue;
      const double value = worth(question, passages, chosen, size, i, lambda);
      if (value > largest) best = i, largest = value;
    }
    if (largest - came > 1e-5) {
      verdict::holds(name, false,
                     fmt::format("choice {} was row {}, worth {:.4f}; row {} is worth {:.4f}",
                                 size + 1, chosen[size], came, best, largest));
      return;
    }
  }
  verdict::holds(name, true, "");
}

/// Rows of length 1, in all directions; `lean` is added to every number, so that they are more
/// alike.
Array directions(std::size_t rows, std::size_t width, Generator& generator, double lean = 0) {
  Array made = normal({rows, width}, real(lean), 1, generator);
  rag::scale_rows(made);
  return made;
}

double mean_likeness(const Array& passages, const Rows& rows) {
  double sum = 0;
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < i; ++j, ++pairs)
      sum += product(passages, rows[i], passages, rows[j]);
  return sum / double(pairs);
}

const std::vector<std::string> texts = {
    "Cats sleep most of the day",        "Most of the day cats sleep",
    "Cats sleep: most of the day!",      "At night cats hunt mice and birds",
    "A dog guards the house at night",   "Tea is made with hot water",
    "Old cats sleep longer than kittens"};

}  // namespace

TEST_CASE("the best choice at every step") {
  Generator generator{42};
  for (const double lambda : {0.0, 0.3, 0.5, 0.7, 1.0}) {
    const Array question = directions(1, 6, generator, 0.5),
                passages = directions(30, 6, generator, 0.5);
    judge(fmt::format("30 passages, lambda {}", lambda), question, passages, 8, lambda);
  }
  for (const double lambda : {0.2, 0.6}) {
    const Array question = directions(1, 12, generator), passages = directions(9, 12, generator);
    judge(fmt::format("cosines below 0, lambda {}", lambda), question, passages, 9, lambda);
  }
  const Array opposite = array({1, 2}, {-1, 0}),
              three = array({3, 2}, {1, 0, real(0.8), real(0.6), real(0.6), real(0.8)});
  judge("a question that is far from all", opposite, three, 3, 0.5);
}

TEST_CASE("as many as asked for") {
  Generator generator{7};
  const Array question = directions(1, 4, generator), passages = directions(5, 4, generator);
  judge("more than there are", question, passages, 9, 0.5);
  judge("one", question, passages, 1, 0);
  verdict::equal("none", 0, double(ex::choose(reshape(question, {4}), passages, 0, 0.5).size()), 0);
}

TEST_CASE("lambda = 1: the nearest ones, as text::top_matches finds them") {
  Generator generator{3};
  const Array question = directions(1, 8, generator), passages = directions(40, 8, generator);
  const Rows chosen = asked("40 passages", question, passages, 6, 1);
  const std::vector<text::Match> matches = text::top_matches(question, passages, 6)[0];
  Rows nearest;
  for (const text::Match& match : matches) nearest.push_back(match.row);
  verdict::holds(
      "the same rows", chosen == nearest,
      fmt::format("[{}] came; expected [{}]", fmt::join(chosen, " "), fmt::join(nearest, " ")));
}

TEST_CASE("sentences: three of seven say the same") {
  const rag::TfidfEncoder encoder(texts);
  const Array passages = encoder.encode(texts),
              question = encoder.encode({"Do cats sleep in the day and hunt at night?"});
  judge("lambda 0.5", question, passages, 3, 0.5);
  const Rows chosen = asked("three sentences", question, passages, 3, 0.5),
             nearest = asked("the three nearest", question, passages, 3, 1);
  if (chosen.empty() || nearest.empty()) return;
  verdict::above("mean cosine of the three nearest", mean_likeness(passages, nearest), 0.9);
  verdict::below("mean cosine of the three chosen", mean_likeness(passages, chosen), 0.5);
}
