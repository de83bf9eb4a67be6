#pragma once
/// @file
/// Appliance, system. What a program does before anything else.

namespace byhand {

/// Call first in main. Keeps freed memory in the process: a training step makes and drops many temporaries, and handing each back to the
/// kernel (glibc's default) makes a step 2 to 7 times slower. And a file that grows
/// beyond the limit of `ulimit -f` is an error like a full disk, not the end of the program. A standard stream that was closed is opened
/// again, to nowhere: otherwise the next file would take its number.
void start_process();

}  // namespace byhand
