// The learning-rate finder.
#include "chapters/03_training/lr_find.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "common/autograd/activations.hpp"
#include "common/autograd/losses.hpp"
#include "common/io/json.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/files.hpp"
#include "common/train/loader.hpp"
#include "tests/golden/json_arrays.hpp"

using namespace byhand;
using namespace byhand::train;

namespace {

const TensorDataset one_point(array({1}), array({1}));

/// The dosage network of the notes (000 § 28) with its last bias to be trained, in Lightning's form (§ 29).
struct Dosage : Trainable {
  explicit Dosage(const nlohmann::json& p) : weights(p), final_bias(parameter("final_bias", scalar(0))) {}
  real at(const char* name) const { return weights.at(name).get<real>(); }
  Tensor training_step(const Batch& b) override {
    const Tensor x = b.tensor(0);
    const Tensor top = relu(x * at("w00") + at("b00")) * at("w01"), bottom = relu(x * at("w10") + at("b10")) * at("w11");
    return mse_loss(relu(top + bottom + final_bias), b.tensor(1));
  }
  std::unique_ptr<optim::Optimizer> configure_optimizers() override {
    return std::make_unique<optim::SGD>(parameters(), optim::SGDOptions{});
  }
  nlohmann::json weights;
  nn::Parameter final_bias;
};

/// loss = w^2 / 2, whatever the data, through dropout of nothing that still draws from the generator.
struct Quadratic : Trainable {
  explicit Quadratic(const Generator& g) : w(parameter("w", array({1}))), generator(g) {}
  Tensor training_step(const Batch&) override {
    generator.random();
    if (++calls == throw_at) fail("a step that fails");
    return sum(w * w) * real(0.5);
  }
  std::unique_ptr<optim::Optimizer> configure_optimizers() override {
    return std::make_unique<optim::SGD>(parameters(), optim::SGDOptions{});
  }
  nn::Parameter w;
  Generator generator;
  int calls = 0, throw_at = -1;
};

}  // namespace

TEST_CASE("lr_find: the lecture's network and a quadratic, against a program of its own") {
  // tuner.lr_find(model, dataloader, min_lr=0.001, max_lr=1.0, early_stop_threshold=None) on the three doses in turn: the steepest descent is
  // at the first point that counts, number 10, which is 0.001 * 1000^(11 / 100) = 0.00214.
  const nlohmann::json values = io::read_json(project_dir() / "tests" / "golden" / "sq_dosage_pytorch_intro.json");
  Dosage dosage(values.at("params"));
  const DataLoader doses(TensorDataset(golden::array_from_json(values.at("inputs").at("train_inputs"), "inputs"),
                                       golden::array_from_json(values.at("inputs").at("train_labels"), "labels")));
  const LrFind lecture = lr_find(dosage, doses, {.min_lr = 1e-3, .stop_factor = 0});
  CHECK(lecture.index == 10);
  CHECK(lecture.suggestion == doctest::Approx(0.002137962089502232).epsilon(1e-12));
  CHECK(lecture.loss.size() == 100);
  CHECK(dosage.final_bias.item() == 0);

  // loss = w^2 / 2 from w = 1, so w *= 1 - lr. In Python:
  //   def find(lo, hi, n=100, beta=.98):
  //     w, avg, best, L, R = 1., 0., 0., [], []
  //     for i in range(n):
  //       lr = lo if i == 0 else lo * (hi / lo) ** ((i + 1) / n); loss = w * w / 2; w -= lr * w
  //       avg = beta * avg + (1 - beta) * loss; s = avg / (1 - beta ** (i + 1)); L.append(s); R.append(lr)
  //       if i and s > 4 * best: break
  //       best = s if i == 0 else min(best, s)
  //     d = numpy.gradient(L[10:-1]); return d.argmin() + 10, R[d.argmin() + 10], len(L)
  Generator g(3);
  const DataLoader loader(one_point, {.shuffle = true}, g);
  Quadratic model(g);
  const LrFind standard = lr_find(model, loader);  // find(1e-8, 1) = 92, 0.2754228703338169, 100
  CHECK(standard.index == 92);
  CHECK(standard.suggestion == doctest::Approx(0.2754228703338169).epsilon(1e-12));
  CHECK(standard.loss.front() == 0.5);
  const LrFind wide = lr_find(model, loader, {.min_lr = 1e-4, .max_lr = 100});  // find(1e-4, 100) = 53, 0.17378008287493762, 87
  CHECK(wide.index == 53);
  CHECK(wide.suggestion == doctest::Approx(0.17378008287493762).epsilon(1e-12));
  CHECK(wide.lr.size() == 87);
}

TEST_CASE("lr_find puts everything back, also when a step fails") {
  Generator shuffling(3), noise(4);
  const DataLoader loader(one_point, {.shuffle = true}, shuffling);
  Quadratic model(noise);
  model.eval();
  const std::string before = shuffling.state() + noise.state();
  lr_find(model, loader, {.generators = {noise}});
  CHECK(model.calls == 100);
  CHECK(model.w.item() == 1);
  CHECK_FALSE(model.w.has_grad());
  CHECK_FALSE(model.training());
  CHECK(shuffling.state() + noise.state() == before);
  model.throw_at = 150;
  CHECK_THROWS_WITH(lr_find(model, loader, {.generators = {noise}}), "a step that fails");
  CHECK(model.w.item() == 1);
  CHECK(shuffling.state() + noise.state() == before);

  CHECK_THROWS_AS(lr_find(model, loader, {.min_lr = 0}), Error);
  CHECK_THROWS_AS(lr_find(model, loader, {.min_lr = 1, .max_lr = 0.1}), Error);
  CHECK_THROWS_AS(lr_find(model, loader, {.steps = 5}), Error);
  CHECK_THROWS_AS(lr_find(model, loader, {.min_lr = 10, .max_lr = 1e6}), Error);  // explodes at once: too few points
}
