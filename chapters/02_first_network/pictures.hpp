#pragma once
/// @file
/// The figures of the chapter.
#include "chapters/02_first_network/dosage.hpp"
#include "common/plot/figure.hpp"

namespace first_network {

/// The bent line over the dose, before and after training final_bias, with the three data points.
byhand::plot::Figure dosage_figure();
/// final_bias and the loss over the epochs.
byhand::plot::Figure descent_figure(const std::vector<dosage::Step>& run);
/// Activation functions and their derivatives (from autograd).
byhand::plot::Figure activations_figure();
/// Cross-entropy and squared residual over the probability of the true class.
byhand::plot::Figure losses_figure();

}  // namespace first_network
