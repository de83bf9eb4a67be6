// Labelled sentences from a file, and their division.
#include <algorithm>

#include "chapters/14_bert/finetuning/classify.hpp"

namespace bert {
using namespace byhand;

LabelledFile read_labelled(const std::filesystem::path& file) {
  const std::string where = file.string();
  std::vector<std::string> names;
  LabelledFile result;
  std::size_t line_number = 0;
  for (const std::string& line : read_lines(file)) {
    ++line_number;
    if (line.empty()) continue;
    const std::size_t first = line.find('\t'), last = line.rfind('\t');
    check(first != std::string::npos && first > 0 && last + 1 < line.size(),
          "{}, line {}: should be label TAB … TAB sentence", where, line_number);
    const std::string sentence = line.substr(last + 1);
    if (text::basic_tokens(sentence).empty()) continue;  // nothing to read in it
    names.push_back(line.substr(0, first));
    result.all.sentences.push_back(sentence);
  }
  result.classes = names;
  std::sort(result.classes.begin(), result.classes.end());
  result.classes.erase(std::unique(result.classes.begin(), result.classes.end()),
                       result.classes.end());
  check(result.classes.size() >= 2 && result.classes.size() <= 50,
        "{}: {} classes; 2 to 50 can be learned", where, result.classes.size());
  for (const std::string& name : names)
    result.all.labels.push_back(
        std::lower_bound(result.classes.begin(), result.classes.end(), name) -
        result.classes.begin());
  return result;
}

Texts texts_of(const Labelled& data) {
  Texts texts;
  for (const std::string& sentence : data.sentences) texts.push_back({sentence});
  return texts;
}

std::pair<Labelled, Labelled> split(const Labelled& all, std::size_t count, Generator& generator) {
  check(count > 0 && count < all.size(), "{} of {} sentences cannot be set apart", count,
        all.size());
  std::pair<Labelled, Labelled> parts;
  std::size_t done = 0;
  for (const std::int64_t i : generator.randperm(all.size())) {
    Labelled& part = done++ < count ? parts.first : parts.second;
    part.sentences.push_back(all.sentences[std::size_t(i)]);
    part.labels.push_back(all.labels[std::size_t(i)]);
  }
  return parts;
}

}  // namespace bert
