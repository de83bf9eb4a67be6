#include "chapters/11_transformer/seq2seq/training.hpp"

#include <cmath>

#include "common/fast/cross_entropy.hpp"
#include "common/optim/clip.hpp"
#include "common/optim/optimizers.hpp"
#include "common/optim/schedule.hpp"
#include "common/train/loader.hpp"

namespace seq2seq {
using namespace byhand;

namespace {

/// Columns begin … end - 1 of (rows, columns).
Ids columns(const Ids& all, std::size_t begin, std::size_t end) {
  return xt::view(all, xt::all(), xt::range(begin, end));
}

/// Running means of all weights.
class Average {
 public:
  explicit Average(std::vector<Tensor> parameters) : parameters_(std::move(parameters)) {
    for (const Tensor& p : parameters_) means_.push_back(zeros(p.shape()));
  }
  void add() {
    ++count_;
    for (std::size_t i = 0; i < means_.size(); ++i)
      means_[i] += (parameters_[i].value() - means_[i]) / real(count_);
  }
  void apply() const {
    for (std::size_t i = 0; i < means_.size() && count_ > 0; ++i)
      parameters_[i].set_value(means_[i]);
  }

 private:
  std::vector<Tensor> parameters_;
  std::vector<Array> means_;
  std::int64_t count_ = 0;
};

}  // namespace

Tensor batch_loss(const Model& model, const train::Batch& batch, double smoothing) {
  const Ids &sources = batch.ids(0), &answers = batch.ids(1);
  const std::size_t n = answers.shape()[1];
  const Ids read = columns(answers, 0, n - 1);  // <sos> a b
  const Ids wanted = columns(answers, 1, n);    // a b <eos>
  const Tensor logits =
      model.decode(read, model.encode(sources), sources);  // (batch, n - 1, words)
  return cross_entropy(logits, wanted, {.ignore_index = pad, .label_smoothing = smoothing});
}

double mean_loss(const Model& model, const PairDataset& examples) {
  const NoGrad no_grad;
  const bool before = model.training();
  model.eval();
  double sum = 0, words = 0;
  for (const train::Batch& batch : train::DataLoader(examples, {.batch_size = 64})) {
    double here = 0;  // the batch's mean counts by its words
    for (std::size_t i = 0; i < batch.size; ++i)
      for (std::size_t j = 1; j < batch.ids(1).shape()[1]; ++j) here += batch.ids(1)(i, j) != pad;
    sum += here * double(batch_loss(model, batch).item());
    words += here;
  }
  model.train(before);
  return sum / words;
}

double smallest_loss(double smoothing, std::size_t words) {
  const double other = smoothing / double(words), right = 1 - smoothing + other;
  const double others = other > 0 ? double(words - 1) * other * std::log(other) : 0;
  return -right * std::log(right) - others;
}

std::vector<Step> fit(const Model& model, const PairDataset& examples, const Training& training,
                      const Generator& generator, const std::function<void()>& at_end) {
  const train::DataLoader loader(examples,
                                 {.batch_size = training.batch,
                                  .shuffle = true,
                                  .drop_last = examples.size() >= training.batch},
                                 generator);
  const std::vector<Tensor> parameters = model.parameters();
  optim::Adam adam(parameters, {.lr = training.rate, .beta2 = 0.98, .eps = 1e-9});  // the paper's
  optim::LRScheduler schedule(adam, optim::Noam(std::int64_t(model.sizes.size), training.warmup));
  Average average(parameters);
  const auto first_averaged =
      std::int64_t(std::llround(double(training.steps) * (1 - training.averaged)));
  std::vector<Step> steps;
  model.train();
  while (std::int64_t(steps.size()) < training.steps)
    for (const train::Batch& batch : loader) {
      const Tensor loss = batch_loss(model, batch, training.smoothing);
      check(std::isfinite(loss.item()),
            "training: the loss of step {} is not finite; a smaller learning rate may help",
            steps.size() + 1);
      adam.zero_grad();
      loss.backward();
      optim::clip_grad_norm(parameters, training.clip);
      steps.push_back({double(loss.item()), adam.lr()});
      adam.step();
      schedule.step();
      if (std::int64_t(steps.size()) > first_averaged) average.add();
      if (std::int64_t(steps.size()) == training.steps) break;
    }
  model.eval();
  if (at_end) at_end();
  average.apply();
  return steps;
}

}  // namespace seq2seq
