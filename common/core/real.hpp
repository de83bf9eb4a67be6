#pragma once
/// @file
/// Spine, core. The one number type of the library.

namespace byhand {

/// The type of every number in an Array. Chapters are built with float, which is what PyTorch uses
/// by default; the checks are built a second time with double (BYHAND_DOUBLE), where they can tell
/// a mistake from rounding.
#ifdef BYHAND_DOUBLE
using real = double;
#else
using real = float;
#endif

}  // namespace byhand
