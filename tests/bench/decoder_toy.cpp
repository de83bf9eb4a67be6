#include <fmt/format.h>

#include "common/fast/cross_entropy.hpp"
#include "common/nn/attention.hpp"
#include "common/nn/position.hpp"
#include "common/optim/optimizers.hpp"
#include "tests/bench/bench.hpp"

namespace bench {
using namespace byhand;

namespace {

/// The decoder-only transformer of notes 000 § 20: vectors of 2 numbers, one head, no biases in attention.
struct Decoder : nn::Module {
  explicit Decoder(Generator& g)
      : words(child("words", nn::Embedding(5, 2, g))),
        query(child("query", nn::Linear(2, 2, g, false))),
        key(child("key", nn::Linear(2, 2, g, false))),
        value(child("value", nn::Linear(2, 2, g, false))),
        output(child("output", nn::Linear(2, 5, g))) {}

  /// Token numbers (5,) -> scores (5, vocabulary).
  Tensor operator()(const Ids& tokens) const {
    const Tensor x = words(tokens) + positions;                                                               // (5, 2)
    return output(scaled_dot_product_attention(query(x), key(x), value(x), {.mask = {.causal = true}}) + x);  // (5, 5)
  }

  nn::Embedding words;
  nn::Linear query, key, value, output;
  Tensor positions{nn::sinusoidal_encoding(5, 2)};
};

}  // namespace

Result decoder_toy(const Settings& settings) {
  Generator generator{42};
  const Decoder model(generator);
  optim::Adam adam(model.parameters(), {.lr = 0.1});
  const std::vector<Ids> inputs{ids({5}, {0, 1, 2, 4, 3}), ids({5}, {2, 1, 0, 4, 3})},
      answers{ids({5}, {1, 2, 4, 3, 4}), ids({5}, {1, 0, 4, 3, 4})};
  constexpr int epochs = 100;  // timed together: one takes some 50 microseconds
  const std::vector<double> times = repeat(settings.seconds, [&] {
    for (int epoch = 0; epoch < epochs; ++epoch)
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        const Tensor loss = cross_entropy(model(inputs[i]), answers[i]);
        adam.zero_grad();
        loss.backward();
        adam.step();
      }
  });
  return {epochs / median(times), fmt::format("median of {} times {} epochs", times.size(), epochs)};
}

}  // namespace bench
