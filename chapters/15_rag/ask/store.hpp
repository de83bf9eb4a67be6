#pragma once
/// @file
/// The knowledge base in one file: documents, their passages, the passages' vectors, and SQLite's
/// full-text index.
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "chapters/15_rag/ask/database.hpp"
#include "chapters/15_rag/chunk.hpp"
#include "chapters/15_rag/embed.hpp"
#include "chapters/15_rag/search/search.hpp"

namespace rag {

/// What an update did, in documents.
struct Update {
  std::size_t added = 0, changed = 0, removed = 0, unchanged = 0;
};

class Store {
 public:
  /// Opens the file or makes it; ":memory:" keeps it in memory. Error in one line when it is no
  /// database, not a store, or one of another version of this program.
  explicit Store(const std::filesystem::path& file = ":memory:", const ChunkOptions& options = {});

  /// Makes the store hold these documents: new and changed ones (by the hash of their text) are cut
  /// and indexed, those no longer there removed with all that belongs to them, the others not
  /// touched. One transaction: whoever kills the program meanwhile leaves the old content. Error
  /// when two documents have one name.
  Update update(const std::vector<Document>& documents);

  /// All passages, by file and place in it. Their numbers in this order are the rows of vectors()
  /// and of matches().
  const std::vector<Passage>& passages() const { return passages_; }

  /// The passages' vectors by this encoder, (passages, width); those that are missing, or made by
  /// an encoder with another fingerprint, are computed and stored, in one transaction. Two encoders
  /// of one name but different widths do not disturb each other. Error when the store has vectors
  /// that claim to be this very encoder's, but of another width.
  byhand::Array vectors(const Encoder& encoder);

  /// The k best passages by FTS5's bm25(), larger is better (it gives minus the score). Terms as in
  /// terms(); none: no passage.
  std::vector<byhand::text::Match> matches(const byhand::text::Words& question,
                                           std::size_t k) const;

 private:
  void make_or_check();
  void add(const Document& document, const std::string& hash);
  void remove(std::int64_t document);
  void load();
  void check_width(const Encoder& encoder) const;
  byhand::Array read_vectors(const Encoder& encoder, std::vector<std::size_t>& missing) const;
  std::size_t row_of(std::int64_t passage) const;

  std::string name_;
  ChunkOptions options_;
  Database database_;
  std::vector<Passage> passages_;
  std::vector<std::int64_t> ids_;               // of the passages, in the database
  std::map<std::int64_t, std::size_t> places_;  // and back
};

}  // namespace rag
