#include "chapters/11_transformer/counting/formulas.hpp"

#include <fmt/format.h>

#include <numeric>

namespace counting {

namespace {

/// A line whose formula is a product: {"key", {128, 12288, 96, 96}}.
Line product(const std::string& what, const std::vector<Count>& factors) {
  std::vector<std::string> words;
  Count count = 1;
  for (const Count factor : factors) {
    words.push_back(with_commas(factor));
    count *= factor;
  }
  return {what, fmt::format("{}", fmt::join(words, " x ")), count};
}

}  // namespace

Count total(const Lines& lines) {
  return std::accumulate(lines.begin(), lines.end(), Count(0),
                         [](Count sum, const Line& line) { return sum + line.count; });
}

Lines gpt3_lines(const GptSizes& s) {
  return {product("embedding", {s.size, s.vocabulary}),
          product("key", {s.key, s.size, s.heads, s.layers}),
          product("query", {s.key, s.size, s.heads, s.layers}),
          product("value, down", {s.key, s.size, s.heads, s.layers}),
          product("output = value, up", {s.size, s.key, s.heads, s.layers}),
          product("up-projection", {s.neurons, s.size, s.layers}),
          product("down-projection", {s.size, s.neurons, s.layers}),
          product("unembedding", {s.vocabulary, s.size})};
}

// Q, K, V and the output matrix, each size x size with a bias. The heads share the size among them,
// so their number does not matter.
Count attention(const StackSizes& s) { return s.layers * 4 * (s.size * s.size + s.size); }
Count feed_forward(const StackSizes& s) {
  return s.layers * (2 * s.size * s.neurons + s.neurons + s.size);
}
Count layer_norms(const StackSizes& s) { return s.layers * 2 * 2 * s.size; }

Lines stack_lines(const StackSizes& s) {
  return {{"attention", fmt::format("{0} x 4 x ({1} x {1} + {1})", s.layers, s.size), attention(s)},
          {"feed-forward",
           fmt::format("{0} x (2 x {1} x {2} + {2} + {1})", s.layers, s.size, s.neurons),
           feed_forward(s)},
          {"layer norms", fmt::format("{0} x 2 x 2 x {1}", s.layers, s.size), layer_norms(s)}};
}

Lines notes_wrong_lines(const StackSizes& s, Count heads) {
  return {
      {"attention", fmt::format("{0} x (3 x {1} x {2} + {2})", s.layers, s.size / heads, s.size),
       s.layers * (3 * (s.size / heads) * s.size + s.size)},
      {"feed-forward",
       fmt::format("{0} x ({1} x {2} + {2} + {1} x {1})", s.layers, s.size, s.neurons),
       s.layers * (s.size * s.neurons + s.neurons + s.size * s.size)}};
}

Lines gpt2_lines() {
  Lines lines{product("words", {50257, notes.size}), product("positions", {1024, notes.size})};
  for (const Line& line : stack_lines()) lines.push_back(line);
  lines.push_back(product("last layer norm", {2, notes.size}));
  return lines;
}

Lines bert_lines() {
  Lines lines{product("words", {30522, notes.size}), product("positions", {512, notes.size}),
              product("segments", {2, notes.size}), product("first layer norm", {2, notes.size})};
  for (const Line& line : stack_lines()) lines.push_back(line);
  lines.push_back(
      {"pooler", fmt::format("{0} x {0} + {0}", notes.size), notes.size * notes.size + notes.size});
  return lines;
}

Lines encoder_decoder_lines(const StackSizes& s) {
  const Count norm = 2 * s.size;
  return {{"encoder: self-attention", fmt::format("{0} x 4 x ({1} x {1} + {1})", s.layers, s.size),
           attention(s)},
          {"encoder: feed-forward",
           fmt::format("{0} x (2 x {1} x {2} + {2} + {1})", s.layers, s.size, s.neurons),
           feed_forward(s)},
          {"encoder: layer norms", fmt::format("({0} x 2 + 1) x 2 x {1}", s.layers, s.size),
           layer_norms(s) + norm},
          {"decoder: masked self-attention",
           fmt::format("{0} x 4 x ({1} x {1} + {1})", s.layers, s.size), attention(s)},
          {"decoder: encoder-decoder attention",
           fmt::format("{0} x 4 x ({1} x {1} + {1})", s.layers, s.size), attention(s)},
          {"decoder: feed-forward",
           fmt::format("{0} x (2 x {1} x {2} + {2} + {1})", s.layers, s.size, s.neurons),
           feed_forward(s)},
          {"decoder: layer norms", fmt::format("({0} x 3 + 1) x 2 x {1}", s.layers, s.size),
           s.layers * 3 * norm + norm}};
}

std::string with_commas(Count count) {
  std::string digits = fmt::format("{}", count);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
  return digits;
}

}  // namespace counting
