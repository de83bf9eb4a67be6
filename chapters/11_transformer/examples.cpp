#include "chapters/11_transformer/examples.hpp"

#include <algorithm>
#include <set>

namespace seq2seq {
using namespace byhand;

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

Examples draw(Task task, std::size_t count, std::size_t shortest, std::size_t longest, Generator& generator, const Examples& not_these) {
  check(shortest >= 1 && shortest <= longest, "draw: rows of {} to {} digits make no sense", shortest, longest);
  std::set<Tokens> taken;
  for (const Example& example : not_these) taken.insert(example.source);
  Examples examples;
  for (std::size_t tries = 0; examples.size() < count; ++tries) {
    check(tries < 100 * count + 1000, "draw: hardly any rows of {} to {} digits are left that are not in the other set", shortest, longest);
    const auto length = std::size_t(generator.randint(std::int64_t(shortest), std::int64_t(longest) + 1, 1)[0]);
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

PairDataset::PairDataset(Examples examples) : examples_(std::move(examples)) {
  check(!examples_.empty(), "PairDataset: no examples");
  for (const Example& e : examples_)
    check(!e.source.empty() && !e.target.empty(), "PairDataset: an example without source or without target");
}

train::Batch PairDataset::rows(const std::vector<std::int64_t>& indices) const {
  std::vector<Tokens> sources, targets;
  for (const std::int64_t index : indices) {
    check(index >= 0 && std::size_t(index) < examples_.size(), "PairDataset: there is no row {} of {}", index, examples_.size());
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

}  // namespace seq2seq
