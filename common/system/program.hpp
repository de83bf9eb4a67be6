#pragma once
/// @file
/// Appliance, system. Running another program: gnuplot, dot.
#include <string>
#include <vector>

namespace byhand {

/// What a run of a program left.
struct ProgramRun {
  bool found = false;  ///< false when there is no such program; then nothing else is set
  int exit_code = 0;   ///< 128 + the signal when it was killed
  std::string output, errors;
};

/// Runs a program, found on PATH, with these arguments (the first is its name), gives it `input`, and waits for its end. No shell reads the
/// arguments. Error when it cannot be started although it is there.
ProgramRun run_program(std::vector<std::string> arguments, const std::string& input);

}  // namespace byhand
