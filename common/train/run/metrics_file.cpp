#include "common/train/run/metrics_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "common/core/error.hpp"
#include "common/system/files.hpp"

namespace byhand::train {

bool MetricsFile::add_columns(const EpochReport& report) {
  bool more = report.validation_loss && !validation_;
  validation_ = validation_ || more;
  for (const auto& [name, value] : report.metrics) {
    if (std::find(metrics_.begin(), metrics_.end(), name) != metrics_.end()) continue;
    metrics_.push_back(name);
    more = true;
  }
  return more;
}

std::string MetricsFile::header() const {
  std::string text = "epoch,lr,train_loss";
  if (validation_) text += ",validation_loss";
  for (const std::string& name : metrics_) text += "," + name;
  return text + "\n";
}

std::string MetricsFile::row(const EpochReport& r) const {
  const auto cell = [](std::optional<double> value) { return value ? fmt::format(",{}", *value) : std::string(","); };
  std::string text = fmt::format("{}", r.epoch) + cell(r.lr) + cell(r.train_loss);
  if (validation_) text += cell(r.validation_loss);
  for (const std::string& name : metrics_) text += cell(r.metric(name));
  return text + "\n";
}

namespace {

/// All of the text or nothing of it.
void append(const std::filesystem::path& file, const std::string& text) {
  std::error_code error;
  const std::uintmax_t before = std::filesystem::file_size(file, error);
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out.write(text.data(), std::streamsize(text.size()));
  out.close();
  if (out) return;
  const std::string reason = std::strerror(errno);
  if (!error) std::filesystem::resize_file(file, before, error);
  fail("{}: a row cannot be added: {}", file.string(), reason);
}

}  // namespace

void MetricsFile::update(const std::vector<EpochReport>& epochs) {
  if (file_.empty()) return;
  bool rewrite = rows_ == 0;
  for (std::size_t i = rows_; i < epochs.size(); ++i) rewrite = add_columns(epochs[i]) || rewrite;
  std::string text = rewrite ? header() : "";
  for (std::size_t i = rewrite ? 0 : rows_; i < epochs.size(); ++i) text += row(epochs[i]);
  rows_ = epochs.size();
  if (rewrite) return write_file(file_, text);
  append(file_, text);
}

}  // namespace byhand::train
