// GloVe in bytes, two files: words up to an empty line, then the numbers.
#include "common/text/word_vectors.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

void fuzz::read(std::string_view input) {
  const std::size_t end = std::min(input.find("\n\n"), input.size());
  file_with(input.substr(0, end), "glove.vocab");
  file_with(input.substr(std::min(end + 2, input.size())), "glove.vec");
  accepts([&] {
    const text::WordVectors vectors = text::load_glove_q8(file("glove"));
    require(vectors.width() == 100 && vectors.size() > 0, "not the width of these files");
    vectors.nearest(vectors.words()[0], 3);
  });
}
