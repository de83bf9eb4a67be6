#include "chapters/15_rag/ask/make_retrievers.hpp"

#include "chapters/15_rag/encoders/lsa.hpp"
#include "common/core/error.hpp"

namespace rag {
using namespace byhand;

const std::vector<std::string>& retriever_names() {
  static const std::vector<std::string> all = {
      "tf-idf", "bm25", "fts5", "bm25, trigrams", "glove", "glove, hnsw", "lsa", "bert", "hybrid"};
  return all;
}

namespace {

class FullTextRetriever : public Retriever {
 public:
  explicit FullTextRetriever(const Store& store) : Retriever(store.passages()), store_(store) {}
  std::string name() const override { return "fts5"; }

 protected:
  std::vector<Match> rank(const Question& question, std::size_t k) const override {
    return store_.matches(question.terms, k);
  }

 private:
  const Store& store_;
};

}  // namespace

std::shared_ptr<const Retriever> by_full_text(const Store& store) {
  return std::make_shared<FullTextRetriever>(store);
}

RetrieverMaker::RetrieverMaker(Store& store, std::function<std::shared_ptr<const Encoder>()> bert)
    : store_(store), bert_(std::move(bert)) {}

std::shared_ptr<const Encoder> RetrieverMaker::glove() {
  if (!glove_) glove_ = glove_for(searched(store_.passages()));
  return glove_;
}

std::shared_ptr<const Retriever> RetrieverMaker::by_stored_vectors(
    std::shared_ptr<const Encoder> encoder, Search search) {
  Array vectors = store_.vectors(*encoder);  // (passages, width)
  return by_vectors(store_.passages(), std::move(encoder), std::move(vectors), search);
}

std::shared_ptr<const Retriever> RetrieverMaker::make(const std::string& name) {
  if (const auto found = made_.find(name); found != made_.end()) return found->second;
  return made_[name] = made_anew(name);
}

std::shared_ptr<const Retriever> RetrieverMaker::made_anew(const std::string& name) {
  const std::vector<Passage>& passages = store_.passages();
  if (name == "tf-idf") return by_terms(passages, Counting::tfidf);
  if (name == "bm25") return by_terms(passages, Counting::bm25);
  if (name == "fts5") return by_full_text(store_);
  if (name == "bm25, trigrams") return by_terms(passages, Counting::trigrams);
  if (name == "glove") return by_stored_vectors(glove());
  if (name == "glove, hnsw") return by_stored_vectors(glove(), Search::graph);
  if (name == "lsa") return by_stored_vectors(std::make_shared<LsaEncoder>(searched(passages)));
  if (name == "bert" && bert_) return by_stored_vectors(bert_());
  if (name == "hybrid")
    return hybrid(
        {make("bm25"), make("bm25, trigrams"), make(passages.size() < 200 ? "glove" : "lsa")});
  fail("retriever: no '{}' here", name);
}

Retrievers RetrieverMaker::all() {
  Retrievers retrievers;
  for (const std::string& name : retriever_names())
    if (name != "bert" || bert_) retrievers.push_back(make(name));
  return retrievers;
}

}  // namespace rag
