#include "chapters/15_rag/make_retrievers.hpp"

#include "chapters/15_rag/lsa.hpp"
#include "common/core/error.hpp"
#include "common/system/files.hpp"

namespace rag {
using namespace byhand;

const std::vector<std::string>& retriever_names() {
  static const std::vector<std::string> all = {
      "tf-idf", "bm25", "fts5", "bm25, trigrams", "glove", "glove, hnsw", "lsa", "bert", "hybrid"};
  return all;
}

std::shared_ptr<const Encoder> glove_for(const std::vector<Passage>& passages) {
  static const auto words = std::make_shared<const text::WordVectors>(
      text::load_glove_q8(project_dir() / "datasets/glove_q8"));
  return std::make_shared<GloveEncoder>(words, searched(passages));
}

RetrieverMaker::RetrieverMaker(Store& store, std::function<std::shared_ptr<const Encoder>()> bert)
    : store_(store), bert_(std::move(bert)) {}

std::shared_ptr<const Encoder> RetrieverMaker::glove() {
  if (!glove_) glove_ = glove_for(store_.passages());
  return glove_;
}

std::shared_ptr<const Retriever> RetrieverMaker::make(const std::string& name) {
  if (const auto found = made_.find(name); found != made_.end()) return found->second;
  return made_[name] = made_anew(name);
}

std::shared_ptr<const Retriever> RetrieverMaker::made_anew(const std::string& name) {
  if (name == "tf-idf") return by_terms(store_, Counting::tfidf);
  if (name == "bm25") return by_terms(store_, Counting::bm25);
  if (name == "fts5") return by_full_text(store_);
  if (name == "bm25, trigrams") return by_terms(store_, Counting::trigrams);
  if (name == "glove") return by_vectors(store_, glove());
  if (name == "glove, hnsw") return by_vectors(store_, glove(), Search::graph);
  if (name == "lsa")
    return by_vectors(store_, std::make_shared<LsaEncoder>(searched(store_.passages())));
  if (name == "bert" && bert_) return by_vectors(store_, bert_());
  if (name == "hybrid")
    return hybrid({make("bm25"), make("bm25, trigrams"),
                   make(store_.passages().size() < 200 ? "glove" : "lsa")});
  fail("retriever: no '{}' here", name);
}

Retrievers RetrieverMaker::all() {
  Retrievers retrievers;
  for (const std::string& name : retriever_names())
    if (name != "bert" || bert_) retrievers.push_back(make(name));
  return retrievers;
}

}  // namespace rag
