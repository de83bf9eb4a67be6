#include "chapters/05_word_embeddings/network/train.hpp"

#include <algorithm>
#include <functional>

#include "chapters/05_word_embeddings/counts.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/optim/optimizers.hpp"

namespace embeddings {
using namespace byhand;

namespace {

/// Row i as a batch of one: (1, 4) each.
Data one_example(const Data& data, std::size_t i) {
  return {reshape(row(data.inputs, i), {1, word_count}),
          reshape(row(data.labels, i), {1, word_count})};
}

Example by_name(const Data& data, std::size_t i) {
  Example example;
  for (std::size_t j = 0; j < word_count; ++j)
    example.input[j] = data.inputs(i, j), example.label[j] = data.labels(i, j);
  return example;
}

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
  // (16,): what Adam moves is a tensor
  const Tensor weights(array(std::vector<real>(values.begin(), values.end())), true);
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
  return run(model.parameters(), learning_rate, epochs, data, backward,
             [&] { return model.matrices(); });
}

Run train(const LookUp& model, double learning_rate, int epochs, const Data& data) {
  // (examples,): where the 1 stands is the word's number
  const Ids words = argmax(data.inputs), next = argmax(data.labels);
  const auto backward = [&](std::size_t i) {
    cross_entropy(model(ids({words(i)})), ids({next(i)})).backward();
  };
  return run(model.parameters(), learning_rate, epochs, data, backward,
             [&] { return model.matrices(); });
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
