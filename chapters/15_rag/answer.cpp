#include "chapters/15_rag/answer.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "chapters/15_rag/words/terms.hpp"

namespace rag {
using namespace byhand;

Postings count_terms(const std::vector<Passage>& passages) {
  std::vector<text::Words> all;
  for (const Passage& passage : passages) all.push_back(terms(passage.searched()));
  return Postings(all);
}

double coverage(const Question& question, const Passage& passage, const Postings& postings) {
  const text::Words held = terms(passage.searched());
  const std::set<std::string> there(held.begin(), held.end());
  // Half an unknown word: the only word of a question may be there by chance.
  double covered = 0, all = postings.idf("") / 2;
  for (const std::string& term : question.terms) {
    const double weight = postings.idf(term);
    covered += there.contains(term) ? weight : 0;
    all += weight;
  }
  return covered / all;
}

namespace {

constexpr std::size_t longest_pair = 200;  // bytes

/// What is quoted: a sentence with the one that follows, which often says why, unless that gets too
/// long; else the sentence alone.
std::vector<std::string> quotations_of(const std::string& text) {
  std::vector<std::string> sentences = sentences_of(text);
  for (std::size_t i = 0; i + 1 < sentences.size(); ++i)
    if (sentences[i].ends_with('.') && sentences[i].size() + sentences[i + 1].size() < longest_pair)
      sentences[i] += ' ' + sentences[i + 1];
  const auto short_one = [](const std::string& sentence) {
    return terms(sentence).size() < 3;
  };  // "See there." says nothing
  if (!std::all_of(sentences.begin(), sentences.end(), short_one))
    std::erase_if(sentences, short_one);
  return sentences;  // but "Lima" says all where nothing else stands
}

using Weights = std::map<std::string, double>;

Weights weigh(const text::Words& terms, const Postings& postings) {
  Weights weights;
  for (const std::string& term : terms) weights[term] += postings.idf(term);
  return weights;
}

/// The weights of a sentence. A word of the question that only its title or headings say counts
/// half: "Lima" below Peru and capital.
Weights weigh_in_place(const std::string& sentence, const Passage& passage, const Weights& asked,
                       const Postings& postings) {
  Weights weights = weigh(terms(sentence), postings);
  for (const std::string& term :
       terms(passage.title + '\n' + passage.heading + '\n' + passage.subheading))
    if (asked.contains(term)) weights.emplace(term, postings.idf(term) / 2);
  return weights;
}

double cosine(const Weights& a, const Weights& b) {
  double ab = 0, aa = 0, bb = 0;
  for (const auto& [term, weight] : a) {
    aa += weight * weight;
    if (const auto other = b.find(term); other != b.end()) ab += weight * other->second;
  }
  for (const auto& [term, weight] : b) bb += weight * weight;
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

}  // namespace

Answer answer(const Question& question, const Retriever& retriever, const Postings& postings,
              const AnswerOptions& options) {
  Answer result;
  result.passages = retriever.find(question, options.passages);
  for (const Match& match : result.passages)
    result.coverage =
        std::max(result.coverage, coverage(question, retriever.passages()[match.row], postings));
  result.near = result.coverage >= options.threshold;
  if (!result.near) return result;

  const Weights asked = weigh(question.terms, postings);
  std::vector<Evidence> all;
  for (const Match& match : result.passages) {
    const Passage& passage = retriever.passages()[match.row];
    for (const std::string& text : quotations_of(passage.text))
      if (const double score = cosine(asked, weigh_in_place(text, passage, asked, postings));
          score > 0)
        all.push_back({match.row, text, score});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Evidence& a, const Evidence& b) { return a.score > b.score; });
  std::set<std::string> said;  // quotations share sentences, and passages overlap
  for (const Evidence& evidence : all) {
    if (result.sentences.size() == options.sentences) break;
    const std::vector<std::string> its = sentences_of(evidence.text);
    if (std::any_of(its.begin(), its.end(),
                    [&](const std::string& sentence) { return said.contains(sentence); }))
      continue;
    said.insert(its.begin(), its.end());
    result.sentences.push_back(evidence);
  }
  result.near = !result.sentences.empty();  // code alone has none
  return result;
}

}  // namespace rag
