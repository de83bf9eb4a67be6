#!/usr/bin/env bash
# The long versions of the tests of the label "hostile": 50 times kill -9 each, 26 sizes of disk, 1 GB of text. Some four minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
./byhand test hostile
for test in kill full_disk big_text; do "tests/tools/${test}_test.sh" build/bin --long; done
