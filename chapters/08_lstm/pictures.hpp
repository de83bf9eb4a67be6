#pragma once
/// @file
/// The figures of the chapter.
#include "chapters/08_lstm/built_in.hpp"
#include "chapters/08_lstm/by_hand.hpp"
#include "common/plot/figure.hpp"

namespace lstm {

/// The percentages and memories of both companies over the four days.
byhand::plot::Figure gates_figure(const Weights<real>& w);

/// Predictions and losses over the epochs: by hand with the notes' learning rate, and the two runs
/// with learning rate 0.1.
byhand::plot::Figure training_figure(const std::vector<Progress>& by_hand,
                                     const std::vector<Progress>& built_in,
                                     const std::vector<Progress>& by_hand_fast);

}  // namespace lstm

namespace prices {

/// Forecast returns against true ones on the test days, the prices that follow, and the losses of
/// the training.
byhand::plot::Figure forecast_figure(const Split& split, const std::vector<double>& forecasts,
                                     const byhand::train::History& history);

}  // namespace prices
