#include "chapters/11_transformer/counting/show.hpp"

#include "chapters/11_transformer/counting/whole_models.hpp"
#include "common/app/console.hpp"

namespace counting {
using namespace byhand;

namespace {

constexpr StackSizes paper{.layers = 6, .size = 512, .neurons = 2048};

void print_gpt3() {
  app::Table table({"GPT-3", "formula", "parameters"});
  for (const Line& line : gpt3_lines())
    table.add_row({line.what, line.formula, with_commas(line.count)});
  table.add_row({"in all", "video: 175,181,291,520", with_commas(total(gpt3_lines()))});
  table.print();
}

void print_notes() {
  const Lines wrong = notes_wrong_lines(), right = stack_lines();
  app::Table table({"12 layers of 768, as in the notes", "notes", "right formula", "right"});
  for (std::size_t i = 0; i < right.size(); ++i)
    table.add_row({right[i].what, i < wrong.size() ? with_commas(wrong[i].count) : "",
                   right[i].formula, with_commas(right[i].count)});
  table.add_row({"in all", with_commas(total(wrong)), "", with_commas(total(right))});
  table.print();
}

}  // namespace

void print_encoder_decoder() {
  app::heading("6. Six encoder and six decoder layers, size 512, 8 heads, 2048 hidden units");
  app::Table table({"part", "formula", "parameters"});
  for (const Line& line : encoder_decoder_lines(paper))
    table.add_row({line.what, line.formula, with_commas(line.count)});
  table.add_row({"in all", "", with_commas(total(encoder_decoder_lines(paper)))});
  table.print();
  const nn::LayerNorm norm(2);
  const Array alone = norm(Tensor(array({1, 2}, {1, 3}))).value();
  const Array beside = norm(Tensor(array({2, 2}, {1, 3, 100, -7}))).value();
  fmt::print(
      "A layer norm looks at one word: (1, 3) becomes ({}, {}), beside (100, -7) it becomes ({}, "
      "{}).\n",
      app::number(double(alone(0, 0)), 2), app::number(double(alone(0, 1)), 2),
      app::number(double(beside(0, 0)), 2), app::number(double(beside(0, 1)), 2));
}

void print_counts() {
  app::heading("7. Counting parameters");
  print_gpt3();
  print_notes();
  app::Table table({"model", "by formula", "built and counted", "known"});
  const auto row = [&](const char* model, const Lines& lines, Count count, const char* known) {
    check(total(lines) == count, "{}: {} parameters by formula, {} counted", model, total(lines),
          count);
    table.add_row({model, with_commas(total(lines)), with_commas(count), known});
  };
  row("6 + 6 layers of 512", encoder_decoder_lines(paper), built_encoder_decoder(paper),
      "44,140,544");
  row("12 layers of 768", stack_lines(), built_stack(), "85,054,464");
  row("GPT-2 small", gpt2_lines(), built_gpt2(), "124,439,808");
  row("BERT-base", bert_lines(), built_bert(), "109,482,240");
  row("GPT-3", gpt3_lines(), built_gpt3(), "175,181,291,520");
  table.print();
  fmt::print("Built with shapes only: GPT-3's numbers would fill {:.0f} GB at four bytes each.\n",
             4e-9 * double(built_gpt3()));
}

}  // namespace counting
