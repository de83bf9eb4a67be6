#include "chapters/14_bert/knowledge/show.hpp"

#include "chapters/14_bert/knowledge/fill.hpp"
#include "chapters/14_bert/pictures.hpp"
#include "chapters/14_bert/pretraining/built_in.hpp"
#include "chapters/14_bert/pretraining/by_hand.hpp"
#include "chapters/14_bert/pretraining/example.hpp"
#include "common/app/chapter.hpp"
#include "common/system/text.hpp"

namespace bert {
using namespace byhand;

void show_fill(const nn::BertForPreTraining& model, const text::WordPiece& vocabulary,
               const std::string& text) {
  const std::vector<std::vector<Candidate>> gaps = fill_mask(model, vocabulary, text, 5);
  const std::string line = one_line(text);  // it may hold anything, and goes to a terminal
  if (gaps.size() > 1) fmt::print("{}\n", line);
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    fmt::print("{}", app::padded(gaps.size() > 1 ? fmt::format("  gap {}", i + 1) : line, 44));
    for (const Candidate& c : gaps[i]) fmt::print("  {} {:.3f}", c.piece, c.probability);
    fmt::print("\n");
  }
}

void fill_the_gaps(const Settings& settings, const Material& m, const Pretrained& trained) {
  app::numbered_heading("Fill-mask: the five likeliest words");
  std::vector<std::string> texts = {"the clerk of the [MASK] wrote down the loan",
                                    "he swung the [MASK] at the tired player",
                                    "a [MASK] flew over the rope in the dark"};
  if (m.stories.empty()) texts = {"the [MASK] sat on the throne", "it was the [MASK] of all"};
  if (!settings.fill.empty()) texts = {settings.fill};
  for (const std::string& text : texts) show_fill(trained.model, trained.vocabulary, text);
}

namespace {

/// The same encoder as it was before pre-training.
nn::Bert untrained(const Settings& settings, const Pretrained& trained) {
  Generator fresh{settings.seed + 1};
  const nn::BertForPreTraining blank(trained.model.bert.config, fresh);
  widen_start_weights(blank, blank.bert.config.size);
  blank.eval();
  return blank.bert;
}

/// A word's vectors in some sentences, and how alike they are.
struct Senses {
  WordVectors vectors;
  Cosines before, after;  // pre-training
};
Senses senses_of(const TwoSenses& word, const Labelled& found, const nn::Bert& blank,
                 const Pretrained& trained) {
  const auto vectors = [&](const nn::Bert& encoder) {
    return vectors_of(word.word, found.sentences, encoder, trained.vocabulary);
  };
  const WordVectors after = vectors(trained.model.bert);
  return {after, cosines(vectors(blank).after, found.labels), cosines(after.after, found.labels)};
}

}  // namespace

void one_word_two_senses(const Settings& settings, const Material& m, const Pretrained& trained) {
  app::numbered_heading("Contextual vectors: one word, two senses");
  const nn::Bert blank = untrained(settings, trained);
  app::Table table({"word", "topics", "sentences", "before: same", "other", "gap", "after: same",
                    "other", "gap"},
                   3);
  app::Table framed({"word", "sentences", "word table: all", "before: same", "other", "gap",
                     "after: same", "other", "gap"},
                    3);
  std::vector<SensePicture> pictures;
  for (const TwoSenses& word : two_senses()) {
    const Labelled found = sentences_with(word, m.stories, 40), frame = one_frame(word);
    const auto [vectors, before, after] = senses_of(word, found, blank, trained);
    const std::string names =
        topics()[std::size_t(word.first)] + ", " + topics()[std::size_t(word.second)];
    table.add_row({word.word, names, found.size(), before.within, before.across, before.gap(),
                   after.within, after.across, after.gap()});
    pictures.push_back({word, vectors.after, found.labels, before.gap(), after.gap()});
    const auto [in_frame, one, two] = senses_of(word, frame, blank, trained);
    const double word_table = cosines(in_frame.before, frame.labels).across;
    framed.add_row({word.word, frame.size(), word_table, one.within, one.across, one.gap(),
                    two.within, two.across, two.gap()});
  }
  fmt::print(
      "mean cosines in the encoder before and after pre-training: same sense, other sense; gap = "
      "same - other\n");
  table.print();
  fmt::print(
      "one sentence for both senses, \"the … near the THING was HOW\", "
      "with all things and properties of the two topics:\n");
  framed.print();
  app::save_figure(senses_figure(pictures), "senses", settings);
}

namespace {

/// Mean pooling by hand and built in.
void show_pooling() {
  const LossExample e = loss_example();
  app::agree("a sentence's vector, the mean of its tokens' without padding: by hand = built in",
             mean_pool_by_hand(e.vectors, e.padding), mean_pool_built_in(e.vectors, e.padding),
             1e-6);
}

}  // namespace

void sentences_as_vectors(const Settings& settings, const Material& m, const Pretrained& trained,
                          Generator& generator) {
  app::numbered_heading("Sentences as vectors: do those of one topic gather?");
  show_pooling();
  const Labelled some = labelled_sentences(m.stories, 60);
  const nn::Bert& encoder = trained.model.bert;
  const Array before = mean_of_embeddings(some.sentences, encoder, trained.vocabulary);
  const Array after = sentence_vectors(some.sentences, encoder, trained.vocabulary);
  const Array blank =
      sentence_vectors(some.sentences, untrained(settings, trained), trained.vocabulary);
  const std::string what = fmt::format("{} sentences, {} topics", some.size(), topics().size());
  app::Table table({what, "nearest one has the same topic"}, 3);
  table.add_row({"encoder before pre-training", nearest_has_same_label(blank, some.labels)});
  table.add_row({"mean of the word table's rows", nearest_has_same_label(before, some.labels)});
  table.add_row({"mean of the encoder's vectors", nearest_has_same_label(after, some.labels)});
  table.print();
  app::save_figure(sentences_figure(before, after, some.labels, topics(), generator), "sentences",
                   settings);
}

}  // namespace bert
