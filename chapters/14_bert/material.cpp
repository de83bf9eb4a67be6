#include "chapters/14_bert/material.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace bert {
using namespace byhand;

namespace {

/// So many stories without any of these sentences.
Texts stories_without(const std::set<std::string>& held_out, std::size_t count,
                      Generator& generator) {
  Texts texts;
  while (texts.size() < count)
    for (Story& story : make_stories(100, generator)) {
      const auto known = [&](const std::string& sentence) { return held_out.count(sentence) > 0; };
      if (texts.size() < count &&
          std::none_of(story.sentences.begin(), story.sentences.end(), known))
        texts.push_back(story.sentences);
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

/// Stories and test sentences without what stands in the training texts.
std::vector<Story> only_new(const Material& m, std::vector<Story> stories) {
  std::set<std::string> read;
  for (const auto& sentences : m.training) read.insert(sentences.begin(), sentences.end());
  for (std::size_t i = 0; i < m.test.size(); ++i)
    stories.push_back({m.test.labels[i], {m.test.sentences[i]}});
  for (Story& story : stories)
    std::erase_if(story.sentences,
                  [&](const std::string& sentence) { return read.count(sentence) > 0; });
  return stories;
}

}  // namespace

Material toy_material(Generator& generator) {
  Material m;
  m.classes = topics();
  m.stories = make_stories(300, generator);
  m.validation = texts_of(make_stories(60, generator));
  // 550 a topic: of some there are hardly more
  divide(labelled_sentences(make_stories(15000, generator), 550), 50, m);
  std::set<std::string> held_out(m.test.sentences.begin(), m.test.sentences.end());
  for (const auto& sentences : m.validation) held_out.insert(sentences.begin(), sentences.end());
  m.training = stories_without(held_out, 3000, generator);
  m.stories = only_new(m, std::move(m.stories));
  return m;
}

Material real_material(const std::filesystem::path& data, const std::filesystem::path& classify,
                       Generator& generator) {
  Material m;
  const bool pairs = !data.empty();  // labelled sentences stand in no order
  if (!classify.empty()) {
    const LabelledFile file = read_labelled(classify);
    check(file.all.size() >= 5,
          "{}: {} labelled sentences; at least 5 are needed, since a fifth is to test on",
          classify.string(), file.all.size());
    std::tie(m.test, m.pool) = split(file.all, file.all.size() / 5, generator);
    m.classes = file.classes;
  }
  std::size_t turn = 0;
  for (const auto& document : pairs ? read_texts(data) : texts_of(m.pool)) {
    const bool counts = !pairs || document.size() > 1;  // a lone sentence has nothing after it
    (counts && turn++ % 20 == 1 ? m.validation : m.training).push_back(document);
  }
  check(turn >= fewest_documents, "{}: {} {} are too few to hold some back: at least {}{}",
        (pairs ? data : classify).string(), turn, pairs ? "documents" : "sentences",
        fewest_documents, pairs ? ", of 20 lines each or divided by empty lines" : "");
  m.pieces = 4000;
  m.plan.size = 96, m.plan.feed_forward = 192, m.plan.max_length = 64, m.plan.dropout = 0.1,
  m.plan.learning_rate = 2e-3;
  m.plan.next_sentence = pairs;
  m.fine_tuning.steps = 300, m.fine_tuning.learning_rate = 5e-4,
  m.fine_tuning.mean_of_tokens = !pairs;
  return m;
}

void apply(const Settings& settings, Material& m) {
  m.plan.epochs = settings.quick && !settings.given("--epochs") ? 2 : settings.epochs;
  if (settings.quick) m.plan.steps = 5, m.fine_tuning.steps = 5;
  m.plan.csv = settings.out / "training.csv";
  m.plan.checkpoint = settings.out / "checkpoint.safetensors";
  m.plan.resume = settings.resume, m.plan.seed = settings.seed;
}

std::vector<text::Document> first_documents(const Material& m, const text::WordPiece& vocabulary,
                                            std::size_t count) {
  Texts some;
  for (const auto& document : m.training)
    if (some.size() < count && (!m.plan.next_sentence || document.size() > 1))
      some.push_back(document);
  return encode(some, vocabulary);
}

void check_labels(const Material& m, const std::string& where, std::size_t labels) {
  for (std::size_t label = 0; label < m.classes.size(); ++label) {
    const auto there = std::count(m.pool.labels.begin(), m.pool.labels.end(), std::int64_t(label));
    check(std::size_t(there) >= labels,
          "{}: class '{}' has {} sentences beside those to test on, --labels {} wants as many",
          where, m.classes[label], there, labels);
  }
}

}  // namespace bert
