#pragma once
/// @file
/// The encoder of --bert is kept beside the store, with a list of what it was trained on.
#include <cstdint>

#include "chapters/15_rag/ask/settings.hpp"
#include "chapters/15_rag/encoders/bert_encoder.hpp"

namespace rag {

/// What an encoder is trained on, in lines: the settings, then a hash of each passage.
std::string trained_on(const std::vector<Passage>& passages, const TuneOptions& options,
                       std::uint64_t seed);

/// Keeps encoder and list in a folder. Written beside it and renamed, so that whoever is killed
/// leaves no half folder. Error when something else than a kept encoder is there.
void keep_bert(const BertEncoder& encoder, const std::filesystem::path& folder,
               const std::string& trained);

/// A kept encoder, and what a reader should know of it.
struct KeptBert {
  /// None when there is none, or it was trained on another knowledge base or in another way.
  std::shared_ptr<BertEncoder> encoder;
  /// Why it is not taken, or how many passages are newer than it; empty: nothing to say.
  std::string note;
};

/// Takes it when its settings are these and it has seen at least half of these passages: an encoder
/// need not be trained anew for a few new ones. Error that names the folder and the remedy when it
/// cannot be read, or holds something else.
KeptBert kept_bert(const std::filesystem::path& folder, const std::string& trained);

/// The encoder of --bert-model as it is, or tuned when --epochs are given; else the kept one, or
/// one that is trained now and kept. Prints how the training goes.
std::shared_ptr<const Encoder> bert_for(const std::vector<Passage>& passages,
                                        const Settings& settings);

}  // namespace rag
