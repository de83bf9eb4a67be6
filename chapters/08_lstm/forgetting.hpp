#pragma once
/// @file
/// Why a plain recurrent network forgets, or explodes: notes 004 § 2, and the reason for the LSTM
/// in notes 000 § 30.
#include "common/autograd/ops.hpp"

namespace lstm {

/// How much the input of day 1 counts after `days` loops over a feedback weight: by hand, w
/// multiplied by itself.
double influence_by_hand(double feedback_weight, int days);

/// The same from autograd: d memory / d first input of an unrolled network
/// with memory = memory * w.
double influence_by_autograd(double feedback_weight, int days);

}  // namespace lstm
