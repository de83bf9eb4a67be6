#include "chapters/11_transformer/lecture/show.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "chapters/11_transformer/lecture/pictures.hpp"
#include "common/app/chapter.hpp"

namespace transformer {
using namespace byhand;

namespace {

constexpr double same = 1e-5;  // two ways of computing in float

/// A row of a matrix as numbers with spaces between them.
std::string row_text(const Array& matrix, std::size_t row, int decimals) {
  std::vector<std::string> numbers;
  for (std::size_t j = 0; j < matrix.shape()[1]; ++j)
    numbers.push_back(app::number(double(matrix(row, j)), decimals));
  return fmt::format("{}", fmt::join(numbers, " "));
}

}  // namespace

// ---- 1 and 2: before and after training ----

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

  const ModelWeights w = weights_of(model);
  const Run matrices = run(w, pairs()[0]);
  const Array& logits = matrices.decoder.logits;  // (2, 5)
  const by_hand::Phrase encodings = by_hand::encode(w, matrices.input);
  const by_hand::Phrase loops = by_hand::decode(w, matrices.output, encodings);
  const NoGrad no_grad;
  const Tensor layers = model.encoder(matrices.input);  // (3, 2)
  const Tensor built_in = model.decoder(matrices.output, layers);
  app::agree("encoder: loops = matrices", by_hand::to_array(encodings), matrices.encoder.output,
             same);
  app::agree("encoder: matrices = layers", matrices.encoder.output, layers.value(), same);
  app::agree("decoder: loops = matrices", by_hand::to_array(loops), logits, same);
  app::agree("decoder: matrices = layers", logits, built_in.value(), same);
  fmt::print("logits after SOS:   {}\nlogits after vamos: {}\n", row_text(logits, 0, 4),
             row_text(logits, 1, 4));
  if (!as_notebook) return;
  const Array notebook =
      array({2, 5}, {real(0.0417), real(0.0945), real(0.2714), real(-0.0105), real(0.0902),  //
                     real(0.8693), real(-1.0257), real(-0.6939), real(0.1791), real(-0.6546)});
  app::agree("logits = notebook, which prints four decimals", logits, notebook, 5.1e-5);
}

void thirty_epochs(const Translator& model, int epochs, bool as_notebook) {
  const auto answers = [&] {
    std::vector<std::string> texts;
    for (const Pair& pair : pairs())
      texts.push_back(text(translate(model, pair.input), output_words()));
    return texts;
  };
  app::heading(fmt::format("2. {} epoch{}: Adam, learning rate 0.1, teacher forcing", epochs,
                           epochs == 1 ? "" : "s"));
  const std::vector<std::string> before = answers();
  const std::vector<double> losses = train(model, pairs(), epochs, 0.1);
  const std::vector<std::string> after = answers();
  std::set<int> shown{1, epochs};
  for (const int epoch : {2, 5})
    if (epoch < epochs) shown.insert(epoch);
  std::vector<std::string> columns{"phrase", "answer before, token by token", "after"};
  for (const int epoch : shown)
    columns.push_back(fmt::format("{}epoch {}", epoch == 1 ? "loss: " : "", epoch));
  app::Table table(columns, 6);
  for (std::size_t pair = 0; pair < 2; ++pair) {
    std::vector<app::Cell> row{text(pairs()[pair].input, input_words()), before[pair], after[pair]};
    for (const int epoch : shown) row.emplace_back(losses[2 * (std::size_t(epoch) - 1) + pair]);
    table.add_row(row);
  }
  table.print();
  fmt::print("In training the decoder reads the right words, in use its own.\n");
  if (!as_notebook) return;
  check(before[0] == "SOS vamos SOS ir" && after[0] == "SOS vamos EOS",
        "the answers are not the notebook's");
  fmt::print("notebook, let's go: SOS vamos SOS ir, then SOS vamos EOS: the same\n");
}

// ---- 3 and 4: every matrix ----

namespace {

/// True when no number has decimals, as in one-hot words and masks.
bool is_whole(const Array& matrix) {
  return std::all_of(matrix.begin(), matrix.end(),
                     [](real x) { return std::isinf(x) || x == std::floor(x); });
}

/// The lines of one matrix, all equally wide: its name, then its rows.
std::vector<std::string> lines_of_matrix(const Named& named, int decimals) {
  const std::size_t rows = named.matrix.shape()[0], columns = named.matrix.shape()[1];
  if (is_whole(named.matrix)) decimals = 0;
  std::size_t width = 1, name_width = 0;
  std::vector<std::vector<std::string>> cells(rows);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      cells[i].push_back(app::number(double(named.matrix(i, j)), decimals));
      width = std::max(width, cells[i].back().size());
    }
  for (const std::string& name : named.rows) name_width = std::max(name_width, name.size() + 1);
  std::vector<std::string> lines{std::string(name_width, ' ') + named.name};
  for (std::size_t i = 0; i < rows; ++i) {
    std::string line = fmt::format("{:<{}}[", named.rows.empty() ? "" : named.rows[i], name_width);
    for (const std::string& cell : cells[i]) line += fmt::format(" {:>{}}", cell, width);
    lines.push_back(line + " ]");
  }
  std::size_t longest = 0;
  for (const std::string& line : lines) longest = std::max(longest, line.size());
  for (std::string& line : lines) line.resize(longest, ' ');
  return lines;
}

