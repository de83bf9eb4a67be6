// Word vectors in text and in bytes: what was read is written in both formats and read again; a limit reads the beginning of the same.
#include "common/text/word_vectors.hpp"

#include <algorithm>

#include "tests/fuzz/fuzz.hpp"

using namespace byhand;

namespace {

bool same_vectors(const text::WordVectors& a, const text::WordVectors& b) {
  return a.words() == b.words() && fuzz::same(a.vectors(), b.vectors());
}

/// Only bytes tell the two formats apart, so a first vector that is all letters and digits is taken for text.
bool looks_binary(const text::WordVectors& vectors) {
  const char* bytes = reinterpret_cast<const char*>(vectors.vectors().data());
  return std::any_of(bytes, bytes + 4 * vectors.width(), [](unsigned char c) { return c < 32 && c != '\t' && c != '\n' && c != '\r'; });
}

}  // namespace

void fuzz::read(std::string_view input) {
  const auto path = file_with(input);
  accepts([&] {
    const text::WordVectors vectors = text::load_word_vectors(path);
    const text::WordVectors first = must([&] { return text::load_word_vectors(path, 1); });
    require(first.size() == 1 && first.words()[0] == vectors.words()[0], "a limit reads something else");
    vectors.nearest(vectors.words()[0], 3);
    const auto out = file("output");
    if (accepts([&] { text::save_word2vec_text(out, vectors); }))
      require(same_vectors(must([&] { return text::load_word_vectors(out); }), vectors), "text comes back otherwise");
    if (accepts([&] { text::save_word2vec_binary(out, vectors); }) && looks_binary(vectors))
      require(same_vectors(must([&] { return text::load_word_vectors(out); }), vectors), "bytes come back otherwise");
  });
}
