#include "chapters/15_rag/answer.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "chapters/15_rag/terms.hpp"

namespace rag {
using namespace byhand;

Postings count_terms(const std::vector<Passage>& passages) {
  std::vector<text::Words> all;
  for (const Passage& passage : passages) all.push_back(terms(passage.searched()));
  return Postings(all);
}

double coverage(const std::string& question, const Passage& passage, const Postings& postings) {
  const text::Words held = terms(passage.searched());
  const std::set<std::string> there(held.begin(), held.end());
  double covered = 0, all = 0;
  for (const WordTerms& word : words_with_terms(question)) {
    double weight = 0, found = 0;
    for (const std::string& term : word.terms) {
      weight = std::max(weight, postings.find(term).empty() && word.terms.size() > 1 ? 0 : postings.idf(term));
      found += there.contains(term);
    }
    if (weight == 0) weight = postings.idf("");                          // a Korean word none of whose syllables stand together anywhere
    const double needed = std::max(1.0, double(word.terms.size()) - 1);  // of a Korean word the run with its particle may be missing
    covered += weight * std::min(1.0, found / needed);
    all += weight;
  }
  return all > 0 ? covered / all : 0;
}

std::vector<std::string> sentences_of(const std::string& text) {
  std::vector<std::string> sentences;
  std::string sentence;
  const auto end = [&] {
    if (sentence.starts_with("    ") && !sentence.starts_with("    ./")) sentence.clear();
    const std::size_t begin = sentence.find_first_not_of(" \t|-*");
    const std::size_t last = sentence.find_last_not_of(" \t|");
    if (begin != std::string::npos && last >= begin) sentences.push_back(sentence.substr(begin, last - begin + 1));
    sentence.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      end();
      continue;
    }
    sentence += text[i];
    const bool code = sentence.starts_with("    ");  // the end of its line is its end
    const bool mark = !code && (text[i] == '.' || text[i] == '?' || text[i] == '!' || text[i] == ';');
    if (mark && i + 1 < text.size() && text[i + 1] == ' ') end();
  }
  end();
  return sentences;
}

namespace {

constexpr std::size_t longest_pair = 200;  // bytes

/// What is quoted: a sentence with the one that follows, which often says why, unless that gets too long; else the sentence alone.
std::vector<std::string> quotations_of(const std::string& text) {
  std::vector<std::string> sentences = sentences_of(text);
  for (std::size_t i = 0; i + 1 < sentences.size(); ++i)
    if (sentences[i].ends_with('.') && sentences[i].size() + sentences[i + 1].size() < longest_pair) sentences[i] += ' ' + sentences[i + 1];
  std::erase_if(sentences, [](const std::string& sentence) { return terms(sentence).size() < 3; });  // "See there." says nothing
  return sentences;
}

using Weights = std::map<std::string, double>;

Weights weigh(const text::Words& terms, const Postings& postings) {
  Weights weights;
  for (const std::string& term : terms) weights[term] += postings.idf(term);
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

Answer answer(const std::string& question, const Retriever& retriever, const Postings& postings, const AnswerOptions& options) {
  Answer result;
  result.passages = retriever.find(question, options.passages);
  for (const Match& match : result.passages)
    result.coverage = std::max(result.coverage, coverage(question, retriever.passages()[match.row], postings));
  result.near = result.coverage >= options.threshold;
  if (!result.near) return result;

  const Weights asked = weigh(terms(question), postings);
  std::vector<Evidence> all;
  for (const Match& match : result.passages)
    for (const std::string& text : quotations_of(retriever.passages()[match.row].text))
      if (const double score = cosine(asked, weigh(terms(text), postings)); score > 0) all.push_back({match.row, text, score});
  std::stable_sort(all.begin(), all.end(), [](const Evidence& a, const Evidence& b) { return a.score > b.score; });
  std::set<std::string> said;  // quotations share sentences, and passages overlap
  for (const Evidence& evidence : all) {
    if (result.sentences.size() == options.sentences) break;
    const std::vector<std::string> its = sentences_of(evidence.text);
    if (std::any_of(its.begin(), its.end(), [&](const std::string& sentence) { return said.contains(sentence); })) continue;
    said.insert(its.begin(), its.end());
    result.sentences.push_back(evidence);
  }
  return result;
}

}  // namespace rag
