// Loops over threads, and what must not depend on them.
#include "common/core/parallel.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <thread>

#include "common/autograd/losses.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/nn/layers.hpp"
#include "common/nn/recurrent.hpp"
#include "common/nn/sequential.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/contention.hpp"
#include "common/tensor/random.hpp"
#include "tests/common/values.hpp"

using namespace byhand;
using test::error_of;
using test::values;

namespace {

/// Sets the number of threads for one scope.
struct Threads {
  explicit Threads(int n) { set_threads(n); }
  ~Threads() { set_threads(before); }
  int before = threads();
};

struct Result {
  double first_loss, last_loss, squares;  // squares: the sum of all squared weights at the end
  std::vector<Array> weights;
};

/// 16 -> 512 -> 512 -> 4 with tanh, 192 examples, 50 steps of SGD with momentum. Large enough for every kind of loop to be split.
Result train_mlp() {
  const std::vector<Shape> shapes{{512, 16}, {512}, {512, 512}, {512}, {4, 512}, {4}};
  std::vector<Tensor> w;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const double bound = i < 2 ? 0.25 : 0.05;
    w.emplace_back(values(shapes[i], -bound, bound, std::uint32_t(2 + i)), true);
  }
  const Tensor x(values({192, 16}));
  std::vector<std::int64_t> classes(192);
  for (std::size_t i = 0; i < 192; ++i) classes[i] = std::int64_t(i * 7 % 4);
  const Ids targets = ids(classes);
  optim::SGD sgd(w, {.lr = 0.05, .momentum = 0.9});
  Result result{};
  for (int step = 0; step < 50; ++step) {
    const Tensor h = tanh(linear(tanh(linear(x, w[0], w[1])), w[2], w[3]));
    const Tensor loss = cross_entropy(linear(h, w[4], w[5]), targets);
    sgd.zero_grad();
    loss.backward();
    sgd.step();
    (step ? result.last_loss : result.first_loss) = loss.item();
  }
  for (const Tensor& t : w) {
    result.weights.push_back(t.value());
    for (const real v : t.value()) result.squares += double(v) * double(v);
  }
  return result;
}

/// All that is random or keeps a state: start weights, dropout, batch norm, an LSTM, Adam. Returns the state_dict after ten steps.
nn::NamedTensors train_everything() {
  Generator g{42};
  struct Net : nn::Module {
    explicit Net(Generator& generator)
        : lstm(child("lstm", nn::LSTM(8, 40, generator, {.layers = 2, .bidirectional = true, .dropout = 0.2}))),
          head(child("head", nn::Sequential{nn::BatchNorm(80), nn::Dropout(0.3, generator), nn::Linear(80, 3, generator)})) {}
    Tensor operator()(const Tensor& x) const { return head(select(lstm(x).output, 0, x.shape(0) - 1)); }
    nn::LSTM lstm;
    nn::Sequential head;
  };
  const Net net(g);
  optim::Adam adam(net.parameters(), {.lr = 1e-2});
  for (int step = 0; step < 10; ++step) {
    const Tensor x(randn({9, 30, 8}, g)), y(randn({30, 3}, g));
    adam.zero_grad();
    mse_loss(net(x), y).backward();
    adam.step();
  }
  return net.state_dict();
}

}  // namespace

TEST_CASE("parallel_for covers the range once, in pieces not shorter than the grain") {
  for (const int n_threads : {1, 2, 3, 8}) {
    const Threads scope(n_threads);
    for (const std::size_t n : {std::size_t(0), std::size_t(1), std::size_t(2), std::size_t(7), std::size_t(100), std::size_t(1001)}) {
      for (const std::size_t grain :
           {std::size_t(0), std::size_t(1), std::size_t(3), std::size_t(50), std::size_t(1000), std::size_t(5000)}) {
        std::vector<std::atomic<int>> visits(n);
        std::atomic<std::size_t> pieces = 0, shortest = n;
        std::mutex lock;
        parallel_for(n, grain, [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i) ++visits[i];
          const std::lock_guard guard(lock);
          ++pieces;
          shortest = std::min<std::size_t>(shortest, end - begin);
        });
        std::size_t once = 0;
        for (const auto& count : visits) once += count == 1;
        CAPTURE(fmt::format("{} threads, n {}, grain {}", n_threads, n, grain));
        CHECK(once == n);
        CHECK(pieces <= std::size_t(n_threads));
        CHECK((pieces > 0) == (n > 0));
        CHECK(shortest >= std::min(n, grain));
      }
    }
  }
}

TEST_CASE("parallel_for: the number of threads") {
  const Threads scope(1);
  CHECK(threads() == 1);
  CHECK(set_threads(3) == (has_openmp() ? 3 : 1));
  CHECK(set_threads(0) >= 1);
  CHECK(error_of([] { set_threads(-1); }) == "threads: -1 is not between 0 (all cores) and 1024");
  CHECK_THROWS_AS(set_threads(1025), Error);
  if (!has_openmp()) return;
  set_threads(2);
  std::atomic<int> pieces = 0;
  parallel_for(2, 1, [&](std::size_t, std::size_t) { ++pieces; });
  CHECK(pieces == 2);
  std::atomic<int> inner = 0;  // a loop inside a loop stays on its thread
  parallel_for(2, 1, [&](std::size_t, std::size_t) { parallel_for(2, 1, [&](std::size_t, std::size_t) { ++inner; }); });
  CHECK(inner == 2);
}

