#pragma once
/// @file
/// From a text to the terms it is found by. All retrievers that count words use these.
#include <string>
#include <string_view>

#include "common/text/words.hpp"

namespace rag {

/// Whether a word of a question or passage says nothing about its subject: "the", "what", "how". Lower case, English and Korean.
bool is_stop_word(std::string_view word);

/// A plural's singular, as far as endings tell: layers -> layer, entropies -> entropy; loss, bias stay. Harman 1991, "How effective is
/// suffixing?", her S stemmer.
std::string singular(std::string_view word);

/// Whether a Korean letter (a Hangul syllable, U+AC00 to U+D7A3) stands in the text.
bool has_hangul(std::string_view text);

/// One word and the terms that stand for it.
struct WordTerms {
  std::string word;
  byhand::text::Words terms;
};

/// The words of a text that are not stop words, with their terms. Letters and digits count, ASCII in lower case (text::words).
/// Latin: the word's singular. Korean writes particles onto words (단어, 단어를, 단어는), so a Korean word is found by its runs of two
/// syllables; one syllable that follows Latin letters, as in LSTM은, is a particle and left out.
std::vector<WordTerms> words_with_terms(std::string_view text);

/// All terms of a text, in order.
byhand::text::Words terms(std::string_view text);

/// Other terms for the same words: their runs of three letters between < and >, as fastText has them (text::character_ngrams). trained,
/// training and trains share tra, rai and ain.
byhand::text::Words trigrams(std::string_view text);

}  // namespace rag
