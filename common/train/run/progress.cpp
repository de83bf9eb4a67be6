#include "common/train/run/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace byhand::train {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int bar_width = 30;
constexpr std::size_t lines_a_run = 10;  // in runs of few, long epochs
constexpr std::size_t long_epoch = 100;  // batches; only such epochs get lines of their own inside
constexpr auto redraw = std::chrono::milliseconds(100);

/// Columns of the terminal; 80 when it does not say.
std::size_t columns(std::FILE* out) {
  winsize size = {};
  return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

double seconds(Clock::duration d) { return std::chrono::duration<double>(d).count(); }

std::string numbers_of(const EpochReport& r) {
  std::string text = fmt::format("loss {:.4g}", r.train_loss);
  if (r.validation_loss) text += fmt::format("  validation {:.4g}", *r.validation_loss);
  for (const auto& [name, value] : r.metrics) text += fmt::format("  {} {:.4g}", name, value);
  return text;
}

}  // namespace

std::int64_t epochs_between_lines(std::int64_t epochs) {
  constexpr std::int64_t most = 20;
  for (std::int64_t unit = 1;; unit *= 10)
    for (const std::int64_t step : {unit, 2 * unit, 5 * unit})
      if (epochs / step <= most) return step;
}

Progress::Progress(ProgressMode mode, std::FILE* out, std::int64_t epochs, std::size_t batches)
    : mode_(mode), out_(out), epochs_(epochs), stride_(epochs_between_lines(epochs)), batches_(batches), began_(Clock::now()) {
  if (mode_ == ProgressMode::automatic) mode_ = isatty(fileno(out_)) ? ProgressMode::bar : ProgressMode::lines;
  const std::size_t parts = lines_a_run / std::size_t(std::clamp<std::int64_t>(epochs, 1, lines_a_run + 1));
  if (parts > 1 && batches >= long_epoch) batch_stride_ = (batches + parts - 1) / parts;
}

Progress::~Progress() {
  if (open_) std::fputc('\n', out_);
}

void Progress::step(std::int64_t epoch, std::size_t done, double loss) {
  if (mode_ == ProgressMode::bar) {
    if (first_++ == 0) start_ = double(epoch - 1) + double(done - 1) / double(batches_);
    if (numbers_.empty() || epoch == 1) numbers_ = fmt::format("loss {:.4g}", loss);
    if (Clock::now() - drawn_ >= redraw) draw_bar(epoch, done);
  } else if (mode_ == ProgressMode::lines && batch_stride_ && done % batch_stride_ == 0 && done < batches_) {
    say(fmt::format("epoch {}/{}  batch {}/{}  loss {:.4g}", epoch, epochs_, done, batches_, loss));
  }
}

void Progress::epoch(const EpochReport& report) {
  last_ = report;
  shown_ = false;
  if (mode_ == ProgressMode::bar) numbers_ = numbers_of(report);
  if (mode_ == ProgressMode::lines && (report.epoch == 1 || report.epoch % stride_ == 0)) print_line(report);
}

void Progress::finish() {
  if (shown_) return;
  if (mode_ == ProgressMode::bar) draw_bar(last_.epoch, batches_);
  if (mode_ == ProgressMode::lines) print_line(last_);
  if (open_) std::fputc('\n', out_);
  open_ = false;
}

void Progress::say(const std::string& line) {
  if (open_) std::fputc('\n', out_);
  open_ = false;
  fmt::print(out_, "{}\n", line);
  std::fflush(out_);  // a run may take hours, a pipe would keep the line back
}

void Progress::print_line(const EpochReport& report) {
  const std::string total = fmt::format("{}", epochs_);
  say(fmt::format("epoch {:>{}}/{}  {}", report.epoch, total.size(), total, numbers_of(report)));
  shown_ = true;
}

void Progress::draw_bar(std::int64_t epoch, std::size_t done) {
  const double position = double(epoch - 1) + double(done) / double(batches_);
  const double spent = seconds(Clock::now() - began_);
  const double left = position > start_ ? spent / (position - start_) * (double(epochs_) - position) : 0;
  const int filled = std::clamp(int(position / double(epochs_) * bar_width), 0, bar_width);
  std::string line = fmt::format("[{}{}] epoch {}/{}  {:.0f} s, {:.0f} s left  {}", std::string(std::size_t(filled), '#'),
                                 std::string(std::size_t(bar_width - filled), '.'), epoch, epochs_, spent, left, numbers_);
  line.resize(std::min(line.size(), columns(out_) - 1));  // a line that wraps could not be drawn over
  fmt::print(out_, "\r{}\x1b[K", line);
  std::fflush(out_);
  open_ = true;
  drawn_ = Clock::now();
}

}  // namespace byhand::train
