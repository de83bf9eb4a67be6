#pragma once
/// @file
/// The chapter's own text: small stories, five sentences each, about one of six topics. Four words have two senses: the bank and the bill of
/// the river are not those of money, the bat of the cave is not that of the game, spring is a season or a part of a clock.
#include <string>
#include <vector>

#include "common/core/generator.hpp"

namespace bert {

/// A topic's number, 0 to 5, and its sentences in their order, in small letters and without punctuation.
struct Story {
  std::int64_t topic;
  std::vector<std::string> sentences;
};

/// The names of the topics, in the order of their numbers.
const std::vector<std::string>& topics();

/// Stories drawn by a seeded grammar, each topic equally likely. One person and one thing go through a whole story, so that a sentence
/// tells something about the next one beside the topic.
std::vector<Story> make_stories(std::size_t count, byhand::Generator& generator);

/// "the WORD near the THING was HOW" with every thing and property of a topic. No story has such a sentence. Error when there is no topic of
/// that number.
std::vector<std::string> frame_sentences(const std::string& word, std::int64_t topic);

/// A word with two senses and the topics in which it has them.
struct TwoSenses {
  std::string word;
  std::int64_t first, second;
};
const std::vector<TwoSenses>& two_senses();

}  // namespace bert
