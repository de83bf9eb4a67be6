#include "common/text/tfidf.hpp"

#include <cmath>
#include <set>

namespace byhand::text {

Tfidf::Tfidf(const std::vector<Words>& documents, const TfidfOptions& options) : options_(options) {
  check(!documents.empty(), "tfidf: there is no document to learn words from");
  std::map<std::string, int> document_frequency;  // sorted: the columns are in alphabetical order
  for (const Words& document : documents)
    for (const std::string& word : std::set<std::string>(document.begin(), document.end())) ++document_frequency[word];

  std::vector<real> idf;
  const double n = double(documents.size());
  for (const auto& [word, df] : document_frequency) {
    columns_.emplace(word, words_.size());
    words_.push_back(word);
    idf.push_back(real(options.smooth ? std::log((1 + n) / (1 + df)) + 1 : std::log(n / df) + 1));
  }
  idf_ = array(idf);
}

Array Tfidf::counts(const std::vector<Words>& documents) const {
  Array table = zeros({documents.size(), words_.size()});
  for (std::size_t row = 0; row < documents.size(); ++row)
    for (const std::string& word : documents[row])
      if (const auto column = columns_.find(word); column != columns_.end()) table.data()[row * words_.size() + column->second] += 1;
  return table;
}

Array Tfidf::transform(const std::vector<Words>& documents) const {
  Array table = counts(documents);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    real* row = table.data() + i * words_.size();
    double squares = 0;
    for (std::size_t j = 0; j < words_.size(); ++j) {
      row[j] *= idf_.data()[j];
      squares += double(row[j]) * row[j];
    }
    if (!options_.normalise || squares == 0) continue;  // a document without a known word stays 0
    for (std::size_t j = 0; j < words_.size(); ++j) row[j] = real(row[j] / std::sqrt(squares));
  }
  return table;
}

}  // namespace byhand::text
