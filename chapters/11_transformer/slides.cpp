#include "chapters/11_transformer/slides.hpp"

#include <algorithm>
#include <cmath>

#include "common/app/arrays.hpp"
#include "common/app/console.hpp"

namespace transformer {
using namespace byhand;

namespace {

/// True when no number has decimals, as in one-hot words and masks.
bool is_whole(const Array& matrix) {
  return std::all_of(matrix.begin(), matrix.end(), [](real x) { return std::isinf(x) || x == std::floor(x); });
}

/// The lines of one matrix, all equally wide: its name, then its rows.
std::vector<std::string> column(const Named& named, int decimals) {
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

void print_block(const std::string& title, const std::vector<Named>& matrices, int decimals = 2) {
  fmt::print("{}\n{}", app::bold(title), side_by_side_text(matrices, decimals));
}

void print_queries(const std::string& title, const AttentionSteps& s, const AttentionWeights& w, const std::vector<std::string>& words,
                   const std::vector<std::string>& others) {
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
    check(named.matrix.dimension() == 2, "side_by_side_text: '{}' has the shape {}, a matrix is needed", named.name,
          shape_of(named.matrix));
    check(named.rows.empty() || named.rows.size() == named.matrix.shape()[0], "side_by_side_text: '{}' has {} rows and {} names for them",
          named.name, named.matrix.shape()[0], named.rows.size());
    columns.push_back(column(named, decimals));
    height = std::max(height, columns.back().size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    std::string row;
    for (const auto& lines : columns) row += (line < lines.size() ? lines[line] : std::string(lines.front().size(), ' ')) + "  ";
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

void print_encoder(const EncoderSteps& s, const Weights& w, const Words& words) {
  const std::vector<std::string> names = transformer::names(words, input_words());
  print_block("words x embedding weights = embeddings; + positions = encoded values X", {{"words", s.input.one_hot, names},
                                                                                         {"weights", w.encoder_embedding, input_words()},
                                                                                         {"embeddings", s.input.embedded},
                                                                                         {"positions", s.input.position},
                                                                                         {"X", s.input.encoded}});
  print_queries("queries Q = X W_q^T, keys K = X W_k^T, values V = X W_v^T", s.self, w.encoder_self, names, names);
  print_block("similarities / sqrt(2), softmax of each row; percentages x V = self-attention; + X (residual connection) = output",
              {{"Q K^T", s.self.unscaled, names},
               {"scaled", s.self.scaled},
               {"percentages", s.self.percent},
               {"self-attention", s.self.attention},
               {"output", s.output}});
}

void print_decoder(const DecoderSteps& s, const Weights& w, const Words& words, const Words& input) {
  const std::vector<std::string> names = transformer::names(words, output_words()), inputs = transformer::names(input, input_words());
  print_block("words x embedding weights = embeddings; + positions = encoded values Y", {{"words", s.input.one_hot, names},
                                                                                         {"weights", w.decoder_embedding, output_words()},
                                                                                         {"embeddings", s.input.embedded},
                                                                                         {"positions", s.input.position},
                                                                                         {"Y", s.input.encoded}});
  print_queries("masked self-attention, with weights of its own: Q, K, V from Y", s.self, w.decoder_self, names, names);
  print_block("scaled similarities + mask, softmax of each row; percentages x V; + Y (residual connection) = R",
              {{"Q K^T", s.self.unscaled, names},
               {"scaled", s.self.scaled},
               {"mask", s.self.mask},
               {"scaled + mask", s.self.masked},
               {"percentages", s.self.percent},
               {"self-attention", s.self.attention},
               {"R", s.after_self}});
  print_queries("encoder-decoder attention: Q from R, K and V from the encoder's output", s.cross, w.decoder_cross, names, inputs);
  print_block("similarities / sqrt(2), softmax of each row; percentages x V; + R (residual connection) = S",
              {{"Q K^T", s.cross.unscaled, names},
               {"scaled", s.cross.scaled},
               {"percentages", s.cross.percent},
               {"attention", s.cross.attention},
               {"S", s.after_cross}});
  print_block("fully connected layer: S W^T + bias, a column for each of SOS, ir, vamos, y, EOS",
              {{"S W^T", s.fc, names}, {"W^T", transposed(w.fc_weight)}, {"bias", reshape(w.fc_bias, {1, w.fc_bias.size()})}});
  print_block("softmax of each row: the next word", {{"S W^T + bias", s.logits, names}, {"probabilities", s.percent}});
}

namespace slide {

Array encoded() { return array({3, 2}, {1.16, 0.23, 0.57, 1.36, 4.41, -2.16}); }
Array query_weights() { return array({2, 2}, {2.22, 0.41, 0.17, -0.51}); }
Array key_weights() { return array({2, 2}, {-1.82, 0.57, 1.36, -0.38}); }
Array value_weights() { return array({2, 2}, {-0.43, -0.59, 1.33, -2.15}); }

std::vector<Step> steps(const AttentionSteps& s) {
  return {{"Q", s.Q, array({3, 2}, {2.61, 0.36, 1.50, -0.46, 9.42, 2.91})},
          {"K", s.K, array({3, 2}, {-1.80, 0.57, 0.81, -0.19, -11.0, 3.33})},
          {"V", s.V, array({3, 2}, {-0.19, -1.18, 1.56, -3.26, -4.77, 2.04})},
          {"Q K^T", s.unscaled, array({3, 3}, {-4.49, 2.05, -27.4, -2.96, 1.30, -17.8, -15.3, 7.08, -93.6})},
          {"scaled", s.scaled, array({3, 3}, {-3.17, 1.45, -19.4, -2.09, 0.92, -12.7, -10.8, 5.01, -66.2})},
          {"percentages", s.percent, array({3, 3}, {0.01, 0.99, 0, 0.05, 0.95, 0, 0, 1, 0})},
          {"self-attention", s.attention, array({3, 2}, {1.54, -3.24, 1.47, -3.16, 1.56, -3.26})}};
}

}  // namespace slide

std::string row_text(const Array& matrix, std::size_t row, int decimals) {
  std::vector<std::string> numbers;
  for (std::size_t j = 0; j < matrix.shape()[1]; ++j) numbers.push_back(app::number(double(matrix(row, j)), decimals));
  return fmt::format("{}", fmt::join(numbers, " "));
}

void compare_with_slides(const EncoderSteps& ours, const Weights& w) {
  const Array x = slide::encoded(), q = slide::query_weights(), k = slide::key_weights(), v = slide::value_weights();
  constexpr double half_a_digit = 0.0051;  // the slides print two decimals; a little more, for the training in float
  app::agree("encoded values X, trained = slide", ours.input.encoded, x, half_a_digit);
  app::agree("query weights^T, trained = slide", transposed(w.encoder_self.query), q, half_a_digit);
  app::agree("key weights^T, trained = slide", transposed(w.encoder_self.key), k, half_a_digit);
  app::agree("value weights^T, trained = slide", transposed(w.encoder_self.value), v, half_a_digit);
  const std::vector<slide::Step> trained = slide::steps(ours.self);
  const std::vector<slide::Step> rounded = slide::steps(attend(x, x, {transposed(q), transposed(k), transposed(v)}, zeros({3, 3})));
  app::Table table({"row of SOS", "from our weights", "from the slide's rounded ones", "slide"});
  for (std::size_t i = 0; i < trained.size(); ++i) {
    for (const Array& matrix : {trained[i].ours, rounded[i].ours})
      check(all_close(matrix, trained[i].slide, slide::absolute, slide::relative), "{} is not the slide's", trained[i].name);
    table.add_row({trained[i].name, row_text(trained[i].ours, 0, 2), row_text(rounded[i].ours, 0, 2), row_text(trained[i].slide, 0, 2)});
  }
  table.print();
  fmt::print("The slides print three digits and go on with what they print, so last digits differ: all rows agree within 0.02 + 1 %.\n");
}

}  // namespace transformer
