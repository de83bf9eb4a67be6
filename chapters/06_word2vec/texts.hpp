#pragma once
/// @file
/// What is learned from and what is asked: sentences, pairs of words that belong together,
/// questions.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "chapters/06_word2vec/engine/toy_world.hpp"
#include "common/text/words.hpp"

namespace word2vec {

using byhand::text::Topic;
using byhand::text::toy_topics;

/// Sentences of the toy world, or the lines of a file, as words. Error that names the file when it
/// holds no word, and the line too when there is a byte 0 in it or it is not UTF-8. The whole text
/// is kept in memory, some 20 bytes for each byte of the file; more than 256 MiB are
/// refused.
std::vector<byhand::text::Words> toy_sentences(std::size_t count, byhand::Generator& generator);
std::vector<byhand::text::Words> read_sentences(const std::filesystem::path& file);

using Pairs = std::vector<std::pair<std::string, std::string>>;
const Pairs& men_and_women();  ///< man woman, king queen, ...: those of the toy world
const Pairs& one_and_many();   ///< day days, child children, ...
const Pairs& capitals();       ///< france paris, ...: those of the toy world

/// Questions a : b = c : d for English texts: each pair of men_and_women with each other, each of
/// one_and_many with each other.
std::vector<byhand::text::Analogy> english_analogies();

}  // namespace word2vec
