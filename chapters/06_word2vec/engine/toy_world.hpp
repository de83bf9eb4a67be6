#pragma once
/// @file
/// A text of our own about a small world of kings and queens, tea and coffee, animals, cities and
/// their countries, made by a seeded grammar: large enough to learn from, small enough to know what
/// should come out.
#include <string>
#include <vector>

#include "common/core/generator.hpp"

namespace byhand::text {

/// Sentences of lower-case words, without punctuation: "the queen rules her country", "paris is the
/// capital of france". About 8 words each, 251 different ones. All of them are frequent: word2vec's
/// subsampling threshold must be 1e-3 (or off) here, 1e-5 leaves nothing over.
std::vector<std::string> toy_world(std::size_t sentences, Generator& generator);

/// Words of one kind.
struct Topic {
  std::string name;
  std::vector<std::string> words;
};
/// The topics of this world: men, women, countries, capitals, languages, dishes, drinks, animals,
/// in this order. The words of the first two belong together by their place, man and woman, king
/// and queen, and so do those of the next four: france, paris, french, baguettes.
std::vector<Topic> toy_topics();

/// a : b = c : d, a question with one right answer in this world, d: it is near b - a + c,
/// WordVectors::analogy(b, a, c).
struct Analogy {
  std::string a, b, c, d;
};
/// All of them: people (man king woman queen), then capitals (france paris japan tokyo), then
/// languages (france french japan japanese).
std::vector<Analogy> toy_analogies();

}  // namespace byhand::text
