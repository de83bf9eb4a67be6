#pragma once
/// @file
/// Appliance, bert. BERT's weights in safetensors files, named as Hugging Face's transformers library names them.
#include <filesystem>
#include <string>
#include <vector>

#include "common/bert/bert.hpp"

namespace byhand::text {
class WordPiece;
}

namespace byhand::nn {

/// A model from a file, and which parts of it came from there. A part that did not has its start weights.
struct LoadedBert {
  BertForPreTraining model;
  bool pooler, masked_lm, next_sentence;
  std::vector<std::string> unused;  ///< entries of the file that belong to no part, such as a classifier's
  std::string vocabulary_hash;      ///< of the pieces that it was saved with; empty where the file does not say
};

/// Reads a model. Names may begin with "bert." or not; layer norms may have gamma and beta, as in files made from the authors' own. The
/// pooler and the heads (cls.predictions, cls.seq_relationship) may be missing, and are then drawn from the generator; so is what a part
/// starts from, so the generator moves on in any case. The sizes are those of the file's shapes. What shapes cannot show: `heads`, unless
/// given (0), eps and dropout come from the file's metadata as save_bert writes them, or else from config.json beside it; eps and dropout
/// have defaults. Error when the file is not BERT's, when nobody says the number of heads, or when config.json asks for what is not built
/// here (another activation than GELU, relative positions).
/// Error that names the tensor and both shapes when they do not fit; error when one is missing, part of BERT yet unknown here, or when the
/// decoder's weight is not the word embedding's (this model has one table for both).
LoadedBert load_bert(const std::filesystem::path& file, Generator& generator, std::size_t heads = 0);

/// Writes all weights under the same names, beginning with "bert." and "cls."; numbers as `real`. The decoder's weight is the word
/// embedding's and not written twice. Heads, eps and dropout go into the metadata. Error, and nothing is written, when a weight is not
/// finite.
void save_bert(const std::filesystem::path& file, const BertForPreTraining& model);

/// Writes model.safetensors, which holds the pieces' hash, and vocab.txt, one piece a line, into a folder that is there. Error, and nothing
/// is written, when a weight is not finite.
void save_bert(const std::filesystem::path& folder, const BertForPreTraining& model, const text::WordPiece& vocabulary);

/// Error when the model was saved with other pieces than these: only one of the two files is the one that was written last. Files of
/// others do not say; then nothing is checked.
void check_vocabulary(const LoadedBert& loaded, const text::WordPiece& vocabulary, const std::filesystem::path& vocabulary_file);

}  // namespace byhand::nn
