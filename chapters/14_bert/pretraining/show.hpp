#pragma once
/// @file
/// Parts 1 to 5 of what the program prints: how BERT is asked, and its pre-training.
#include <optional>

#include "chapters/14_bert/material.hpp"
#include "chapters/14_bert/settings.hpp"

namespace bert {

/// A sentence's pieces, ids, segments and padding; also with the vocabulary of others, if any.
void the_way_in(const Settings& settings, const Material& material,
                const byhand::text::WordPiece& vocabulary,
                const std::optional<byhand::text::WordPiece>& theirs);

/// The loss three times, and what the notes' line would be.
void the_loss();

/// Three fates of a sentence's words, and how often each befalls a token of the documents.
void what_is_hidden(const Material& material, const byhand::text::WordPiece& vocabulary,
                    const std::vector<byhand::text::Document>& documents, Generator& generator);

/// Pairs of sentences.
void next_sentence_or_not(const byhand::text::WordPiece& vocabulary,
                          const std::vector<byhand::text::Document>& documents,
                          Generator& generator);

/// Stopped and resumed on a small scale, then the real run; draws it.
Pretrained pre_training(const Settings& settings, const Material& material,
                        const byhand::text::WordPiece& vocabulary, Generator& generator);

// ---- what they are made of ----

/// The first words of a text, as they stand between blanks; all of it when there is nothing to read
/// in them.
std::string beginning(const std::string& text, std::size_t words);

/// Words and their pieces, with the golden file's small vocabulary.
void show_pieces();

using TextPair = std::pair<std::string, std::string>;
/// Two pairs on their way in: pieces, ids, segments, padding; and that the second has the same ids
/// alone.
void show_input(const byhand::text::WordPiece& vocabulary, const TextPair& longer,
                const TextPair& shorter);

/// One sentence corrupted three times - with [MASK], with a random word, with a word as before -
/// and how often each fate befalls a token of the documents.
void show_corruption(const byhand::text::WordPiece& vocabulary, const std::string& sentence,
                     const std::vector<byhand::text::Document>& documents, Generator& generator);

/// The first pairs, at most four, and that drawing them by hand is what text::next_sentence_pairs
/// does.
void show_pairs(const byhand::text::WordPiece& vocabulary,
                const std::vector<byhand::text::Document>& documents, Generator& generator);

}  // namespace bert
