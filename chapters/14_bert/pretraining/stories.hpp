#pragma once
/// @file
/// The chapter's own text: small stories, five sentences each, about one of six topics. Four words
/// have two senses: the bank and the bill of the river are not those of money, the bat of the cave
/// is not that of the game, spring is a season or a part of a clock.
#include <filesystem>
#include <string>
#include <vector>

#include "common/core/generator.hpp"

namespace bert {

/// What a topic's stories are made of. In a sentence WHO is the person, HE and HIS stand for that
/// person, THING is the story's thing, OTHER any thing of the topic, the story's own among them,
/// HOW a property.
struct Topic {
  std::string name;
  std::vector<std::string> things, properties, openings, middles, endings;
};

struct Person {
  std::string name;
  bool woman;
};

/// A word with two senses and the numbers of the topics in which it has them.
struct TwoSenses {
  std::string word;
  std::int64_t first, second;
};

/// What stories are made of.
struct Grammar {
  std::vector<Topic> topics;
  std::vector<std::string> anywhere;  ///< middles of any topic
  std::vector<Person> people;
  std::vector<TwoSenses> senses;
};

/// Reads lines `key: text`, as datasets/stories.txt has them; # begins a comment.
/// Error that names the file, and the line where there is one, when a key is unknown or stands
/// before any topic, nothing follows it, or something is missing that a story needs.
Grammar read_grammar(const std::filesystem::path& file);

/// A topic's number, and its sentences in their order, in small letters and without punctuation.
struct Story {
  std::int64_t topic;
  std::vector<std::string> sentences;
};

/// The names of the topics of datasets/stories.txt, in the order of their numbers.
/// Error when it cannot be read, here and below.
const std::vector<std::string>& topics();

/// Stories drawn by a seeded grammar, each topic equally likely. One person and one thing go
/// through a whole story, so that a sentence tells something about the next one beside the topic.
std::vector<Story> make_stories(std::size_t count, byhand::Generator& generator);

/// "the WORD near the THING was HOW" with every thing and property of a topic. No story has such a
/// sentence. Error when there is no topic of that number.
std::vector<std::string> frame_sentences(const std::string& word, std::int64_t topic);

/// The words with two senses.
const std::vector<TwoSenses>& two_senses();

}  // namespace bert
