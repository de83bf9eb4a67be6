#pragma once
/// @file
/// Single operations, timed by Google Benchmark where it is installed.
#include <string>
#include <vector>

namespace bench {

/// Options are Google Benchmark's own, such as --benchmark_filter=softmax. Error on another one, or when the library was not found.
void kernels(const std::vector<std::string>& options);

}  // namespace bench
