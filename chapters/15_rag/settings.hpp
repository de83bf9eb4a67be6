#pragma once
/// @file
/// What the program can be told, and which of it does not go together.
#include "chapters/15_rag/answer.hpp"
#include "chapters/15_rag/llm.hpp"
#include "common/app/options.hpp"

namespace rag {

struct Settings : byhand::app::Settings {
  bool asked = false;  ///< --ask was given, be it without a question
  std::string ask, retriever = "hybrid";
  std::filesystem::path data, store, questions, bert_model;
  LlmOptions llm;
  double threshold = AnswerOptions().threshold;
  bool bert = false, measure = false;
};

/// Adds the chapter's options to those that every chapter has.
void add_options(byhand::app::Options& options, Settings& settings);

/// Error in one line, before anything long is begun: a question without a word to search for, a retriever that does not exist or that
/// --bert would be trained for in vain, a URL that cannot be used, options that have no effect together.
void check_settings(const Settings& settings);

}  // namespace rag
