#include "chapters/11_transformer/parts.hpp"

#include <set>

#include "chapters/11_transformer/by_hand.hpp"
#include "chapters/11_transformer/matrices.hpp"
#include "chapters/11_transformer/pictures.hpp"
#include "chapters/11_transformer/slides.hpp"
#include "common/app/chapter.hpp"

namespace transformer {
using namespace byhand;

std::string epochs_text(int epochs) { return fmt::format("{} epoch{}", epochs, epochs == 1 ? "" : "s"); }

void before_training(const Translator& model, bool as_notebook) {
  app::heading("1. SOS let's go -> vamos EOS: a transformer with 69 weights, before training");
  app::Table table({"weights", "encoder", "decoder"});
  table.add_row({"word embedding", "4 x 2", "5 x 2"});
  table.add_row({"self-attention: queries, keys, values", "3 x 2 x 2", "3 x 2 x 2, masked"});
  table.add_row({"encoder-decoder attention", "", "3 x 2 x 2"});
  table.add_row({"fully connected layer", "", "5 x 2 + 5"});
  table.add_row({"in all", model.encoder.parameter_count(), model.decoder.parameter_count()});
  table.print();
  fmt::print("together {} (notebook: 69)\n", model.parameter_count());

  const Weights w = weights_of(model);
  const auto loops = by_hand::encode(w, encoder_input(pairs()[0].input));
  const Run matrices = run(w, pairs()[0]);
  const NoGrad no_grad;
  const Tensor layers = model.encoder(matrices.input);
  app::agree("encoder: loops = matrices", by_hand::to_array(loops), matrices.encoder.output, 1e-5);
  app::agree("encoder: matrices = layers", matrices.encoder.output, layers.value(), 1e-5);
  app::agree("decoder: loops = matrices", by_hand::to_array(by_hand::decode(w, matrices.output, loops)), matrices.decoder.logits, 1e-5);
  app::agree("decoder: matrices = layers", matrices.decoder.logits, model.decoder(matrices.output, layers).value(), 1e-5);
  const Array& logits = matrices.decoder.logits;  // (2, 5)
  fmt::print("logits after SOS:   {}\nlogits after vamos: {}\n", row_text(logits, 0, 4), row_text(logits, 1, 4));
  if (!as_notebook) return;
  const Array notebook = array({2, 5}, {real(0.0417), real(0.0945), real(0.2714), real(-0.0105), real(0.0902),  //
                                        real(0.8693), real(-1.0257), real(-0.6939), real(0.1791), real(-0.6546)});
  app::agree("logits = notebook, which prints four decimals", logits, notebook, 5.1e-5);
}

void thirty_epochs(const Translator& model, int epochs, bool as_notebook) {
  const auto answers = [&] {
    std::vector<std::string> texts;
    for (const auto& pair : pairs()) texts.push_back(text(translate(model, pair.input), output_words()));
    return texts;
  };
  app::heading(fmt::format("2. {}: Adam, learning rate 0.1, teacher forcing", epochs_text(epochs)));
  const auto before = answers();
  const std::vector<double> losses = train(model, pairs(), epochs, 0.1);
  const auto after = answers();
  std::set<int> shown{1, epochs};
  for (const int epoch : {2, 5})
    if (epoch < epochs) shown.insert(epoch);
  std::vector<std::string> columns{"phrase", "answer before, token by token", "after"};
  for (const int epoch : shown) columns.push_back(fmt::format("{}epoch {}", epoch == 1 ? "loss: " : "", epoch));
  app::Table table(columns, 6);
  for (std::size_t pair = 0; pair < 2; ++pair) {
    std::vector<app::Cell> row{text(pairs()[pair].input, input_words()), before[pair], after[pair]};
    for (const int epoch : shown) row.emplace_back(losses[2 * (std::size_t(epoch) - 1) + pair]);
    table.add_row(row);
  }
  table.print();
  fmt::print("In training the decoder reads the right words, in use its own.\n");
  if (!as_notebook) return;
  check(before[0] == "SOS vamos SOS ir" && after[0] == "SOS vamos EOS", "the answers are not the notebook's");
  fmt::print("notebook, let's go: SOS vamos SOS ir, then SOS vamos EOS: the same\n");
}

}  // namespace transformer
