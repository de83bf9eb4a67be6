#pragma once
/// @file
/// How good is a retriever? Questions whose right section is known, and three numbers.
#include <filesystem>
#include <string>
#include <vector>

#include "chapters/15_rag/retrieve.hpp"

namespace rag {

/// A question and where it is answered.
struct TestQuestion {
  Question question;
  /// Page and its heading, ## or ###, in a table title TAB heading: any of them will do. None:
  /// nothing here answers the question.
  std::vector<std::pair<std::string, std::string>> sections;
  std::size_t line = 0;  ///< of its file
};

/// Lines of language TAB question TAB file TAB heading[;heading…], where a section of another page
/// is file#heading; language TAB question alone is a question that nothing answers. Lines that
/// begin with # are left out.
/// Error that names the file when it holds no question with a section, and the line where a column
/// is missing or empty.
std::vector<TestQuestion> load_questions(const std::filesystem::path& file);

/// Error "FILE: line N: no section 'X' in Y" when a question names a section that no passage stands
/// in: nobody could find it.
void check_sections(const std::vector<TestQuestion>& questions,
                    const std::vector<Passage>& passages, const std::filesystem::path& file);

/// Those that a section answers, and those that none does.
std::vector<TestQuestion> answered(const std::vector<TestQuestion>& questions);
std::vector<TestQuestion> off_topic(const std::vector<TestQuestion>& questions);

/// Whether the passage stands in one of the question's sections.
bool is_right(const TestQuestion& question, const Passage& passage);

/// Over a set of questions. A retriever's passages are counted by section: of one section only the
/// best passage has a rank.
struct Score {
  std::size_t questions = 0;
  double recall_1 = 0;  ///< share of questions whose right section comes first
  double recall_5 = 0;  ///< … is among the first five
  /// Mean of 1 / rank of the right section, 0 where it is not among the first ten.
  double mrr = 0;
};

/// The rank of the first right section from 1, or 0 when it is not among the first ten.
std::size_t rank_of(const TestQuestion& question, const Retriever& retriever);
Score score(const std::vector<std::size_t>& ranks);

/// Questions about a table of title, heading and text (the factbook), of every `every`-th section
/// with a known heading, from the first: with the heading's own word, "What is the capital of
/// Peru?", or in other words, "Which city is the seat of government of Peru?".
enum class Wording { own, other };
std::vector<TestQuestion> templated_questions(const std::vector<Passage>& passages,
                                              std::size_t every, Wording wording);

/// recall@5 of each retriever on questions in a table's own words, and on the same in other words.
struct Wordings {
  std::vector<std::string> names;
  std::vector<double> own, other;
};
Wordings wordings(const Retrievers& retrievers, const std::vector<Score>& own,
                  const std::vector<Score>& other);
/// What `--data datasets/cache/factbook.tsv` gave, from datasets/rag_factbook.csv: the factbook
/// itself is not in the repository.
Wordings factbook_before();

}  // namespace rag
