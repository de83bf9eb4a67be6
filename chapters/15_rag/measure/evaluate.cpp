#include "chapters/15_rag/measure/evaluate.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "chapters/15_rag/words/terms.hpp"
#include "common/core/error.hpp"
#include "common/io/csv.hpp"
#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace rag {
using namespace byhand;

std::vector<TestQuestion> load_questions(const std::filesystem::path& file) {
  const std::string text = composed(read_file(file, 64 << 20));
  std::vector<TestQuestion> questions;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    if (trimmed(line).empty() || line.starts_with('#')) continue;
    const std::vector<std::string_view> columns = split(line, '\t');
    const bool unanswered = columns.size() == 2;
    if (columns.size() != 4 && !unanswered)
      fail("{}: line {}: {} columns; expected language, question, file, headings", file.string(),
           number, columns.size());
    const std::string language(trimmed(columns[0]));
    TestQuestion question{Question(trimmed(columns[1]), language), {}, number};
    const std::string page(unanswered ? "" : trimmed(columns[2]));
    for (const std::string_view part : split(unanswered ? "" : columns[3], ';')) {
      const std::string heading(trimmed(part));
      const std::size_t other = heading.find(".md#");  // in another page
      if (other != std::string::npos)
        question.sections.emplace_back(heading.substr(0, other + 3), heading.substr(other + 4));
      else if (!heading.empty())
        question.sections.emplace_back(page, heading);
    }
    if (language != "en" && language != "ko")
      fail("{}: line {}: language '{}'; en or ko", file.string(), number, language);
    if (question.question.text.empty() ||
        (!unanswered && (page.empty() || question.sections.empty())))
      fail("{}: line {}: a column is empty; expected language, question, file, headings",
           file.string(), number);
    questions.push_back(std::move(question));
  }
  check(!answered(questions).empty(),
        "{}: no question with a section; expected lines of language, question, file, headings",
        file.string());
  return questions;
}

void check_sections(const std::vector<TestQuestion>& questions,
                    const std::vector<Passage>& passages, const std::filesystem::path& file) {
  std::set<std::pair<std::string, std::string>> there;
  for (const Passage& passage : passages)
    for (const std::string& heading :
         {passage.heading, passage.subheading, passage.title + '\t' + passage.heading})
      if (!heading.empty()) there.emplace(passage.file, heading);
  for (const TestQuestion& question : questions)
    for (const auto& section : question.sections)
      if (!there.contains(section))
        fail("{}: line {}: no section '{}' in {}", file.string(), question.line,
             shown(section.second), shown(section.first));
}

namespace {

std::vector<TestQuestion> with_sections(const std::vector<TestQuestion>& questions, bool wanted) {
  std::vector<TestQuestion> chosen;
  for (const TestQuestion& question : questions)
    if (question.sections.empty() != wanted) chosen.push_back(question);
  return chosen;
}

}  // namespace

std::vector<TestQuestion> answered(const std::vector<TestQuestion>& questions) {
  return with_sections(questions, true);
}
std::vector<TestQuestion> off_topic(const std::vector<TestQuestion>& questions) {
  return with_sections(questions, false);
}

bool is_right(const TestQuestion& question, const Passage& passage) {
  for (const auto& [file, heading] : question.sections)
    if (passage.file == file && (heading == passage.heading || heading == passage.subheading ||
                                 heading == passage.title + "\t" + passage.heading))
      return true;
  return false;
}

std::size_t rank_of(const TestQuestion& question, const Retriever& retriever) {
  const std::vector<Match> sections =
      best_of_sections(retriever.find(question.question, 100), retriever.passages());
  for (std::size_t i = 0; i < std::min<std::size_t>(10, sections.size()); ++i)
    if (is_right(question, retriever.passages()[sections[i].row])) return i + 1;
  return 0;
}

Score score(const std::vector<std::size_t>& ranks) {
  Score score;
  score.questions = ranks.size();
  for (const std::size_t rank : ranks) {
    score.recall_1 += rank == 1;
    score.recall_5 += rank >= 1 && rank <= 5;
    score.mrr += rank ? 1 / double(rank) : 0;
  }
  const double n = std::max<double>(1, double(ranks.size()));
  score.recall_1 /= n, score.recall_5 /= n, score.mrr /= n;
  return score;
}

std::vector<TestQuestion> templated_questions(const std::vector<Passage>& passages,
                                              std::size_t every, Wording wording) {
  static const std::map<std::string, std::pair<std::string, std::string>> words = {
      {"background", {"What is the background of {}?", "What happened in the history of {}?"}},
      {"capital", {"What is the capital of {}?", "Which city is the seat of government of {}?"}},
      {"climate", {"What is the climate of {}?", "What is the weather like in {}?"}},
      {"economy", {"What is the economy of {} like?", "How do people in {} earn their living?"}},
      {"exports", {"What are the exports of {}?", "What does {} sell to other countries?"}},
      {"industries", {"What are the industries of {}?", "What do factories in {} produce?"}},
      {"languages", {"What languages are spoken in {}?", "How do people in {} speak?"}},
      {"location", {"What is the location of {}?", "Where is {}?"}},
      {"natural resources", {"What natural resources does {} have?", "What can be mined in {}?"}},
      {"religions", {"What are the religions of {}?", "What do people in {} believe in?"}},
      {"terrain", {"What is the terrain of {}?", "Are there mountains or plains in {}?"}}};
  check(every > 0, "templated_questions: every must be at least 1");
  std::vector<TestQuestion> questions;
  std::size_t seen = 0;
  std::string last;
  for (const Passage& passage : passages) {
    const auto found = words.find(passage.heading);
    const std::string section = passage.title + "\n" + passage.heading;
    if (found == words.end() || section == last) continue;  // a long text has several passages
    last = section;
    if (seen++ % every == 0) {
      std::string text = wording == Wording::own ? found->second.first : found->second.second;
      text.replace(text.find("{}"), 2, passage.title);
      questions.push_back({Question(text, "en"),
                           {{passage.file, passage.title + "\t" + passage.heading}},
                           passage.line});
    }
  }
  return questions;
}

Wordings wordings(const Retrievers& retrievers, const std::vector<Score>& own,
                  const std::vector<Score>& other) {
  Wordings all;
  for (std::size_t i = 0; i < retrievers.size(); ++i) {
    all.names.push_back(retrievers[i]->name());
    all.own.push_back(own[i].recall_5);
    all.other.push_back(other[i].recall_5);
  }
  return all;
}

Wordings factbook_before() {
  const io::Table table = io::read_csv(dataset("rag_factbook.csv"));
  return {table.text("retriever"), table.numbers("own words"), table.numbers("other words")};
}

}  // namespace rag
