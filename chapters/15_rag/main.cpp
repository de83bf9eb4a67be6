// Chapter 15: retrieval-augmented generation. Notes 000 § 21.4: cut documents into passages, give each a vector, find the ones nearest to a
// question, answer from them.
#include "chapters/15_rag/bert_encoder.hpp"
#include "chapters/15_rag/book.hpp"
#include "chapters/15_rag/llm.hpp"
#include "chapters/15_rag/lsa.hpp"
#include "chapters/15_rag/pictures.hpp"
#include "chapters/15_rag/show.hpp"
#include "chapters/15_rag/small_book.hpp"
#include "common/app/chapter.hpp"
#include "common/core/files.hpp"

using namespace byhand;

namespace {

struct Settings : app::Settings {
  std::string ask, retriever = "hybrid";
  std::filesystem::path data, store, questions, bert_model;
  rag::LlmOptions llm;
  double threshold = rag::AnswerOptions().threshold;
  bool bert = false, measure = false;
};

std::shared_ptr<const rag::Encoder> glove_for(const std::vector<rag::Passage>& passages) {
  static const auto words = std::make_shared<const text::WordVectors>(text::load_glove_q8(project_dir() / "datasets/glove_q8"));
  return std::make_shared<rag::GloveEncoder>(words, rag::searched(passages));
}

/// The encoder of --bert-model as it is, or tuned when --epochs are given; else one that was kept beside the store, or is trained now.
std::shared_ptr<const rag::Encoder> bert_for(const rag::Store& store, const std::filesystem::path& kept, const Settings& settings) {
  const bool given = !settings.bert_model.empty(), keep = !given && !settings.epochs;
  if (keep && std::filesystem::exists(kept)) return rag::BertEncoder::load(kept);
  Generator generator{settings.seed};
  rag::TuneOptions options;
  if (settings.epochs) options.steps = std::size_t(settings.epochs);
  const auto bert = given ? rag::BertEncoder::load(settings.bert_model) : rag::new_bert(store.passages(), options, generator);
  if (given && !settings.epochs) return bert;
  bert->tune(store.passages(), options, generator, [](std::size_t step, double loss) {
    fmt::print("bert: step {:3}  contrastive loss {:.3f}\n", step, loss);
    std::fflush(stdout);
  });
  if (keep) bert->save(kept);
  return bert;
}

/// All retrievers of a store, the hybrid last. It fuses words, parts of words, and vectors: those learned from the passages, but ready-made
/// ones where so few passages teach nothing.
rag::Retrievers retrievers_of(rag::Store& store, const Settings& settings, const std::filesystem::path& kept) {
  const auto glove = glove_for(store.passages());
  const auto bm25 = rag::by_terms(store, rag::Counting::bm25), trigrams = rag::by_terms(store, rag::Counting::trigrams);
  const auto lsa = rag::by_vectors(store, std::make_shared<rag::LsaEncoder>(rag::searched(store.passages())));
  rag::Retrievers all = {
      rag::by_terms(store, rag::Counting::tfidf),        bm25, rag::by_full_text(store), trigrams, rag::by_vectors(store, glove),
      rag::by_vectors(store, glove, rag::Search::graph), lsa};
  if (settings.bert || !settings.bert_model.empty()) all.push_back(rag::by_vectors(store, bert_for(store, kept, settings)));
  all.push_back(rag::hybrid({bm25, trigrams, store.passages().size() < 200 ? all[4] : lsa}));
  return all;
}

std::shared_ptr<const rag::Retriever> named(const rag::Retrievers& retrievers, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& retriever : retrievers) {
    if (retriever->name() == name) return retriever;
    names.push_back(retriever->name());
  }
  fail("--retriever: no '{}'. There are: {} (bert with --bert)", name, fmt::join(names, "; "));
}

/// One question: the best sentences, or the words of a language model that was given the best passages.
void answer(const std::string& question, const rag::Store& store, const rag::Retriever& retriever, const Settings& settings) {
  const rag::Postings postings = rag::count_terms(store.passages());
  const rag::Answer found = rag::answer(question, retriever, postings, {.threshold = settings.threshold});
  if (settings.llm.url.empty() || !found.near) return rag::show_answer(question, found, store.passages(), settings.threshold);
  std::vector<rag::Passage> sources;
  for (const text::Match& match : found.passages) sources.push_back(store.passages()[match.row]);
  fmt::print("{} {}\n{}\n\n", app::bold("Q:"), question, rag::ask(question, sources, settings.llm));
  rag::show_sources(sources);
}

/// Parts 1 to 4: on the small book, where every number can be followed.
void small_lesson(const Settings& settings) {
  rag::Store store(":memory:", rag::small_chunks());
  store.update({rag::small_book()});
  const std::vector<rag::Passage>& passages = store.passages();
  rag::heading("A small book, cut into passages by heading and length");
  rag::show_passages(passages);
  rag::show_first(passages, 6);
  fmt::print("Coffee has more than {} words: the line that ends its first passage begins the second one, too.\n",
             rag::small_chunks().words);

  rag::heading("The nearest passages, three ways");
  rag::show_three_ways("What is pizza made of?", rag::TfidfEncoder(rag::searched(passages)), passages);
  rag::show_three_ways("Which pets protect a home?", *glove_for(passages), passages);
  rag::show_bm25("Where do light and warmth come from?", store);

  rag::heading(fmt::format("Retrievers compared: {} questions about the small book", rag::small_questions().size()));
  const rag::Retrievers retrievers = retrievers_of(store, {}, "");
  rag::show_scores(retrievers, rag::small_questions(), false);

  rag::heading("An answer with its source, and none");
  answer("What is pizza?", store, *retrievers.back(), settings);  // the notes' question
  answer("How do I repair a leaking kitchen tap?", store, *retrievers.back(), settings);
}

