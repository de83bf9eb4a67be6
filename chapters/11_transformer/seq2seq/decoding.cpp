#include "chapters/11_transformer/seq2seq/decoding.hpp"

#include <algorithm>
#include <cmath>

namespace seq2seq {
using namespace byhand;

std::vector<Tokens> greedy(const Model& model, const Ids& sources, std::size_t most, bool masked) {
  const NoGrad no_grad;
  const Tensor memory = model.encode(sources);  // (batch, m, size), once
  std::vector<Tokens> rows(sources.shape()[0], Tokens{sos});
  std::vector<bool> ended(rows.size(), false);
  for (std::size_t t = 0; t < most && std::count(ended.begin(), ended.end(), false) > 0; ++t) {
    const Tensor logits =
        model.decode(padded(rows), memory, sources, masked);                // (batch, t + 1, words)
    const Tensor last = select(logits, 1, t);                               // (batch, words)
    const Tensor choice = slice(last, 1, std::size_t(eos), last.shape(1));  // the end and all words
    const Ids next = argmax(choice.value());  // (batch,), counted from the end on
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].push_back(ended[i] ? pad : eos + next(i));
      ended[i] = rows[i].back() == eos || ended[i];
    }
  }
  for (Tokens& row : rows) {
    row.erase(row.begin());
    row.erase(std::find_if(row.begin(), row.end(), [](std::int64_t token) { return token == eos; }),
              row.end());
  }
  return rows;
}

namespace {

struct Beginning {
  Tokens tokens;  // from sos on
  double log_probability = 0;
  bool ended() const { return tokens.size() > 1 && tokens.back() == eos; }
  double score() const {
    return log_probability / std::pow((5 + double(tokens.size() - 1)) / 6, 0.6);
  }
};

/// Every beginning with every next token; those that have ended stay as they are.
std::vector<Beginning> continued(const Model& model, const std::vector<Beginning>& beam,
                                 const Ids& source, const Tensor& memory, bool masked) {
  std::vector<Beginning> candidates;
  for (const Beginning& beginning : beam) {
    if (beginning.ended()) {
      candidates.push_back(beginning);
      continue;
    }
    const std::size_t n = beginning.tokens.size();
    const Tensor logits =
        model.decode(ids({1, n}, beginning.tokens), memory, source, masked);  // (1, n, words)
    const Array log_p = log_softmax(select(select(logits, 0, 0), 0, n - 1)).value();  // (words,)
    for (std::size_t token = std::size_t(eos); token < log_p.size(); ++token) {
      candidates.push_back(beginning);
      candidates.back().tokens.push_back(std::int64_t(token));
      candidates.back().log_probability += double(log_p(token));
    }
  }
  return candidates;
}

}  // namespace

Tokens beam_search(const Model& model, const Tokens& source, std::size_t width, std::size_t most,
                   bool masked) {
  check(width > 0 && most > 0 && !source.empty(),
        "beam_search: width {}, length {} and a source of {} tokens: none may be 0", width, most,
        source.size());
  const NoGrad no_grad;
  const Ids sources = ids({1, source.size()}, source);
  const Tensor memory = model.encode(sources);
  std::vector<Beginning> beam{{{sos}}};
  const auto all_ended = [&] {
    return std::all_of(beam.begin(), beam.end(), [](const Beginning& b) { return b.ended(); });
  };
  for (std::size_t t = 0; t < most && !all_ended(); ++t) {
    std::vector<Beginning> candidates = continued(model, beam, sources, memory, masked);
    const std::size_t kept = std::min(width, candidates.size());
    std::partial_sort(candidates.begin(), candidates.begin() + std::ptrdiff_t(kept),
                      candidates.end(),
                      [](const Beginning& a, const Beginning& b) { return a.score() > b.score(); });
    candidates.resize(kept);
    beam = std::move(candidates);
  }
  Tokens best = beam.front().tokens;
  if (best.back() == eos) best.pop_back();
  best.erase(best.begin());
  return best;
}

std::vector<Tokens> answer(const Model& model, const Examples& examples, std::size_t width,
                           std::size_t longer, bool masked) {
  std::vector<Tokens> answers;
  if (width > 1) {
    for (const Example& e : examples)
      answers.push_back(beam_search(model, e.source, width, e.source.size() + longer, masked));
    return answers;
  }
  for (std::size_t begin = 0; begin < examples.size(); begin += 64) {
    std::vector<Tokens> sources;
    for (std::size_t i = begin; i < std::min(begin + 64, examples.size()); ++i)
      sources.push_back(examples[i].source);
    const Ids batch = padded(sources);
    for (Tokens& tokens : greedy(model, batch, batch.shape()[1] + longer, masked)) {
      // The batch went on for its longest source.
      const std::size_t most = examples[answers.size()].source.size() + longer;
      if (tokens.size() > most) tokens.resize(most);
      answers.push_back(std::move(tokens));
    }
  }
  return answers;
}

double share_right(const Examples& examples, const std::vector<Tokens>& answers) {
  check(!examples.empty() && examples.size() == answers.size(),
        "share_right: {} examples and {} answers", examples.size(), answers.size());
  std::size_t right = 0;
  for (std::size_t i = 0; i < examples.size(); ++i) right += examples[i].target == answers[i];
  return double(right) / double(examples.size());
}

}  // namespace seq2seq
