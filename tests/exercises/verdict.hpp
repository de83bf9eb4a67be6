#pragma once
/// @file
/// What the test of an exercise tells the learner: what was expected, what came, and where. Each call adds one row to the verdict and
/// fails the test case when it does not hold. main.cpp prints the rows at the end. Beside it stands common/, below it nothing.
#include <doctest/doctest.h>

#include <string>

#include "common/tensor/array.hpp"

namespace byhand::verdict {

/// Two arrays: are they equal bit for bit, equal within the tolerance, and where do they differ most? Another shape is said, not compared.
void equal(const std::string& name, const Array& expected, const Array& came, double tolerance = 1e-5);
void equal(const std::string& name, double expected, double came, double tolerance = 1e-5);
/// A number the reader foresaw, `came`, and what the model gives, `expected`: said only when both are equal, before that only on which side.
void predicted(const std::string& name, double expected, double came, double tolerance);
/// A number to beat: `came` must be below, or above, the limit. NaN is neither.
void below(const std::string& name, double came, double limit);
void above(const std::string& name, double came, double limit);
/// Anything else, such as that a setting is in range: `otherwise` is the sentence the learner reads when it does not hold.
void holds(const std::string& name, bool ok, const std::string& otherwise);

}  // namespace byhand::verdict
