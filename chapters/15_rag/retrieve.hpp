#pragma once
/// @file
/// Who finds passages for a question, and two or more of them together.
#include <memory>
#include <string>
#include <vector>

#include "chapters/15_rag/chunk.hpp"
#include "chapters/15_rag/embed.hpp"
#include "chapters/15_rag/index.hpp"
#include "chapters/15_rag/words/count_terms.hpp"
#include "chapters/15_rag/words/terms.hpp"

namespace rag {

using byhand::text::Match;

/// Ranks passages, which must live as long as it does. Questions are answered from pages in their
/// own language where a page exists in two.
class Retriever {
 public:
  explicit Retriever(const std::vector<Passage>& passages) : passages_(passages) {}
  virtual ~Retriever() = default;
  virtual std::string name() const = 0;
  /// The k best passages, best first, without those that have nothing to do with the question
  /// (score 0 or less).
  std::vector<Match> find(const Question& question, std::size_t k) const;
  const std::vector<Passage>& passages() const { return passages_; }

 protected:
  /// The best passages of all languages, best first, k or more while there are so many; the hybrid
  /// gives what it fuses, however many that is, and in the question's language only.
  virtual std::vector<Match> rank(const Question& question, std::size_t k) const = 0;

 private:
  const std::vector<Passage>& passages_;
};

using Retrievers = std::vector<std::shared_ptr<const Retriever>>;

/// Counted terms, by TF-IDF's cosine or by our BM25; or BM25 of runs of three letters, which also
/// finds a word's other forms.
enum class Counting { tfidf, bm25, trigrams };
std::shared_ptr<const Retriever> by_terms(const std::vector<Passage>& passages, Counting counting);
/// The passages' vectors (passages, width) by an encoder, compared with the question's in one
/// product, or those that hnswlib's graph leads to. Error when there are not as many vectors as
/// passages.
enum class Search { exact, graph };
std::shared_ptr<const Retriever> by_vectors(const std::vector<Passage>& passages,
                                            std::shared_ptr<const Encoder> encoder,
                                            byhand::Array vectors, Search search = Search::exact);

/// Several rankings made one: what stands at rank r of a ranking gets 1 / (k + r) from it. Only
/// ranks count, so scores of any kind go together. Cormack, Clarke and Buettcher 2009, "Reciprocal
/// rank fusion outperforms Condorcet and individual rank learning methods"; 60 is theirs. The
/// result's scores are the sums.
std::vector<Match> fuse(const std::vector<std::vector<Match>>& rankings, double k = 60);

/// Of each section the best passage, in the order of the ranking.
std::vector<Match> best_of_sections(const std::vector<Match>& ranking,
                                    const std::vector<Passage>& passages);

/// Fuses the `depth` best sections of each part: two may find the same section by different
/// passages. One passage a section is found.
std::shared_ptr<const Retriever> hybrid(Retrievers parts, std::size_t depth = 50);

}  // namespace rag
