#include <fmt/format.h>

#include "common/autograd/losses.hpp"
#include "common/nn/position.hpp"
#include "common/nn/transformer.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizer.hpp"
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

Result train(const Settings& settings, const Sizes& s) {
  Generator generator{0};
  const Gpt model(s, generator);
  const std::vector<Tensor> parameters = model.parameters();
  optim::AdamW adam(parameters, {.lr = 3e-4});
  const Ids inputs = random_ids({s.batch, s.length}, s.words, generator), answers = random_ids({s.batch, s.length}, s.words, generator);
  const auto step = [&] {
    const Tensor loss = cross_entropy(reshape(model(inputs), {s.batch * s.length, s.words}), ids({s.batch * s.length}, {answers.begin(), answers.end()}));
    adam.zero_grad();
    loss.backward();
    optim::clip_grad_norm(parameters, 1.0);
    adam.step();
  };
  step();  // the first one finds its memory
  const std::vector<double> times = repeat(settings.seconds, step);
  return {double(s.batch * s.length) / median(times), fmt::format("median of {} steps", times.size())};
}

}  // namespace

Result gpt_small(const Settings& settings) { return train(settings, {.words = 96, .length = 64, .layers = 4, .heads = 4, .width = 128, .batch = 16}); }
Result gpt_baby(const Settings& settings) { return train(settings, {.words = 96, .length = 256, .layers = 6, .heads = 6, .width = 384, .batch = 8}); }
Result bert_small(const Settings& settings) {
  return train(settings, {.words = 8192, .length = 128, .layers = 4, .heads = 4, .width = 256, .batch = 16, .causal = false});
}

}  // namespace bench
