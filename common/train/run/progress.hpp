#pragma once
/// @file
/// Appliance, train/run. What a reader sees while a model trains.
#include <chrono>
#include <cstdio>
#include <string>

#include "common/train/run/report.hpp"

namespace byhand::train {

/// `automatic`: a bar on a terminal, plain lines otherwise (into a file or a pipe). Lines carry no times: the same run prints the same text.
enum class ProgressMode { automatic, bar, lines, off };

/// How many epochs lie between two lines: 1, 2, 5, 10, 20, …, so that a run prints at most 20 of them and two more (first and last).
std::int64_t epochs_between_lines(std::int64_t epochs);

/// The display of one run.
class Progress {
 public:
  /// For a run of so many epochs of so many batches, printed to `out`, which must outlive this.
  Progress(ProgressMode mode, std::FILE* out, std::int64_t epochs, std::size_t batches);
  /// Leaves the terminal on a fresh line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// After a step: `done` batches of epoch `epoch` (counted from 1), whose average loss is `loss` so far.
  void step(std::int64_t epoch, std::size_t done, double loss);
  /// After an epoch.
  void epoch(const EpochReport& report);
  /// After the run: its last epoch is always shown.
  void finish();
  /// A line of its own, also when progress is off.
  void say(const std::string& line);

 private:
  void print_line(const EpochReport& report);
  void draw_bar(std::int64_t epoch, std::size_t done);
  ProgressMode mode_;
  std::FILE* out_;
  std::int64_t epochs_, stride_, first_ = 0;
  std::size_t batches_, batch_stride_ = 0;
  EpochReport last_;     // the newest report
  bool shown_ = true;    // it has been printed
  bool open_ = false;    // a bar stands in the current line
  double start_ = 0;     // of the share done when this run began (a resumed one does not begin at 0)
  std::string numbers_;  // what stands behind the bar
  std::chrono::steady_clock::time_point began_, drawn_;
};

}  // namespace byhand::train
