#pragma once
/// @file
/// Knowledge bases from files: the pages of this repository, or a file or folder of the reader's.
#include <filesystem>
#include <vector>

#include "chapters/15_rag/chunk.hpp"

namespace rag {

/// The chapter pages, docs, README and datasets/README of the repository, English and Korean. Left
/// out are the crosswalk, which names every subject and explains none, the pages on performance and
/// trust, and of this chapter's own pages what is in code blocks: they quote the questions that are
/// asked here. Error when there are none.
std::vector<Document> book_documents(const std::filesystem::path& project);

/// One file (.md, .tsv, anything else is plain text), or all .md, .txt and .tsv files under a
/// folder, named relative to it. Error that names it when it is neither (a pipe), or holds no text
/// below its headings, or more than 64 MiB in a file or 256 in all.
std::vector<Document> read_documents(const std::filesystem::path& file_or_folder);

/// X.md and X.ko.md get their language when both are there: "en" and "ko". Other documents keep
/// none.
void set_languages(std::vector<Document>& documents);

}  // namespace rag
