#pragma once
/// @file
/// What the reader may choose, and what follows from it.
#include <filesystem>
#include <string>
#include <vector>

#include "chapters/06_word2vec/model.hpp"
#include "common/app/options.hpp"

namespace word2vec {

struct Settings : byhand::app::Settings {
  std::string model = "skipgram", loss = "negative", probe;
  std::filesystem::path data, vectors, save;
  double unseen = 0;
  int width = 0, window = 0, negatives = 5, min_count = 5;  // 0: what suits the text

  bool toy() const { return data.empty() && vectors.empty(); }
};

/// What to train, and how. Error when an option would change nothing, or is none of those there
/// are.
Plan make_plan(const Settings& settings);

/// Words to look up: some of our own that are among `known` (most frequent first), for fastText and
/// the toy world also words that are not; in another language, words of middling frequency.
std::vector<std::string> probe_words(const byhand::text::Words& known, Model model, bool toy);
/// The words of --probe, each once. Error when there is none.
std::vector<std::string> probe_words(const std::string& option);

/// word2vec's text format when the name ends in .txt, its binary format when it ends in .bin.
/// check_vector_file is the Error for any other name, for a file that cannot be written and for one
/// that is `source`, what is read: to be had before the training.
void check_vector_file(const std::filesystem::path& file, const std::filesystem::path& source = {});
void save_vectors(const std::filesystem::path& file, const byhand::text::WordVectors& vectors);

}  // namespace word2vec
