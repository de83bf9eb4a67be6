#include "chapters/15_rag/words/count_terms.hpp"

#include <algorithm>
#include <cmath>

namespace rag {
using namespace byhand;

Postings::Postings(const std::vector<text::Words>& passages) {
  double total = 0;
  for (const text::Words& terms : passages) {
    const auto passage = std::uint32_t(lengths_.size());
    for (const std::string& term : terms) {
      std::vector<Entry>& entries = entries_[term];
      if (entries.empty() || entries.back().passage != passage) entries.push_back({passage, 0});
      ++entries.back().count;
    }
    lengths_.push_back(std::uint32_t(terms.size()));
    total += double(terms.size());
  }
  mean_length_ = lengths_.empty() ? 0 : total / double(lengths_.size());
}

const std::vector<Postings::Entry>& Postings::find(const std::string& term) const {
  static const std::vector<Entry> none;
  const auto found = entries_.find(term);
  return found == entries_.end() ? none : found->second;
}

double Postings::idf(const std::string& term) const {
  return std::log((1.0 + double(size())) / (1.0 + double(find(term).size()))) + 1;
}

std::vector<double> bm25_scores(const Postings& postings, const text::Words& question,
                                const Bm25Options& options) {
  std::vector<double> scores(postings.size());
  const double n = double(postings.size());
  for (const std::string& term : question) {
    const std::vector<Postings::Entry>& entries = postings.find(term);
    const double df = double(entries.size()),
                 idf = std::max(1e-6, std::log((n - df + 0.5) / (df + 0.5)));
    for (const auto& [passage, count] : entries) {
      const double f = count, length = double(postings.length(passage)) / postings.mean_length();
      scores[passage] +=
          idf * f * (options.k1 + 1) / (f + options.k1 * (1 - options.b + options.b * length));
    }
  }
  return scores;
}

TfidfScores::TfidfScores(const Postings& postings) : lengths_(postings.size()) {
  postings.each([&](const std::string& term, const std::vector<Postings::Entry>& entries) {
    const double idf = postings.idf(term);
    for (const auto& [passage, count] : entries) lengths_[passage] += idf * count * idf * count;
  });
  for (double& length : lengths_) length = std::sqrt(length);
}

std::vector<double> TfidfScores::operator()(const Postings& postings,
                                            const text::Words& question) const {
  std::unordered_map<std::string, double> weights;  // the question's vector
  for (const std::string& term : question)
    if (!postings.find(term).empty()) weights[term] += postings.idf(term);
  double squares = 0;
  std::vector<double> scores(postings.size());
  for (const auto& [term, weight] : weights) {
    squares += weight * weight;
    const double idf = postings.idf(term);
    for (const auto& [passage, count] : postings.find(term))
      scores[passage] += weight * idf * count;
  }
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] > 0) scores[i] /= std::sqrt(squares) * lengths_[i];
  return scores;
}

}  // namespace rag
