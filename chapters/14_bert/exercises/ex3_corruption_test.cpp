#include <ex3_corruption.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

#include <algorithm>
#include <set>

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

constexpr std::size_t vocabulary = 30;
constexpr std::int64_t mask = 8;
const std::vector<std::int64_t> special = {0, 1, 7, mask, 29};
constexpr double ordinary = double(vocabulary) - 5;
constexpr std::size_t length = 2000, texts = 30;

bool is_special(std::int64_t word) {
  return std::find(special.begin(), special.end(), word) != special.end();
}

struct Counts {
  double words = 0, chosen = 0, masked = 0, same = 0, random = 0;
  bool labels_right = true, rest_untouched = true, specials_untouched = true;
  std::set<std::int64_t> drawn;
};

Counts count(const Ids& before, const text::MaskedTokens& after) {
  Counts c;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::int64_t was = before.data()[i], is = after.ids.data()[i],
                       label = after.labels.data()[i];
    if (is_special(was))
      c.specials_untouched = c.specials_untouched && is == was && label == text::no_label;
    if (is_special(was)) continue;
    ++c.words;
    if (label == text::no_label) c.rest_untouched = c.rest_untouched && is == was;
    if (label == text::no_label) continue;
    ++c.chosen;
    c.labels_right = c.labels_right && label == was;
    ++(is == mask ? c.masked : is == was ? c.same : c.random);
    if (is != mask && is != was) c.drawn.insert(is);
  }
  return c;
}

void judge(std::uint64_t seed) {
  Generator generator{seed};
  const Ids before =
      ids({texts, length}, generator.randint(0, std::int64_t(vocabulary), texts * length));
  const text::MaskedTokens after = ex::corrupt(before, special, vocabulary, mask, generator);
  const bool shapes = after.ids.shape() == before.shape() && after.labels.shape() == before.shape();
  verdict::holds(fmt::format("shapes, seed {}", seed), shapes,
                 "ids and labels should have the shape of the text");
  if (!shapes) return;
  const Counts c = count(before, after);
  const double chosen = std::max(c.chosen, 1.0);
  // 50,000 words, some 7,500 of them chosen: the standard deviations are 0.0016 for the first share
  // and at most 0.005 for the others
  verdict::equal("share chosen", 0.15, c.chosen / c.words, 0.01);
  verdict::equal("of these [MASK]", 0.8, c.masked / chosen, 0.025);
  // One drawn word in `ordinary` is the word itself
  verdict::equal("of these another word", 0.1 * (1 - 1 / ordinary), c.random / chosen, 0.02);
  verdict::equal("of these as before", 0.1 + 0.1 / ordinary, c.same / chosen, 0.02);
  verdict::holds("labels", c.labels_right,
                 "the label of a chosen word should be the word that was there");
  verdict::holds("words not chosen", c.rest_untouched, "a word without a label has been changed");
  verdict::holds("special tokens", c.specials_untouched,
                 "a special token has been changed or asked for");
  const bool fair = double(c.drawn.size()) == ordinary &&
                    std::none_of(c.drawn.begin(), c.drawn.end(), is_special);
  verdict::holds("words drawn", fair, "they should be all the ordinary words and no special token");
}

}  // namespace

TEST_CASE("shares, labels and special tokens") {
  for (const std::uint64_t seed : {1, 2, 3}) judge(seed);
}
