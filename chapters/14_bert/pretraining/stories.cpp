#include "chapters/14_bert/pretraining/stories.hpp"

#include <algorithm>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace bert {
using namespace byhand;

namespace {

using Choices = std::vector<std::string>;

Choices words_of(std::string_view text) {
  const std::vector<std::string_view> words = split_words(text);
  return {words.begin(), words.end()};
}

/// The number of a topic; -1 when there is none of that name.
std::int64_t number_of(const std::vector<Topic>& topics, const std::string& name) {
  const auto is_it = [&](const Topic& topic) { return topic.name == name; };
  const auto found = std::find_if(topics.begin(), topics.end(), is_it);
  return found == topics.end() ? -1 : found - topics.begin();
}

/// Puts a line's text where its key says; false when there is no such key, or no topic yet.
bool put(Grammar& g, std::string_view key, const std::string& text) {
  Topic* topic = g.topics.empty() ? nullptr : &g.topics.back();
  if (key == "topic") {
    g.topics.push_back({text, {}, {}, {}, {}, {}});
  } else if (key == "anywhere") {
    g.anywhere.push_back(text);
  } else if (key == "woman" || key == "man") {
    g.people.push_back({text, key == "woman"});
  } else if (key == "senses") {
    const Choices words = words_of(text);  // the word and two topics
    if (words.size() != 3) return false;
    g.senses.push_back({words[0], number_of(g.topics, words[1]), number_of(g.topics, words[2])});
    return g.senses.back().first >= 0 && g.senses.back().second >= 0;
  } else if (topic && (key == "things" || key == "properties")) {
    (key == "things" ? topic->things : topic->properties) = words_of(text);
  } else if (topic && key == "opening") {
    topic->openings.push_back(text);
  } else if (topic && key == "middle") {
    topic->middles.push_back(text);
  } else if (topic && key == "ending") {
    topic->endings.push_back(text);
  } else {
    return false;
  }
  return true;
}

constexpr std::size_t middles_of_a_story = 3;

}  // namespace

Grammar read_grammar(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  Grammar g;
  std::size_t number = 0;
  for (const std::string_view raw : lines_of(text)) {
    ++number;
    const std::string_view line = trimmed(raw);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string said(trimmed(line.substr(std::min(colon + 1, line.size()))));
    check(!said.empty() && put(g, line.substr(0, colon), said),
          "{}, line {}: '{}' is no part of a story", file.string(), number, shown(line));
  }
  for (const Topic& t : g.topics)
    check(!t.things.empty() && !t.properties.empty() && !t.openings.empty() &&
              t.middles.size() >= middles_of_a_story && !t.endings.empty(),
          "{}: topic '{}' needs things, properties, an opening, {} middles and an ending",
          file.string(), shown(t.name), middles_of_a_story);
  check(!g.topics.empty() && !g.anywhere.empty() && !g.people.empty() && !g.senses.empty(),
        "{}: stories need a topic, a sentence said anywhere, a person and a word with two senses",
        file.string());
  return g;
}

namespace {

const Grammar& grammar() {
  static const Grammar ours = read_grammar(dataset("stories.txt"));
  return ours;
}

template <class T>
const T& pick(const std::vector<T>& choices, Generator& generator) {
  return choices[std::size_t(generator.randint(0, std::int64_t(choices.size()), 1)[0])];
}

/// Puts a text in the place of each `slot`, also within a word: OTHER, which has HE in it, must be
/// filled before HE.
void fill(std::string& sentence, const std::string& slot, const std::string& text) {
  for (std::size_t at = 0; (at = sentence.find(slot, at)) != sentence.npos; at += text.size())
    sentence.replace(at, slot.size(), text);
}

void fill_article(std::string& sentence) {
  for (const char vowel : {'a', 'e', 'o', 'u'})
    fill(sentence, std::string(" a ") + vowel, std::string(" an ") + vowel);
  if (sentence.starts_with("a ") && sentence.size() > 2 &&
      std::string("aeou").find(sentence[2]) != std::string::npos)
    sentence.replace(0, 2, "an ");
}

std::string sentence_of(std::string text, const Topic& topic, const Person& person,
                        const std::string& thing, Generator& generator) {
  fill(text, "WHO", person.name);
  fill(text, "THING", thing);
  fill(text, "OTHER", pick(topic.things, generator));
  fill(text, "HOW", pick(topic.properties, generator));
  fill(text, "HIS", person.woman ? "her" : "his");
  fill(text, "HE", person.woman ? "she" : "he");
  fill_article(text);
  return text;
}

Story make_story(const Grammar& g, Generator& generator) {
  const std::int64_t number = generator.randint(0, std::int64_t(g.topics.size()), 1)[0];
  const Topic& topic = g.topics[std::size_t(number)];
  const Person& person = pick(g.people, generator);
  const std::string thing = pick(topic.things, generator);
  Choices frames = {pick(topic.openings, generator)};
  const std::vector<std::int64_t> order = generator.randperm(topic.middles.size());
  for (std::size_t i = 0; i < middles_of_a_story; ++i)
    frames.push_back(generator.uniform() < 0.3f ? pick(g.anywhere, generator)
                                                : topic.middles[std::size_t(order[i])]);
  frames.push_back(pick(topic.endings, generator));
  Story story{number, {}};
  for (const std::string& frame : frames)
    story.sentences.push_back(sentence_of(frame, topic, person, thing, generator));
  return story;
}

}  // namespace

const std::vector<std::string>& topics() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Topic& topic : grammar().topics) list.push_back(topic.name);
    return list;
  }();
  return names;
}

std::vector<Story> make_stories(std::size_t count, Generator& generator) {
  std::vector<Story> stories;
  while (stories.size() < count) stories.push_back(make_story(grammar(), generator));
  return stories;
}

std::vector<std::string> frame_sentences(const std::string& word, std::int64_t topic) {
  const std::vector<Topic>& all = grammar().topics;
  check(topic >= 0 && std::size_t(topic) < all.size(), "stories: there is no topic {}", topic);
  std::vector<std::string> sentences;
  for (const std::string& thing : all[std::size_t(topic)].things)
    for (const std::string& how : all[std::size_t(topic)].properties)
      sentences.push_back(fmt::format("the {} near the {} was {}", word, thing, how));
  return sentences;
}

const std::vector<TwoSenses>& two_senses() { return grammar().senses; }

}  // namespace bert
