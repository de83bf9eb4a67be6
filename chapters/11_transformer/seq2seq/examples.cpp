#include "chapters/11_transformer/seq2seq/examples.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "common/system/files.hpp"
#include "common/system/text.hpp"

namespace seq2seq {
using namespace byhand;

// ---- batches ----

PairDataset::PairDataset(Examples examples) : examples_(std::move(examples)) {
  check(!examples_.empty(), "PairDataset: no examples");
  for (const Example& e : examples_)
    check(!e.source.empty() && !e.target.empty(),
          "PairDataset: an example without source or without target");
}

train::Batch PairDataset::rows(const std::vector<std::int64_t>& indices) const {
  std::vector<Tokens> sources, targets;
  for (const std::int64_t index : indices) {
    check(index >= 0 && std::size_t(index) < examples_.size(),
          "PairDataset: there is no row {} of {}", index, examples_.size());
    const Example& example = examples_[std::size_t(index)];
    sources.push_back(example.source);
    targets.push_back({sos});
    targets.back().insert(targets.back().end(), example.target.begin(), example.target.end());
    targets.back().push_back(eos);
  }
  train::Batch batch;
  batch.size = indices.size();
  batch.id_arrays = {padded(sources), padded(targets)};
  return batch;
}

Ids padded(const std::vector<Tokens>& rows) {
  std::size_t longest = 0;
  for (const Tokens& row : rows) longest = std::max(longest, row.size());
  std::vector<std::int64_t> all;
  for (const Tokens& row : rows) {
    all.insert(all.end(), row.begin(), row.end());
    all.resize(all.size() + longest - row.size(), pad);
  }
  return ids({rows.size(), longest}, all);
}

// ---- digits ----

Task task_of(const std::string& name) {
  if (name == "copy") return Task::copy;
  if (name == "reverse") return Task::reverse;
  if (name == "sort") return Task::sort;
  fail("there is no task '{}'; the tasks are copy, reverse, sort", name);
}

Tokens solve(Task task, Tokens digits) {
  if (task == Task::reverse) std::reverse(digits.begin(), digits.end());
  if (task == Task::sort) std::sort(digits.begin(), digits.end());
  return digits;
}

Examples draw(Task task, std::size_t count, std::size_t shortest, std::size_t longest,
              Generator& generator, const Examples& not_these) {
  check(shortest >= 1 && shortest <= longest, "draw: rows of {} to {} digits make no sense",
        shortest, longest);
  std::set<Tokens> taken;
  for (const Example& example : not_these) taken.insert(example.source);
  Examples examples;
  for (std::size_t tries = 0; examples.size() < count; ++tries) {
    check(tries < 100 * count + 1000,
          "draw: hardly any rows of {} to {} digits are left that are not in the other set",
          shortest, longest);
    const auto length =
        std::size_t(generator.randint(std::int64_t(shortest), std::int64_t(longest) + 1, 1)[0]);
    const Tokens source = generator.randint(first_word, first_word + 10, length);
    if (!taken.count(source)) examples.push_back({source, solve(task, source)});
  }
  return examples;
}

std::string digits_text(const Tokens& tokens) {
  std::vector<std::string> words;
  for (const std::int64_t token : tokens)
    words.push_back(token >= first_word ? fmt::format("{}", token - first_word)
                    : token == pad      ? "<pad>"
                    : token == sos      ? "<sos>"
                                        : "<eos>");
  return fmt::format("{}", fmt::join(words, " "));
}

// ---- sentences ----

namespace {

/// A small letter for A to Z and for the Latin letters with accents À to Þ (C3 80 to C3 9E in
/// UTF-8, except the sign ×).
std::string small(std::string letter) {
  if (letter.size() == 1 && letter[0] >= 'A' && letter[0] <= 'Z') letter[0] = char(letter[0] + 32);
  const auto second = letter.size() == 2 ? static_cast<unsigned char>(letter[1]) : 0;
  if (letter.size() == 2 && letter[0] == '\xC3' && second >= 0x80 && second <= 0x9E &&
      second != 0x97)
    letter[1] = char(second + 32);
  return letter;
}

bool is_punctuation(const std::string& letter) {
  static const std::string marks[] = {"“", "”", "‘", "…", "¿", "¡", "«", "»", "—", "–", "·"};
  if (letter.size() == 1)
    return std::ispunct(static_cast<unsigned char>(letter[0])) && letter[0] != '\'';
  return std::find(std::begin(marks), std::end(marks), letter) != std::end(marks);
}

}  // namespace

Sentences read_sentences(const std::filesystem::path& file, int column) {
  check(column >= 2, "{}: the translation must be in column 2 or later, not {}", file.string(),
        column);
  Sentences sentences{.source = {}, .target = {}, .file = file.string()};
  std::size_t number = 0;
  const std::string text = read_file(file, std::uintmax_t(1) << 28);
  for (const std::string_view whole : split(text, '\n')) {
    const std::string_view line = trimmed(whole, "\r");
    ++number;
    if (line.empty()) continue;
    const std::vector<std::string_view> cells = split(line, '\t');
    check(cells.size() >= std::size_t(column),
          "{}: line {} has {} columns, column {} was asked for (columns are separated by a TAB)",
          file.string(), number, cells.size(), column);
    const std::string source(cells[0]), target(cells[std::size_t(column) - 1]);
    check(!words_of(source).empty() && !words_of(target).empty(),
          "{}: line {} has an empty sentence", file.string(), number);
    sentences.source.push_back(source);
    sentences.target.push_back(target);
  }
  check(!sentences.source.empty(), "{}: no sentences", file.string());
  return sentences;
}

std::vector<std::string> words_of(const std::string& sentence) {
  std::vector<std::string> words;
  bool inside = false;  // a word that may go on
  for (std::string_view rest = sentence; !rest.empty();) {
    const std::string letter = small(std::string(rest.substr(0, next_code_point(rest).bytes)));
    rest.remove_prefix(letter.size());
    const bool mark = is_punctuation(letter);
    if (letter.size() == 1 && std::isspace(static_cast<unsigned char>(letter[0])))
      inside = false;
    else if (inside && !mark)
      words.back() += letter;
    else
      words.push_back(letter), inside = !mark;
  }
  return words;
}

Vocabulary::Vocabulary(const std::vector<std::string>& sentences, std::size_t least,
                       std::size_t most)
    : words_{"<pad>", "<sos>", "<eos>", "<unk>"} {
  std::map<std::string, std::size_t> counts;
  for (const std::string& sentence : sentences)
    for (const std::string& word : words_of(sentence)) ++counts[word];
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [word, count] : counts)
    if (count >= least) order.emplace_back(count, word);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) words_.push_back(order[i].second);
  for (std::size_t i = unknown + 1; i < words_.size(); ++i) numbers_[words_[i]] = std::int64_t(i);
}

