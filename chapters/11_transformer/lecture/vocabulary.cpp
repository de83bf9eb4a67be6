#include "chapters/11_transformer/lecture/vocabulary.hpp"

namespace transformer {
using namespace byhand;

const std::vector<std::string>& input_words() {
  static const std::vector<std::string> words{"SOS", "let's", "to", "go"};
  return words;
}

const std::vector<std::string>& output_words() {
  static const std::vector<std::string> words{"SOS", "ir", "vamos", "y", "EOS"};
  return words;
}

std::vector<Pair> pairs() { return {{{1, 3}, {2}}, {{2, 3}, {1}}}; }

Words encoder_input(const Words& input) {
  Words words{sos};
  words.insert(words.end(), input.begin(), input.end());
  return words;
}

Words decoder_input(const Words& output) { return encoder_input(output); }

Words decoder_target(const Words& output) {
  Words words = output;
  words.push_back(eos);
  return words;
}

Ids to_ids(const Words& words) { return ids(words); }

std::vector<std::string> names(const Words& words, const std::vector<std::string>& vocabulary) {
  std::vector<std::string> texts;
  for (const std::int64_t word : words) {
    check(word >= 0 && std::size_t(word) < vocabulary.size(),
          "vocabulary: there is no word {} among {}", word, vocabulary.size());
    texts.push_back(vocabulary[std::size_t(word)]);
  }
  return texts;
}

std::string text(const Words& words, const std::vector<std::string>& vocabulary) {
  return fmt::format("{}", fmt::join(names(words, vocabulary), " "));
}

}  // namespace transformer
