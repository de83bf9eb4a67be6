#include "chapters/15_rag/retrieve.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "chapters/15_rag/terms.hpp"
#include "common/core/error.hpp"
#include "common/text/unicode.hpp"

namespace rag {
using namespace byhand;

std::vector<Match> Retriever::find(const std::string& question, std::size_t k) const {
  const std::string asked = composed(question), language = text::has_hangul(asked) ? "ko" : "en";
  std::vector<Match> found;
  for (std::size_t depth = std::max<std::size_t>(4 * k, 50);;
       depth *= 4) {  // until enough of them are in the right language
    const std::vector<Match> all = rank(asked, depth);
    found.clear();
    for (const Match& match : all) {
      const std::string& its = passages_[match.row].language;
      if (match.score > 0 && (its.empty() || its == language) && found.size() < k)
        found.push_back(match);
    }
    if (found.size() >= k || all.size() < depth) return found;
  }
}

namespace {

class TermRetriever : public Retriever {
 public:
  TermRetriever(const Store& store, Counting counting)
      : Retriever(store.passages()), counting_(counting) {
    std::vector<text::Words> all;
    for (const Passage& passage : store.passages()) all.push_back(terms_of(passage.searched()));
    postings_ = Postings(all);
    if (counting == Counting::tfidf) tfidf_ = TfidfScores(postings_);
  }
  std::string name() const override {
    return counting_ == Counting::tfidf  ? "tf-idf"
           : counting_ == Counting::bm25 ? "bm25"
                                         : "bm25, trigrams";
  }

 protected:
  std::vector<Match> rank(const std::string& question, std::size_t k) const override {
    const text::Words asked = terms_of(question);
    return text::top_scores(
        counting_ == Counting::tfidf ? tfidf_(postings_, asked) : bm25_scores(postings_, asked), k);
  }

 private:
  text::Words terms_of(const std::string& text) const {
    return counting_ == Counting::trigrams ? trigrams(text) : terms(text);
  }

  Counting counting_;
  Postings postings_;
  TfidfScores tfidf_;
};

class FullTextRetriever : public Retriever {
 public:
  explicit FullTextRetriever(const Store& store) : Retriever(store.passages()), store_(store) {}
  std::string name() const override { return "fts5"; }

 protected:
  std::vector<Match> rank(const std::string& question, std::size_t k) const override {
    return store_.matches(terms(question), k);
  }

 private:
  const Store& store_;
};

class VectorRetriever : public Retriever {
 public:
  VectorRetriever(Store& store, std::shared_ptr<const Encoder> encoder, Search search)
      : Retriever(store.passages()),
        encoder_(std::move(encoder)),
        vectors_(store.vectors(*encoder_)) {
    if (search == Search::graph) graph_.emplace(vectors_);
  }
  std::string name() const override { return encoder_->name() + (graph_ ? ", hnsw" : ""); }

 protected:
  std::vector<Match> rank(const std::string& question, std::size_t k) const override {
    const Array query = encoder_->encode({question});  // (1, width)
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
  std::vector<Match> rank(const std::string& question, std::size_t) const override {
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

std::shared_ptr<const Retriever> by_terms(const Store& store, Counting counting) {
  return std::make_shared<TermRetriever>(store, counting);
}
std::shared_ptr<const Retriever> by_full_text(const Store& store) {
  return std::make_shared<FullTextRetriever>(store);
}
std::shared_ptr<const Retriever> by_vectors(Store& store, std::shared_ptr<const Encoder> encoder,
                                            Search search) {
  return std::make_shared<VectorRetriever>(store, std::move(encoder), search);
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
