#pragma once
/// @file
/// The eight parts of the output, in their order; the file with a part's number prints it.
#include "chapters/03_training/moons.hpp"
#include "common/app/options.hpp"

namespace training {

/// The two crescents that several parts work on.
struct Sets {
  moons::Data train, test;
};

/// 1. All points, 20 or one of them in a step. Figures: data, descent.
void three_descents(const byhand::app::Settings& settings, const Sets& sets);

/// 2. Five update rules by hand and built in, through one valley. Figure: paths.
void optimiser_paths(const byhand::app::Settings& settings);

/// 3. A learning rate found by trying ever larger ones. Figure: lr_find.
void find_learning_rate(const byhand::app::Settings& settings, const Sets& sets);

/// 4. Seven schedules by hand and built in, and the transformer's. Figure: schedules.
void schedules(const byhand::app::Settings& settings);

/// 5. What reaches the first layer of a deep network; batch normalisation. Figure: depth.
void deep_gradients(const byhand::app::Settings& settings, const Sets& sets);

/// 6. One gradient clipped by value and by norm, by hand and built in. Figure: clipping.
void clip_gradients(const byhand::app::Settings& settings);

/// 7. Four networks on few noisy points. Figure: overfitting.
void over_fit(const byhand::app::Settings& settings);

/// 8. The loop by hand is the Trainer's; a run goes on from its checkpoint as if never stopped.
void stop_and_resume(const byhand::app::Settings& settings, const Sets& sets);

}  // namespace training
