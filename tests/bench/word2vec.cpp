#include <fmt/format.h>

#include <sstream>

#include "chapters/06_word2vec/engine/word2vec.hpp"
#include "common/system/files.hpp"
#include "tests/bench/bench.hpp"

namespace bench {
using namespace byhand;

namespace {

/// One sentence a line, split at white space only, as the other program is given it.
std::vector<text::Words> sentences_of(const std::filesystem::path& file) {
  std::istringstream lines(read_file(file));
  std::vector<text::Words> sentences;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream split(line);
    text::Words& sentence = sentences.emplace_back();
    for (std::string word; split >> word;) sentence.push_back(word);
  }
  return sentences;
}

}  // namespace

Result word2vec(const Settings& settings) {
  const text::Corpus corpus(sentences_of(settings.text.empty() ? dataset("kjv.txt") : settings.text));
  const text::Word2VecOptions options{.epochs = 1};
  Generator generator{1};
  std::vector<double> times;
  double total = 0;
  do {  // a fresh model for each pass; only the training is timed
    text::Word2Vec model(corpus, options, generator);
    total += times.emplace_back(seconds_of([&] { model.train(); }));
  } while (total < settings.seconds);
  return {double(corpus.raw_words) / median(times),
          fmt::format("median of {} passes over {} words, {} of them different", times.size(), corpus.raw_words, corpus.vocabulary.size())};
}

}  // namespace bench
