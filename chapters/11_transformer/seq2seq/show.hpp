#pragma once
/// @file
/// Parts 8 and 9: the small transformer at work, on digits or on sentences.
#include <optional>

#include "chapters/11_transformer/seq2seq/examples.hpp"
#include "common/app/options.hpp"
#include "common/core/generator.hpp"

namespace seq2seq {

/// What the chapter can be told beside the usual: the options of the small transformer.
struct Settings : byhand::app::Settings {
  std::string task = "reverse";      ///< --task
  int steps = 1000, beam = 1;        ///< --steps, --beam
  std::filesystem::path data;        ///< --data
  int column = 2, data_epochs = 10;  ///< --column, --data-epochs
};
/// What does not go together on the command line is an Error, before anything is trained.
void check_options(const Settings& settings, int argc, char** argv);

/// Sentences ready to be trained on, and the generator that drew which of them are for validation.
struct Text {
  TextPairs pairs;
  byhand::Generator generator;
};
/// The sentences of --data; nothing without it.
std::optional<Text> read_text(const Settings& settings);

/// Part 8: rows of digits copied, reversed or sorted, with averaged weights and without, and with
/// the mask left out while answering.
void digits(const Settings& settings);
/// Part 9: sentences translated.
void sentences(const Settings& settings, const Text& text);

}  // namespace seq2seq
