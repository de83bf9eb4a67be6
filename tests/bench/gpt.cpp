#include <fmt/format.h>

#include <algorithm>

#include "common/fast/cross_entropy.hpp"
#include "common/nn/position.hpp"
#include "common/nn/transformer.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"
#include "tests/bench/bench.hpp"

namespace bench {
using namespace byhand;

namespace {

struct Sizes {
  std::size_t words, length, layers, heads, width, batch;
  bool causal = true;
};

/// Pre-norm transformer layers, learned positions, gelu, no dropout; with a causal mask a GPT, without one a BERT.
struct Gpt : nn::Module {
  Gpt(const Sizes& s, Generator& g)
      : sizes(s),
        words(child("words", nn::Embedding(s.words, s.width, g))),
        positions(child("positions", nn::LearnedPosition(s.width, g, {.max_length = s.length, .batch_first = true}))),
        layers(child("layers", nn::TransformerEncoder(nn::TransformerEncoderLayer(s.width, s.heads, g,
                                                                                  {.feed_forward = 4 * s.width,
                                                                                   .dropout = 0,
                                                                                   .activation = nn::Activation::gelu,
                                                                                   .norm_first = true,
                                                                                   .batch_first = true}),
                                                      s.layers, nn::LayerNorm(s.width)))),
        head(child("head", nn::Linear(s.width, s.words, g, false))) {}

  /// (batch, length) -> (batch, length, words)
  Tensor operator()(const Ids& ids) const { return head(layers(positions(words(ids)), {.causal = sizes.causal})); }

  /// The next token of one sequence -> (1, 1, words).
  Tensor next(std::int64_t id, std::vector<nn::KeyValueCache>& caches) const {
    return head(layers.next(positions(words(ids({1, 1}, {id})), caches[0].size()), caches));
  }

  Sizes sizes;
  nn::Embedding words;
  nn::LearnedPosition positions;
  nn::TransformerEncoder layers;
  nn::Linear head;
};

Ids random_ids(const Shape& shape, std::size_t words, Generator& generator) {
  std::vector<std::int64_t> values(element_count(shape));
  for (std::int64_t& v : values) v = std::int64_t(generator.uniform() * double(words));
  return ids(shape, values);
}

/// The products of a step, forward and backward.
Work work_of(const Sizes& s) {
  const std::size_t rows = s.batch * s.length, d = s.width / s.heads, items = s.batch * s.heads;
  Work work{.units = double(rows)};
  add_linear(work, rows, s.width, 3 * s.width, s.layers);  // queries, keys, values
  add_linear(work, rows, s.width, s.width, s.layers);
  add_linear(work, rows, s.width, 4 * s.width, s.layers);
  add_linear(work, rows, 4 * s.width, s.width, s.layers);
  add_linear(work, rows, s.width, s.words);
  const std::size_t block =
      s.causal ? std::min<std::size_t>(64, s.length) : s.length;  // queries at once: keys that none of them sees are left out
  for (std::size_t seen = block; seen <= s.length; seen += block) {
    const std::size_t count = 2 * s.layers;
    work.products.push_back({block, seen, d, Transpose::no, Transpose::yes, count, items});  // q k^T and dy v^T
    work.products.push_back({block, d, seen, Transpose::no, Transpose::no, count, items});   // w v and ds k
    work.products.push_back({seen, d, block, Transpose::yes, Transpose::no, count, items});  // w^T dy and ds^T q
  }
  return work;
}

Result train(const Settings& settings, const Sizes& s) {
  Generator generator{0};
  const Gpt model(s, generator);
  const std::vector<Tensor> parameters = model.parameters();
  optim::AdamW adam(parameters, {.lr = 3e-4});
  const Ids inputs = random_ids({s.batch, s.length}, s.words, generator), answers = random_ids({s.batch, s.length}, s.words, generator);
  const auto step = [&] {
    const Tensor loss =
        cross_entropy(reshape(model(inputs), {s.batch * s.length, s.words}), ids({s.batch * s.length}, {answers.begin(), answers.end()}));
    adam.zero_grad();
    loss.backward();
    optim::clip_grad_norm(parameters, 1.0);
    adam.step();
  };
  step();  // the first one finds its memory
  const std::vector<double> times = repeat(settings.seconds, step);
  return {double(s.batch * s.length) / median(times),
          fmt::format("median of {} steps, at most {:.0f} MB in use", times.size(), peak_megabytes()), work_of(s)};
}

constexpr Sizes baby{.words = 96, .length = 256, .layers = 6, .heads = 6, .width = 384, .batch = 8};

}  // namespace

Result gpt_small(const Settings& settings) {
  return train(settings, {.words = 96, .length = 64, .layers = 4, .heads = 4, .width = 128, .batch = 16});
}
Result gpt_baby(const Settings& settings) { return train(settings, baby); }
Result bert_small(const Settings& settings) {
  return train(settings, {.words = 8192, .length = 128, .layers = 4, .heads = 4, .width = 256, .batch = 16, .causal = false});
}

Result gpt_generate(const Settings& settings) {
  constexpr std::size_t tokens = 200;
  Generator generator{0};
  const Gpt model(baby, generator);
  model.eval();
  const NoGrad no_grad;
  const auto write = [&] {
    std::vector<nn::KeyValueCache> caches = model.layers.caches(tokens);
    std::int64_t id = 0;
    for (std::size_t i = 0; i < tokens; ++i) {
      const Array logits = model.next(id, caches).value();
      id = std::max_element(logits.begin(), logits.end()) - logits.begin();  // greedy
    }
  };
  write();
  const std::vector<double> times = repeat(settings.seconds, write);
  return {double(tokens) / median(times),
          fmt::format("median of {} texts of {} tokens", times.size(), tokens),
          {.bytes = double(model.parameter_count() * sizeof(real))}};  // each token needs all weights
}

}  // namespace bench
