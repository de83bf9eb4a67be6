#include "chapters/03_training/descent.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "common/autograd/losses.hpp"
#include "common/train/loader.hpp"

namespace descent {
using namespace byhand;

Run descend(const std::string& name, const moons::Data& train, const moons::Data& test,
            std::size_t batch_size, int epochs, std::uint64_t seed, double learning_rate) {
  Generator generator{seed};
  moons::Classifier model({.learning_rate = learning_rate}, generator);
  const train::DataLoader loader = moons::loader(train, batch_size, generator);
  Run run{name, batch_size, loader.size(), model, {0}, {moons::loss(model, train)}};
  const auto remember = [&](const train::EpochReport& report) {
    run.examples_seen.push_back(double(report.epoch) * double(train.size()));
    run.losses.push_back(moons::loss(model, train));
  };
  train::Trainer(
      {.max_epochs = epochs, .progress = train::ProgressMode::off, .callbacks = {remember}})
      .fit(model, loader);
  run.train_accuracy = moons::accuracy(model, train);
  run.test_accuracy = moons::accuracy(model, test);
  return run;
}

Array gradient(const moons::Classifier& model, const moons::Data& data) {
  model.zero_grad();
  binary_cross_entropy_with_logits(model(Tensor(data.points)), data.labels).backward();
  std::vector<real> all;
  for (const Tensor& p : model.parameters())
    all.insert(all.end(), p.grad().begin(), p.grad().end());
  model.zero_grad();
  return array(all);
}

namespace {
moons::Data rows(const moons::Data& data, const std::vector<std::int64_t>& indices) {
  const train::Batch batch = train::TensorDataset(data.points, data.labels).rows(indices);
  return {batch.arrays[0], batch.arrays[1]};
}
}  // namespace

Array mean_of_single_gradients(const moons::Classifier& model, const moons::Data& data) {
  Array sum = gradient(model, rows(data, {0}));
  for (std::size_t i = 1; i < data.size(); ++i)
    sum += gradient(model, rows(data, {std::int64_t(i)}));
  return sum / real(data.size());
}

double mean_angle(const moons::Classifier& model, const moons::Data& data, std::size_t batch_size,
                  int draws, Generator& generator) {
  const Array all = gradient(model, data);
  double degrees = 0;
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<std::int64_t> order = generator.randperm(data.size());
    order.resize(batch_size);
    const Array some = gradient(model, rows(data, order));
    double product = 0, length_all = 0, length_some = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      product += double(all(i)) * double(some(i));
      length_all += double(all(i)) * double(all(i));
      length_some += double(some(i)) * double(some(i));
    }
    const double cosine = product / std::sqrt(length_all * length_some);
    degrees += std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
  }
  return degrees / draws;
}

}  // namespace descent
