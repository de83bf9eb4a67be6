// Chapter 14: BERT. Notes 000 § 21, 004 § 4.1.1 and § 7.
//
// Reading order: pretraining/ (stories, corpus; the loss in by_hand, matrices, built_in; then
// pretraining itself), knowledge/ (fill, vectors), finetuning/ (classify). material says what a run
// reads, ready_made opens a model of others. Each show prints, pictures draws.
#include "chapters/14_bert/finetuning/show.hpp"
#include "chapters/14_bert/knowledge/fill.hpp"
#include "chapters/14_bert/knowledge/show.hpp"
#include "chapters/14_bert/pretraining/show.hpp"
#include "chapters/14_bert/ready_made.hpp"

using namespace byhand;

namespace {

void lesson(const bert::Settings& settings) {
  Generator generator{settings.seed};
  const bool toy = settings.data.empty() && settings.classify.empty();
  // What cannot work is said before anything is printed or trained
  std::optional<text::WordPiece> theirs;
  if (!settings.vocabulary.empty()) theirs = bert::load_vocabulary(settings.vocabulary);
  bert::Material m = toy ? bert::toy_material(generator)
                         : bert::real_material(settings.data, settings.classify, generator);
  bert::apply(settings, m);
  bert::check_labels(m, settings.classify.string(), bert::label_counts(settings).back());
  const text::WordPiece vocabulary = bert::train_vocabulary(m.training, m.pieces);
  if (!settings.fill.empty()) bert::check_fill(settings.fill, vocabulary, m.plan.max_length);
  if (settings.resume)
    bert::check_checkpoint(m.plan, bert::fingerprint(m.training, m.validation, vocabulary, m.plan));

  // Parts 3 and 4 draw from a generator of their own: what is shown does not change what is trained
  Generator shown{settings.seed + 2};
  const auto documents = bert::first_documents(m, vocabulary, 300);
  bert::the_way_in(settings, m, vocabulary, theirs);                                   // 1
  bert::the_loss();                                                                    // 2
  bert::what_is_hidden(m, vocabulary, documents, shown);                               // 3
  if (m.plan.next_sentence) bert::next_sentence_or_not(vocabulary, documents, shown);  // 4
  const auto trained = bert::pre_training(settings, m, vocabulary, generator);         // 5
  if (trained.history.interrupted) return;  // by Ctrl-C: --resume goes on
  if (!settings.save.empty()) bert::save(settings.save, trained);
  bert::fill_the_gaps(settings, m, trained);                             // 6
  if (toy) bert::one_word_two_senses(settings, m, trained);              // 7
  if (toy) bert::sentences_as_vectors(settings, m, trained, generator);  // 8
  if (!m.classes.empty()) bert::fine_tuning(settings, m, trained);       // 9
}

}  // namespace

int main(int argc, char** argv) {
  bert::Settings settings;
  settings.epochs = 16;
  settings.words = {argv + std::min(argc, 1), argv + argc};
  app::Options options("14_bert",
                       "BERT: hidden words and next sentences; what its vectors know; fine-tuning.",
                       settings);
  bert::add_options(options, settings);
  return options.run(argc, argv, [&] {
    bert::check_settings(settings);
    settings.weights.empty() ? lesson(settings) : bert::show_ready_made(settings);
  });
}
