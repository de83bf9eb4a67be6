#include "chapters/03_training/moons.hpp"

#include <cmath>
#include <numbers>

#include "common/autograd/losses.hpp"
#include "common/optim/optimizers.hpp"
#include "common/train/loader.hpp"

namespace moons {
using namespace byhand;

Data make(std::size_t n, double noise, Generator& generator) {
  check(n > 0, "moons: needs at least 1 point");
  check(noise >= 0, "moons: noise {} is negative", noise);
  Data data{empty({n, 2}), empty({n, 1})};
  for (std::size_t i = 0; i < n; ++i) {
    const double angle = std::numbers::pi * double(generator.uniform());
    const bool lower = i % 2 == 1;
    const double x = lower ? 1 - std::cos(angle) : std::cos(angle),
                 y = lower ? 0.5 - std::sin(angle) : std::sin(angle);
    data.points(i, 0) = real(x + noise * double(generator.normal()));
    data.points(i, 1) = real(y + noise * double(generator.normal()));
    data.labels(i, 0) = real(lower);
  }
  return data;
}

train::DataLoader loader(const Data& data, std::size_t batch_size, const Generator& generator) {
  return train::DataLoader(train::TensorDataset(data.points, data.labels),
                           {.batch_size = batch_size, .shuffle = true}, generator);
}

namespace {

std::vector<nn::Linear> hidden_layers(const Recipe& r, Generator& g) {
  std::vector<nn::Linear> layers;
  for (std::size_t i = 0; i < r.layers; ++i)
    layers.emplace_back(i == 0 ? 2 : r.hidden, r.hidden, g);
  return layers;
}

/// Evaluation mode for a while.
class Evaluation {
 public:
  explicit Evaluation(const nn::Module& model) : model_(model), training_(model.training()) {
    model_.eval();
  }
  ~Evaluation() { model_.train(training_); }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

 private:
  const nn::Module& model_;
  bool training_;
  NoGrad no_grad_;
};

}  // namespace

Classifier::Classifier(const Recipe& r, Generator& g)
    : recipe(r),
      hidden(hidden_layers(r, g)),
      drop(child("drop", nn::Dropout(r.dropout, g))),
      output(r.layers == 0 ? 2 : r.hidden, 1, g) {
  for (std::size_t i = 0; i < hidden.size(); ++i) child(fmt::format("hidden{}", i), hidden[i]);
  child("output", output);
}

Tensor Classifier::operator()(const Tensor& points) const {
  Tensor x = points;                                                // (n, 2)
  for (const nn::Linear& layer : hidden) x = drop(tanh(layer(x)));  // (n, hidden)
  return output(x);                                                 // (n, 1)
}

Tensor Classifier::training_step(const train::Batch& batch) {
  return binary_cross_entropy_with_logits((*this)(batch.tensor(0)), batch.tensor(1).value());
}

std::unique_ptr<optim::Optimizer> Classifier::configure_optimizers() {
  if (recipe.optimiser == Optimiser::adam)
    return std::make_unique<optim::Adam>(parameters(),
                                         optim::AdamOptions{.lr = recipe.learning_rate});
  return std::make_unique<optim::SGD>(parameters(), optim::SGDOptions{.lr = recipe.learning_rate});
}

double loss(const Classifier& model, const Data& data) {
  const Evaluation evaluation(model);
  return double(binary_cross_entropy_with_logits(model(Tensor(data.points)), data.labels).item());
}

double accuracy(const Classifier& model, const Data& data) {
  const Evaluation evaluation(model);
  const Array logits = model(Tensor(data.points)).value();  // (n, 1)
  std::size_t right = 0;
  for (std::size_t i = 0; i < data.size(); ++i)
    right += (logits(i, 0) > 0) == (data.labels(i, 0) == 1);
  return double(right) / double(data.size());
}

void train_by_hand(Classifier& model, const train::DataLoader& loader, int epochs) {
  const auto optimizer = model.configure_optimizers();
  model.train();
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (const train::Batch& batch : loader) {
      optimizer->zero_grad();
      const Tensor batch_loss = model.training_step(batch);
      batch_loss.backward();
      optimizer->step();
    }
  }
}

Array weights(const Classifier& model) {
  std::vector<real> all;
  for (const Tensor& p : model.parameters())
    all.insert(all.end(), p.value().begin(), p.value().end());
  return array(all);
}

}  // namespace moons
