// The reader's, the original, or the one in solutions/: the build decides.
#include <ex1_parameters.hpp>
#include "tests/exercises/verdict.hpp"

#include "common/nn/transformer.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

// Predictions are numbers, or formulas of numbers:
// what a program has counted does not compile here.
constexpr int with_8_heads = ex::with_8_heads, twice_as_large = ex::twice_as_large,
              no_biases = ex::no_biases, decoder_layer = ex::decoder_layer;

/// Builds a layer and adds up its parameters; those called bias only if wanted.
template <class Layer>
double counted(std::size_t size, std::size_t heads, std::size_t neurons, bool biases = true) {
  Generator generator{42};
  const Layer layer(size, heads, generator, {.feed_forward = neurons});
  std::size_t count = 0;
  for (const auto& [name, parameter] : layer.named_parameters())
    if (biases || name.find("bias") == std::string::npos) count += parameter.size();
  return double(count);
}

}  // namespace

TEST_CASE("the parameters of built layers") {
  verdict::predicted("8 heads", counted<nn::TransformerEncoderLayer>(64, 8, 256), with_8_heads, 0);
  verdict::predicted("twice as large", counted<nn::TransformerEncoderLayer>(128, 4, 512),
                     twice_as_large, 0);
  verdict::predicted("without biases", counted<nn::TransformerEncoderLayer>(64, 4, 256, false),
                     no_biases, 0);
  verdict::predicted("decoder layer", counted<nn::TransformerDecoderLayer>(64, 4, 256),
                     decoder_layer, 0);
}
