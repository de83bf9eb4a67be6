#include "chapters/14_bert/settings.hpp"

#include <algorithm>

#include "common/core/error.hpp"
#include "common/system/files.hpp"

namespace bert {
using namespace byhand;

namespace {

constexpr int possible_labels[] = {5, 20, 100, 500};

/// Files and folders, before anything is computed.
void check_paths(const Settings& s) {
  for (const auto& [option, folder] : {std::pair{"--out", s.out}, {"--save", s.save}}) {
    if (folder.empty()) continue;
    std::error_code unknown;
    check(
        !std::filesystem::exists(folder, unknown) || std::filesystem::is_directory(folder, unknown),
        "{}: {} is not a folder", option, folder.string());
    check_can_write(folder / "model.safetensors");
  }
}

}  // namespace

bool Settings::given(const std::string& option) const {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return word == option || word.starts_with(option + "=");
  });
}

void add_options(app::Options& options, Settings& s) {
  options.add(
      "--data", s.data,
      "a text to pre-train on, a sentence a line, at most 256 MiB; empty lines end documents");
  options.add("--classify", s.classify, "sentences to fine-tune on: label TAB … TAB sentence");
  options.add("--labels", s.labels,
              "fine-tune with 5, 20, 100 and 500 labels a class, up to this one of them");
  options.add("--runs", s.runs, "so many times each, with other labelled sentences", 1, 20);
  options.add("--fill", s.fill, "a text with [MASK] where words are missing");
  options.add("--resume", s.resume, "go on from the checkpoint in --out");
  options.add("--save", s.save,
              "folder for the pre-trained model: model.safetensors and vocab.txt");
  options.add(
      "--weights", s.weights,
      "a BERT of Hugging Face's naming or of --save, instead of training; needs --vocabulary");
  options.add(
      "--heads", s.heads,
      "heads of --weights, should neither the file nor config.json beside it say it (0: they do)",
      0, 4096);
  options.add("--vocabulary", s.vocabulary,
              "pieces, one a line, as in BERT's vocab.txt: of --weights; otherwise its ids are "
              "shown beside ours");
}

std::vector<std::size_t> label_counts(const Settings& s) {
  std::vector<std::size_t> counts;
  for (const int labels : possible_labels)
    if (labels <= s.labels) counts.push_back(std::size_t(labels));
  return counts;
}

void check_settings(const Settings& s) {
  const bool ready = !s.weights.empty(), classes = s.data.empty() || !s.classify.empty();
  check(!ready || !s.vocabulary.empty(),
        "--weights needs the model's vocabulary: --vocabulary FILE, a piece a line");
  for (const char* option :
       {"--data", "--classify", "--labels", "--runs", "--resume", "--save", "--epochs"})
    check(!ready || !s.given(option),
          "{}: --weights is a model that is trained already; leave one of the two out", option);
  check(ready || !s.given("--heads"),
        "--heads: it is the number of heads of --weights, which is not given");
  for (const char* option : {"--labels", "--runs"})
    check(classes || !s.given(option),
          "{}: a text alone has no classes to fine-tune on; add --classify FILE", option);
  check(std::count(std::begin(possible_labels), std::end(possible_labels), s.labels) == 1,
        "--labels: {} is none of {}", s.labels, fmt::join(possible_labels, ", "));
  check(!s.given("--fill") || s.fill.find("[MASK]") != std::string::npos,
        "--fill '{}' has no gap: write [MASK] where a word is missing", s.fill);
  check_paths(s);
}

}  // namespace bert
