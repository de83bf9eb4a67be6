// Chapter 15: retrieval-augmented generation. Notes 000 § 21.4: cut documents into passages, give each a vector, find the ones nearest to a
// question, answer from them.
#include "chapters/15_rag/book.hpp"
#include "chapters/15_rag/kept_bert.hpp"
#include "chapters/15_rag/lsa.hpp"
#include "chapters/15_rag/make_retrievers.hpp"
#include "chapters/15_rag/pictures.hpp"
#include "chapters/15_rag/settings.hpp"
#include "chapters/15_rag/show.hpp"
#include "chapters/15_rag/small_book.hpp"
#include "chapters/15_rag/terms.hpp"
#include "common/app/chapter.hpp"
#include "common/system/files.hpp"

using namespace byhand;
using rag::Settings;

namespace {

/// The encoder of --bert-model as it is, or tuned when --epochs are given; else one that was kept beside the store, or is trained now.
std::shared_ptr<const rag::Encoder> bert_for(const rag::Store& store,
                                             const std::filesystem::path& folder,
                                             const Settings& settings) {
  const bool given = !settings.bert_model.empty(), keep = !given && !settings.epochs;
  rag::TuneOptions options;
  if (settings.epochs) options.steps = std::size_t(settings.epochs);
  const std::string trained = rag::trained_on(store.passages(), options, settings.seed);
  if (keep) {
    const rag::KeptBert kept = rag::kept_bert(folder, trained);
    if (!kept.note.empty()) fmt::print("bert: {}\n", kept.note);
    if (kept.encoder) return kept.encoder;
  }
  Generator generator{settings.seed};
  const auto bert = given ? rag::BertEncoder::load(settings.bert_model)
                          : rag::new_bert(store.passages(), options, generator);
  if (given && !settings.epochs) return bert;
  bert->tune(store.passages(), options, generator, [](std::size_t step, double loss) {
    fmt::print("bert: step {:3}  contrastive loss {:.3f}\n", step, loss);
    std::fflush(stdout);
  });
  if (keep) rag::keep_bert(*bert, folder, trained);
  return bert;
}

/// One question: the best sentences, or the words of a language model that was given the best passages.
void answer(const std::string& question, const rag::Store& store, const rag::Retriever& retriever,
            const Settings& settings) {
  const rag::Postings postings = rag::count_terms(store.passages());
  const rag::Answer found =
      rag::answer(question, retriever, postings, {.threshold = settings.threshold});
  if (settings.llm.url.empty() || !found.near)
    return rag::show_answer(question, found, store.passages(), settings.threshold);
  std::vector<rag::Passage> sources;
  for (const text::Match& match : found.passages) sources.push_back(store.passages()[match.row]);
  rag::show_reply(question, rag::ask(question, sources, settings.llm), sources);
}

/// Parts 1 to 4: on the small book, where every number can be followed.
void small_lesson(const Settings& settings) {
  rag::Store store(":memory:", rag::small_chunks());
  store.update({rag::small_book()});
  const std::vector<rag::Passage>& passages = store.passages();
  app::numbered_heading("A small book, cut into passages by heading and length");
  rag::show_passages(passages);
  rag::show_first(passages, 6);
  fmt::print(
      "Coffee has more than {} words: the line that ends its first passage begins the second one, "
      "too.\n",
      rag::small_chunks().words);

  app::numbered_heading("The nearest passages, three ways");
  rag::show_three_ways("What is pizza made of?", rag::TfidfEncoder(rag::searched(passages)),
                       passages);
  rag::show_three_ways("Which pets protect a home?", *rag::glove_for(passages), passages);
  rag::show_bm25("Where do light and warmth come from?", store);

  app::numbered_heading(fmt::format("Retrievers compared: {} questions about the small book",
                                    rag::small_questions().size()));
  const rag::Retrievers retrievers = rag::RetrieverMaker(store).all();
  rag::show_scores(retrievers, rag::small_questions(), false);

  app::numbered_heading("An answer with its source, and none");
  answer("What is pizza?", store, *retrievers.back(), settings);  // the notes' question
  answer("How do I repair a leaking kitchen tap?", store, *retrievers.back(), settings);
}

std::vector<rag::Score> compare(const rag::Retrievers& retrievers,
                                const std::vector<rag::Question>& questions,
                                const std::string& about, bool by_language) {
  app::numbered_heading(fmt::format("Retrievers compared: {} about {}",
                                    rag::counted(questions.size(), "question"), about));
  return rag::show_scores(retrievers, questions, by_language);
}

std::filesystem::path questions_file(const Settings& settings) {
  return settings.questions.empty() ? project_dir() / "chapters/15_rag/questions.tsv"
                                    : settings.questions;
}

void compare(const rag::Store& store, const rag::Retrievers& retrievers,
             const std::vector<rag::Question>& questions, const Settings& settings) {
  const bool book = settings.data.empty();
  if (!questions.empty()) {
    const auto scores =
        compare(retrievers, rag::answered(questions),
                book ? "these pages" : rag::printable(settings.data.filename().string()), book);
    rag::show_refusals(questions, *retrievers.back(), settings.threshold);
    return app::save_figure(rag::recall_figure(retrievers, scores),
                            settings.questions.empty() ? "recall" : "recall_questions", settings);
  }
  // A table is asked for every 13th of its entries, in two wordings.
  const auto plain = rag::templated_questions(store.passages(), 13, rag::Wording::own);
  if (plain.empty()) return;  // no table that we know
  const auto own = compare(retrievers, plain, "the headings by name", false);
  const auto other =
      compare(retrievers, rag::templated_questions(store.passages(), 13, rag::Wording::other),
              "the same in other words", false);
  app::save_figure(rag::wordings_figure(rag::wordings(retrievers, own, other)), "factbook",
                   settings);
}

/// Opens the knowledge base: the book, or --data.
rag::Store open_store(const std::filesystem::path& file, const Settings& settings) {
  const bool book = settings.data.empty();
  const std::vector<rag::Document> documents =
      book ? rag::book_documents(project_dir()) : rag::read_documents(settings.data);
  std::error_code none;  // a folder that cannot be made is a store that cannot be opened
  if (!file.parent_path().empty()) std::filesystem::create_directories(file.parent_path(), none);
  rag::Store store(file);
  const rag::Update update = store.update(documents);
  if (settings.asked) return store;
  app::numbered_heading(book ? "The pages of this project as a knowledge base"
                             : rag::printable(settings.data.filename().string()) +
                                   " as a knowledge base");
  rag::show_update(update);
  rag::show_passages(store.passages());
  return store;
}

void lesson(const Settings& settings) {
  rag::check_settings(settings);
  if (settings.measure) return rag::show_measured(settings);
  const bool book = settings.data.empty(),
             with_bert = settings.bert || !settings.bert_model.empty();
  std::vector<rag::Question>
      questions;  // read before anything long is begun; a table of --data asks for itself
  if (!settings.asked && (book || !settings.questions.empty()))
    questions = rag::load_questions(questions_file(settings));
  if (book && !settings.asked) small_lesson(settings);

  const std::filesystem::path file = settings.store.empty()
                                         ? settings.out / (book ? "book.sqlite" : "data.sqlite")
                                         : settings.store;
  rag::Store store = open_store(file, settings);
  const std::filesystem::path kept = file.parent_path() / file.stem().concat("_bert");
  std::function<std::shared_ptr<const rag::Encoder>()> bert;
  if (with_bert) bert = [&] { return bert_for(store, kept, settings); };
  rag::RetrieverMaker maker(store, bert);
  if (settings.asked) return answer(settings.ask, store, *maker.make(settings.retriever), settings);
  rag::check_sections(questions, store.passages(), questions_file(settings));
  compare(store, maker.all(), questions, settings);
  if (!book) return;

  app::numbered_heading("Ask the book");
  answer("why divide by the square root of d_k?", store, *maker.make(settings.retriever), settings);
  app::numbered_heading("Figures");
  Generator generator{settings.seed};
  const rag::LsaEncoder lsa(rag::searched(store.passages()));
  if (!settings.quick)
    app::save_figure(rag::map_figure(store.passages(), store.vectors(lsa), generator), "map",
                     settings);
  app::save_figure(rag::speed_figure(rag::measured_before()), "speed", settings);
  app::save_figure(rag::wordings_figure(rag::factbook_before()), "factbook", settings);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  app::Options options(
      "15_rag",
      "Passages, vectors, an index, answers with sources. --epochs: steps of training for --bert.",
      settings);
  rag::add_options(options, settings);
  for (int i = 1; i < argc; ++i)
    settings.asked |=
        std::string(argv[i]).substr(0, 6) == "--ask=" || std::string(argv[i]) == "--ask";
  return options.run(argc, argv, [&] { lesson(settings); });
}
