#include "chapters/14_bert/stories.hpp"

#include "common/core/error.hpp"

namespace bert {
using namespace byhand;

namespace {

using Choices = std::vector<std::string>;

/// What a topic's stories are made of. WHO is the person, HE and HIS stand for that person, THING is the story's thing, OTHER any thing of
/// the topic, the story's own among them, HOW a property.
struct Topic {
  std::string name;
  Choices things, properties, openings, middles, endings;
};

const std::vector<Topic> all_topics = {
    {"river",
     {"boat", "net", "canoe", "otter", "heron", "raft", "oar", "ferry", "swan", "fish"},
     {"muddy", "deep", "wet", "shallow", "calm"},
     {"WHO walked along the river in the morning", "WHO sat on the bank of the river", "WHO took the THING down to the water",
      "WHO rowed across the river to the THING"},
     {"the THING drifted along the HOW bank", "HE saw a OTHER near the bank of the stream", "a duck with a yellow bill swam past the THING",
      "the duck dipped its bill into the HOW water", "the current pulled the THING under the bridge",
      "HE waded through the reeds to the THING", "HE threw a line into the HOW stream", "the water near the bank was HOW",
      "a OTHER swam around the THING"},
     {"HE tied the THING to a post on the bank", "HE dried HIS wet boots on the bank", "at dusk the stream was calm and so was the THING",
      "HE rowed back against the current"}},
    {"money",
     {"loan", "wallet", "salary", "purse", "cheque", "debt", "deposit", "coin", "tax", "rent"},
     {"large", "unpaid", "expensive", "cheap", "rich"},
     {"WHO went to the bank in the morning", "WHO asked the bank about the THING", "WHO counted the money at the counter",
      "WHO opened an account because of the THING"},
     {"the clerk of the bank wrote down the THING", "HE paid the bill with the THING", "the bill was HOW and so was the OTHER",
      "the bank wanted interest for the THING", "HE signed a paper about the THING", "the cashier counted the notes for the OTHER",
      "HE owed the bank a HOW sum", "the price of the OTHER was HOW", "a bill for the OTHER came from the bank"},
     {"HE paid the last bill and saved the rest", "HE locked the THING in a safe of the bank", "at the end of the month the THING was paid",
      "HE borrowed no more money from the bank"}},
    {"cave",
     {"lantern", "tunnel", "spider", "rope", "skeleton", "owl", "moth", "torch", "shadow", "echo"},
     {"dark", "damp", "narrow", "silent", "hollow"},
     {"WHO climbed into the cave in the evening", "WHO lit a candle and followed the THING", "WHO heard a bat in the HOW cave",
      "WHO found the THING under the rocks"},
     {"a bat flew over the THING in the dark", "the bat hung from the HOW ceiling", "HE crawled past the THING into the cavern",
      "the bat spread its wings above the OTHER", "water dripped on the THING from the ceiling", "HE held the candle close to the OTHER",
      "the rocks around the THING were HOW", "a OTHER moved in the darkness of the cavern", "the hungry bat caught a moth in the dark"},
     {"HE crept out of the cave with the THING", "at midnight the bat flew back into the cave", "HE left the THING in the darkness",
      "the candle went out and the cavern was HOW"}},
    {"game",
     {"ball", "glove", "helmet", "umpire", "trophy", "coach", "pitcher", "team", "captain", "whistle"},
     {"fast", "proud", "tired", "lucky", "strong"},
     {"WHO ran onto the field in the afternoon", "WHO lifted the bat and looked at the THING", "WHO played for the HOW club",
      "WHO brought the THING to the stadium"},
     {"HE swung the bat at the HOW player", "the wooden bat hit the THING", "the crowd cheered for the THING",
      "HE ran to the base before the OTHER", "the bat broke and the crowd laughed at the OTHER",
      "the player threw the THING over the fence", "the score was even and the players were HOW",
      "HE gripped the bat and waited for the OTHER", "a OTHER on the field was HOW"},
     {"HE won the match and thanked the THING", "the crowd carried the THING around the stadium",
      "HE dropped the bat and shook hands with the players", "at the final score the players were HOW"}},
    {"garden",
     {"rose", "tulip", "hedge", "spade", "carrot", "apple", "bean", "lily", "tree", "bush"},
     {"green", "fresh", "sweet", "ripe", "blooming"},
     {"WHO went into the garden in the spring", "WHO dug the soil around the THING", "WHO planted a THING in early spring",
      "WHO watered the THING in the garden"},
     {"in the spring the THING grew fast", "the leaves of the THING were HOW", "bees flew around the HOW flowers",
      "HE pulled the weeds near the OTHER", "warm rain in the spring was good for the THING", "the soil under the THING was HOW",
      "spring came and the OTHER had new leaves", "HE put the seeds of a OTHER into the soil", "the smell of spring was HOW"},
     {"HE picked the THING and put it into a basket", "HE raked the leaves around the THING",
      "after the spring came summer and the THING was HOW", "the flowers beside the THING were HOW"}},
    {"workshop",
     {"clock", "lever", "drill", "hammer", "engine", "lock", "motor", "wheel", "gear", "watch"},
     {"rusty", "broken", "loose", "precise", "oily"},
     {"WHO went into the workshop with a THING", "WHO opened the HOW THING with a screwdriver", "WHO repaired the THING on the bench",
      "WHO found a HOW spring in the THING"},
     {"the spring inside the THING was HOW", "HE bent the spring with a pair of pliers", "a screw of the THING was HOW",
      "HE put oil on the HOW OTHER", "the steel spring jumped out of the THING", "HE fixed the spring behind the OTHER",
      "the metal parts of the THING were HOW", "HE took the screw out of the OTHER", "a new spring of steel turned the OTHER"},
     {"HE tightened the last screw of the THING", "HE wound the spring and the THING worked again",
      "HE cleaned the bench and the HOW tools", "the machine with the THING ran again"}}};

/// Said in any topic: only THING, OTHER and HOW, where they stand, tell what the story is about.
const Choices common_middles = {
    "HE looked at the THING for a long time", "HE told HIS friend about the OTHER",    "the THING was HOW",
    "WHO wanted to see the OTHER once more",  "nobody else had seen such a HOW THING", "HE thought about the OTHER and smiled"};

struct Person {
  const char* name;
  bool woman;
};
const std::vector<Person> people = {{"anna", true}, {"ben", false}, {"clara", true}, {"david", false}, {"emma", true}, {"felix", false}};

template <class T>
const T& pick(const std::vector<T>& choices, Generator& generator) {
  return choices[std::size_t(generator.randint(0, std::int64_t(choices.size()), 1)[0])];
}

/// Puts a text in the place of each `slot`, also within a word: OTHER, which has HE in it, must be filled before HE.
void fill(std::string& sentence, const std::string& slot, const std::string& text) {
  for (std::size_t at = 0; (at = sentence.find(slot, at)) != sentence.npos; at += text.size()) sentence.replace(at, slot.size(), text);
}

void fill_article(std::string& sentence) {
  for (const char vowel : {'a', 'e', 'o', 'u'}) fill(sentence, std::string(" a ") + vowel, std::string(" an ") + vowel);
  if (sentence.starts_with("a ") && sentence.size() > 2 && std::string("aeou").find(sentence[2]) != std::string::npos)
    sentence.replace(0, 2, "an ");
}

std::string sentence_of(std::string text, const Topic& topic, const Person& person, const std::string& thing, Generator& generator) {
  fill(text, "WHO", person.name);
  fill(text, "THING", thing);
  fill(text, "OTHER", pick(topic.things, generator));
  fill(text, "HOW", pick(topic.properties, generator));
  fill(text, "HIS", person.woman ? "her" : "his");
  fill(text, "HE", person.woman ? "she" : "he");
  fill_article(text);
  return text;
}

Story make_story(Generator& generator) {
  const std::int64_t number = generator.randint(0, std::int64_t(all_topics.size()), 1)[0];
  const Topic& topic = all_topics[std::size_t(number)];
  const Person& person = pick(people, generator);
  const std::string thing = pick(topic.things, generator);
  Choices frames = {pick(topic.openings, generator)};
  const std::vector<std::int64_t> order = generator.randperm(topic.middles.size());
  for (std::size_t i = 0; i < 3; ++i)
    frames.push_back(generator.uniform() < 0.3f ? pick(common_middles, generator) : topic.middles[std::size_t(order[i])]);
  frames.push_back(pick(topic.endings, generator));
  Story story{number, {}};
  for (const std::string& frame : frames) story.sentences.push_back(sentence_of(frame, topic, person, thing, generator));
  return story;
}

}  // namespace

const std::vector<std::string>& topics() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Topic& topic : all_topics) list.push_back(topic.name);
    return list;
  }();
  return names;
}

std::vector<Story> make_stories(std::size_t count, Generator& generator) {
  std::vector<Story> stories;
  while (stories.size() < count) stories.push_back(make_story(generator));
  return stories;
}

std::vector<std::string> frame_sentences(const std::string& word, std::int64_t topic) {
  check(topic >= 0 && std::size_t(topic) < all_topics.size(), "stories: there is no topic {}", topic);
  std::vector<std::string> sentences;
  for (const std::string& thing : all_topics[std::size_t(topic)].things)
    for (const std::string& how : all_topics[std::size_t(topic)].properties)
      sentences.push_back(fmt::format("the {} near the {} was {}", word, thing, how));
  return sentences;
}

const std::vector<TwoSenses>& two_senses() {
  static const std::vector<TwoSenses> words = {{"bank", 0, 1}, {"bill", 0, 1}, {"bat", 2, 3}, {"spring", 4, 5}};
  return words;
}

}  // namespace bert
