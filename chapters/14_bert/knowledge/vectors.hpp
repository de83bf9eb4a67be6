#pragma once
/// @file
/// What the encoder's vectors know: one word in two senses, sentences of one topic.
/// Notes 000 § 21.3, § 21.4.
#include "chapters/14_bert/pretraining/stories.hpp"
#include "common/bert/bert.hpp"
#include "common/text/wordpiece.hpp"

namespace bert {

using byhand::Array;

/// Sentences with a number each: the sense of a word, or the topic.
struct Labelled {
  std::vector<std::string> sentences;
  std::vector<std::int64_t> labels;
  std::size_t size() const { return labels.size(); }
};

/// The sentences of all stories with their topics, each once, in order, at most `count` a topic.
Labelled labelled_sentences(const std::vector<Story>& stories, std::size_t count);

/// Different sentences that have the word, at most `count` for each of its two topics;
/// labels 0 and 1.
Labelled sentences_with(const TwoSenses& word, const std::vector<Story>& stories,
                        std::size_t count);

/// The word's frame_sentences for both of its topics; labels 0 and 1. The senses have no other
/// difference than the topics' words in them.
Labelled one_frame(const TwoSenses& word);

/// What the embedding says about a word at its place, before the encoder: the table's row, without
/// position; and what the encoder says.
/// Rows are the sentences: (sentences, size). Error when a sentence does not have the word as one
/// piece.
struct WordVectors {
  Array before, after;
};
WordVectors vectors_of(const std::string& word, const std::vector<std::string>& sentences,
                       const byhand::nn::Bert& bert, const byhand::text::WordPiece& vocabulary);

/// Mean cosine between two rows with one label, and between two rows with different labels.
struct Cosines {
  double within, across;
  double gap() const { return within - across; }
};
Cosines cosines(const Array& vectors, const std::vector<std::int64_t>& labels);

/// Each sentence as the mean of its token vectors, [CLS] and [SEP] included: (sentences, size).
Array sentence_vectors(const std::vector<std::string>& sentences, const byhand::nn::Bert& bert,
                       const byhand::text::WordPiece& vocabulary);

/// The same without the encoder: the mean of the rows of the word table.
Array mean_of_embeddings(const std::vector<std::string>& sentences, const byhand::nn::Bert& bert,
                         const byhand::text::WordPiece& vocabulary);

/// The share of rows whose nearest other row, by cosine, has the same label.
double nearest_has_same_label(const Array& vectors, const std::vector<std::int64_t>& labels);

}  // namespace bert
