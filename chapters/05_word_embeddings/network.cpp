#include "chapters/05_word_embeddings/network.hpp"

#include <algorithm>

#include "chapters/05_word_embeddings/counts.hpp"
#include "common/optim/optimizer.hpp"
#include "common/tensor/blocks.hpp"
#include "common/tensor/matmul.hpp"

namespace embeddings {
using namespace byhand;

// ---- data ----

Data lecture_data() {
  std::vector<real> inputs, labels;
  for (const Example& example : examples()) {
    inputs.insert(inputs.end(), example.input.begin(), example.input.end());
    labels.insert(labels.end(), example.label.begin(), example.label.end());
  }
  return {array({word_count, word_count}, inputs), array({word_count, word_count}, labels)};
}

namespace {

/// Row i as a batch of one: (1, 4) each.
Data one_example(const Data& data, std::size_t i) {
  return {reshape(row(data.inputs, i), {1, word_count}), reshape(row(data.labels, i), {1, word_count})};
}

Example by_name(const Data& data, std::size_t i) {
  Example example;
  for (std::size_t j = 0; j < word_count; ++j) example.input[j] = data.inputs(i, j), example.label[j] = data.labels(i, j);
  return example;
}

}  // namespace

// ---- as matrices ----

Matrices as_matrices(const Weights<real>& w) {
  const auto v = to_array(w);
  return {array({word_count, 2}, {v.begin(), v.begin() + 8}), array({word_count, 2}, {v.begin() + 8, v.end()})};
}

Array forward(const Matrices& m, const Array& x) {
  const Array hidden = matmul(x, m.E);                        // x E: (examples, 2)
  return matmul(hidden, m.O, Transpose::no, Transpose::yes);  // x E O^T: (examples, 4)
}

real mean_loss(const Matrices& m, const Data& data) { return cross_entropy(Tensor(forward(m, data.inputs)), data.labels).item(); }

Matrices gradients(const Matrices& m, const Data& data) {
  const auto& [x, t] = data;
  const Array h = matmul(x, m.E);                                         // x E: (examples, 2)
  const Array p = softmax(Tensor(forward(m, x))).value();                 // (examples, 4)
  const Array dy = (p - t) / real(x.shape()[0]);                          // of the mean: (examples, 4)
  const Array dh = matmul(dy, m.O);                                       // (examples, 2)
  return {matmul(x, dh, Transpose::yes), matmul(dy, h, Transpose::yes)};  // dE = x^T dh, dO = dy^T h: (4, 2) each
}

std::vector<real> probability_of_next(const Matrices& m, const Data& data) {
  const Array p = softmax(Tensor(forward(m, data.inputs))).value();  // (examples, 4)
  std::vector<real> result;
  for (std::size_t i = 0; i < p.shape()[0]; ++i) result.push_back(real(dot_by_hand(row(p, i), row(data.labels, i))));
  return result;
}

// ---- built in ----

namespace {

nn::Linear without_bias(std::size_t in, std::size_t out, Generator& generator) { return nn::Linear(in, out, generator, false); }

Array transposed(const Array& a) { return kernels::permute(a, {1, 0}); }

Generator unused{0};  // for models whose weights are given: what they draw is replaced

}  // namespace

TwoLinear::TwoLinear(Generator& generator)
    : input_to_hidden(child("input_to_hidden", without_bias(word_count, 2, generator))),
      hidden_to_output(child("hidden_to_output", without_bias(2, word_count, generator))) {}

TwoLinear::TwoLinear(const Matrices& m) : TwoLinear(unused) {
  input_to_hidden.weight.set_value(transposed(m.E));  // (out, in) = (2, 4)
  hidden_to_output.weight.set_value(m.O);             // (4, 2)
}

Matrices TwoLinear::matrices() const { return {transposed(input_to_hidden.weight.value()), hidden_to_output.weight.value()}; }

LookUp::LookUp(Generator& generator)
    : embedding(child("embedding", nn::Embedding(word_count, 2, generator))),
      hidden_to_output(child("hidden_to_output", without_bias(2, word_count, generator))) {}

LookUp::LookUp(const Matrices& m, bool freeze)
    : embedding(child("embedding", nn::Embedding::from_pretrained(m.E, freeze))),
      hidden_to_output(child("hidden_to_output", without_bias(2, word_count, unused))) {
  hidden_to_output.weight.set_value(m.O);
}

Array new_outputs(Generator& generator) { return without_bias(2, word_count, generator).weight.value(); }

Matrices LookUp::matrices() const { return {embedding.weight.value(), hidden_to_output.weight.value()}; }

// ---- training ----

namespace {

/// `backward(i)` puts the gradients of example i on the parameters, `now()` reads the weights.
Run run(std::vector<Tensor> parameters, double learning_rate, int epochs, const Data& data,
        const std::function<void(std::size_t)>& backward, const std::function<Matrices()>& now) {
  optim::Adam adam(std::move(parameters), {.lr = learning_rate});
  Run result{now(), {mean_loss(now(), data)}, {now()}};
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    for (std::size_t example = 0; example < data.inputs.shape()[0]; ++example) {
      adam.zero_grad();
      backward(example);
      adam.step();
      if (epoch <= Run::recorded_epochs) result.steps.push_back(now());
    }
    result.losses.push_back(mean_loss(now(), data));
  }
  result.end = now();
  return result;
}

}  // namespace

