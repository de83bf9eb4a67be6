#pragma once
/// @file
/// Documents and the passages they are cut into. Notes 000 § 21.4: a document is divided into
/// blocks of text.
#include <string>
#include <string_view>
#include <vector>

namespace rag {

/// One file of a knowledge base.
struct Document {
  /// Its name in the knowledge base, such as chapters/10_attention/README.md.
  std::string file;
  /// "en" or "ko" for a page that exists in both; empty when all questions may be answered from it.
  std::string language;
  std::string text;
};

/// What is found and shown: a piece of a document that is about one thing.
struct Passage {
  std::string file, language;
  std::string title;       ///< the page's first heading
  std::string heading;     ///< the section, ##; empty before the first
  std::string subheading;  ///< ### within it, or empty
  std::string text;        ///< lines of the document without Markdown's links and stars
  std::size_t line = 1;    ///< where it begins in the document, from 1

  /// Title, section and text: what is searched. A paragraph under "Exercises" need not say
  /// "exercise".
  std::string searched() const;
  /// The same for all passages of one section, different for two.
  std::string section() const { return file + '\n' + title + '\n' + heading + '\n' + subheading; }
  /// "10 attention › Goal": where it stands, for a reader.
  std::string place() const;
};

/// What is searched of each.
std::vector<std::string> searched(const std::vector<Passage>& passages);

struct ChunkOptions {
  std::size_t words = 120;  ///< at most so many a passage; a line that is longer is divided
  /// The last lines of a passage begin the next one too, up to so many words.
  std::size_t overlap = 20;
};

/// A Markdown page: passages end where sections do, and a long section becomes several. Code blocks
/// count as text, their lines indented by four blanks; a # in them is no heading. Error when words
/// is 0 or overlap is not less than half of it.
std::vector<Passage> chunk_markdown(const Document& document, const ChunkOptions& options = {});
/// Plain text: passages of whole lines.
std::vector<Passage> chunk_plain(const Document& document, const ChunkOptions& options = {});
/// Lines of "title TAB heading TAB text", such as the factbook's "Peru TAB climate TAB …". Error
/// that names a line with fewer columns.
std::vector<Passage> chunk_table(const Document& document, const ChunkOptions& options = {});
/// The one of the three that the file's ending says: .md, .tsv, anything else. Letters and their
/// marks are put together (composed()).
std::vector<Passage> chunk(const Document& document, const ChunkOptions& options = {});

/// A line without Markdown's marks: [text](target) and ![text](target) become text, ** goes.
std::string without_marks(std::string_view line);

/// Words between white space.
std::size_t count_words(std::string_view text);

/// The sentences of a passage: they end at . ? ! or ; before white space, and at the end of a line.
/// Table rows are lines; of code (four blanks in front) only commands, ./…, are given.
std::vector<std::string> sentences_of(const std::string& text);

}  // namespace rag
