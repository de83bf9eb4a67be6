#pragma once
/// @file
/// From a text to the terms it is found by, and a question with its terms. All retrievers that
/// count words use these.
#include <string>
#include <string_view>

#include "common/text/words.hpp"

namespace rag {

/// Whether a word of a question or passage says nothing about its subject: "the", "what", "how".
/// Lower case, English and Korean.
bool is_stop_word(std::string_view word);

/// A plural's singular, as far as endings tell: layers -> layer, entropies -> entropy; loss, bias
/// stay. Harman 1991, "How effective is suffixing?", her S stemmer.
std::string singular(std::string_view word);

/// The terms of a text's words that are no stop words, in order. Letters and digits count, ASCII in
/// lower case (text::words).
/// Latin: the word's singular. Korean writes particles onto words (단어, 단어를, 단어는), so a Korean word
/// is found by its runs of two syllables; one syllable that follows Latin letters, as in LSTM은, is
/// a particle and left out.
byhand::text::Words terms(std::string_view text);

/// Other terms for the same words: their runs of three letters between < and >, as fastText has
/// them (text::character_ngrams). trained, training and trains share tra, rai and ain.
byhand::text::Words trigrams(std::string_view text);

/// The text with letters and their marks put together (Unicode's Normalisation Form C): some
/// systems write 한 as the three letters ᄒ, ᅡ, ᆫ, which no term would find. Bytes that are no UTF-8
/// become U+FFFD; a text of ASCII comes back as it is.
std::string composed(std::string_view text);

/// Fit for a terminal: without control characters (Unicode's category Cc) but newline and tab, so
/// that a document or a server cannot move the cursor or change colours; U+2028 and U+2029, which
/// some take for line ends, become a newline. Bytes that are no UTF-8: U+FFFD.
std::string printable(std::string_view text);

/// What somebody asks: made once, where it comes in; whoever looks for an answer takes what it
/// needs from it.
struct Question {
  /// Without a language it is that of its letters: "ko" where there is Hangul, else "en".
  explicit Question(std::string_view asked, std::string its_language = "");

  std::string text;           ///< composed()
  byhand::text::Words terms;  ///< those of the text
  std::string language;       ///< "en" or "ko": the pages that may answer it
};

}  // namespace rag