Run train_by_hand(const Weights<real>& start, double learning_rate, int epochs, const Data& data) {
  const auto values = to_array(start);
  const Tensor weights(array(std::vector<real>(values.begin(), values.end())), true);  // (16,): what Adam moves is a tensor
  const auto now = [&] {
    std::array<real, weight_count> current;
    std::copy_n(weights.value().data(), weight_count, current.begin());
    return from_array(current);
  };
  const auto backward = [&](std::size_t i) {
    const auto derivatives = to_array(gradients_by_hand(by_name(data, i), now()));
    std::copy(derivatives.begin(), derivatives.end(), weights.mutable_grad().data());
  };
  return run({weights}, learning_rate, epochs, data, backward, [&] { return as_matrices(now()); });
}

Run train_matrices(const Matrices& start, double learning_rate, int epochs, const Data& data) {
  const Tensor E(start.E, true), O(start.O, true);
  const auto now = [&] { return Matrices{E.value(), O.value()}; };
  const auto backward = [&](std::size_t i) {
    const Matrices d = gradients(now(), one_example(data, i));
    E.mutable_grad() = d.E;
    O.mutable_grad() = d.O;
  };
  return run({E, O}, learning_rate, epochs, data, backward, now);
}

Run train(const TwoLinear& model, double learning_rate, int epochs, const Data& data) {
  const auto backward = [&](std::size_t i) {
    const auto [x, t] = one_example(data, i);
    cross_entropy(model(Tensor(x)), t).backward();
  };
  return run(model.parameters(), learning_rate, epochs, data, backward, [&] { return model.matrices(); });
}

Run train(const LookUp& model, double learning_rate, int epochs, const Data& data) {
  const Ids words = argmax(data.inputs), next = argmax(data.labels);  // (examples,): where the 1 stands is the word's number
  const auto backward = [&](std::size_t i) { cross_entropy(model(ids({words(i)})), ids({next(i)})).backward(); };
  return run(model.parameters(), learning_rate, epochs, data, backward, [&] { return model.matrices(); });
}

Array history(const Run& run) {
  std::vector<real> numbers;
  for (const Matrices& m : run.steps)
    for (const Array* a : {&m.E, &m.O}) numbers.insert(numbers.end(), a->begin(), a->end());
  return array({run.steps.size(), weight_count}, numbers);
}

Array path(const Run& run, std::size_t word) {
  std::vector<real> numbers;
  for (const Matrices& m : run.steps) numbers.insert(numbers.end(), {m.E(word, 0), m.E(word, 1)});
  return array({run.steps.size(), 2}, numbers);
}

}  // namespace embeddings
