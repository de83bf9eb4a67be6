#include "chapters/14_bert/knowledge/fill.hpp"

#include <algorithm>
#include <numeric>

#include "common/io/json.hpp"
#include "common/system/text.hpp"

namespace bert {
using namespace byhand;

namespace {

bool is_special(const std::string& piece) {
  return piece.size() > 2 && piece.front() == '[' && piece.back() == ']';
}

std::vector<Candidate> best(const real* probabilities, const text::WordPiece& vocabulary,
                            std::size_t count) {
  std::vector<std::size_t> order(vocabulary.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return probabilities[a] > probabilities[b];
  });
  std::vector<Candidate> found;
  for (const std::size_t id : order) {
    const std::string& piece = vocabulary.piece(std::int64_t(id));
    if (found.size() < count && !is_special(piece))
      found.push_back({piece, double(probabilities[id])});
  }
  return found;
}

}  // namespace

void check_fill(const std::string& text, const text::WordPiece& vocabulary, std::size_t positions) {
  const std::vector<std::int64_t> tokens =
      vocabulary.encode(text, positions + 1, text::Specials::as_tokens).ids;
  check(tokens.size() <= positions, "'{}' has more than the model's {} tokens", shown(text),
        positions);
  check(std::count(tokens.begin(), tokens.end(), vocabulary.mask()) > 0,
        "'{}' has no gap: write [MASK] where a word is missing", shown(text));
}

std::vector<std::vector<Candidate>> fill_mask(const nn::BertForPreTraining& model,
                                              const text::WordPiece& vocabulary,
                                              const std::string& text, std::size_t count) {
  const std::size_t positions = model.bert.config.max_length;
  check_fill(text, vocabulary, positions);
  const std::vector<std::int64_t> tokens =
      vocabulary.encode(text, positions, text::Specials::as_tokens).ids;
  const NoGrad no_grad;
  const Tensor sequence = model.bert({ids({1, tokens.size()}, tokens)});  // (1, length, size)
  const Tensor P = softmax(model.masked_lm_logits(sequence));             // (1, length, vocabulary)
  std::vector<std::vector<Candidate>> found;
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i] == vocabulary.mask())
      found.push_back(best(P.value().data() + i * vocabulary.size(), vocabulary, count));
  return found;
}

}  // namespace bert