TEST_CASE("parallel_for: threads that only lose time are left out for a while, and a new choice calls them back") {
  if (!has_openmp()) return;
  const Threads scope(2);
  // How many of the loops have help. The helper's piece is late, as if it had no core.
  const auto helped = [](int loops, std::chrono::microseconds late) {
    int count = 0;
    for (int i = 0; i < loops; ++i) {
      std::atomic<int> pieces = 0;
      const std::thread::id caller = std::this_thread::get_id();
      parallel_for(2, 1, [&](std::size_t begin, std::size_t end) {
        pieces += int(end - begin);
        if (std::this_thread::get_id() == caller) return;
        ++count;  // the only helper there is
        std::this_thread::sleep_for(late);
      });
      CHECK(pieces == 2);
    }
    return count;
  };
  CHECK(helped(1, std::chrono::microseconds(0)) == 1);
  const int tries = helped(20, std::chrono::microseconds(3000));  // each loses 3 ms, of which 1 counts; 5 may be lost
  CHECK(tries >= 2);
  CHECK(tries <= 8);
  CHECK(helped(100, std::chrono::microseconds(0)) == 0);
  std::atomic<int> inner = 0;  // left out or not, a loop inside a loop stays whole
  parallel_for(2, 1, [&](std::size_t, std::size_t) { parallel_for(2, 1, [&](std::size_t, std::size_t) { ++inner; }); });
  CHECK(inner == 2);
  set_threads(2);
  CHECK(helped(1, std::chrono::microseconds(0)) == 1);
}

TEST_CASE("contention: threads rest when they have lost 5 ms, twice as long each time, and not after they have gained 5") {
  using namespace std::chrono_literals;
  constexpr int shortest = detail::Contention::shortest_rest;
  detail::Contention contention;
  CHECK_FALSE(contention.take_rest(1));  // as before every loop
  const auto loops_alone = [&] {
    int count = 0;
    while (contention.take_rest(1)) ++count;
    return count;
  };
  const auto lose = [&](int loops) {  // two equal pieces: alone 2 ms, together 2.5
    for (int i = 0; i < loops; ++i) contention.note(0.5, 1ms, 2500us);
    return loops_alone();
  };
  CHECK(lose(9) == 0);
  CHECK(lose(1) == shortest);
  CHECK(lose(10) == 2 * shortest);
  for (int i = 0; i < 6; ++i) CHECK(lose(10) == std::min(32, 4 << i) * shortest);
  for (int i = 0; i < 100; ++i) contention.note(0.5, 1ms, 1100us);  // gained, and no more than 5 ms of it is kept
  CHECK(lose(19) == 0);
  CHECK(lose(1) == shortest);
  for (int i = 0; i < 4; ++i) contention.note(0.5, 1ms, 900ms);  // one loop alone proves nothing: it counts as 1 ms
  CHECK(loops_alone() == 0);
  contention.note(0.5, 1ms, 900ms);
  CHECK(contention.take_rest(1));
  CHECK_FALSE(contention.take_rest(2));  // another number of threads
}

TEST_CASE("contention: three rows on two threads, of which the other does two, are worth its while") {
  using namespace std::chrono_literals;
  detail::Contention contention;
  for (int i = 0; i < 10000; ++i) {  // alone 3 ms, together 2.1
    REQUIRE_FALSE(contention.take_rest(1));
    contention.note(1.0 / 3, 1ms, 2100us);
  }
}

TEST_CASE("elementwise work split over threads gives the same bits") {
  const Array x = values({300, 701}, -3, 3), y = values({300, 701}, -3, 3, 2), row = values({701}, -3, 3, 3);
  const auto work = [&] {
    const Tensor a(x, true), b(y, true), c(row, true);
    sum(a * b + b / (a * a + real(1)) - c * maximum(a, b)).backward();
    return std::vector<Array>{a.grad(), b.grad(), c.grad()};
  };
  const auto on = [&](int n) {
    const Threads scope(n);
    return work();
  };
  CHECK(on(1) == on(2));  // no exp or tanh, whose vector and scalar versions may differ in the last digit at a seam
}

// The reference is the same network in NumPy in float64 (a float32 run of it ends at 1.1748352 and 401.3255953). Every build, with OpenMP
// or without, on one thread or two, must agree with it: in double to 1e-10 after 50 steps that round at 1e-16 each and grow a little; in
// float to 1e-5, some hundred roundings of 6e-8.
TEST_CASE("training on one thread, on two, and without OpenMP agree") {
  const double tolerance = sizeof(real) == 8 ? 1e-10 : 1e-5;
  for (const int n : {1, 2}) {
    const Threads scope(n);
    const Result result = train_mlp();
    CAPTURE(n);
    CHECK(result.first_loss == doctest::Approx(1.3841577609415856).epsilon(tolerance));
    CHECK(result.last_loss == doctest::Approx(1.174835253120667).epsilon(tolerance));
    CHECK(result.squares == doctest::Approx(401.3255960806899).epsilon(tolerance));
  }
}

TEST_CASE("training twice gives identical bits") {
  for (const int n : {1, 2}) {
    const Threads scope(n);
    const Result mlp = train_mlp(), again = train_mlp();
    CHECK(mlp.weights == again.weights);
    CHECK(mlp.last_loss == again.last_loss);
    const nn::NamedTensors one = train_everything(), two = train_everything();
    for (std::size_t i = 0; i < one.size(); ++i) CHECK_MESSAGE(one[i].second.value() == two[i].second.value(), one[i].first);
  }
}
