#pragma once
/// @file
/// What the program prints.
#include "chapters/14_bert/classify.hpp"

namespace bert {

/// The first words of a text, as they stand between blanks; all of it when there is nothing to read in them.
std::string beginning(const std::string& text, std::size_t words);

/// Words and their pieces, with the golden file's small vocabulary.
void show_pieces();
using TextPair = std::pair<std::string, std::string>;
/// Two pairs on their way in: pieces, ids, segments, padding; and that the second has the same ids alone.
void show_input(const byhand::text::WordPiece& vocabulary, const TextPair& longer, const TextPair& shorter);
/// The loss three times, and what the notes' line would be.
void show_loss();
/// One sentence corrupted three times - with [MASK], with a random word, with a word as before - and how often each fate befalls a token of the documents.
void show_corruption(const byhand::text::WordPiece& vocabulary, const std::string& sentence,
                     const std::vector<byhand::text::Document>& documents, Generator& generator);
/// The first pairs, at most four, and that drawing them by hand is what text::next_sentence_pairs does.
void show_pairs(const byhand::text::WordPiece& vocabulary, const std::vector<byhand::text::Document>& documents, Generator& generator);
/// A training run stopped and resumed is the run in one piece.
void show_resume(const Texts& texts, const byhand::text::WordPiece& vocabulary, bool next_sentence,
                 const std::filesystem::path& checkpoint);
/// A text and the best words of each gap.
void show_fill(const byhand::nn::BertForPreTraining& model, const byhand::text::WordPiece& vocabulary, const std::string& text);
/// Mean pooling by hand and built in.
void show_pooling();
/// The three contestants.
void show_comparisons(const std::vector<Comparison>& comparisons);

}  // namespace bert