Array transposed(const Array& weights) { return xt::transpose(weights); }

void print_block(const std::string& title, const std::vector<Named>& matrices) {
  fmt::print("{}\n{}", app::bold(title), side_by_side_text(matrices));
}

/// `vocabulary`: a name for each row of the embedding; `sum`: the letter of the encoded values.
void print_input(const InputSteps& s, const Array& embedding, const std::vector<std::string>& words,
                 const std::vector<std::string>& vocabulary, const std::string& sum) {
  print_block("words x embedding weights = embeddings; + positions = encoded values " + sum,
              {{"words", s.one_hot, words},
               {"weights", embedding, vocabulary},
               {"embeddings", s.embedded},
               {"positions", s.position},
               {sum, s.encoded}});
}

void print_queries(const std::string& title, const Steps& s, const Weights& w,
                   const std::vector<std::string>& words, const std::vector<std::string>& others) {
  print_block(title, {{"Q", s.Q, words},
                      {"W_q^T", transposed(w.query)},
                      {"K", s.K, others},
                      {"W_k^T", transposed(w.key)},
                      {"V", s.V},
                      {"W_v^T", transposed(w.value)}});
}

}  // namespace

std::string side_by_side_text(const std::vector<Named>& matrices, int decimals) {
  std::vector<std::vector<std::string>> columns;
  std::size_t height = 0;
  for (const Named& named : matrices) {
    check(named.matrix.dimension() == 2,
          "side_by_side_text: '{}' has the shape {}, a matrix is needed", named.name,
          shape_of(named.matrix));
    check(named.rows.empty() || named.rows.size() == named.matrix.shape()[0],
          "side_by_side_text: '{}' has {} rows and {} names for them", named.name,
          named.matrix.shape()[0], named.rows.size());
    columns.push_back(lines_of_matrix(named, decimals));
    height = std::max(height, columns.back().size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    std::string row;
    for (const auto& lines : columns)
      row += (line < lines.size() ? lines[line] : std::string(lines.front().size(), ' ')) + "  ";
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

void encoder_matrices(const Run& after) {
  app::heading("3. The encoder, matrix by matrix, after training");
  const EncoderSteps& s = after.encoder;
  const ModelWeights& w = after.weights;
  const std::vector<std::string> words = names(after.input, input_words());
  print_input(s.input, w.encoder_embedding, words, input_words(), "X");
  print_queries("queries Q = X W_q^T, keys K = X W_k^T, values V = X W_v^T", s.self, w.encoder_self,
                words, words);
  print_block(
      "similarities / sqrt(2), softmax of each row; percentages x V = self-attention; + X "
      "(residual connection) = output",
      {{"Q K^T", s.self.similarities, words},
       {"scaled", s.self.scaled},
       {"percentages", s.self.percent},
       {"self-attention", s.self.attention},
       {"output", s.output}});
}

void decoder_matrices(const Translator& model, const Run& after, bool as_notebook) {
  app::heading("4. The decoder, matrix by matrix: it reads SOS vamos and should say vamos EOS");
  const DecoderSteps& s = after.decoder;
  const ModelWeights& w = after.weights;
  const std::vector<std::string> words = names(after.output, output_words());
  const std::vector<std::string> inputs = names(after.input, input_words());
  print_input(s.input, w.decoder_embedding, words, output_words(), "Y");
  print_queries("masked self-attention, with weights of its own: Q, K, V from Y", s.self,
                w.decoder_self, words, words);
  print_block(
      "scaled similarities + mask, softmax of each row; percentages x V; + Y (residual connection) "
      "= R",
      {{"Q K^T", s.self.similarities, words},
       {"scaled", s.self.scaled},
       {"mask", s.self.mask},
       {"scaled + mask", s.self.masked},
       {"percentages", s.self.percent},
       {"self-attention", s.self.attention},
       {"R", s.after_self}});
  print_queries("encoder-decoder attention: Q from R, K and V from the encoder's output", s.cross,
                w.decoder_cross, words, inputs);
  print_block(
      "similarities / sqrt(2), softmax of each row; percentages x V; + R (residual connection) = S",
      {{"Q K^T", s.cross.similarities, words},
       {"scaled", s.cross.scaled},
       {"percentages", s.cross.percent},
       {"attention", s.cross.attention},
       {"S", s.after_cross}});
  print_block("fully connected layer: S W^T + bias, a column for each of SOS, ir, vamos, y, EOS",
              {{"S W^T", s.fc, words},
               {"W^T", transposed(w.fc_weight)},
               {"bias", reshape(w.fc_bias, {1, w.fc_bias.size()})}});
  print_block("softmax of each row: the next word",
              {{"S W^T + bias", s.logits, words}, {"probabilities", s.percent}});

  const NoGrad no_grad;
  const Tensor encodings = model.encoder(after.input);
  const Array masked = model.decoder(after.output, encodings).value();  // (2, 5)
  const Array open = model.decoder(after.output, encodings, false).value();
  const auto unchanged = [&](std::size_t i) {
    return Array(xt::view(open, i)) == Array(xt::view(masked, i));
  };
  const auto compared = [&](std::size_t i) { return unchanged(i) ? "the same" : "another"; };
  check(unchanged(1), "without the mask the logits after vamos, the newest word, are others");
  check(!as_notebook || !unchanged(0), "without the mask the logits after SOS stay as they were");
  fmt::print("Mask left out: after vamos {}, {}; after SOS {}, {}.\n", row_text(open, 1, 2),
             compared(1), row_text(open, 0, 2), compared(0));
}

// ---- 5: the slides' numbers ----

namespace slide {

Array encoded() { return array({3, 2}, {1.16, 0.23, 0.57, 1.36, 4.41, -2.16}); }
Array query_weights() { return array({2, 2}, {2.22, 0.41, 0.17, -0.51}); }
Array key_weights() { return array({2, 2}, {-1.82, 0.57, 1.36, -0.38}); }
Array value_weights() { return array({2, 2}, {-0.43, -0.59, 1.33, -2.15}); }

std::vector<Step> steps(const Steps& s) {
  return {{"Q", s.Q, array({3, 2}, {2.61, 0.36, 1.50, -0.46, 9.42, 2.91})},
          {"K", s.K, array({3, 2}, {-1.80, 0.57, 0.81, -0.19, -11.0, 3.33})},
          {"V", s.V, array({3, 2}, {-0.19, -1.18, 1.56, -3.26, -4.77, 2.04})},
          {"Q K^T", s.similarities,
           array({3, 3}, {-4.49, 2.05, -27.4, -2.96, 1.30, -17.8, -15.3, 7.08, -93.6})},
          {"scaled", s.scaled,
           array({3, 3}, {-3.17, 1.45, -19.4, -2.09, 0.92, -12.7, -10.8, 5.01, -66.2})},
          {"percentages", s.percent, array({3, 3}, {0.01, 0.99, 0, 0.05, 0.95, 0, 0, 1, 0})},
          {"self-attention", s.attention, array({3, 2}, {1.54, -3.24, 1.47, -3.16, 1.56, -3.26})}};
}

}  // namespace slide

void compare_with_slides(const EncoderSteps& ours, const ModelWeights& w) {
  const Array x = slide::encoded(), q = slide::query_weights(), k = slide::key_weights(),
              v = slide::value_weights();
  // The slides print two decimals; a little more, for the training in float.
  constexpr double half_a_digit = 0.0051;
  app::agree("encoded values X, trained = slide", ours.input.encoded, x, half_a_digit);
  app::agree("query weights^T, trained = slide", transposed(w.encoder_self.query), q, half_a_digit);
  app::agree("key weights^T, trained = slide", transposed(w.encoder_self.key), k, half_a_digit);
  app::agree("value weights^T, trained = slide", transposed(w.encoder_self.value), v, half_a_digit);
  const std::vector<slide::Step> trained = slide::steps(ours.self);
  const Weights printed{transposed(q), transposed(k), transposed(v)};
  const std::vector<slide::Step> rounded = slide::steps(attend(x, x, printed, zeros({3, 3})));
  app::Table table({"row of SOS", "from our weights", "from the slide's rounded ones", "slide"});
  for (std::size_t i = 0; i < trained.size(); ++i) {
    for (const Array& matrix : {trained[i].ours, rounded[i].ours})
      check(all_close(matrix, trained[i].slide, slide::absolute, slide::relative),
            "{} is not the slide's", trained[i].name);
    table.add_row({trained[i].name, row_text(trained[i].ours, 0, 2),
                   row_text(rounded[i].ours, 0, 2), row_text(trained[i].slide, 0, 2)});
  }
  table.print();
  fmt::print(
      "The slides print three digits and go on with what they print, so last digits differ: all "
      "rows agree within 0.02 + 1 %.\n");
}

void numbers_of_the_slides(const Run& before, const Run& after, bool as_notebook,
                           const app::Settings& settings) {
  app::heading("5. These are the slides' numbers");
  if (as_notebook)
    compare_with_slides(after.encoder, after.weights);
  else
    fmt::print("Not this time: they need --seed 42 and --epochs 30.\n");
  app::save_figure(attention_figure(before, after), "attention", settings);
  app::save_figure(residual_figure(before, after), "residual", settings);
}

}  // namespace transformer
