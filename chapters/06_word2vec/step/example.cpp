#include "chapters/06_word2vec/step/example.hpp"

#include <algorithm>
#include <cmath>

namespace word2vec {
using namespace byhand;

const std::vector<std::string>& example_words() {
  static const std::vector<std::string> words = {"a",  "wide", "road", "shimmered",
                                                 "in", "the",  "hot",  "sun"};
  return words;
}

Weights example_weights() {
  return {array({8, 3}, {0.535,  0.546,  0.144,   //
                         -0.367, -0.6,   -0.379,  //
                         0.129,  0.539,  0.541,   //
                         0.134,  -0.375, -0.6,    //
                         -0.371, 0.139,  0.544,   //
                         0.537,  0.124,  -0.383,  //
                         -0.6,   -0.363, 0.149,   //
                         0.548,  0.532,  0.114}),
          array({8, 3}, {0.405,  -0.095, -0.523,  //
                         -0.555, -0.168, 0.347,   //
                         0.599,  0.398,  -0.105,  //
                         -0.528, -0.552, -0.158,  //
                         0.355,  0.6,    0.39,    //
                         -0.115, -0.533, -0.548,  //
                         -0.148, 0.363,  0.6,     //
                         0.382,  -0.124, -0.537})};
}

const std::vector<double>& example_counts() {
  static const std::vector<double> counts = {50, 20, 10, 8, 5, 4, 2, 1};
  return counts;
}

std::vector<std::pair<std::string, std::string>> training_pairs(
    const std::vector<std::string>& sentence, std::size_t window) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t middle = 0; middle < sentence.size(); ++middle) {
    const std::size_t first = middle > window ? middle - window : 0,
                      last = std::min(middle + window, sentence.size() - 1);
    for (std::size_t i = first; i <= last; ++i)
      if (i != middle) pairs.emplace_back(sentence[middle], sentence[i]);
  }
  return pairs;
}

double keep_paper(double f, double t) { return std::min(1.0, std::sqrt(t / f)); }
double keep_program(double f, double t) { return std::min(1.0, std::sqrt(t / f) + t / f); }

std::vector<double> noise_distribution(const std::vector<double>& counts, double power) {
  std::vector<double> share;
  double sum = 0;
  for (const double count : counts) {
    share.push_back(std::pow(count, power));
    sum += share.back();
  }
  for (double& s : share) s /= sum;
  return share;
}

std::vector<Example> examples() {
  // wide road in the, shimmered, a hot hot
  const std::vector<std::int64_t> around = {1, 2, 4, 5}, middle = {3}, noise = {0, 6, 6};
  return {{"CBOW, softmax", around, middle, {}, "2.1049"},
          {"CBOW, negative sampling", around, middle, noise, "2.8321"},
          {"skip-gram, softmax", middle, around, {}, "8.9154"},
          {"skip-gram, negative sampling", middle, {4}, noise, "2.7713"}};
}

std::vector<std::int64_t> scored_words(const Example& e, std::size_t words) {
  std::vector<std::int64_t> list;
  if (e.negative()) {
    list = {e.targets[0]};
    list.insert(list.end(), e.noise.begin(), e.noise.end());
  } else {
    for (std::size_t word = 0; word < words; ++word) list.push_back(std::int64_t(word));
  }
  return list;
}

}  // namespace word2vec
