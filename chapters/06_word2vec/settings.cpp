#include "chapters/06_word2vec/settings.hpp"

#include <algorithm>

#include "common/core/error.hpp"
#include "common/system/files.hpp"

namespace word2vec {
using namespace byhand;

// ---- the plan ----

namespace {

/// Options that would change nothing are refused: whoever gives one means something by it.
void check_settings(const Settings& s, const Plan& plan) {
  const bool glove = plan.model == Model::glove;
  const Settings untold;
  check(!glove || s.loss == untold.loss,
        "--loss {}: glove has a loss of its own; leave the option out", s.loss);
  check(s.negatives == untold.negatives || (!glove && plan.word2vec.negative),
        "--negatives {}: only --loss negative has noise words", s.negatives);
  check(glove || s.unseen == 0, "--unseen {}: only --model glove counts pairs", s.unseen);
  check(s.width != 1, "--width 1: the figures need vectors of at least 2 numbers");
  const bool trains = s.model != untold.model || s.loss != untold.loss || !s.data.empty() ||
                      s.epochs || s.width || s.window || s.negatives != untold.negatives ||
                      s.min_count != untold.min_count || s.unseen != 0;
  check(s.vectors.empty() || !trains,
        "--vectors: nothing is trained then, so leave out all that says how (--data, --model, "
        "--epochs, ...)");
}

}  // namespace

Plan make_plan(const Settings& settings) {
  Plan plan = default_plan(settings.model, settings.loss, settings.data.empty());
  check_settings(settings, plan);
  if (settings.width) plan.word2vec.width = plan.glove.width = std::size_t(settings.width);
  if (settings.window) plan.word2vec.window = plan.glove.window = std::size_t(settings.window);
  if (settings.quick) plan.word2vec.epochs = plan.glove.epochs = 4;
  if (settings.epochs) plan.word2vec.epochs = plan.glove.epochs = settings.epochs;
  plan.glove.unseen = settings.unseen;
  plan.word2vec.negatives = std::size_t(settings.negatives);
  return plan;
}

// ---- words to look up ----

std::vector<std::string> probe_words(const text::Words& known, Model model, bool toy) {
  if (toy && model == Model::fasttext)
    return {"king", "paris", "tea", "kings", "frenchman", "teapot"};
  std::vector<std::string> words;
  for (const std::string word :
       {"king", "paris", "tea", "cat", "daughter", "water", "bread", "father"})
    if (words.size() < 5 && std::find(known.begin(), known.end(), word) != known.end())
      words.push_back(word);
  if (!words.empty()) return words;
  // the most frequent words say little
  const std::size_t first = std::min<std::size_t>(50, known.size() / 2);
  for (std::size_t rank = first; rank < std::min(known.size(), first + 5); ++rank)
    words.push_back(known[rank]);
  return words;
}

std::vector<std::string> probe_words(const std::string& option) {
  std::vector<std::string> words;
  for (const std::string& word : text::words(option))
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  check(!words.empty(), "--probe: no word in '{}'", option);
  return words;
}

// ---- the file for the vectors ----

namespace {

void check_ending(const std::filesystem::path& file) {
  check(file.extension() == ".txt" || file.extension() == ".bin",
        "--save: '{}' must end in .txt (text) or .bin (binary)", file.string());
}

}  // namespace

void check_vector_file(const std::filesystem::path& file, const std::filesystem::path& source) {
  check_ending(file);
  std::error_code neither_is_there;
  check(!std::filesystem::equivalent(file, source, neither_is_there),
        "--save: '{}' is the file that is read; give another name", file.string());
  check_can_write(file);
}

void save_vectors(const std::filesystem::path& file, const text::WordVectors& vectors) {
  check_ending(file);
  file.extension() == ".txt" ? save_word2vec_text(file, vectors)
                             : save_word2vec_binary(file, vectors);
}

}  // namespace word2vec
