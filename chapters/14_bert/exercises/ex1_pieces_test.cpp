#include <ex1_pieces.hpp>  // the reader's, the original or the solution: the build decides
#include "tests/exercises/verdict.hpp"

#include "common/text/wordpiece.hpp"

namespace ex = byhand::exercise;
using namespace byhand;

namespace {

// Predictions are numbers: what a program has counted does not compile here.
constexpr int themes = ex::themes, thematic = ex::thematic, mes = ex::mes, numbers = ex::numbers;

}  // namespace

TEST_CASE("the tokenizer at work") {
  const text::WordPiece vocabulary({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "them",
                                    "##e", "##s", "##me", "##mes", "##matic", ",", "!"});
  verdict::predicted("pieces of themes", double(vocabulary.split_word("themes").size()), themes, 0);
  verdict::predicted("pieces of thematic", double(vocabulary.split_word("thematic").size()),
                     thematic, 0);
  verdict::predicted("pieces of mes", double(vocabulary.split_word("mes").size()), mes, 0);
  verdict::predicted("numbers of the text",
                     double(vocabulary.encode("Thème, themes, thematic!").ids.size()), numbers, 0);
}
