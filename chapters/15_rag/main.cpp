// Chapter 15: retrieval-augmented generation. Notes 000 § 21.4: cut documents into passages, give
// each a vector, find the ones nearest to a question, answer from them. The lesson stands here:
//   chunk, words/     passages, and the terms they are found by
//   embed, encoders/  passages as vectors
//   index, search/    the nearest vectors
//   retrieve          who finds, and several fused
//   answer            sentences with their sources, or none
//   measure/          how good, and how fast
// show and pictures print and draw it. ask/ is the application around it: a store on disk, the
// options, a language model's server; what part of the output needs those, it prints.
#include "chapters/15_rag/ask/book.hpp"
#include "chapters/15_rag/ask/kept_bert.hpp"
#include "chapters/15_rag/ask/make_retrievers.hpp"
#include "chapters/15_rag/ask/settings.hpp"
#include "chapters/15_rag/ask/show.hpp"
#include "chapters/15_rag/measure/small_book.hpp"
#include "chapters/15_rag/show.hpp"
#include "common/system/files.hpp"

using namespace byhand;
using rag::Settings;

namespace {

/// Parts 1 to 4: on the small book, where every number can be followed.
void small_lesson(const Settings& settings) {
  rag::Store store(":memory:", rag::small_chunks());
  store.update({rag::small_book()});
  rag::RetrieverMaker maker(store);
  rag::show_cut(store.passages());                                            // 1
  rag::show_nearest(store.passages(), *maker.make("fts5"));                   // 2
  rag::show_compared(maker.all(), rag::small_questions(), "the small book");  // 3
  rag::show_two_answers(*maker.make("hybrid"), settings);                     // 4
}

/// The pages of this project, or --data. They are read before a file is made for them.
rag::Update fill(std::optional<rag::Store>& store, const Settings& settings) {
  const std::vector<rag::Document> documents = settings.data.empty()
                                                   ? rag::book_documents(project_dir())
                                                   : rag::read_documents(settings.data);
  const std::filesystem::path file = rag::store_file(settings);
  std::error_code none;  // a folder that cannot be made is a store that cannot be opened
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), none);
  return store.emplace(file).update(documents);
}

/// Parts 5 to 8: on many pages. Or no part at all, and the answer to --ask.
void pages(const std::vector<rag::TestQuestion>& questions, const Settings& settings) {
  std::optional<rag::Store> store;
  const rag::Update update = fill(store, settings);
  const std::vector<rag::Passage>& passages = store->passages();
  std::function<std::shared_ptr<const rag::Encoder>()> bert;
  if (settings.bert || !settings.bert_model.empty())
    bert = [&] { return rag::bert_for(passages, settings); };
  rag::RetrieverMaker maker(*store, bert);
  if (settings.asked)
    return rag::show_answer_to(*settings.question, *maker.make(settings.retriever), settings);

  rag::show_knowledge_base(update, passages, settings);  // 5
  rag::check_sections(questions, passages, rag::questions_file(settings));
  rag::show_comparison(maker.all(), questions, settings);  // 6
  if (!settings.data.empty()) return;
  rag::show_book_asked(*maker.make(settings.retriever), settings);  // 7
  rag::show_figures(*store, settings);                              // 8
}

void lesson(Settings& settings) {
  rag::check_settings(settings);
  if (settings.measure) return rag::show_measured(settings.seed, settings.quick);
  const bool book = settings.data.empty();
  // Read before anything long is begun; a table of --data asks for itself.
  std::vector<rag::TestQuestion> questions;
  if (!settings.asked && (book || !settings.questions.empty()))
    questions = rag::load_questions(rag::questions_file(settings));
  if (book && !settings.asked) small_lesson(settings);
  pages(questions, settings);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  app::Options options(
      "15_rag",
      "Passages, vectors, an index, answers with sources. --epochs: steps of training for --bert.",
      settings);
  rag::add_options(options, settings);
  return options.run(argc, argv, [&] {
    settings.asked = options.given("--ask");
    lesson(settings);
  });
}
