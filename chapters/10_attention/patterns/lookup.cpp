#include "chapters/10_attention/patterns/lookup.hpp"

#include "common/fast/attention.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/optim/optimizers.hpp"

namespace attention::lookup {
using namespace byhand;

namespace {

constexpr std::size_t size = 16;

std::string letter_name(std::int64_t letter) { return std::string(1, char('a' + letter)); }

}  // namespace

Tasks draw_tasks(std::size_t count, Generator& generator) {
  check(count > 0, "draw_tasks: needs at least one task");
  const Shape shape{count, pairs};
  Tasks t{Ids(shape), Ids(shape), Ids(shape), Ids(shape), Ids(shape)};
  for (std::size_t task = 0; task < count; ++task) {
    // The first six are the letters of this task.
    const auto order = generator.randperm(std::int64_t(letters));
    const auto drawn = generator.randint(0, std::int64_t(digits), pairs);
    const auto asked = generator.randperm(std::int64_t(pairs));
    for (std::size_t i = 0; i < pairs; ++i) {
      t.letter(task, i) = order[i];
      t.digit(task, i) = drawn[i];
      t.place(task, i) = asked[i];
      t.question(task, i) = order[std::size_t(asked[i])];
      t.answer(task, i) = drawn[std::size_t(asked[i])];
    }
  }
  return t;
}

Model::Model(Generator& g)
    : letter(child("letter", nn::Embedding(letters, size, g))),
      digit(child("digit", nn::Embedding(digits, size, g))),
      query(child("query", nn::Linear(size, size, g, false))),
      key(child("key", nn::Linear(size, size, g, false))),
      value(child("value", nn::Linear(size, size, g, false))),
      answer(child("answer", nn::Linear(size, digits, g))) {}

Model::Output Model::operator()(const Tasks& tasks) const {
  const Tensor pair = letter(tasks.letter) + digit(tasks.digit);  // (tasks, 6, 16)
  const Tensor Q = query(letter(tasks.question));                 // (tasks, 6, 16)
  const Tensor K = key(pair), V = value(pair);                    // (tasks, 6, 16)
  Output output;
  const Tensor attention = scaled_dot_product_attention(Q, K, V, {}, &output.percent);
  output.logits = answer(attention);  // (tasks, 6, 16) -> (tasks, 6, 8)
  return output;
}

std::vector<double> train(const Model& model, int steps, Generator& generator) {
  optim::Adam adam(model.parameters(), {.lr = 0.01});
  std::vector<double> losses;
  for (int step = 0; step < steps; ++step) {
    const Tasks tasks = draw_tasks(32, generator);
    const Tensor loss = cross_entropy(model(tasks).logits, tasks.answer);
    adam.zero_grad();
    loss.backward();
    adam.step();
    losses.push_back(double(loss.item()));
  }
  return losses;
}

Score score(const Model& model, const Tasks& tasks) {
  const NoGrad no_grad;
  const Model::Output output = model(tasks);
  const Ids chosen = argmax(output.logits.value());
  Score s;
  for (std::size_t task = 0; task < tasks.answer.shape()[0]; ++task) {
    for (std::size_t i = 0; i < pairs; ++i) {
      s.correct += chosen(task, i) == tasks.answer(task, i);
      s.on_the_pair += double(output.percent(task, i, std::size_t(tasks.place(task, i))));
    }
  }
  const double questions = double(tasks.answer.size());
  return {s.correct / questions, s.on_the_pair / questions};
}

Array pattern(const Model& model, const Tasks& tasks, std::size_t task) {
  check(task < tasks.letter.shape()[0], "pattern: there is no task {} of {}", task,
        tasks.letter.shape()[0]);
  const NoGrad no_grad;
  return select(Tensor(model(tasks).percent), 0, task).value();
}

std::vector<std::string> question_names(const Tasks& tasks, std::size_t task) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < pairs; ++i)
    names.push_back(letter_name(tasks.question(task, i)) + "?");
  return names;
}

std::vector<std::string> pair_names(const Tasks& tasks, std::size_t task) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < pairs; ++i)
    names.push_back(fmt::format("{}{}", letter_name(tasks.letter(task, i)), tasks.digit(task, i)));
  return names;
}

}  // namespace attention::lookup
