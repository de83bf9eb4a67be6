#include "chapters/05_word_embeddings/network/built_in.hpp"

namespace embeddings {
using namespace byhand;

namespace {

nn::Linear without_bias(std::size_t in, std::size_t out, Generator& generator) {
  return nn::Linear(in, out, generator, false);
}

Array transposed(const Array& a) { return permute(a, {1, 0}); }

Generator unused{0};  // for models whose weights are given: what they draw is replaced

}  // namespace

TwoLinear::TwoLinear(Generator& generator)
    : input_to_hidden(child("input_to_hidden", without_bias(word_count, 2, generator))),
      hidden_to_output(child("hidden_to_output", without_bias(2, word_count, generator))) {}

TwoLinear::TwoLinear(const Matrices& m) : TwoLinear(unused) {
  input_to_hidden.weight.set_value(transposed(m.E));  // (out, in) = (2, 4)
  hidden_to_output.weight.set_value(m.O);             // (4, 2)
}

Matrices TwoLinear::matrices() const {
  return {transposed(input_to_hidden.weight.value()), hidden_to_output.weight.value()};
}

LookUp::LookUp(Generator& generator)
    : embedding(child("embedding", nn::Embedding(word_count, 2, generator))),
      hidden_to_output(child("hidden_to_output", without_bias(2, word_count, generator))) {}

LookUp::LookUp(const Matrices& m, bool freeze)
    : embedding(child("embedding", nn::Embedding::from_pretrained(m.E, freeze))),
      hidden_to_output(child("hidden_to_output", without_bias(2, word_count, unused))) {
  hidden_to_output.weight.set_value(m.O);
}

Array new_outputs(Generator& generator) {
  return without_bias(2, word_count, generator).weight.value();
}

Matrices LookUp::matrices() const {
  return {embedding.weight.value(), hidden_to_output.weight.value()};
}

}  // namespace embeddings
