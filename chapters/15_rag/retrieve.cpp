#include "chapters/15_rag/retrieve.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "common/core/error.hpp"

namespace rag {
using namespace byhand;

std::vector<Match> Retriever::find(const Question& question, std::size_t k) const {
  std::vector<Match> found;
  // Until enough of them are in the right language.
  for (std::size_t depth = std::max<std::size_t>(4 * k, 50);; depth *= 4) {
    const std::vector<Match> all = rank(question, depth);
    found.clear();
    for (const Match& match : all) {
      const std::string& its = passages_[match.row].language;
      if (match.score > 0 && (its.empty() || its == question.language) && found.size() < k)
        found.push_back(match);
    }
    if (found.size() >= k || all.size() < depth) return found;
  }
}

namespace {

class TermRetriever : public Retriever {
 public:
  TermRetriever(const std::vector<Passage>& passages, Counting counting)
      : Retriever(passages), counting_(counting) {
    std::vector<text::Words> all;
    for (const std::string& text : searched(passages))
      all.push_back(counting == Counting::trigrams ? trigrams(text) : terms(text));
    postings_ = Postings(all);
    if (counting == Counting::tfidf) tfidf_ = TfidfScores(postings_);
  }
  std::string name() const override {
    return counting_ == Counting::tfidf  ? "tf-idf"
           : counting_ == Counting::bm25 ? "bm25"
                                         : "bm25, trigrams";
  }

 protected:
  std::vector<Match> rank(const Question& question, std::size_t k) const override {
    if (counting_ == Counting::tfidf) return text::top_scores(tfidf_(postings_, question.terms), k);
    const bool runs = counting_ == Counting::trigrams;
    return text::top_scores(bm25_scores(postings_, runs ? trigrams(question.text) : question.terms),
                            k);
  }

 private:
  Counting counting_;
  Postings postings_;
  TfidfScores tfidf_;
};

class VectorRetriever : public Retriever {
 public:
  VectorRetriever(const std::vector<Passage>& passages, std::shared_ptr<const Encoder> encoder,
                  Array vectors, Search search)
      : Retriever(passages), encoder_(std::move(encoder)), vectors_(std::move(vectors)) {
    check(vectors_.dimension() == 2 && vectors_.shape()[0] == passages.size(),
          "retriever: vectors {} for {} passages", vectors_.shape(), passages.size());
    if (search == Search::graph) graph_.emplace(vectors_);
  }
  std::string name() const override { return encoder_->name() + (graph_ ? ", hnsw" : ""); }

 protected:
  std::vector<Match> rank(const Question& question, std::size_t k) const override {
    const Array query = encoder_->encode({question.text});  // (1, width)
    if (graph_) return graph_->nearest(query, k);
    return text::top_matches(query, vectors_, k).front();
  }

 private:
  std::shared_ptr<const Encoder> encoder_;
  Array vectors_;  // (passages, width)
  std::optional<HnswIndex> graph_;
};

class Hybrid : public Retriever {
 public:
  Hybrid(Retrievers parts, std::size_t depth)
      : Retriever(parts.front()->passages()), parts_(std::move(parts)), depth_(depth) {}
  std::string name() const override { return "hybrid"; }

 protected:
  std::vector<Match> rank(const Question& question, std::size_t) const override {
    std::vector<std::vector<Match>> rankings;
    std::map<std::string, std::size_t> number;   // of a section
    std::map<std::size_t, std::size_t> passage;  // the first found of it
    for (const auto& part : parts_) {            // each already in the question's language
      std::vector<Match> sections = best_of_sections(part->find(question, 8 * depth_), passages());
      if (sections.size() > depth_) sections.resize(depth_);
      for (Match& match : sections) {
        const std::size_t its =
            number.emplace(passages()[match.row].section(), number.size()).first->second;
        passage.emplace(its, match.row);
        match.row = its;
      }
      rankings.push_back(std::move(sections));
    }
    std::vector<Match> fused = fuse(rankings);
    for (Match& match : fused) match.row = passage.at(match.row);
    return fused;
  }

 private:
  Retrievers parts_;
  std::size_t depth_;
};

}  // namespace

std::shared_ptr<const Retriever> by_terms(const std::vector<Passage>& passages, Counting counting) {
  return std::make_shared<TermRetriever>(passages, counting);
}
std::shared_ptr<const Retriever> by_vectors(const std::vector<Passage>& passages,
                                            std::shared_ptr<const Encoder> encoder, Array vectors,
                                            Search search) {
  return std::make_shared<VectorRetriever>(passages, std::move(encoder), std::move(vectors),
                                           search);
}

std::vector<Match> fuse(const std::vector<std::vector<Match>>& rankings, double k) {
  std::map<std::size_t, double> sums;
  for (const std::vector<Match>& ranking : rankings)
    for (std::size_t rank = 0; rank < ranking.size(); ++rank)
      sums[ranking[rank].row] += 1 / (k + double(rank + 1));
  std::vector<Match> fused;
  for (const auto& [row, sum] : sums) fused.push_back({row, sum});
  std::sort(fused.begin(), fused.end());
  return fused;
}

std::vector<Match> best_of_sections(const std::vector<Match>& ranking,
                                    const std::vector<Passage>& passages) {
  std::set<std::string> seen;
  std::vector<Match> best;
  for (const Match& match : ranking)
    if (seen.insert(passages[match.row].section()).second) best.push_back(match);
  return best;
}

std::shared_ptr<const Retriever> hybrid(Retrievers parts, std::size_t depth) {
  check(!parts.empty(), "hybrid: needs at least one retriever");
  return std::make_shared<Hybrid>(std::move(parts), depth);
}

}  // namespace rag
