#pragma once
/// @file
/// The lecture's words and its two phrases. Notes 000 § 27.
#include <string>
#include <vector>

#include "common/tensor/array.hpp"

namespace transformer {

/// Word numbers, one after the other.
using Words = std::vector<std::int64_t>;

inline constexpr std::int64_t sos = 0, eos = 4;  // EOS is in the output vocabulary only

/// SOS, let's, to, go.
const std::vector<std::string>& input_words();
/// SOS, ir, vamos, y, EOS.
const std::vector<std::string>& output_words();

/// A phrase and its translation, without SOS and EOS.
struct Pair {
  Words input, output;
};
/// "let's go" -> "vamos" and "to go" -> "ir".
std::vector<Pair> pairs();

/// What the encoder reads: SOS let's go.
Words encoder_input(const Words& input);
/// What the decoder reads in training, the known answer instead of its own (teacher forcing):
/// SOS vamos.
Words decoder_input(const Words& output);
/// What it should say at each place: vamos EOS.
Words decoder_target(const Words& output);

/// Word numbers as an array (words,).
byhand::Ids to_ids(const Words& words);
/// One text for each word number. Error on a number without a word.
std::vector<std::string> names(const Words& words, const std::vector<std::string>& vocabulary);
/// The words in a row: "SOS vamos EOS".
std::string text(const Words& words, const std::vector<std::string>& vocabulary);

}  // namespace transformer
