#include "common/train/run/interrupt.hpp"

namespace byhand::train {
namespace {
volatile sig_atomic_t interrupted = 0;
int guards = 0;
void remember(int) { interrupted = 1; }
}  // namespace

InterruptGuard::InterruptGuard() {
  if (guards++ == 0) interrupted = 0;
  struct sigaction action = {};
  action.sa_handler = remember;
  sigemptyset(&action.sa_mask);
  action.sa_flags = int(SA_RESTART | SA_RESETHAND);  // RESETHAND: the next Ctrl-C is not caught, for whoever cannot wait
  sigaction(SIGINT, &action, &before_);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &before_, nullptr);
  --guards;
}

bool InterruptGuard::requested() const { return interrupted != 0; }

}  // namespace byhand::train
