#include "chapters/15_rag/ask/settings.hpp"

#include <algorithm>

#include "chapters/15_rag/ask/make_retrievers.hpp"
#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace rag {
using namespace byhand;

void add_options(app::Options& options, Settings& settings) {
  options.add("--ask", settings.ask, "only answer this question from the book (or --data)");
  options.add("--data", settings.data,
              "a file or folder to ask instead: .md, .txt, or .tsv with title, heading, text; 64 "
              "MiB a file, 256 in all");
  options.add("--retriever", settings.retriever,
              "who looks: tf-idf, bm25, fts5, glove, lsa, hybrid, bert (with --bert), and others");
  options.add("--bert", settings.bert,
              "train a small encoder on the passages, most of a minute; kept beside the store");
  options.add("--bert-model", settings.bert_model,
              "take this encoder: a folder of chapter 14's --save; with --epochs it is trained on");
  options.add("--store", settings.store, "the SQLite file (default: book.sqlite in --out)");
  options.add("--questions", settings.questions,
              "questions with their sections, to compare retrievers with");
  options.add("--threshold", settings.threshold,
              "share of a question's words, rare ones counting more, below which nothing is near",
              0, 1);
  options.add("--llm", settings.llm.url,
              "a server that speaks OpenAI's chat completions, such as http://localhost:8080");
  options.add("--llm-model", settings.llm.model, "its name for the model");
  options.add("--measure", settings.measure, "measure time against the number of vectors; minutes");
}

namespace {

void check_retriever(const Settings& settings) {
  const std::vector<std::string>& names = retriever_names();
  const bool bert = settings.bert || !settings.bert_model.empty();
  if (std::find(names.begin(), names.end(), settings.retriever) == names.end())
    fail("--retriever: no '{}'. There are: {}", shown(settings.retriever), fmt::join(names, "; "));
  check(
      settings.retriever != "bert" || bert,
      "--retriever bert: needs --bert, which trains an encoder, or --bert-model, which takes one");
  check(!settings.asked || !bert || settings.retriever == "bert",
        "--ask with {}: the retriever '{}' does not use that encoder; add --retriever bert",
        settings.bert ? "--bert" : "--bert-model", settings.retriever);
  check(settings.epochs == 0 || bert,
        "--epochs: nothing is trained without --bert or --bert-model");
  check(settings.asked || settings.data.empty() || settings.retriever == "hybrid",
        "--retriever: with --data it needs --ask");
}

}  // namespace

void check_settings(Settings& settings) {
  if (settings.asked) {
    check(!trimmed(settings.ask, " \t\r\n").empty(), "--ask: the question is empty");
    settings.question.emplace(settings.ask);
    check(!settings.question->terms.empty(), "--ask: no word to search for in '{}'",
          shown(settings.ask));
    check(settings.questions.empty(),
          "--questions: compares retrievers, --ask only answers; give one of them");
  }
  if (settings.measure) {
    check(!settings.asked, "--measure: measures time, --ask answers; give one of them");
    check(settings.data.empty() && settings.questions.empty() && settings.llm.url.empty() &&
              !settings.bert && settings.bert_model.empty(),
          "--measure: makes vectors of its own; leave out --data, --questions, --llm and --bert");
  }
  check_retriever(settings);
  std::error_code none;
  check(settings.bert_model.empty() ||
            (std::filesystem::exists(settings.bert_model / "model.safetensors", none) &&
             std::filesystem::exists(settings.bert_model / "vocab.txt", none)),
        "--bert-model: {}: no folder with model.safetensors and vocab.txt; byhand run bert --save "
        "makes one",
        settings.bert_model.string());
  check(!settings.llm.url.empty() || settings.llm.model == LlmOptions().model,
        "--llm-model: names the model of a server; --llm is missing");
  if (settings.llm.url.empty()) return;
  check_url(settings.llm.url);
  check(settings.asked || settings.data.empty(), "--llm: with --data it needs --ask");
}

std::filesystem::path store_file(const Settings& settings) {
  if (!settings.store.empty()) return settings.store;
  return settings.out / (settings.data.empty() ? "book.sqlite" : "data.sqlite");
}

std::filesystem::path bert_folder(const Settings& settings) {
  const std::filesystem::path file = store_file(settings);
  return file.parent_path() / file.stem().concat("_bert");
}

std::filesystem::path questions_file(const Settings& settings) {
  return settings.questions.empty() ? project_dir() / "chapters/15_rag/questions.tsv"
                                    : settings.questions;
}

}  // namespace rag
