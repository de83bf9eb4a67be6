// Chapter 15's documents: the first byte chooses Markdown, plain text or a table; they are cut into passages and those into terms.
#include <algorithm>

#include "chapters/15_rag/chunk.hpp"
#include "chapters/15_rag/words/terms.hpp"
#include "common/system/text.hpp"
#include "common/text/unicode.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

namespace {

bool is_printable(const std::string& text) {
  const std::u32string points = text::decode_utf8(text);
  return text::encode_utf8(points) == text &&
         std::all_of(points.begin(), points.end(), [](char32_t c) { return c == '\n' || c == '\t' || text::category(c) != "Cc"; });
}

}  // namespace

void fuzz::read(std::string_view input) {
  if (input.empty()) return;
  const char* names[] = {"a.md", "a.txt", "a.tsv"};
  const rag::Document document{names[static_cast<unsigned char>(input[0]) % 3], "", std::string(input.substr(1))};
  const std::size_t lines = lines_of(document.text).size();
  accepts([&] {
    require(rag::Question(document.text).terms == rag::terms(rag::composed(document.text)), "a question has other terms than its text");
    for (const rag::Passage& passage : rag::chunk(document, {.words = 12, .overlap = 3})) {
      require(passage.line >= 1 && passage.line <= lines, "a passage of another line");
      for (const std::string& term : rag::terms(passage.searched())) require(!term.empty(), "an empty term");
      rag::trigrams(passage.searched());
      require(is_printable(rag::printable(passage.place())) && is_printable(rag::printable(passage.text)), "not fit for a terminal");
    }
  });
}
