#pragma once
/// @file
/// A model that is trained already: one of others, or one that was saved.
#include "chapters/14_bert/settings.hpp"
#include "common/bert/bert_files.hpp"
#include "common/text/wordpiece.hpp"

namespace bert {

/// A vocabulary from a file; Korean syllables in its pieces stay whole in texts, too
/// (tokenizer_for).
byhand::text::WordPiece load_vocabulary(const std::filesystem::path& file);

struct ReadyMade {
  byhand::nn::LoadedBert loaded;
  byhand::text::WordPiece vocabulary;
};

/// The model of --weights. Error when it does not fit the vocabulary, has no head for hidden words,
/// nobody says how many heads it has (--heads), or --fill is too long for it.
ReadyMade read_ready_made(const Settings& settings);

/// Reads it and fills the gaps of --fill.
void show_ready_made(const Settings& settings);

}  // namespace bert
