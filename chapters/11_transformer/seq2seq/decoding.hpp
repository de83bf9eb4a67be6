#pragma once
/// @file
/// From a trained transformer to answers, token by token: greedy, and by beam search.
#include "chapters/11_transformer/seq2seq/model.hpp"

namespace seq2seq {

/// The most likely token at each step, for all sources (batch, m) at once, until the end or `most`
/// tokens. Answers without start and end. Only the end and words are chosen: never padding, never
/// the start. `masked` as in Model::decode.
std::vector<Tokens> greedy(const Model& model, const Ids& sources, std::size_t most,
                           bool masked = true);

/// The best answer to one source among the `width` best beginnings kept at each step. Best: the sum
/// of log-probabilities divided by ((5 + length) / 6)^0.6, as in the paper, for else short answers
/// win. A width of 1 is greedy. Error when width or most is 0.
Tokens beam_search(const Model& model, const Tokens& source, std::size_t width, std::size_t most,
                   bool masked = true);

/// Answers to many sources, greedy or with a beam, 64 at a time; each at most `longer` tokens
/// longer than its source.
std::vector<Tokens> answer(const Model& model, const Examples& examples, std::size_t width = 1,
                           std::size_t longer = 2, bool masked = true);
/// The share of examples whose whole answer is right.
double share_right(const Examples& examples, const std::vector<Tokens>& answers);

}  // namespace seq2seq
