#include "chapters/15_rag/chunk.hpp"

#include <algorithm>

#include "chapters/15_rag/words/terms.hpp"
#include "common/core/error.hpp"
#include "common/system/text.hpp"

namespace rag {
using namespace byhand;

std::string Passage::searched() const {
  std::string all = title;
  for (const std::string* part : {&heading, &subheading, &text})
    if (!part->empty()) all += "\n" + *part;
  return all;
}

std::vector<std::string> searched(const std::vector<Passage>& passages) {
  std::vector<std::string> texts;
  for (const Passage& passage : passages) texts.push_back(passage.searched());
  return texts;
}

std::string Passage::place() const {
  std::string where = title.empty() ? file : title;
  for (const std::string* part : {&heading, &subheading})
    if (!part->empty()) where += " › " + *part;
  return where;
}

namespace {

/// Where the words of a line begin and end.
std::vector<std::pair<std::size_t, std::size_t>> word_places(std::string_view line) {
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (const std::string_view word : split_words(line)) {
    const auto begin = std::size_t(word.data() - line.data());
    places.emplace_back(begin, begin + word.size());
  }
  return places;
}

/// Collects lines until a passage is full.
class Cutter {
 public:
  Cutter(const Document& document, const ChunkOptions& options) : options_(options) {
    check(options.words > 0 && options.overlap < (options.words + 1) / 2,
          "chunk: {} words a passage with an overlap of {}; it must be less than half",
          options.words, options.overlap);
    next_.file = document.file;
    next_.language = document.language;
  }

  void title(std::string text) { next_.title = std::move(text); }
  void heading(std::string text) {
    end_section(), next_.heading = std::move(text), next_.subheading.clear();
  }
  void subheading(std::string text) { end_section(), next_.subheading = std::move(text); }

  /// A line of the section. One that is too long is divided after a word, at the end of a sentence
  /// when one ends in its second half.
  void add(std::string_view line, std::size_t number) {
    const auto places = word_places(line);
    std::size_t begin = 0;  // of the piece, in bytes: a line's blanks in front stay
    for (std::size_t first = 0; first < places.size();) {
      std::size_t count = std::min(places.size() - first, options_.words);
      for (std::size_t i = options_.words;
           i > options_.words / 2 && first + options_.words < places.size(); --i)
        if (const char last = line[places[first + i - 1].second - 1];
            last == '.' || last == ';' || last == '?') {
          count = i;
          break;
        }
      const std::size_t end = places[first + count - 1].second;
      add_piece({std::string(line.substr(begin, end - begin)), count, number});
      first += count;
      begin = first < places.size() ? places[first].first : end;
    }
  }

  std::vector<Passage> finish() {
    end_section();
    return std::move(found_);
  }

 private:
  struct Piece {
    std::string text;
    std::size_t words, line;
  };

  void add_piece(Piece piece) {
    if (words_ + piece.words > options_.words) {
      emit();
      keep_overlap(options_.words - piece.words);
    }
    words_ += piece.words;
    pieces_.push_back(std::move(piece));
    fresh_ = true;
  }
  void emit() {
    if (!fresh_) return;  // nothing but what the passage before has already
    Passage passage = next_;
    passage.line = pieces_.front().line;
    for (const Piece& piece : pieces_)
      passage.text += (passage.text.empty() ? "" : "\n") + piece.text;
    found_.push_back(std::move(passage));
    fresh_ = false;
  }
  void keep_overlap(std::size_t room) {
    const std::size_t limit = std::min(room, options_.overlap);
    std::size_t kept = 0, first = pieces_.size();
    while (first > 0 && kept + pieces_[first - 1].words <= limit) kept += pieces_[--first].words;
    pieces_.erase(pieces_.begin(), pieces_.begin() + std::ptrdiff_t(first));
    words_ = kept;
  }
  void end_section() {
    emit();
    pieces_.clear();
    words_ = 0;
  }

