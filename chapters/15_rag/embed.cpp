#include "chapters/15_rag/embed.hpp"

#include <cmath>
#include <set>

#include "chapters/15_rag/words/terms.hpp"
#include "common/system/files.hpp"
#include "common/system/hash.hpp"

namespace rag {
using namespace byhand;

void scale_rows(Array& rows) {
  const std::size_t n = rows.shape()[0], width = rows.shape()[1];
  for (std::size_t i = 0; i < n; ++i) {
    real* row = rows.data() + i * width;
    double squares = 0;
    for (std::size_t j = 0; j < width; ++j) squares += double(row[j]) * row[j];
    const double length = std::sqrt(squares);
    for (std::size_t j = 0; j < width && length > 0; ++j) row[j] = real(row[j] / length);
  }
}

namespace {

std::vector<text::Words> terms_of_all(const std::vector<std::string>& texts) {
  std::vector<text::Words> all;
  for (const std::string& text : texts) all.push_back(terms(text));
  return all;
}

}  // namespace

// ---- TF-IDF ----

TfidfEncoder::TfidfEncoder(const std::vector<std::string>& texts) : tfidf_(terms_of_all(texts)) {}

std::string TfidfEncoder::fingerprint() const {
  std::string all;
  for (std::size_t i = 0; i < width(); ++i)
    all += fmt::format("{} {:.6g}\n", tfidf_.vocabulary()[i], double(tfidf_.idf().data()[i]));
  return hash_text(all);
}

Array TfidfEncoder::encode(const std::vector<std::string>& texts) const {
  return tfidf_.transform(terms_of_all(texts));
}

// ---- GloVe ----

GloveEncoder::GloveEncoder(std::shared_ptr<const text::WordVectors> words,
                           const std::vector<std::string>& texts, const GloveOptions& options)
    : words_(std::move(words)), options_(options), mean_(zeros({words_->width()})) {
  check(!texts.empty(), "glove: there is no text to learn the weights of words from");
  std::unordered_map<std::string, double> document_frequency;
  for (const std::string& text : texts) {
    const text::Words kept = kept_words(text);
    for (const std::string& word : std::set<std::string>(kept.begin(), kept.end()))
      ++document_frequency[word];
  }
  for (const auto& [word, df] : document_frequency)
    idf_[word] = std::log((1.0 + double(texts.size())) / (1.0 + df)) + 1;

  if (!options_.centre) return;
  const Array all = means(texts);
  for (std::size_t i = 0; i < all.size(); ++i)
    mean_.data()[i % mean_.size()] += all.data()[i] / real(texts.size());
}

text::Words GloveEncoder::kept_words(const std::string& text) const {
  text::Words kept;
  for (const std::string& word : text::words(text))
    if (words_->contains(word) && !(options_.stop_words_out && is_stop_word(word)))
      kept.push_back(word);
  return kept;
}

/// (texts, width): weighted means scaled to length 1, so that long vectors do not decide what texts
/// have in common.
Array GloveEncoder::means(const std::vector<std::string>& texts) const {
  Array rows = zeros({texts.size(), width()});
  const double unseen = std::log(1.0 + double(texts.size())) + 1;
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (const std::string& word : kept_words(texts[i])) {
      const auto idf = idf_.find(word);
      const double weight = !options_.weigh_by_idf ? 1 : idf == idf_.end() ? unseen : idf->second;
      const Array vector = (*words_)[word];
      for (std::size_t j = 0; j < width(); ++j)
        rows.data()[i * width() + j] += real(weight) * vector.data()[j];
    }
  scale_rows(rows);
  return rows;
}

Array GloveEncoder::encode(const std::vector<std::string>& texts) const {
  Array rows = means(texts);
  for (std::size_t i = 0; i < texts.size() && options_.centre; ++i) {
    real* row = rows.data() + i * width();
    bool known = false;
    for (std::size_t j = 0; j < width(); ++j) known |= row[j] != 0;
    // A text without a known word stays 0.
    for (std::size_t j = 0; j < width() && known; ++j) row[j] -= mean_.data()[j];
  }
  scale_rows(rows);
  return rows;
}

std::string GloveEncoder::fingerprint() const {
  std::string all = fmt::format("{} {} {} {} {}", words_->size(), width(), options_.stop_words_out,
                                options_.weigh_by_idf, options_.centre);
  for (const auto& [word, idf] : std::map<std::string, double>(idf_.begin(), idf_.end()))
    all += fmt::format(" {} {:.6g}", word, idf);
  return hash_text(all);
}

std::shared_ptr<const Encoder> glove_for(const std::vector<std::string>& texts) {
  static const auto words = std::make_shared<const text::WordVectors>(
      text::load_glove_q8(project_dir() / "datasets/glove_q8"));
  return std::make_shared<GloveEncoder>(words, texts);
}

}  // namespace rag