std::vector<rag::Score> compare(const rag::Retrievers& retrievers, const std::vector<rag::Question>& questions, const std::string& about,
                                bool by_language) {
  rag::heading(fmt::format("Retrievers compared: {} questions about {}", questions.size(), about));
  return rag::show_scores(retrievers, questions, by_language);
}

/// On questions from a file, for the book its own; a table is asked for every 13th of its entries, in two wordings.
void compare(const rag::Store& store, const rag::Retrievers& retrievers, const Settings& settings) {
  const std::filesystem::path own = project_dir() / "chapters/15_rag/questions.tsv";
  const bool book = settings.data.empty();
  std::vector<rag::Score> scores;
  if (book || !settings.questions.empty()) {
    scores = compare(retrievers, rag::load_questions(settings.questions.empty() ? own : settings.questions),
                     book ? "these pages" : settings.data.filename().string(), book);
  } else {
    const auto plain = rag::templated_questions(store.passages(), 13, rag::Wording::own);
    if (plain.empty()) return;  // no table that we know
    scores = compare(retrievers, plain, "the headings by name", false);
    compare(retrievers, rag::templated_questions(store.passages(), 13, rag::Wording::other), "the same in other words", false);
  }
  app::show(rag::recall_figure(retrievers, scores, "Who finds the right section?"), "recall", settings);
}

void measure(const Settings& settings) {
  rag::heading("Time and memory against size: ten nearest of vectors of 100 numbers, processor time of one thread");
  fmt::print("vectors  exact, one query  exact, of 64 at once  graph, one query  its recall  graph built in  numbers  with links\n");
  Generator generator{settings.seed};
  for (const std::size_t n : {10'000u, 100'000u, 1'000'000u}) {
    if (settings.quick && n > 10'000) break;
    const rag::Measured m = rag::measure(n, generator);
    fmt::print("{:7}  {:13.3f} ms  {:17.3f} ms  {:13.3f} ms  {:10.3f}  {:12.1f} s  {:4.0f} MB  {:7.0f} MB\n", n, m.exact_ms,
               m.exact_batch_ms, m.graph_ms, m.graph_recall, m.build_seconds, m.exact_mb, m.graph_mb);
    std::fflush(stdout);
  }
}

void lesson(const Settings& settings) {
  if (settings.measure) return measure(settings);
  const bool book = settings.data.empty(), only_answer = !settings.ask.empty();
  if (book && !only_answer) small_lesson(settings);

  const std::vector<rag::Document> documents = book ? rag::book_documents(project_dir()) : rag::read_documents(settings.data);
  const std::filesystem::path file = settings.store.empty() ? settings.out / (book ? "book.sqlite" : "data.sqlite") : settings.store;
  std::error_code none;  // a folder that cannot be made is a store that cannot be opened
  if (!file.parent_path().empty()) std::filesystem::create_directories(file.parent_path(), none);
  rag::Store store(file);
  const rag::Update update = store.update(documents);
  if (!only_answer) {
    rag::heading(book ? "The pages of this project as a knowledge base" : settings.data.filename().string() + " as a knowledge base");
    fmt::print("{} documents added, {} changed, {} removed, {} as before\n", update.added, update.changed, update.removed,
               update.unchanged);
    rag::show_passages(store.passages());
  }
  const rag::Retrievers retrievers = retrievers_of(store, settings, file.parent_path() / file.stem().concat("_bert"));
  const auto chosen = named(retrievers, settings.retriever);
  if (only_answer) return answer(settings.ask, store, *chosen, settings);
  compare(store, retrievers, settings);
  if (!book) return;

  rag::heading("Ask the book");
  answer("why divide by the square root of d_k?", store, *chosen, settings);
  rag::heading("Figures");
  Generator generator{settings.seed};
  const rag::LsaEncoder lsa(rag::searched(store.passages()));
  if (!settings.quick) app::show(rag::map_figure(store.passages(), store.vectors(lsa), generator), "map", settings);
  app::show(rag::speed_figure(rag::measured_before()), "speed", settings);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  app::Options options("15_rag", "Passages, vectors, an index, answers with sources. --epochs: steps of training for --bert.", settings);
  options.add("--ask", settings.ask, "only answer this question from the book (or --data)");
  options.add("--data", settings.data, "a file or folder to ask instead: .md, .txt, or .tsv with title, heading, text");
  options.add("--retriever", settings.retriever, "who looks: tf-idf, bm25, fts5, glove, bert (with --bert), hybrid and others");
  options.add("--bert", settings.bert, "train a small encoder on the passages, most of a minute; kept beside the store");
  options.add("--bert-model", settings.bert_model, "take this encoder: a folder of chapter 14's --save; with --epochs it is trained on");
  options.add("--store", settings.store, "the SQLite file (default: book.sqlite in --out)");
  options.add("--questions", settings.questions, "questions with their sections, to compare retrievers with");
  options.add("--threshold", settings.threshold, "share of a question's words, rare ones counting more, below which nothing is near", 0, 1);
  options.add("--llm", settings.llm.url, "a server that speaks OpenAI's chat completions, such as http://localhost:8080");
  options.add("--llm-model", settings.llm.model, "its name for the model");
  options.add("--measure", settings.measure, "measure time against the number of vectors; minutes");
  return options.run(argc, argv, [&] { lesson(settings); });
}
