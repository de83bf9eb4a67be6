#include "common/train/run/report.hpp"

#include <algorithm>

#include "common/core/error.hpp"

namespace byhand::train {

std::optional<double> find_metric(const Metrics& metrics, const std::string& name) {
  for (const auto& [own, value] : metrics)
    if (own == name) return value;
  return std::nullopt;
}

void Averages::add(const std::string& name, double value, double weight) {
  auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == name; });
  if (entry == entries_.end()) entry = entries_.insert(entry, Entry{name});
  entry->sum += value * weight;
  entry->weight += weight;
}

double Averages::mean(const std::string& name) const {
  for (const Entry& e : entries_)
    if (e.name == name) return e.sum / e.weight;
  fail("averages: there is no '{}'", name);
}

std::vector<double> History::train_losses() const {
  std::vector<double> losses;
  for (const EpochReport& e : epochs) losses.push_back(e.train_loss);
  return losses;
}

std::vector<std::pair<std::int64_t, double>> History::validation_losses() const {
  std::vector<std::pair<std::int64_t, double>> losses;
  for (const EpochReport& e : epochs)
    if (e.validation_loss) losses.emplace_back(e.epoch, *e.validation_loss);
  return losses;
}

}  // namespace byhand::train
