#pragma once
/// @file
/// Retrievers by their names, each made when it is first wanted: vectors of all passages take their
/// time.
#include <functional>
#include <map>

#include "chapters/15_rag/ask/store.hpp"
#include "chapters/15_rag/retrieve.hpp"

namespace rag {

/// All there are, the hybrid last; "bert" only with an encoder.
const std::vector<std::string>& retriever_names();

/// BM25 by SQLite's FTS5. The store must live as long as the retriever.
std::shared_ptr<const Retriever> by_full_text(const Store& store);

class RetrieverMaker {
 public:
  /// `bert` gives the encoder of "bert" when that is wanted; empty: there is none. The store must
  /// live as long as the retrievers.
  explicit RetrieverMaker(Store& store, std::function<std::shared_ptr<const Encoder>()> bert = {});
  /// One of retriever_names(). The hybrid fuses words (bm25), parts of words (bm25, trigrams), and
  /// vectors: those learned from the passages (lsa), but of fewer than 200 passages, which teach
  /// nothing, ready-made ones (glove). Error for another name.
  std::shared_ptr<const Retriever> make(const std::string& name);
  /// All, in the order of retriever_names().
  Retrievers all();

 private:
  std::shared_ptr<const Retriever> made_anew(const std::string& name);
  std::shared_ptr<const Encoder> glove();
  std::shared_ptr<const Retriever> by_stored_vectors(std::shared_ptr<const Encoder> encoder,
                                                     Search search = Search::exact);

  Store& store_;
  std::function<std::shared_ptr<const Encoder>()> bert_;
  std::shared_ptr<const Encoder> glove_;
  std::map<std::string, std::shared_ptr<const Retriever>> made_;
};

}  // namespace rag
