#include "chapters/11_transformer/pictures.hpp"

namespace transformer {
using namespace byhand;

namespace {

void heat_map(plot::Axes& axes, const Array& percent, const std::vector<std::string>& rows, const std::vector<std::string>& columns,
              const std::string& title) {
  axes.heat_map(percent, rows, columns, {.show_values = true, .color_bar = false, .low = 0, .high = 1}).title(title);
  axes.x_label("looked at").y_label("word that looks");
}

/// One line for each word through its places, which are rows of the stages.
void paths(plot::Axes& axes, const std::vector<Array>& stages, const std::vector<std::string>& words) {
  for (std::size_t word = 0; word < words.size(); ++word) {
    std::vector<real> x, y;
    for (const Array& stage : stages) {
      x.push_back(stage(word, 0));
      y.push_back(stage(word, 1));
    }
    axes.lines(x, y, words[word], {.solid = true, .points = true});
    std::vector<std::string> numbers;
    for (std::size_t stage = 0; stage < stages.size(); ++stage) numbers.push_back(fmt::format("{}", stage));
    axes.labels(x, y, numbers);
  }
  axes.x_label("first number").y_label("second number");
}

}  // namespace

Run run(const Weights& weights, const Pair& pair) {
  Run r{encoder_input(pair.input), decoder_input(pair.output), {}, {}};
  r.encoder = encode(weights, r.input);
  r.decoder = decode(weights, r.output, r.encoder.output);
  return r;
}

plot::Figure attention_figure(const Run& before, const Run& after) {
  plot::Figure figure("Training makes the percentages sharp: vamos looks at go when it is time for EOS", {.width = 1000, .height = 720});
  figure.subplots(2, 3);
  for (const Run* r : {&before, &after}) {
    const std::size_t row = r == &before ? 0 : 1;
    const std::string when = row == 0 ? "before: " : "after: ";
    const auto in = names(r->input, input_words()), out = names(r->output, output_words());
    heat_map(figure.panel(row, 0), r->encoder.self.percent, in, in, when + "encoder self-attention");
    heat_map(figure.panel(row, 1), r->decoder.self.percent, out, out, when + "masked self-attention");
    heat_map(figure.panel(row, 2), r->decoder.cross.percent, out, in, when + "encoder-decoder attention");
  }
  return figure;
}

plot::Figure residual_figure(const Run& before, const Run& after) {
  plot::Figure figure("Residual stream: 0 at first, 1 after self-attention, 2 after encoder-decoder attention",
                      {.width = 1000, .height = 860});
  figure.subplots(2, 2);
  for (const Run* r : {&before, &after}) {
    const std::size_t row = r == &before ? 0 : 1;
    const std::string when = row == 0 ? ", before training" : ", after training";
    paths(figure.panel(row, 0), {r->encoder.input.encoded, r->encoder.output}, names(r->input, input_words()));
    paths(figure.panel(row, 1), {r->decoder.input.encoded, r->decoder.after_self, r->decoder.after_cross},
          names(r->output, output_words()));
    figure.panel(row, 0).title("encoder" + when);
    figure.panel(row, 1).title("decoder" + when);
  }
  return figure;
}

}  // namespace transformer
