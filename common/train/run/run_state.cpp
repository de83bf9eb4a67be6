#include "common/train/run/run_state.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "common/core/error.hpp"
#include "common/io/json.hpp"
#include "common/system/text.hpp"

namespace byhand::train {
namespace {
using nlohmann::json;

/// JSON knows neither infinities nor NaN: they are texts. All other numbers get the digits that bring them back bit for bit.
json number(double x) { return std::isfinite(x) ? json(x) : json(fmt::format("{}", x)); }

json to_json(const EpochReport& r) {
  json report{{"lr", number(r.lr)}, {"train_loss", number(r.train_loss)}, {"metrics", json::array()}};
  if (r.validation_loss) report["validation_loss"] = number(*r.validation_loss);
  for (const auto& [name, value] : r.metrics) report["metrics"].push_back({{"name", name}, {"value", number(value)}});
  return report;
}

/// One object of the file, read with errors that name the entry.
struct Reader {
  const json& object;
  const std::string& where;

  [[noreturn]] void refuse(const char* name) const { fail("{}: '{}' is not as it should be", where, name); }
  const json& entry(const char* name) const { return io::member(object, name, where); }

  std::int64_t count(const char* name) const {
    const std::int64_t n = entry(name).is_number_unsigned() ? entry(name).get<std::int64_t>() : -1;
    if (n < 0) refuse(name);
    return n;
  }
  double number(const char* name) const {
    if (entry(name).is_number()) return entry(name).get<double>();
    const std::optional<double> special = decimal_number(text(name));
    if (!special || std::isfinite(*special)) refuse(name);
    return *special;
  }
  std::string text(const char* name) const {
    if (!entry(name).is_string()) refuse(name);
    return entry(name).get<std::string>();
  }
  /// Reads each object of a list.
  template <class F>
  void each(const char* name, F read) const {
    if (!entry(name).is_array()) refuse(name);
    for (const json& item : entry(name)) read(Reader{item, where});
  }
};

EpochReport report(const Reader& read, std::size_t number) {
  EpochReport r{.epoch = std::int64_t(number), .train_loss = read.number("train_loss"), .lr = read.number("lr")};
  if (read.object.contains("validation_loss")) r.validation_loss = read.number("validation_loss");
  read.each("metrics", [&](const Reader& metric) { r.metrics.emplace_back(metric.text("name"), metric.number("value")); });
  return r;
}

}  // namespace

std::string to_text(const RunState& s) {
  json averages = json::array(), history = json::array();
  for (const auto& [name, sum, weight] : s.averages.entries())
    averages.push_back({{"name", name}, {"sum", number(sum)}, {"weight", number(weight)}});
  for (const EpochReport& report : s.reports) history.push_back(to_json(report));
  const json counts{{"epoch", s.epoch},  {"batch", s.batch}, {"batches", s.batches}, {"rows", s.rows}, {"schedule_step", s.schedule_step},
                    {"waited", s.waited}};
  json state{{"lr", number(s.lr)}, {"step_lr", number(s.step_lr)}, {"best", number(s.best)},    {"averages", averages},
             {"history", history}, {"epoch_start", s.epoch_start}, {"generators", s.generators}};
  state.update(counts);
  try {
    return state.dump();
  } catch (const json::exception&) {
    fail("checkpoint: not written: the name of a metric is not UTF-8");
  }
}

RunState run_state(std::string_view text, const std::string& where) {
  const json state = io::parse_json(text, where);
  const Reader read{state, where};
  RunState s;
  s.epoch = read.count("epoch");
  s.batch = std::size_t(read.count("batch"));
  s.batches = std::size_t(read.count("batches"));
  s.rows = std::size_t(read.count("rows"));
  s.schedule_step = read.count("schedule_step");
  s.waited = read.count("waited");
  s.lr = read.number("lr");
  s.step_lr = read.number("step_lr");
  s.best = read.number("best");
  read.each("averages", [&](const Reader& a) { s.averages.restore({a.text("name"), a.number("sum"), a.number("weight")}); });
  read.each("history", [&](const Reader& epoch) { s.reports.push_back(report(epoch, s.reports.size() + 1)); });
  s.epoch_start = read.text("epoch_start");
  read.each("generators", [&](const Reader& generator) {
    if (!generator.object.is_string()) read.refuse("generators");
    s.generators.push_back(generator.object.get<std::string>());
  });
  if (s.batch > s.batches) read.refuse("batch");
  if (s.reports.size() != std::size_t(s.epoch)) read.refuse("history");
  if (s.batch > 0 && s.averages.entries().empty()) read.refuse("averages");
  if (std::isnan(s.best)) read.refuse("best");
  if (!std::isfinite(s.lr) || s.lr < 0) read.refuse("lr");
  return s;
}

}  // namespace byhand::train