Tokens Vocabulary::encode(const std::string& sentence) const {
  Tokens tokens;
  for (const std::string& word : words_of(sentence)) {
    const auto found = numbers_.find(word);
    tokens.push_back(found == numbers_.end() ? unknown : found->second);
  }
  return tokens;
}

std::string Vocabulary::decode(const Tokens& tokens) const {
  std::vector<std::string> words;
  for (const std::int64_t token : tokens) {
    check(token >= 0 && std::size_t(token) < words_.size(),
          "vocabulary: there is no word {} among {}", token, words_.size());
    if (token >= first_word) words.push_back(words_[std::size_t(token)]);
  }
  return fmt::format("{}", fmt::join(words, " "));
}

TextPairs prepare(const Sentences& sentences, std::size_t longest, Generator& generator) {
  Sentences train, validation;
  std::size_t too_long = 0, kept = 0;
  for (const std::int64_t i : generator.randperm(sentences.source.size())) {
    const std::string &source = sentences.source[std::size_t(i)],
                      &target = sentences.target[std::size_t(i)];
    if (words_of(source).size() > longest || words_of(target).size() > longest) {
      ++too_long;
      continue;
    }
    Sentences& part = kept++ % 10 == 9 ? validation : train;
    part.source.push_back(source);
    part.target.push_back(target);
  }
  check(
      kept >= 50,
      "{}: {} of {} pairs have at most {} words on either side; at least 50 are needed to train on",
      sentences.file, kept, sentences.source.size(), longest);
  TextPairs pairs{
      Vocabulary(train.source, 2, 8000), Vocabulary(train.target, 2, 8000), {}, {}, {}, too_long};
  for (std::size_t i = 0; i < train.source.size(); ++i)
    pairs.train.push_back(
        {pairs.source.encode(train.source[i]), pairs.target.encode(train.target[i])});
  for (std::size_t i = 0; i < validation.source.size(); ++i) {
    pairs.validation.push_back(
        {pairs.source.encode(validation.source[i]), pairs.target.encode(validation.target[i])});
    pairs.validation_text.emplace_back(validation.source[i], validation.target[i]);
  }
  return pairs;
}

double loss_of_frequencies(const TextPairs& pairs) {
  std::vector<double> counts(pairs.target.size(), 1);  // 1: no word is impossible
  for (const Example& e : pairs.train) {
    for (const std::int64_t token : e.target) ++counts[std::size_t(token)];
    ++counts[std::size_t(eos)];
  }
  double all = 0, loss = 0;
  for (const double count : counts) all += count;
  std::size_t words = 0;
  for (const Example& e : pairs.validation) {
    for (const std::int64_t token : e.target) loss -= std::log(counts[std::size_t(token)] / all);
    loss -= std::log(counts[std::size_t(eos)] / all);
    words += e.target.size() + 1;
  }
  return loss / double(words);
}

}  // namespace seq2seq
