#pragma once
/// @file
/// Appliance, system. Whether a second thread is worth its while, on a machine that others use too. Of parallel.cpp, in a file of its own for tests.
#include <algorithm>
#include <chrono>

namespace byhand::detail {

/// Notices that other programs have the other cores: then our own piece is long done when the others end, and one thread alone is faster.
/// When the threads have lost more time than they gained, they are left out for some loops, and for twice as many if that was too few.
class Contention {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr int shortest_rest = 1000;  ///< loops

  /// Is this one of the loops to be done alone? Counts it then. A new number of threads (`choice` changes) begins a new account.
  bool take_rest(int choice) {
    if (choice != choice_) *this = Contention();
    choice_ = choice;
    if (rest_ == 0) return false;
    --rest_;
    return true;
  }

  /// A loop took `all`; our own piece, the part `share` of its rows, took `own`.
  void note(double share, Clock::duration own, Clock::duration all) {
    constexpr Clock::duration enough = std::chrono::milliseconds(5);  // so much lost, and the threads are left out
    constexpr Clock::duration worst = std::chrono::milliseconds(1);   // the most that one loop counts against them: alone it proves nothing
    const Clock::duration alone(Clock::rep(double(own.count()) / share));  // what one thread would have taken
    gained_ = std::min(enough, gained_ + std::max(alone - all, -worst));
    if (gained_ == enough) next_rest_ = shortest_rest;  // they have proved their worth
    if (gained_ > -enough) return;
    gained_ = {};
    rest_ = next_rest_;
    next_rest_ = std::min(2 * next_rest_, 32 * shortest_rest);
  }

 private:
  Clock::duration gained_ = {};  // time that the threads saved, less what they cost, between -5 and 5 ms
  int choice_ = 0;               // the set_threads() that the account belongs to
  int rest_ = 0;                 // loops still to be done alone
  int next_rest_ = shortest_rest;
};

}  // namespace byhand::detail
