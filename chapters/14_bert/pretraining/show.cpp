#include "chapters/14_bert/pretraining/show.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/14_bert/pictures.hpp"
#include "chapters/14_bert/pretraining/built_in.hpp"
#include "chapters/14_bert/pretraining/by_hand.hpp"
#include "chapters/14_bert/pretraining/example.hpp"
#include "chapters/14_bert/pretraining/matrices.hpp"
#include "common/app/chapter.hpp"
#include "common/system/text.hpp"

namespace bert {
using namespace byhand;

namespace {

/// Piece after piece.
std::string pieces_text(const text::WordPiece& vocabulary,
                        const std::vector<std::int64_t>& tokens) {
  std::vector<std::string> pieces;
  for (const std::int64_t id : tokens) pieces.push_back(vocabulary.piece(id));
  return fmt::format("{}", fmt::join(pieces, " "));
}

/// What can befall a token.
enum class Fate { not_chosen, masked, random, kept };

Fate fate_of(const text::MaskedTokens& hidden, const std::vector<std::int64_t>& before,
             std::int64_t mask, std::size_t i) {
  if (hidden.labels(i) == text::no_label) return Fate::not_chosen;
  return hidden.ids(i) == mask        ? Fate::masked
         : hidden.ids(i) == before[i] ? Fate::kept
                                      : Fate::random;
}

/// Whether one token was chosen, and this is what became of it.
bool only_fate(const text::MaskedTokens& hidden, const std::vector<std::int64_t>& before,
               std::int64_t mask, Fate fate) {
  std::size_t chosen = 0, right = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Fate found = fate_of(hidden, before, mask, i);
    chosen += found != Fate::not_chosen, right += found == fate;
  }
  return chosen == 1 && right == 1;
}

}  // namespace

std::string beginning(const std::string& text, std::size_t words) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < words && end != std::string::npos; ++i)
    end = text.find(' ', end + (i > 0));
  return text::basic_tokens(text.substr(0, end)).empty() ? text : text.substr(0, end);
}

void show_pieces() {
  // The small vocabulary and the answers of the golden file wordpiece
  const text::WordPiece small({"[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "play", "##ing",
                               "##ed", "em", "##bed", "##ding", "##s"});
  app::Table table({"word", "pieces", "expected"});
  for (const auto& [word, expected] : {std::pair{"unaffable", "un ##aff ##able"},
                                       {"embeddings", "em ##bed ##ding ##s"},
                                       {"played", "play ##ed"},
                                       {"xyz", "[UNK]"}})
    table.add_row({word, fmt::format("{}", fmt::join(small.split_word(word), " ")), expected});
  table.print();
}

void show_input(const text::WordPiece& vocabulary, const TextPair& longer,
                const TextPair& shorter) {
  const std::vector<text::SentencePair> pairs = {
      {vocabulary.ids(longer.first), vocabulary.ids(longer.second), 0},
      {vocabulary.ids(shorter.first), vocabulary.ids(shorter.second), 1}};
  constexpr std::size_t longest = 64;
  const text::PackedBatch batch = text::pack_pairs(pairs, special_tokens(vocabulary), longest);
  const std::size_t length = batch.ids.shape()[1];
  for (std::size_t row = 0; row < 2; ++row) {
    std::vector<std::string> lines[4];
    for (std::size_t i = 0; i < length; ++i) {
      const std::string& piece = vocabulary.piece(batch.ids(row, i));
      const std::size_t width = std::max<std::size_t>(display_width(piece), 3);
      lines[0].push_back(app::padded(piece, width, true));
      lines[1].push_back(fmt::format("{:>{}}", batch.ids(row, i), width));
      lines[2].push_back(fmt::format("{:>{}}", batch.segments(row, i), width));
      lines[3].push_back(fmt::format("{:>{}}", int(batch.padding(row, i)), width));
    }
    const char* names[] = {"piece", "id", "segment", "padding"};
    for (std::size_t line = 0; line < 4; ++line)
      fmt::print("{:<8} {}\n", names[line], fmt::join(lines[line], " "));
  }
  const text::Encoded alone = vocabulary.encode_pair(shorter.first, shorter.second, longest);
  const std::int64_t *ids = batch.ids.data() + length, *segments = batch.segments.data() + length;
  check(std::equal(alone.ids.begin(), alone.ids.end(), ids) &&
            std::equal(alone.segments.begin(), alone.segments.end(), segments),
        "the pair '{}', '{}' has other ids in a batch than alone", shorter.first, shorter.second);
  fmt::print(
      "the second pair alone, by WordPiece::encode_pair: the same ids and segments without padding "
      " [agree]\n");
}

