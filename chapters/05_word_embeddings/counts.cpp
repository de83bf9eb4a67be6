#include "chapters/05_word_embeddings/counts.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "common/tensor/matmul.hpp"

namespace embeddings {
using namespace byhand;

std::vector<Words> documents() {
  return {text::words("The cat sat on the mat."), text::words("The dog ate my homework."),
          text::words("The cat ate the dog food.")};
}

Words vocabulary_of(const std::vector<Words>& documents) {
  std::set<std::string> sorted;
  for (const Words& document : documents) sorted.insert(document.begin(), document.end());
  return {sorted.begin(), sorted.end()};
}

Array one_hot(const Ids& ids, std::size_t classes) {
  Array rows = zeros({ids.size(), classes});
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::int64_t id = ids.data()[i];
    check(id >= 0 && std::size_t(id) < classes, "one_hot: the id {} is not among 0 … {}", id,
          std::int64_t(classes) - 1);
    rows(i, std::size_t(id)) = 1;
  }
  return rows;
}

Array bag_of_words(const std::vector<Words>& documents, const Words& vocabulary) {
  Array counts = zeros({documents.size(), vocabulary.size()});  // (documents, words)
  for (std::size_t d = 0; d < documents.size(); ++d)
    for (const std::string& word : documents[d])
      for (std::size_t w = 0; w < vocabulary.size(); ++w)
        if (vocabulary[w] == word) counts(d, w) += 1;
  return counts;
}

std::vector<std::pair<std::string, int>> count_ngrams(const std::vector<Words>& documents,
                                                      std::size_t n) {
  std::map<std::string, int> counts;  // sorted: equal counts stay in alphabetical order
  for (const Words& document : documents)
    for (const std::string& ngram : text::ngrams(document, n)) ++counts[ngram];
  std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

std::vector<double> idf_by_hand(const Array& counts, bool smooth) {
  const std::size_t documents = counts.shape()[0], words = counts.shape()[1];
  std::vector<double> idf;
  for (std::size_t w = 0; w < words; ++w) {
    double df = 0;  // in how many documents is the word?
    for (std::size_t d = 0; d < documents; ++d) df += counts(d, w) > 0;
    check(smooth || df > 0, "idf: the word of column {} is in no document", w);
    const double n = double(documents);
    idf.push_back(smooth ? std::log((1 + n) / (1 + df)) + 1 : std::log(n / df) + 1);
  }
  return idf;
}

Array tfidf_by_hand(const Array& counts, bool smooth, bool normalise) {
  const std::size_t documents = counts.shape()[0], words = counts.shape()[1];
  const std::vector<double> idf = idf_by_hand(counts, smooth);
  Array tfidf = zeros(counts.shape());  // (documents, words)
  for (std::size_t d = 0; d < documents; ++d) {
    double squares = 0;
    for (std::size_t w = 0; w < words; ++w)
      squares += counts(d, w) * idf[w] * counts(d, w) * idf[w];
    const double length = normalise && squares > 0 ? std::sqrt(squares) : 1;
    for (std::size_t w = 0; w < words; ++w) tfidf(d, w) = real(counts(d, w) * idf[w] / length);
  }
  return tfidf;
}

double dot_by_hand(const Array& a, const Array& b) {
  check(a.size() == b.size(), "dot: the vectors have {} and {} numbers", a.size(), b.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double(a.data()[i]) * b.data()[i];
  return sum;
}

double distance_by_hand(const Array& a, const Array& b) {
  check(a.size() == b.size(), "distance: the vectors have {} and {} numbers", a.size(), b.size());
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = double(a.data()[i]) - b.data()[i];
    squares += difference * difference;
  }
  return std::sqrt(squares);
}

double cosine_by_hand(const Array& a, const Array& b) {
  const double lengths = std::sqrt(dot_by_hand(a, a)) * std::sqrt(dot_by_hand(b, b));
  check(lengths > 0, "cosine: a vector of zeros has no direction");
  return dot_by_hand(a, b) / lengths;
}

Array row(const Array& matrix, std::size_t i) {
  check(matrix.dimension() == 2 && i < matrix.shape()[0], "row {} of an array of shape {}", i,
        matrix.shape());
  const std::size_t width = matrix.shape()[1];
  return array(std::vector<real>(matrix.data() + i * width, matrix.data() + (i + 1) * width));
}

Array cosines_by_hand(const Array& rows) {
  const std::size_t n = rows.shape()[0];
  Array table = zeros({n, n});
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      table(i, j) = real(cosine_by_hand(row(rows, i), row(rows, j)));
  return table;
}

Array cosines(const Array& rows) {
  const Array lengths = xt::sqrt(xt::sum(rows * rows, {1}));  // (n,)
  // U (n, width): each row has length 1
  const Array unit = rows / reshape(lengths, {rows.shape()[0], 1});
  return matmul(unit, unit, Transpose::no, Transpose::yes);  // U U^T (n, n)
}

}  // namespace embeddings
