#pragma once
/// @file
/// Appliance, train/run. Ctrl-C as a polite request.
#include <signal.h>

namespace byhand::train {

/// While one is alive, the first SIGINT only sets a flag; a second one ends the program as usual. The handler there was before is put
/// back at the end. Guards may be nested: the inner ones see the request and leave it standing for the outer ones.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// True once SIGINT has come.
  bool requested() const;

 private:
  struct sigaction before_;
};

}  // namespace byhand::train
