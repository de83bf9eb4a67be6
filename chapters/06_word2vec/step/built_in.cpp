#include "chapters/06_word2vec/step/built_in.hpp"

#include "chapters/06_word2vec/engine/word2vec_steps.hpp"
#include "common/autograd/activations.hpp"
#include "common/autograd/losses.hpp"
#include "common/fast/cross_entropy.hpp"
#include "common/tensor/broadcast.hpp"

namespace word2vec {
using namespace byhand;

Step by_autograd(const Weights& w, const Example& e) {
  const Tensor in(w.in, true), out(w.out, true);
  const Tensor h = mean(embedding(in, ids(e.inputs)), {0});                           // (d,)
  const Tensor z = matmul(embedding(out, ids(scored_words(e, w.in.shape()[0]))), h);  // (k,)
  Tensor loss;
  if (e.negative()) {
    Array sign = full(z.shape(), -1);
    sign.data()[0] = 1;
    loss = -sum(logsigmoid(z * Tensor(sign)));
  } else {
    // the same scores for each
    const Tensor every_target = expand(reshape(z, {1, z.size()}), {e.targets.size(), z.size()});
    loss = cross_entropy(every_target, ids(e.targets), {.reduction = Reduction::sum});
  }
  Step step;
  step.loss = double(loss.item());
  step.hidden = h.value();
  loss.backward();
  step.grad_in = in.grad();
  step.grad_out = out.grad();
  return step;
}

Step by_fast_trainer(const Weights& w, const Example& e) {
  text::RowTable in(w.in), out(w.out);
  text::Word2VecStep trainer(in, out);
  const std::vector<std::uint32_t> inputs(e.inputs.begin(), e.inputs.end());
  std::vector<std::uint32_t> targets(e.targets.begin(), e.targets.end());
  targets.insert(targets.end(), e.noise.begin(), e.noise.end());
  Step step;
  step.loss =
      e.negative() ? trainer.negative(inputs, targets, 1) : trainer.softmax(inputs, targets, 1);
  step.grad_in = w.in - in.values();
  step.grad_out = w.out - out.values();
  return step;
}

}  // namespace word2vec
