#include <ex4_whole_words.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

#include <algorithm>
#include <set>

namespace ex = byhand::exercise;
using namespace byhand;
using Numbers = std::vector<std::int64_t>;

namespace {

/// The special tokens stand anywhere, as in BERT's own vocabulary. 11 ordinary pieces begin a word,
/// 10 go on.
const text::WordPiece& vocabulary() {
  static const text::WordPiece v({"[PAD]", "a",     "##a",  "un",     "##aff",  "##able", "[UNK]",
                                  "[CLS]", "[SEP]", "em",   "##bed",  "##ding", "##s",    "cat",
                                  "play",  "##ing", "##ed", "[MASK]", "the",    "dog",    "sun",
                                  "##ny",  "moon",  "#",    "!",      "##er"});
  return v;
}
constexpr double ordinary = 21;
constexpr std::size_t texts = 6000;

bool special(std::int64_t id) {
  return vocabulary().piece(id).size() > 1 && vocabulary().piece(id)[0] == '[';
}

struct Span {
  std::size_t begin, end;
};

/// The words of a text by their first pieces: every ordinary piece without ##, or behind a special
/// token, or at the beginning.
std::vector<Span> words_of(const Numbers& text) {
  std::vector<Span> words;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (special(text[i])) continue;
    const bool goes_on = vocabulary().piece(text[i]).substr(0, 2) == "##";
    if (goes_on && i > 0 && !special(text[i - 1]))
      words.back().end = i + 1;
    else
      words.push_back({i, i + 1});
  }
  return words;
}

struct Counts {
  double words = 0, chosen = 0, long_words = 0, long_chosen = 0, last_words = 0, last_chosen = 0;
  double masked = 0, pieces_random = 0, pieces_chosen = 0;
  // Of words with more than one piece
  double several_chosen = 0, several_same = 0, several_random = 0, repeated = 0;
  bool shapes = true, whole = true, labels_right = true, rest_untouched = true, one_fate = true;
  std::set<std::int64_t> drawn;
};

void count_word(Counts& c, const Numbers& before, const text::MaskedTokens& after,
                const Span& word) {
  std::size_t asked = 0, masked = 0, same = 0;
  const std::size_t pieces = word.end - word.begin;
  for (std::size_t i = word.begin; i < word.end; ++i) {
    const std::int64_t is = after.ids.data()[i], label = after.labels.data()[i];
    asked += label != text::no_label;
    masked += is == vocabulary().mask();
    same += is == before[i];
    c.labels_right = c.labels_right && (label == text::no_label || label == before[i]);
    if (label != text::no_label && is != vocabulary().mask() && is != before[i]) {
      c.drawn.insert(is);
      ++c.pieces_random;
    }
  }
  const bool chosen = asked > 0, is_long = pieces > 2, last = word.end == before.size();
  c.whole = c.whole && (asked == 0 || asked == pieces);
  c.rest_untouched = c.rest_untouched && (chosen || same == pieces);
  c.one_fate = c.one_fate && (masked == 0 || masked == pieces);
  ++c.words, c.chosen += chosen;
  c.long_words += is_long, c.long_chosen += is_long && chosen;
  c.last_words += last, c.last_chosen += last && chosen;
  c.masked += chosen && masked == pieces;
  c.pieces_chosen += double(asked);
  if (!chosen || pieces == 1) return;
  const bool random = masked == 0 && same < pieces;
  const std::int64_t* became = after.ids.data() + word.begin;
  ++c.several_chosen;
  c.several_same += same == pieces;
  c.several_random += random;
  c.repeated += random && became[0] == became[1];
}

void count_text(Counts& c, const Numbers& before, const text::MaskedTokens& after) {
  c.shapes = c.shapes && after.ids.shape() == ids(before).shape() &&
             after.labels.shape() == after.ids.shape();
  if (!c.shapes) return;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (special(before[i]))
      c.rest_untouched = c.rest_untouched && after.ids.data()[i] == before[i] &&
                         after.labels.data()[i] == text::no_label;
  for (const Span& word : words_of(before)) count_word(c, before, after, word);
}

/// Texts of 1 to 12 pieces of any kind: they begin and end in the middle of words, too.
void count(Counts& c, std::uint64_t seed) {
  Generator generator{seed};
  for (std::size_t n = 0; n < texts && c.shapes; ++n) {
    const Numbers text = generator.randint(0, std::int64_t(vocabulary().size()),
                                           std::size_t(generator.randint(1, 13, 1)[0]));
    count_text(c, text, ex::hide_words(ids(text), vocabulary(), generator));
  }
}

double share(double part, double of) { return part / std::max(of, 1.0); }

}  // namespace

TEST_CASE("words are hidden as a whole") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    Counts c;
    count(c, seed);
    verdict::holds(fmt::format("shapes, seed {}", seed), c.shapes,
                   "ids and labels should be as long as the text");
    if (!c.shapes) return;
    verdict::holds("whole words", c.whole, "of some word not all pieces are asked for");
    verdict::holds("labels", c.labels_right,
                   "the label of a piece should be the piece that was there");
    verdict::holds("all else", c.rest_untouched,
                   "a special token or a word that is not asked for has been changed");
    verdict::holds("one fate", c.one_fate, "of some word one piece is [MASK] and another is not");
    // About 21,000 words, 2,200 of them long, 4,800 at the end of a text: standard deviations of
    // 0.0025, 0.0075 and 0.005
    verdict::equal("share of words chosen", 0.15, share(c.chosen, c.words), 0.015);
    verdict::equal("of words with more than 2 pieces", 0.15, share(c.long_chosen, c.long_words),
                   0.035);
    verdict::equal("of words at the end of a text", 0.15, share(c.last_chosen, c.last_words), 0.03);
  }
}

TEST_CASE("80 %, 10 %, 10 %") {
  Counts c;
  for (const std::uint64_t seed : {4, 5, 6}) count(c, seed);
  verdict::holds("shapes", c.shapes, "ids and labels should be as long as the text");
  if (!c.shapes) return;
  // About 9,500 chosen words with 14,000 pieces, 3,100 of them with several: standard deviations of
  // 0.004 to 0.006
  verdict::equal("chosen words that are [MASK]", 0.8, share(c.masked, c.chosen), 0.025);
  verdict::equal("pieces of chosen words that are others", 0.1 * (1 - 1 / ordinary),
                 share(c.pieces_random, c.pieces_chosen), 0.025);
  verdict::equal("chosen words of several pieces as before", 0.1,
                 share(c.several_same, c.several_chosen), 0.03);
  // One word in `ordinary` draws the second piece like the first
  verdict::below("random words that begin with a piece twice", share(c.repeated, c.several_random),
                 0.15);
  const bool fair =
      double(c.drawn.size()) == ordinary && std::none_of(c.drawn.begin(), c.drawn.end(), special);
  verdict::holds("pieces drawn", fair,
                 "they should be all the ordinary pieces and no special token");
}
