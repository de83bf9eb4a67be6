#include "chapters/15_rag/encoders/lsa.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "chapters/15_rag/words/terms.hpp"
#include "common/core/generator.hpp"
#include "common/system/hash.hpp"
#include "common/tensor/random.hpp"

namespace rag {
using namespace byhand;

void orthonormalise(Array& columns) {
  const std::size_t n = columns.shape()[0], width = columns.shape()[1];
  std::vector<std::vector<double>> done;  // each column contiguous
  for (std::size_t j = 0; j < width; ++j) {
    std::vector<double> column(n);
    double before = 0;
    for (std::size_t i = 0; i < n; ++i)
      column[i] = double(columns.data()[i * width + j]), before += column[i] * column[i];
    for (int twice = 0; twice < 2; ++twice)
      for (const std::vector<double>& other : done) {
        double product = 0;
#pragma omp simd reduction(+ : product)
        for (std::size_t i = 0; i < n; ++i) product += column[i] * other[i];
        for (std::size_t i = 0; i < n; ++i) column[i] -= product * other[i];
      }
    double squares = 0;
    for (const double x : column) squares += x * x;
    const bool independent = squares > 1e-12 * before && squares > 0;
    for (double& x : column) x = independent ? x / std::sqrt(squares) : 0;
    for (std::size_t i = 0; i < n; ++i) columns.data()[i * width + j] = real(column[i]);
    done.push_back(std::move(column));
  }
}

LsaEncoder::LsaEncoder(const std::vector<std::string>& texts, const LsaOptions& options) {
  check(!texts.empty() && options.width > 0,
        "lsa: {} texts, {} directions; at least 1 of each is needed", texts.size(), options.width);
  // In order: the same texts give the same columns.
  std::map<std::string, double> document_frequency;
  std::string all = fmt::format("{} {} {}", options.width, options.iterations, options.seed);
  for (const std::string& text : texts) {
    const text::Words runs = trigrams(text);
    for (const std::string& run : std::set<std::string>(runs.begin(), runs.end()))
      ++document_frequency[run];
    all += text + '\0';
  }
  fingerprint_ = hash_text(all);
  for (const auto& [run, df] : document_frequency)
    if (df > 1) {  // what only one text has tells nothing about others
      columns_.emplace(run, idf_.size());
      idf_.push_back(std::log(double(texts.size()) / df));
    }
  std::vector<Sparse> rows;
  for (const std::string& text : texts) rows.push_back(row_of(text));

  // Subspace iteration: M M^T pulls any directions towards those along which the rows of M differ
  // most.
  const std::size_t width = options.width,
                    used = std::min(width, std::max<std::size_t>(1, texts.size() / 2));
  Generator generator{options.seed};
  Array left = randn({texts.size(), width}, generator);  // (texts, width)
  for (std::size_t i = 0; i < left.size(); ++i)
    if (i % width >= used) left.data()[i] = 0;  // and stays 0
  for (std::size_t iteration = 0;; ++iteration) {
    orthonormalise(left);
    basis_ = zeros({idf_.size(), width});  // M^T left, (runs, width)
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (const auto& [column, value] : rows[i])
        for (std::size_t j = 0; j < width; ++j)
          basis_.data()[column * width + j] += value * left.data()[i * width + j];
    if (iteration == options.iterations) break;
    left.fill(0);  // M basis
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (const auto& [column, value] : rows[i])
        for (std::size_t j = 0; j < width; ++j)
          left.data()[i * width + j] += value * basis_.data()[column * width + j];
  }
  orthonormalise(basis_);
}

LsaEncoder::Sparse LsaEncoder::row_of(const std::string& text) const {
  std::map<std::size_t, double> counts;
  for (const std::string& run : trigrams(text))
    if (const auto column = columns_.find(run); column != columns_.end()) ++counts[column->second];
  double squares = 0;
  for (auto& [column, value] : counts) {
    value = (1 + std::log(value)) * idf_[column];
    squares += value * value;
  }
  Sparse row;
  for (const auto& [column, value] : counts)
    if (squares > 0) row.emplace_back(column, real(value / std::sqrt(squares)));
  return row;
}

Array LsaEncoder::encode(const std::vector<std::string>& texts) const {
  Array vectors = zeros({texts.size(), width()});
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (const auto& [column, value] : row_of(texts[i]))
      for (std::size_t j = 0; j < width(); ++j)
        vectors.data()[i * width() + j] += value * basis_.data()[column * width() + j];
  scale_rows(vectors);
  return vectors;
}

}  // namespace rag
