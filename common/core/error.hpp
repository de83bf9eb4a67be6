#pragma once
/// @file
/// Spine, core. The one exception of the library, and the check that throws it.
#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace byhand {

/// Something the reader can mend: a shape that does not fit, a bad file, an unknown option. what()
/// is one line that names the thing.
/// A chapter's main prints it and ends with exit code 2 (app/options.hpp).
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws Error with a formatted message: `fail("csv: {}: no column '{}'", file, name)`.
template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> message, Args&&... args) {
  throw Error(fmt::format(message, std::forward<Args>(args)...));
}

/// Throws Error unless `ok`. The message is put together only on failure, so a check costs one
/// branch and the evaluation of its arguments. Where those are costly, in a loop:
/// `if (!ok) fail(…)`.
template <class... Args>
void check(bool ok, fmt::format_string<Args...> message, Args&&... args) {
  if (!ok) [[unlikely]]
    fail(message, std::forward<Args>(args)...);
}

}  // namespace byhand
