#pragma once
/// @file
/// What the program prints.
#include "chapters/14_bert/classify.hpp"

namespace bert {

/// A heading with the next number.
void heading(const std::string& text);

/// The first words of a text, as they stand between blanks.
std::string beginning(const std::string& text, std::size_t words);

/// Words and their pieces, with the golden file's small vocabulary.
void show_pieces();
/// Two pairs on their way in: pieces, ids, segments, padding.
void show_input(const byhand::text::WordPiece& vocabulary, const std::string& a, const std::string& b, const std::string& shorter);
/// The loss three times, and what the notes' line would be.
void show_loss();
/// One sentence corrupted some times, and how often each fate befalls a token of the documents.
void show_corruption(const byhand::text::WordPiece& vocabulary, const std::string& sentence,
                     const std::vector<byhand::text::Document>& documents, Generator& generator);
/// Pairs, and that drawing them by hand is what text::next_sentence_pairs does.
void show_pairs(const byhand::text::WordPiece& vocabulary, const std::vector<byhand::text::Document>& documents, Generator& generator);
/// A training run stopped and resumed is the run in one piece.
void show_resume(const Texts& texts, const byhand::text::WordPiece& vocabulary, bool next_sentence,
                 const std::filesystem::path& checkpoint);
/// A text with a gap and its best words.
void show_fill(const byhand::nn::BertForPreTraining& model, const byhand::text::WordPiece& vocabulary, const std::string& text);
/// Mean pooling by hand and built in.
void show_pooling();
/// The three contestants.
void show_comparisons(const std::vector<Comparison>& comparisons);

}  // namespace bert
