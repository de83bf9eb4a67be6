#pragma once
/// @file
/// Spine, core. The word that products are told about their operands.

namespace byhand {

/// Whether a matrix enters a product as it is stored or transposed. Nothing is copied for it.
enum class Transpose { no, yes };

}  // namespace byhand