void the_way_in(const Settings& settings, const Material& m, const text::WordPiece& vocabulary,
                const std::optional<text::WordPiece>& theirs) {
  app::numbered_heading("A sentence on its way in");
  show_pieces();
  std::size_t words = 0, pieces = 0;
  for (const auto& document : m.validation)
    for (const std::string& sentence : document) {
      words += text::basic_tokens(sentence).size();
      pieces += vocabulary.ids(sentence).size();
    }
  fmt::print(
      "a vocabulary of {} pieces from the texts; {:.3f} pieces a word in the texts held out\n",
      vocabulary.size(), double(pieces) / double(words));
  const auto& document = m.validation.front();
  const std::string a = beginning(document[0], 9);
  const std::string b = beginning(document.size() > 1 ? document[1] : m.validation[1][0], 9);
  fmt::print("a = {}\nb = {}\n", a, b);
  const bool toy = !m.stories.empty();
  show_input(vocabulary, {a, b},
             {toy ? "a bat" : beginning(a, 2), toy ? "it flew" : beginning(b, 2)});
  if (!theirs) return;
  fmt::print("with {}:\n", settings.vocabulary.filename().string());
  show_input(*theirs, {a, b}, {"unaffable", "it flew"});
}

void the_loss() {
  app::numbered_heading("The loss of masked language modelling by hand: two texts, nine words");
  const LossExample e = loss_example();
  const MaskedLoss loss = masked_loss_by_hand(e.logits, e.labels);
  app::Table table({"text", "place", "hidden word", "log P(word | text with gaps)", "PyTorch"});
  table.add_row({1, 2, 4, loss.log_probabilities.at(0), "-2.0040"});
  table.add_row({2, 3, 3, loss.log_probabilities.at(1), "-5.0025"});
  table.add_row({2, 4, 6, loss.log_probabilities.at(2), "-1.4531"});
  table.print();
  fmt::print(
      "loss = -mean of these {:.4f} (PyTorch: 2.8199); -sum {:.4f} (8.4596); "
      "seven places hold -100 and do not count\n",
      loss.mean, loss.sum);
  const BuiltInLoss built_in = masked_loss_built_in(e.logits, e.labels);
  app::agree("loss: by hand = matrices", loss.mean, masked_loss_as_matrices(e.logits, e.labels),
             1e-5);
  app::agree("loss: by hand = cross_entropy with ignore_index -100", loss.mean, built_in.loss,
             1e-5);
  app::agree("gradient: by hand, (softmax - one-hot) / 3 = autograd",
             masked_loss_gradient(e.logits, e.labels), built_in.gradient, 1e-5);
  const double next = next_sentence_loss(e.next_logits, e.next_labels);
  fmt::print(
      "next sentence {:.4f} (PyTorch: 0.7184); BERT's loss is the sum of both, {:.4f} (3.5383)\n",
      next, loss.mean + next);
  fmt::print(
      "The notes write sum log P(w_i | w_i-1). Asked for the next word at each place, as a GPT is, "
      "the same scores lose {:.4f} (2.6789).\n",
      autoregressive_loss(e.logits, e.original));
}

