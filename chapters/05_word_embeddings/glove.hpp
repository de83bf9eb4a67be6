#pragma once
/// @file
/// Ready-made vectors: what can be asked of 8,516 words of GloVe (datasets/glove_q8).
/// Notes 003 § 16.2 and § 16.5, 001 § 1.5.
#include <string>
#include <vector>

#include "common/text/word_vectors.hpp"

namespace embeddings {

using byhand::Array;
using byhand::text::Neighbour;
using byhand::text::WordVectors;

/// "Tea, coffee" -> tea, coffee: parts between commas, without blanks around them, in lower case
/// (ASCII) as in the list, each once. Error when there is none.
std::vector<std::string> word_list(const std::string& list);

/// Error that names the first word without a vector, and words spelt nearly like it.
void check_known(const WordVectors& vectors, const std::vector<std::string>& words);

/// The k words with the largest cosine, best first, found by hand: one loop over all words, one
/// over the numbers of each.
std::vector<Neighbour> nearest_by_hand(const WordVectors& vectors, const std::string& word,
                                       std::size_t k);

/// Words of one kind, for the picture.
struct Topic {
  std::string name;
  std::vector<std::string> words;
};
std::vector<Topic> topics();

/// A country and its capital.
struct Capital {
  std::string country, city;
};
std::vector<Capital> capitals();

/// The words' vectors, each scaled to length 1: (words, width). Length says little but how frequent
/// a word is.
Array unit_rows(const WordVectors& vectors, const std::vector<std::string>& words);

}  // namespace embeddings
