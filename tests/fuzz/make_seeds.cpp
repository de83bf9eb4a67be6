// Writes the seeds that this project's own writers make into a folder: fuzz_make_seeds tests/fuzz/seeds writes the committed ones.
#include <fmt/format.h>

#include "common/autograd/ops.hpp"
#include "common/bert/bert_files.hpp"
#include "common/io/npy.hpp"
#include "common/io/safetensors.hpp"
#include "common/nn/layers.hpp"
#include "common/optim/optimizers.hpp"
#include "common/system/files.hpp"
#include "common/text/word_vectors.hpp"
#include "common/train/run/checkpoint.hpp"

using namespace byhand;
namespace fs = std::filesystem;

namespace {

void arrays(const fs::path& folder) {
  const Array numbers = array({2, 3}, {1, -2, 0.5, 3e30, -0.0, 7});
  io::write_npy(folder / "npy/matrix", numbers);
  io::write_npy(folder / "npy/scalar", Array::from_shape(Shape{}));
  Ids ids = Ids::from_shape(Shape{3});
  for (std::size_t i = 0; i < 3; ++i) ids.data()[i] = std::int64_t(i) - 1;
  io::write_npy(folder / "npy/integers", ids);
  io::write_safetensors(folder / "safetensors/two", {{"fc.weight", numbers}, {"fc.bias", array({2}, {1, 2})}}, {{"epoch", "5"}});
  io::write_safetensors(folder / "safetensors/none", {});
}

void word_vectors(const fs::path& folder) {
  const text::WordVectors vectors({"king", "queen", "차"}, array({3, 2}, {1, 2, -0.5, 1e-20, 0, 7}));
  text::save_word2vec_text(folder / "word_vectors/text", vectors);
  text::save_word2vec_binary(folder / "word_vectors/binary", vectors);
}

/// A run of two epochs, and the same in the middle of its third.
train::RunState state_of_run() {
  train::RunState state;
  state.epoch = 2, state.batch = 1, state.batches = 3, state.rows = 12, state.schedule_step = 7;
  state.lr = state.step_lr = 0.01, state.best = 0.25, state.waited = 1;
  state.averages.add("loss", 0.5, 4);
  state.reports = {{.epoch = 1, .train_loss = 1, .metrics = {{"accuracy", 0.5}}, .lr = 0.01},
                   {.epoch = 2, .train_loss = 0.5, .validation_loss = 0.75, .lr = 0.01}};
  state.epoch_start = "start", state.generators = {"a", "b", "a"};
  return state;
}

void training(const fs::path& folder) {
  write_file(folder / "run_state/middle", train::to_text(state_of_run()) + "\n");
  train::RunState begun;
  begun.lr = 0.01;
  write_file(folder / "run_state/begun", train::to_text(begun) + "\n");

  Generator generator{1};  // the model of the target
  const nn::Linear model(2, 1, generator);
  optim::Adam adam(model.parameters());
  train::save_checkpoint(folder / "checkpoint/begun", model, adam, begun);
  sum(model(Tensor(array({1, 2}, {1, 2})))).backward();
  adam.step();
  train::save_checkpoint(folder / "checkpoint/middle", model, adam, state_of_run());
}

void bert(const fs::path& folder) {
  Generator generator{1};
  const nn::BertForPreTraining model(
      {.vocabulary = 3, .size = 2, .layers = 1, .heads = 1, .feed_forward = 2, .max_length = 2, .segments = 1}, generator);
  nn::save_bert(folder / "bert/tiny", model);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    check(argc == 2, "give the folder to write to: fuzz_make_seeds FOLDER");
    for (const auto make : {arrays, word_vectors, training, bert}) make(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "fuzz_make_seeds: {}\n", error.what());
    return 2;
  }
}