void show_corruption(const text::WordPiece& vocabulary, const std::string& sentence,
                     const std::vector<text::Document>& documents, Generator& generator) {
  const std::vector<std::int64_t> special = special_ids(vocabulary),
                                  tokens = vocabulary.encode(sentence).ids;
  const auto corrupt = [&](const std::vector<std::int64_t>& row) {
    return text::mask_tokens(ids(row), special, vocabulary.size(), vocabulary.mask(), generator);
  };
  fmt::print("{:<13} {}\n", "the text", pieces_text(vocabulary, tokens));
  for (const Fate wanted : {Fate::masked, Fate::random, Fate::kept}) {
    text::MaskedTokens hidden = corrupt(tokens);
    for (int i = 0; i < 1000 && !only_fate(hidden, tokens, vocabulary.mask(), wanted); ++i)
      hidden = corrupt(tokens);
    std::vector<std::string> words;
    for (const std::int64_t word : asked(hidden.labels).words)
      words.push_back(vocabulary.piece(word));
    const char* name = wanted == Fate::masked   ? "[MASK]"
                       : wanted == Fate::random ? "a random word"
                                                : "as before";
    fmt::print("{:<13} {}   asked: {}\n", name,
               pieces_text(vocabulary, {hidden.ids.begin(), hidden.ids.end()}),
               words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, " ")));
  }
  double all = 0, masked = 0, other = 0, same = 0;
  for (const text::Document& document : documents)
    for (const text::Sentence& row : document) {
      const text::MaskedTokens hidden = corrupt(row);
      all += double(row.size());
      for (std::size_t i = 0; i < row.size(); ++i) {
        const Fate fate = fate_of(hidden, row, vocabulary.mask(), i);
        masked += fate == Fate::masked, other += fate == Fate::random, same += fate == Fate::kept;
      }
    }
  const double chosen = masked + other + same;
  app::Table table(
      {fmt::format("of the tokens of {} documents", documents.size()), "share", "BERT's rule"}, 3);
  table.add_row({"chosen", chosen / all, "0.15"});
  table.add_row({"chosen, and [MASK]", masked / chosen, "0.80"});
  table.add_row({"chosen, and a random one", other / chosen, "0.10"});
  table.add_row({"chosen, and as before", same / chosen, "0.10"});
  table.print();
}

void what_is_hidden(const Material& m, const text::WordPiece& vocabulary,
                    const std::vector<text::Document>& documents, Generator& generator) {
  app::numbered_heading("What is hidden: 15 %, of those 80 % [MASK], 10 % random, 10 % as before");
  show_corruption(vocabulary, beginning(m.validation[0][0], 12), documents, generator);
}

void show_pairs(const text::WordPiece& vocabulary, const std::vector<text::Document>& documents,
                Generator& generator) {
  Generator twin = generator.clone();
  const std::vector<text::SentencePair> pairs = text::next_sentence_pairs(documents, generator);
  const auto column = [&](const text::Sentence& s) {
    return beginning(pieces_text(vocabulary, s), 12);
  };
  for (std::size_t i = 0; i < std::min<std::size_t>(4, pairs.size()); ++i)
    fmt::print("{} | {} | {}\n", app::padded(column(pairs[i].a), 50),
               app::padded(column(pairs[i].b), 50), pairs[i].label ? "1 elsewhere" : "0 next");
  std::size_t same = 0, next = 0, i = 0;
  for (std::size_t d = 0; d < documents.size(); ++d)
    for (std::size_t s = 0; s + 1 < documents[d].size(); ++s, ++i) {
      const text::SentencePair by_hand = draw_pair(documents, d, s, twin);
      same += by_hand.b == pairs[i].b && by_hand.label == pairs[i].label;
      next += pairs[i].label == 0;
    }
  check(same == pairs.size(),
        "drawn by hand, {} of {} pairs are those of text::next_sentence_pairs", same, pairs.size());
  fmt::print(
      "{} pairs, {:.3f} of them with the sentence that follows; drawn by hand all are the same  "
      "[agree]\n",
      pairs.size(), double(next) / double(pairs.size()));
}

