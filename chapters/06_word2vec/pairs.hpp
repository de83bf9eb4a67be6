#pragma once
/// @file
/// Words that belong together: pairs for analogies and arrows, topics for the map.
#include <string>
#include <utility>
#include <vector>

#include "chapters/06_word2vec/engine/toy_world.hpp"

namespace word2vec {

using byhand::text::Topic;
using byhand::text::toy_topics;

using Pairs = std::vector<std::pair<std::string, std::string>>;
const Pairs& men_and_women();  ///< man woman, king queen, ...: those of the toy world
const Pairs& one_and_many();   ///< day days, child children, ...
const Pairs& capitals();       ///< france paris, ...: those of the toy world

/// Questions a : b = c : d for English texts: each pair of men_and_women with each other, each of one_and_many with each other.
std::vector<byhand::text::Analogy> english_analogies();

}  // namespace word2vec
