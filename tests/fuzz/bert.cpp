// BERT's weights: what was read is written and read again.
#include "common/bert/bert_files.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

void fuzz::read(std::string_view input) {
  const auto path = file_with(input);
  Generator generator{1};
  accepts([&] {
    const nn::LoadedBert first = nn::load_bert(path, generator);
    const nn::LoadedBert again = must([&] {
      nn::save_bert(file("output"), first.model);
      return nn::load_bert(file("output"), generator);
    });
    const nn::NamedTensors before = first.model.state_dict(), after = again.model.state_dict();
    require(before.size() == after.size() && again.unused.empty(), "another model comes back");
    for (std::size_t i = 0; i < before.size(); ++i)
      require(before[i].first == after[i].first && same(before[i].second.value(), after[i].second.value()),
              "a weight comes back otherwise");
  });
  accepts([&] { nn::load_bert(path, generator, 1); });
}
