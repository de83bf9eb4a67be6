#include "chapters/15_rag/ask/book.hpp"

#include <algorithm>
#include <set>

#include "common/core/error.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace rag {
using namespace byhand;
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest_file = 64 << 20;
// Passages and their terms are kept in memory: some 20 bytes for a byte of text.
constexpr std::uintmax_t largest_folder = 256 << 20;

std::string without_code(const std::string& text) {
  std::string kept;
  bool code = false;
  for (const std::string_view line : lines_of(text)) {
    const bool fence = line.starts_with("```");
    if (!code && !fence) kept += line;
    kept += '\n';  // line numbers stay right
    code ^= fence;
  }
  return kept;
}

std::string english_name(const std::string& file) {
  return file.ends_with(".ko.md") ? file.substr(0, file.size() - 6) + ".md" : file;
}

}  // namespace

void set_languages(std::vector<Document>& documents) {
  std::set<std::string> files;
  for (const Document& document : documents) files.insert(document.file);
  for (Document& document : documents) {
    if (!document.file.ends_with(".md")) continue;
    const std::string english = english_name(document.file),
                      korean = english.substr(0, english.size() - 3) + ".ko.md";
    if (files.contains(english) && files.contains(korean))
      document.language = document.file == korean ? "ko" : "en";
  }
}

std::vector<Document> book_documents(const fs::path& project) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const char* folder : {"chapters", "docs"}) {
    fs::directory_iterator entries(project / folder, none);
    for (const fs::directory_entry& entry : entries) {
      const bool is_doc = folder == std::string("docs") && entry.path().extension() == ".md";
      // The crosswalk names every subject and explains none; the pages on performance and trust
      // speak of speed and tests in the words of all chapters: they would stand before the pages
      // that are asked about.
      const std::string name = entry.path().stem();
      const bool in_the_way = name == "crosswalk" || name == "performance" || name == "trust";
      if (is_doc && !in_the_way) files.push_back(entry.path());
      for (const char* page : {"README.md", "README.ko.md"})
        if (entry.is_directory() && fs::exists(entry.path() / page))
          files.push_back(entry.path() / page);
    }
  }
  for (const char* page : {"README.md", "README.ko.md", "datasets/README.md"})
    if (fs::exists(project / page)) files.push_back(project / page);
  std::sort(files.begin(), files.end());  // the order of a folder is the file system's
  std::vector<Document> documents;
  for (const fs::path& file : files) {
    Document document{file.lexically_relative(project).generic_string(), "",
                      read_file(file, largest_file)};
    if (document.file.find("/15_rag/") != std::string::npos)
      document.text = without_code(document.text);
    documents.push_back(std::move(document));
  }
  check(!documents.empty(), "book: no pages under {}", project.string());
  set_languages(documents);
  return documents;
}

namespace {

std::vector<Document> read_folder(const fs::path& file_or_folder) {
  std::vector<Document> documents;
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(
           file_or_folder, fs::directory_options::skip_permission_denied)) {
    const std::string ending = entry.path().extension().string();
    if (entry.is_regular_file() && (ending == ".md" || ending == ".txt" || ending == ".tsv"))
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::uintmax_t bytes = 0;
  for (const fs::path& file : files) {
    std::error_code gone;  // then reading says so
    if (const std::uintmax_t size = fs::file_size(file, gone); !gone) bytes += size;
  }
  check(bytes <= largest_folder,
        "{}: its files have {} bytes of text, more than the limit of {}; ask a part of it",
        file_or_folder.string(), bytes, largest_folder);
  for (const fs::path& file : files)
    documents.push_back({file.lexically_relative(file_or_folder).generic_string(), "",
                         read_file(file, largest_file)});
  check(!documents.empty(), "{}: no .md, .txt or .tsv file in this folder",
        file_or_folder.string());
  set_languages(documents);
  return documents;
}

}  // namespace

std::vector<Document> read_documents(const fs::path& file_or_folder) {
  std::error_code none;
  const bool folder = fs::is_directory(file_or_folder, none);
  // Reading a pipe may never end.
  if (!folder && fs::exists(file_or_folder, none) && !fs::is_regular_file(file_or_folder, none))
    fail("{}: neither a file nor a folder", file_or_folder.string());
  std::vector<Document> documents;
  if (folder)
    documents = read_folder(file_or_folder);
  else
    documents.push_back(
        {file_or_folder.filename().string(), "", read_file(file_or_folder, largest_file)});
  check(std::any_of(documents.begin(), documents.end(),
                    [](const Document& document) { return !chunk(document).empty(); }),
        "{}: no text to search in, {}", file_or_folder.string(),
        folder ? "in none of its files" : "nothing but headings or blanks");
  return documents;
}

}  // namespace rag
