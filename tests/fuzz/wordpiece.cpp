// WordPiece: a vocabulary up to an empty line, then a text that is split with it.
#include "common/text/wordpiece.hpp"

#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

namespace {

/// The pieces of a word, put together, are the word; or it is [UNK].
void check_pieces(const text::WordPiece& vocabulary, const std::string& word) {
  const text::Words pieces = vocabulary.split_word(word);
  std::string together;
  for (const std::string& piece : pieces) together += together.empty() ? piece : piece.substr(2);
  fuzz::require(together == word || pieces == text::Words{"[UNK]"}, "the pieces are not the word");
}

void check_text(const text::WordPiece& vocabulary, std::string_view text) {
  for (const std::string& word : text::basic_tokens(text, vocabulary.options().basic)) check_pieces(vocabulary, word);
  for (const text::Specials specials : {text::Specials::as_text, text::Specials::as_tokens}) {
    const std::vector<std::int64_t> ids = vocabulary.ids(text, specials);
    fuzz::require(vocabulary.tokens(text, specials).size() == ids.size(), "pieces and numbers are not equally many");
    vocabulary.decode(ids);  // each number is a piece's
    fuzz::accepts([&] {
      const text::Encoded one = vocabulary.encode(text, 8, specials), two = vocabulary.encode_pair(text, text, 9, specials);
      fuzz::require(one.ids.size() <= 8 && one.ids.size() == one.segments.size(), "one text is too long");
      fuzz::require(two.ids.size() <= 9 && two.ids.size() == two.segments.size(), "a pair is too long");
    });
  }
}

}  // namespace

void fuzz::read(std::string_view input) {
  const std::size_t end = std::min(input.find("\n\n"), input.size());
  const std::string_view text = input.substr(std::min(end + 2, input.size()));
  const auto path = file_with(input.substr(0, end));
  for (const bool cased : {false, true}) {
    accepts([&] {
      const auto vocabulary = text::WordPiece::load(path, {.basic = {!cased, !cased}});
      must([&] {
        vocabulary.save(file("output"));
        require(text::WordPiece::load(file("output")).pieces() == vocabulary.pieces(), "the vocabulary comes back otherwise");
        check_text(vocabulary, text);
      });
    });
  }
}
