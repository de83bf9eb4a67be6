#pragma once
/// @file
/// Vectors learned from the passages themselves, by latent semantic analysis: Deerwester et al.
/// 1990, "Indexing by latent semantic analysis".
#include <unordered_map>

#include "chapters/15_rag/embed.hpp"

namespace rag {

struct LsaOptions {
  /// Directions that are kept; from half the number of texts on they are 0, so that all knowledge
  /// bases have one width.
  std::size_t width = 200;
  std::size_t iterations = 4;  ///< of the search for them
  std::uint64_t seed = 1;
};

/// A text as a bag of letter runs (trigrams), each weighed by (1 + ln count) ln(n / df), the whole
/// of length 1, is projected onto the few directions along which the texts differ most: the first
/// right singular vectors of the table (texts, runs). Runs that come up in the same texts fall
/// together, so a text is also found by words it does not hold. Any other basis of the same
/// directions gives the same cosines, so the singular vectors themselves are not computed.
class LsaEncoder : public Encoder {
 public:
  /// Error when there is no text, or the width is 0.
  explicit LsaEncoder(const std::vector<std::string>& texts, const LsaOptions& options = {});
  std::string name() const override { return "lsa"; }
  std::size_t width() const override { return basis_.shape()[1]; }
  std::string fingerprint() const override { return fingerprint_; }
  byhand::Array encode(const std::vector<std::string>& texts) const override;
  const byhand::Array& basis() const { return basis_; }  ///< (runs, width), orthonormal columns

 private:
  // Column and value, what is not 0.
  using Sparse = std::vector<std::pair<std::size_t, byhand::real>>;
  Sparse row_of(const std::string& text) const;

  std::unordered_map<std::string, std::size_t> columns_;
  std::vector<double> idf_;
  byhand::Array basis_;
  std::string fingerprint_;
};

/// Makes the columns of (n, width) orthonormal, in place, one after the other (Gram and Schmidt,
/// twice for rounding). A column that depends on those before becomes 0.
void orthonormalise(byhand::Array& columns);

}  // namespace rag
