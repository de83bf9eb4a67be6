#include "chapters/14_bert/material.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace bert {
using namespace byhand;

namespace {

/// So many stories without any of these sentences.
Texts stories_without(const std::set<std::string>& held_out, std::size_t count, Generator& generator) {
  Texts texts;
  while (texts.size() < count)
    for (Story& story : make_stories(100, generator)) {
      const auto known = [&](const std::string& sentence) { return held_out.count(sentence) > 0; };
      if (texts.size() < count && std::none_of(story.sentences.begin(), story.sentences.end(), known)) texts.push_back(story.sentences);
    }
  return texts;
}

/// The first `tests` sentences of each topic to test on, the others to draw labelled ones from.
void divide(const Labelled& all, std::size_t tests, Material& m) {
  std::vector<std::size_t> taken(topics().size(), 0);
  for (std::size_t i = 0; i < all.size(); ++i) {
    Labelled& part = taken[std::size_t(all.labels[i])]++ < tests ? m.test : m.pool;
    part.sentences.push_back(all.sentences[i]);
    part.labels.push_back(all.labels[i]);
  }
}

}  // namespace

Material toy_material(Generator& generator) {
  Material m;
  m.classes = topics();
  m.stories = make_stories(300, generator);
  m.validation = texts_of(make_stories(60, generator));
  divide(labelled_sentences(make_stories(15000, generator), 550), 50, m);  // of some topics there are hardly more
  std::set<std::string> held_out(m.test.sentences.begin(), m.test.sentences.end());
  for (const auto& sentences : m.validation) held_out.insert(sentences.begin(), sentences.end());
  m.training = stories_without(held_out, 3000, generator);
  return m;
}

Material real_material(const std::filesystem::path& data, const std::filesystem::path& classify, Generator& generator) {
  Material m;
  if (!classify.empty()) {
    const LabelledFile file = read_labelled(classify);
    std::tie(m.test, m.pool) = split(file.all, file.all.size() / 5, generator);
    m.classes = file.classes;
  }
  const Texts texts = data.empty() ? texts_of(m.pool) : read_texts(data);
  for (std::size_t i = 0; i < texts.size(); ++i) (i % 20 == 1 ? m.validation : m.training).push_back(texts[i]);
  check(m.training.size() >= 2 && m.validation.size() >= 2, "{}: {} documents are too few to hold some back: at least 22",
        (data.empty() ? classify : data).string(), texts.size());
  m.pieces = 4000;
  m.plan.size = 96, m.plan.feed_forward = 192, m.plan.max_length = 64, m.plan.dropout = 0.1, m.plan.learning_rate = 2e-3;
  m.plan.next_sentence = !data.empty();
  m.fine_tuning.steps = 300, m.fine_tuning.learning_rate = 5e-4;
  return m;
}

}  // namespace bert
