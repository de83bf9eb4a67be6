// A checkpoint, read as it is and, since its checksum would refuse nearly every change, once more with the right checksum.
#include "common/train/run/checkpoint.hpp"

#include "common/autograd/ops.hpp"
#include "common/io/safetensors.hpp"
#include "common/nn/layers.hpp"
#include "common/optim/optimizers.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

namespace {

/// After an Error the model is as it was; after none, training goes on.
void load(const std::filesystem::path& path) {
  Generator generator{1};
  const nn::Linear model(2, 1, generator);
  const Array weight = model.weight.value(), bias = model.bias.value();
  optim::Adam adam(model.parameters());
  if (!fuzz::accepts([&] { train::load_checkpoint(path, model, adam); })) {
    const bool unchanged = fuzz::same(model.weight.value(), weight) && fuzz::same(model.bias.value(), bias);
    return fuzz::require(unchanged && adam.state_dict().empty(), "an Error, yet something has changed");
  }
  sum(model(Tensor(array({1, 2}, {1, 2})))).backward();
  adam.step();
}

}  // namespace

void fuzz::read(std::string_view input) {
  load(file_with(input));
  accepts([&] {
    const io::Safetensors saved(std::string(input), "input");
    io::Metadata fields = saved.metadata();
    fields["checksum"] = train::checksum(saved.arrays(), fields);
    must([&] { io::write_safetensors(file(), saved.arrays(), fields); });
  });
  load(file());
}
