#pragma once
/// @file
/// What the program prints: one function for each part of its output, in the output's order.
#include "chapters/08_lstm/by_hand.hpp"
#include "chapters/08_lstm/prices.hpp"
#include "chapters/08_lstm/settings.hpp"

namespace lstm {

/// 1. One feedback weight over 50 days.
void why_an_lstm();

/// 2. The video's unit and the notes' numbers beside it; draws the gates of both companies.
void the_video_unit(const Settings& settings);

/// 3. The notes' training by hand: three ways agree, then the predictions on the way.
/// Returns every epoch.
std::vector<Progress> training_by_hand(const Settings& settings);

/// 4. The built-in layer's training, and what explains the difference between the two; draws both.
void training_built_in(const Settings& settings, const std::vector<Progress>& by_hand);

/// 5. A forecaster trained on real prices, judged against "tomorrow = today"; draws the test days.
void real_prices(const Settings& settings, const prices::Split& split);

}  // namespace lstm
