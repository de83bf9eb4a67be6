#pragma once
/// @file
/// Texts as counts, notes 003 § 16.1: one-hot, bag of words, n-grams, TF-IDF, and the cosine
/// between such rows of numbers (§ 16.2). By hand in loops; common/text has the same ready-made.
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/array.hpp"
#include "common/text/words.hpp"

namespace embeddings {

using byhand::Array;
using byhand::Ids;
using byhand::real;
using byhand::text::Words;

/// Three sentences of our own, as words.
std::vector<Words> documents();

/// Every word that occurs, once, in alphabetical order: the columns of the tables below.
Words vocabulary_of(const std::vector<Words>& documents);

/// A row for each id, 1 in the column of the id and 0 elsewhere: (n,) -> (n, classes). Error on an
/// id outside 0 … classes - 1.
Array one_hot(const Ids& ids, std::size_t classes);

/// How often each word of the vocabulary occurs in each document: (documents, words). The order of
/// the words is lost.
Array bag_of_words(const std::vector<Words>& documents, const Words& vocabulary);

/// n words in a row and how often they occur in all documents, the most frequent first, then in
/// alphabetical order.
std::vector<std::pair<std::string, int>> count_ngrams(const std::vector<Words>& documents,
                                                      std::size_t n);

/// idf = ln((1 + n) / (1 + df)) + 1, or ln(n / df) + 1 unless `smooth`; n documents, df of which
/// hold the word. counts (n, words) -> (words,).
/// Error when a word is in no document and it is not smoothed.
std::vector<double> idf_by_hand(const Array& counts, bool smooth = true);
/// count * idf, each row divided by its length when `normalise`: (n, words).
Array tfidf_by_hand(const Array& counts, bool smooth = true, bool normalise = true);

/// a . b, |a - b| and a . b / (|a| |b|) in loops. Error when the lengths differ, for the cosine
/// also when a vector is all 0: it has no direction.
double dot_by_hand(const Array& a, const Array& b);
double distance_by_hand(const Array& a, const Array& b);
double cosine_by_hand(const Array& a, const Array& b);

/// Row i of a matrix, as a vector.
Array row(const Array& matrix, std::size_t i);

/// The cosine of every two rows of (n, width): (n, n). By hand with three loops, and as a product:
/// rows of length 1, U U^T.
Array cosines_by_hand(const Array& rows);
Array cosines(const Array& rows);

}  // namespace embeddings