  ChunkOptions options_;
  Passage next_;  // file and headings of the passage that is being collected
  std::vector<Piece> pieces_;
  std::size_t words_ = 0;
  bool fresh_ = false;
  std::vector<Passage> found_;
};

bool is_rule(std::string_view line) {
  return line.find_first_not_of("|-: \t─═=*_") == std::string_view::npos;
}

}  // namespace

std::size_t count_words(std::string_view text) { return split_words(text).size(); }

std::vector<std::string> sentences_of(const std::string& text) {
  std::vector<std::string> sentences;
  std::string sentence;
  const auto end = [&] {
    if (sentence.starts_with("    ") && !sentence.starts_with("    ./")) sentence.clear();
    const std::size_t begin = sentence.find_first_not_of(" \t|-*");
    const std::size_t last = sentence.find_last_not_of(" \t|");
    if (begin != std::string::npos && last >= begin)
      sentences.push_back(sentence.substr(begin, last - begin + 1));
    sentence.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      end();
      continue;
    }
    sentence += text[i];
    const bool code = sentence.starts_with("    ");  // the end of its line is its end
    const bool mark =
        !code && (text[i] == '.' || text[i] == '?' || text[i] == '!' || text[i] == ';');
    if (mark && i + 1 < text.size() && text[i + 1] == ' ') end();
  }
  end();
  return sentences;
}

std::string without_marks(std::string_view line) {
  std::string plain;
  // The next ]( and the ) after it: looked for again only once they are passed.
  std::size_t middle = 0, end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '*' && i + 1 < line.size() && line[i + 1] == '*') {
      ++i;
    } else if (line[i] == '!' && i + 1 < line.size() && line[i + 1] == '[') {
      continue;
    } else if (line[i] == '[') {
      if (middle < i + 1) middle = line.find("](", i);
      if (end < middle) end = middle == std::string_view::npos ? middle : line.find(')', middle);
      if (end == std::string_view::npos) {
        plain += '[';
        continue;
      }
      plain += without_marks(line.substr(i + 1, middle - i - 1));
      i = end;
    } else {
      plain += line[i];
    }
  }
  return plain;
}

std::vector<Passage> chunk_markdown(const Document& document, const ChunkOptions& options) {
  Cutter cutter(document, options);
  bool code = false, titled = false;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(document.text)) {
    ++number;
    if (line.starts_with("```")) {
      code = !code;
    } else if (code) {
      if (!is_rule(line)) cutter.add("    " + std::string(line), number);
    } else if (line.starts_with("# ") && !titled) {
      titled = true;
      cutter.title(without_marks(line.substr(2)));
    } else if (line.starts_with("## ")) {
      cutter.heading(without_marks(line.substr(3)));
    } else if (line.starts_with("### ")) {
      cutter.subheading(without_marks(line.substr(4)));
    } else if (!is_rule(line)) {
      cutter.add(without_marks(line), number);
    }
  }
  return cutter.finish();
}

std::vector<Passage> chunk_plain(const Document& document, const ChunkOptions& options) {
  Cutter cutter(document, options);
  std::size_t number = 0;
  for (const std::string_view line : lines_of(document.text)) cutter.add(line, ++number);
  return cutter.finish();
}

std::vector<Passage> chunk_table(const Document& document, const ChunkOptions& options) {
  std::vector<Passage> found;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(document.text)) {
    ++number;
    if (line.empty()) continue;
    const std::size_t first = line.find('\t'),
                      second = first == std::string_view::npos ? first : line.find('\t', first + 1);
    if (second == std::string_view::npos)
      fail("{}: line {}: expected title, heading and text between tabs", document.file, number);
    Cutter cutter(document, options);
    cutter.title(std::string(line.substr(0, first)));
    cutter.heading(std::string(line.substr(first + 1, second - first - 1)));
    cutter.add(line.substr(second + 1), number);
    for (Passage& passage : cutter.finish()) found.push_back(std::move(passage));
  }
  return found;
}

std::vector<Passage> chunk(const Document& document, const ChunkOptions& options) {
  const Document whole{document.file, document.language, composed(document.text)};
  if (document.file.ends_with(".md")) return chunk_markdown(whole, options);
  if (document.file.ends_with(".tsv")) return chunk_table(whole, options);
  return chunk_plain(whole, options);
}

}  // namespace rag
