#pragma once
/// @file
/// From a text to a vector. Texts about one thing should get vectors that point the same way. Notes
/// 000 § 21.3-4.
#include <memory>
#include <string>
#include <vector>

#include "common/tensor/array.hpp"
#include "common/text/tfidf.hpp"
#include "common/text/word_vectors.hpp"

namespace rag {

/// Turns texts into vectors of length 1 (or 0, for a text it knows nothing of), so that an inner
/// product is a cosine.
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual std::string name() const = 0;
  virtual std::size_t width() const = 0;
  /// Changes when the same text would get another vector: stored vectors are then made anew.
  virtual std::string fingerprint() const = 0;
  /// (texts, width).
  virtual byhand::Array encode(const std::vector<std::string>& texts) const = 0;
};

/// Bag of terms times idf: one number for each term of the texts it has learned from. Only for few
/// passages; TfidfScores is for many.
class TfidfEncoder : public Encoder {
 public:
  explicit TfidfEncoder(const std::vector<std::string>& texts);
  std::string name() const override { return "tf-idf"; }
  std::size_t width() const override { return tfidf_.vocabulary().size(); }
  std::string fingerprint() const override;
  byhand::Array encode(const std::vector<std::string>& texts) const override;

 private:
  byhand::text::Tfidf tfidf_;
};

/// What is done to the mean of word vectors. A plain mean hardly tells texts apart: they all share
/// "the" and "of".
struct GloveOptions {
  bool stop_words_out = true;
  bool weigh_by_idf = true;  ///< rare words say more
  bool centre = true;        ///< subtract what all texts have in common: their mean
};

/// The mean of a text's GloVe vectors. Words without a vector, Korean ones among them, do not
/// count.
class GloveEncoder : public Encoder {
 public:
  /// idf and mean are those of `texts`.
  GloveEncoder(std::shared_ptr<const byhand::text::WordVectors> words,
               const std::vector<std::string>& texts, const GloveOptions& options = {});
  std::string name() const override { return "glove"; }
  std::size_t width() const override { return words_->width(); }
  std::string fingerprint() const override;
  byhand::Array encode(const std::vector<std::string>& texts) const override;

 private:
  byhand::Array means(const std::vector<std::string>& texts) const;
  byhand::text::Words kept_words(const std::string& text) const;

  std::shared_ptr<const byhand::text::WordVectors> words_;
  GloveOptions options_;
  std::unordered_map<std::string, double> idf_;
  byhand::Array mean_;  // (width,)
};

/// The vectors of datasets/glove_q8, read once, with idf and mean of these texts.
std::shared_ptr<const Encoder> glove_for(const std::vector<std::string>& texts);

/// Each row scaled to length 1; rows of zeros stay.
void scale_rows(byhand::Array& rows);

}  // namespace rag
