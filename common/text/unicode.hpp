#pragma once
/// @file
/// Appliance, text. Unicode: from bytes to code points and back, categories, small letters, accents. The one door to utf8proc.
#include <string>
#include <string_view>

namespace byhand::text {

/// The code points of a UTF-8 text. Each byte that belongs to no valid sequence becomes U+FFFD, the replacement character: never an error.
/// Overlong forms, halves of surrogate pairs and what lies above U+10FFFF are not valid.
std::u32string decode_utf8(std::string_view text);

/// The UTF-8 of code points; one that UTF-8 cannot write (a surrogate, above U+10FFFF) becomes U+FFFD.
std::string encode_utf8(std::u32string_view text);

/// The two letters of a code point's general category (Unicode Standard, section 4.5): "Lu" is a capital letter, "Mn" an accent that takes
/// no room, "Cn" not assigned.
std::string_view category(char32_t c);

/// In small letters, as Python's str.lower: İ becomes i and a dot above, and Σ becomes ς at the end of a word, σ elsewhere
/// (Unicode Standard, section 3.13, Final_Sigma). Surroundings count, so give it whole words.
std::u32string lower(std::u32string_view text);

/// Taken apart: é becomes e and an accent, the syllable 한 its letters ᄒ, ᅡ, ᆫ; accents on one letter in the standard's order.
/// Normalisation Form D (Unicode Standard Annex 15).
std::u32string nfd(std::u32string_view text);

/// Put together: the reverse of nfd as far as there is one code point for it. Normalisation Form C.
std::u32string nfc(std::u32string_view text);
std::string nfc(std::string_view text);

/// nfd without the accents (category Mn): "é" becomes "e". Korean syllables come out as letters, and ones like の as they were;
/// nfc puts Korean together again.
std::u32string without_accents(std::u32string_view text);

/// Whether a Korean syllable (U+AC00 to U+D7A3) stands in a UTF-8 text; letters that are taken apart do not count.
bool has_hangul(std::string_view text);

}  // namespace byhand::text
