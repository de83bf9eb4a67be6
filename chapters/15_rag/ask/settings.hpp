#pragma once
/// @file
/// What the program can be told, and which of it does not go together.
#include <optional>

#include "chapters/15_rag/answer.hpp"
#include "chapters/15_rag/ask/llm.hpp"
#include "common/app/options.hpp"

namespace rag {

struct Settings : byhand::app::Settings {
  bool asked = false;  ///< --ask was given, be it without a question
  std::string ask, retriever = "hybrid";
  std::optional<Question> question;  ///< what --ask asks; check_settings makes it
  std::filesystem::path data, store, questions, bert_model;
  LlmOptions llm;
  double threshold = AnswerOptions().threshold;
  bool bert = false, measure = false;
};

/// Adds the chapter's options to those that every chapter has.
void add_options(byhand::app::Options& options, Settings& settings);

/// Error in one line, before anything long is begun: a question without a word to search for, a
/// retriever that does not exist or that --bert would be trained for in vain, a URL that cannot be
/// used, options that have no effect together.
/// Makes the question of --ask.
void check_settings(Settings& settings);

/// Where the knowledge base is kept, and the encoder of --bert beside it.
std::filesystem::path store_file(const Settings& settings);
std::filesystem::path bert_folder(const Settings& settings);
/// Where the questions stand that compare retrievers.
std::filesystem::path questions_file(const Settings& settings);

}  // namespace rag
