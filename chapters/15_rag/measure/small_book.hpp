#pragma once
/// @file
/// A small book of our own, so that the first parts of the program do not depend on pages that
/// change.
#include <string>
#include <vector>

#include "chapters/15_rag/measure/evaluate.hpp"

namespace rag {

/// One Markdown page in two chapters' worth of sections; each section is about one thing.
const Document& small_book();

/// How it is cut: so short that the longest sections become two passages.
ChunkOptions small_chunks();

/// Questions with their section. Some share words with it, some only meaning, some are in Korean.
const std::vector<TestQuestion>& small_questions();

}  // namespace rag
