#include "common/train/run/run_state.hpp"

#include <charconv>
#include <cmath>
#include <string_view>

#include "common/core/error.hpp"

namespace byhand::train {
namespace {

// One line an epoch: "EPOCH LR TRAIN_LOSS VALIDATION_LOSS NAME=VALUE …", "-" for no validation. Averages: "NAME=SUM/WEIGHT …".

std::string to_text(const std::vector<EpochReport>& reports) {
  std::string text;
  for (const EpochReport& r : reports) {
    text += fmt::format("{} {} {} {}", r.epoch, r.lr, r.train_loss, r.validation_loss ? fmt::format("{}", *r.validation_loss) : "-");
    for (const auto& [name, value] : r.metrics) text += fmt::format(" {}={}", name, value);
    text += '\n';
  }
  return text;
}

std::string to_text(const Averages& averages) {
  std::string text;
  for (const auto& [name, sum, weight] : averages.entries()) text += fmt::format("{}{}={}/{}", text.empty() ? "" : " ", name, sum, weight);
  return text;
}

/// The fields of one file, read with errors that name it.
class Reader {
 public:
  Reader(const Fields& fields, const std::string& where) : fields_(fields), where_(where) {}

  const std::string& text(const std::string& name) const {
    const auto found = fields_.find(name);
    check(found != fields_.end(), "{}: '{}' is missing from the checkpoint", where_, name);
    return found->second;
  }
  template <class T>
  T number(const std::string& name) const {
    return parse<T>(text(name), name);
  }
  std::int64_t count(const std::string& name) const {
    const auto n = number<std::int64_t>(name);
    check(n >= 0, "{}: '{}' of the checkpoint is {}", where_, name, n);
    return n;
  }
  template <class T>
  T parse(std::string_view word, const std::string& name) const {
    T value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    check(error == std::errc() && end == word.data() + word.size(), "{}: '{}' of the checkpoint has no number where one is needed", where_,
          name);
    return value;
  }
  [[noreturn]] void refuse(const std::string& name) const { fail("{}: '{}' of the checkpoint is not as it should be", where_, name); }

  std::vector<EpochReport> reports() const;
  Averages averages() const;
  std::vector<std::string> generators() const;

 private:
  const Fields& fields_;
  const std::string& where_;
};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::vector<EpochReport> Reader::reports() const {
  std::vector<EpochReport> reports;
  for (const std::string_view line : split(text("history"), '\n')) {
    const std::vector<std::string_view> words = split(line, ' ');
    if (words.size() < 4) refuse("history");
    EpochReport& r = reports.emplace_back();
    r.epoch = parse<std::int64_t>(words[0], "history");
    r.lr = parse<double>(words[1], "history");
    r.train_loss = parse<double>(words[2], "history");
    if (words[3] != "-") r.validation_loss = parse<double>(words[3], "history");
    for (std::size_t i = 4; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      if (equals == std::string_view::npos) refuse("history");
      r.metrics.emplace_back(words[i].substr(0, equals), parse<double>(words[i].substr(equals + 1), "history"));
    }
    if (r.epoch != std::int64_t(reports.size())) refuse("history");
  }
  return reports;
}

Averages Reader::averages() const {
  Averages averages;
  for (const std::string_view word : split(text("averages"), ' ')) {
    const std::size_t equals = word.find('='), slash = word.rfind('/');
    if (equals == std::string_view::npos || slash == std::string_view::npos || slash < equals) refuse("averages");
    const auto sum = parse<double>(word.substr(equals + 1, slash - equals - 1), "averages");
    const auto weight = parse<double>(word.substr(slash + 1), "averages");
    averages.restore({std::string(word.substr(0, equals)), sum, weight});
  }
  return averages;
}

std::vector<std::string> Reader::generators() const {
  std::vector<std::string> states;
  const std::int64_t n = count("generators");
  for (std::int64_t i = 0; i < n; ++i) {
    const std::string name = fmt::format("generator.{}", i);
    const std::string& own = text(name);  // an Error ends a count that lies
    constexpr std::string_view same = "as generator.";
    if (own.rfind(same, 0) != 0) {
      states.push_back(own);
      continue;
    }
    const auto other = parse<std::size_t>(std::string_view(own).substr(same.size()), name);
    if (other >= states.size()) refuse(name);
    states.emplace_back(states[other]);
  }
  return states;
}

}  // namespace

Fields to_fields(const RunState& s) {
  Fields fields;
  const auto put = [&](const char* name, auto value) { fields[name] = fmt::format("{}", value); };
  put("epoch", s.epoch);
  put("batch", s.batch);
  put("batches", s.batches);
  put("rows", s.rows);
  put("schedule_step", s.schedule_step);
  put("lr", s.lr);
  put("step_lr", s.step_lr);
  put("best", s.best);
  put("waited", s.waited);
  fields["averages"] = to_text(s.averages);
  fields["history"] = to_text(s.reports);
  fields["epoch_start"] = s.epoch_start;
  put("generators", s.generators.size());
  for (std::size_t i = 0; i < s.generators.size(); ++i) {
    // Handles to one stream (or streams in one state) are written once.
    std::size_t first = 0;
    while (s.generators[first] != s.generators[i]) ++first;
    fields[fmt::format("generator.{}", i)] = first == i ? s.generators[i] : fmt::format("as generator.{}", first);
  }
  return fields;
}

RunState run_state(const Fields& fields, const std::string& where) {
  const Reader read(fields, where);
  RunState s;
  s.epoch = read.count("epoch");
  s.batch = std::size_t(read.count("batch"));
  s.batches = std::size_t(read.count("batches"));
  s.rows = std::size_t(read.count("rows"));
  s.schedule_step = read.count("schedule_step");
  s.lr = read.number<double>("lr");
  s.step_lr = read.number<double>("step_lr");
  s.best = read.number<double>("best");
  s.waited = read.count("waited");
  s.averages = read.averages();
  s.reports = read.reports();
  s.epoch_start = read.text("epoch_start");
  s.generators = read.generators();
  if (s.batch > s.batches) read.refuse("batch");
  if (s.reports.size() != std::size_t(s.epoch)) read.refuse("history");
  if (s.batch > 0 && s.averages.entries().empty()) read.refuse("averages");
  if (std::isnan(s.best)) read.refuse("best");
  if (!std::isfinite(s.lr) || s.lr < 0) read.refuse("lr");
  return s;
}

}  // namespace byhand::train
