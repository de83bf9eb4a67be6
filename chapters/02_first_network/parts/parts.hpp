#pragma once
/// @file
/// The five parts of the output, in their order; the file with a part's number prints it.
#include <vector>

#include "chapters/02_first_network/dosage.hpp"
#include "common/app/options.hpp"

namespace first_network {

/// 1. The dosage network by hand, as matrices, built in.
void dosage_three_ways();

/// 2. Its last bias trained by gradient descent, by hand and by autograd. Returns the steps by
/// hand.
std::vector<dosage::Step> train_final_bias(const byhand::app::Settings& settings);

/// 3. All seven derivatives of a bent line, and two descents that the book and the video show.
void bent_lines();

/// 4. Softmax, cross-entropy and its derivatives on three irises.
void cross_entropy_on_irises();

/// 5. The same network trained on 112 irises and tested on 38.
void train_on_all_irises(const byhand::app::Settings& settings);

}  // namespace first_network