void next_sentence_or_not(const text::WordPiece& vocabulary,
                          const std::vector<text::Document>& documents, Generator& generator) {
  app::numbered_heading("Next sentence or not");
  show_pairs(vocabulary, documents, generator);
}

namespace {

/// A training run stopped and resumed is the run in one piece.
void show_resume(const Texts& texts, const text::WordPiece& vocabulary, bool next_sentence,
                 const std::filesystem::path& checkpoint) {
  Plan plan{.size = 16,
            .heads = 2,
            .feed_forward = 32,
            .dropout = 0.1,
            .epochs = 3,
            .steps = 3,
            .batch = 8,
            .validation = 20,
            .next_sentence = next_sentence};
  const auto losses = [&](std::uint64_t seed) {
    Generator generator{seed};
    std::vector<double> all =
        pretrain(texts, texts, vocabulary, plan, generator).history.train_losses();
    return array(std::vector<real>(all.begin(), all.end()));
  };
  const Array whole = losses(1);
  plan.checkpoint = checkpoint;
  plan.stop_after = 1;
  losses(1);
  plan.stop_after = 0;
  plan.resume = true;
  app::agree("a small run: 3 epochs = 1 epoch, checkpoint, another start, 2 more: losses", whole,
             losses(2), 0);
}

/// Prints an epoch's row: the first two, each fourth, the last.
void show_epoch(const train::EpochReport& e, const Plan& plan, std::size_t width) {
  if (e.epoch > 2 && e.epoch % 4 != 0 && e.epoch != plan.epochs) return;
  const auto metric = [&](const char* name) { return *e.metric(name); };
  fmt::print("{:5}  {:{}.3f}  {:19.3f}  {:10.2f}  {:>20}\n", e.epoch, e.train_loss, width,
             metric("validation_masked_accuracy"), std::exp(metric("validation_masked_loss")),
             plan.next_sentence ? app::number(metric("validation_next_accuracy"), 3) : "-");
  std::fflush(stdout);
}

}  // namespace

Pretrained pre_training(const Settings& settings, const Material& m,
                        const text::WordPiece& vocabulary, Generator& generator) {
  const Plan& plan = m.plan;
  app::numbered_heading(fmt::format("Pre-training: {} epochs of {} steps, {} {} a step",
                                    plan.epochs, plan.steps, plan.batch,
                                    plan.next_sentence ? "pairs" : "sentences"));
  fmt::print("{} layers of size {}, {} heads, {} parameters\n", plan.layers, plan.size, plan.heads,
             parameter_count(plan, vocabulary.size()));
  show_resume(m.validation, vocabulary, plan.next_sentence, settings.out / "resume.safetensors");
  const std::string loss =
      fmt::format("training loss ({})", plan.next_sentence ? "both tasks" : "hidden words");
  fmt::print("epoch  {}  hidden words: right  perplexity  next sentence: right\n", loss);
  const auto report = [&](const train::EpochReport& e) { show_epoch(e, plan, loss.size()); };
  const Pretrained result = pretrain(m.training, m.validation, vocabulary, plan, generator, report);
  fmt::print(
      "All but the training loss is of texts held out; perplexity = exp(loss of the hidden words "
      "there).\n");
  fmt::print(
      "always \"{}\", the most frequent one: right {:.3f}; "
      "each word as likely as it is frequent: perplexity {:.1f}{}\n",
      result.most_frequent, result.baseline, result.unigram_perplexity,
      plan.next_sentence ? "; a coin: 0.5" : "");
  if (!result.history.epochs.empty())
    app::save_figure(training_figure(result, plan.steps), "training", settings);
  return result;
}

}  // namespace bert
