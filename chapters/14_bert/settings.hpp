#pragma once
/// @file
/// What the program can be told, and which of it makes no sense together.
#include <filesystem>
#include <string>
#include <vector>

#include "common/app/options.hpp"

namespace bert {

struct Settings : byhand::app::Settings {
  std::filesystem::path data, classify, weights, vocabulary, save;
  std::string fill;
  bool resume = false;
  int labels = 20, runs = 1, heads = 0;
  std::vector<std::string> words;  ///< the command line without the program's name

  /// Whether an option such as --epochs stands in the command line.
  bool given(const std::string& option) const;
};

/// Names the options to the command line; the settings must live as long as that.
void add_options(byhand::app::Options& options, Settings& settings);

/// How many labels a class each fine-tuning gets: 5, 20, 100, 500, up to --labels.
std::vector<std::size_t> label_counts(const Settings& settings);

/// Error, one line that names the option, when an option would have no effect beside the others, a
/// text to fill has no gap, or a file or folder cannot be what it is given as.
void check_settings(const Settings& settings);

}  // namespace bert
