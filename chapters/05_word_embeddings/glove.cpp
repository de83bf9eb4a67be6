#include "chapters/05_word_embeddings/glove.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/05_word_embeddings/counts.hpp"
#include "common/app/options.hpp"
#include "common/system/text.hpp"

namespace embeddings {
using namespace byhand;

std::vector<std::string> word_list(const std::string& list) {
  std::vector<std::string> words;
  for (const std::string_view part : split(list, ',')) {
    std::string word(trimmed(part, " \t"));
    for (char& c : word)
      if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end())
      words.push_back(std::move(word));
  }
  check(!words.empty(), "--words: no word in '{}'", list);
  return words;
}

void check_known(const WordVectors& vectors, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (vectors.contains(word)) continue;
    const std::vector<std::string> near = app::nearest(word, vectors.words());
    fail("--words: '{}' is not among the {} words{}", word, vectors.size(),
         near.empty() ? "" : fmt::format("; spelt nearly like it: {}", fmt::join(near, ", ")));
  }
}

std::vector<Neighbour> nearest_by_hand(const WordVectors& vectors, const std::string& word,
                                       std::size_t k) {
  const Array wanted = vectors[word];
  std::vector<Neighbour> all;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (vectors.words()[i] == word) continue;
    all.push_back({vectors.words()[i], cosine_by_hand(wanted, row(vectors.vectors(), i))});
  }
  std::stable_sort(all.begin(), all.end(), [](const Neighbour& a, const Neighbour& b) {
    return a.similarity > b.similarity;
  });
  all.resize(std::min(k, all.size()));
  return all;
}

std::vector<Topic> topics() {
  return {{"royalty", {"king", "queen", "prince", "princess", "throne", "emperor"}},
          {"food and drink", {"tea", "coffee", "milk", "wine", "bread", "cheese", "rice", "pea"}},
          {"animals", {"cat", "dog", "horse", "bird", "lion", "frog"}},
          {"cities", {"paris", "london", "rome", "tokyo", "moscow"}},
          {"sports", {"football", "tennis", "hockey", "golf"}},
          {"days", {"monday", "friday", "sunday"}}};
}

std::vector<Capital> capitals() {
  return {{"france", "paris"}, {"italy", "rome"},    {"germany", "berlin"}, {"spain", "madrid"},
          {"japan", "tokyo"},  {"russia", "moscow"}, {"greece", "athens"},  {"austria", "vienna"}};
}

Array unit_rows(const WordVectors& vectors, const std::vector<std::string>& words) {
  Array rows = zeros({words.size(), vectors.width()});
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Array vector = vectors[words[i]];
    const double length = std::sqrt(dot_by_hand(vector, vector));
    for (std::size_t j = 0; j < vectors.width(); ++j) rows(i, j) = real(vector(j) / length);
  }
  return rows;
}

}  // namespace embeddings
