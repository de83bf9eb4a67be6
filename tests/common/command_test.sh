#!/usr/bin/env bash
# Tests of ./byhand itself, run by CTest: a small project in a folder with spaces, with stand-ins for compiler, CMake and apt-get that write
# down how they were called. Nothing is built or installed, and what this machine has does not matter.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/byhand test.XXXXXX")
trap 'rm -rf "$work"' EXIT
work=$(cd "$work" && pwd -P)
mkdir -p "$work/p/cmake" "$work/bin" "$work/prefix/lib" "$work/elsewhere"
cp "$project/byhand" "$project/CMakePresets.json" "$work/p/"
cp "$project/cmake/packages.sh" "$work/p/cmake/"
for chapter in 02_first_network 04_policy_gradient 08_lstm; do
  mkdir -p "$work/p/chapters/$chapter" "$work/p/tests/chapters"
  echo '// a program' >"$work/p/chapters/$chapter/main.cpp"
  printf '# Title\n\nAbout %s.\nMore.\n' "$chapter" >"$work/p/chapters/$chapter/README.md"
done
touch "$work/p/tests/chapters/08_lstm_test.cpp"

# ---- the machine that byhand sees ----
for tool in bash env cat sed awk tr id dirname readlink mktemp tail mkdir rm cp touch grep ls chmod sleep; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
for name in xtl xtensor xtensor-blas doctest fmt CLI11 nlohmann_json; do
  mkdir -p "$work/prefix/lib/cmake/$name" && touch "$work/prefix/lib/cmake/$name/${name}Config.cmake"
done
touch "$work/prefix/lib/libopenblas.so"
stand_in() { printf '#!/usr/bin/env bash\n' >"$work/bin/$1" && cat >>"$work/bin/$1" && chmod +x "$work/bin/$1"; }
for tool in c++ clang++ ninja ccache gnuplot; do stand_in $tool <<<'exit 0'; done
stand_in cmake <<'TEXT'
if [ "$1" = --version ]; then echo "cmake version ${CMAKE_STANDIN:-3.25.1}" && exit; fi
echo "cmake $*" >>"$LOG"
if [ "$1" = --preset ]; then
  folder=build; if [ "$2" != release ]; then folder=build-$2; fi
  mkdir -p "$folder" && touch "$folder/build.ninja" && printf 'CMAKE_HOME_DIRECTORY:INTERNAL=%s\nCMAKE_MAKE_PROGRAM:FILEPATH=%s\n' "$PWD" "${0%/*}/ninja" >"$folder/CMakeCache.txt"
  exit
fi
if [ -n "${BREAK:-}" ]; then printf '[1/2] Building\nFAILED: x.o\nc++ a very long command\nmain.cpp:1:1: error: mistake\n' && exit 3; fi
folder=$2 && shift 5 && mkdir -p "$folder/bin"
for target; do
  printf '#!/usr/bin/env bash\necho "$0: ${PWD##*/} $OMP_WAIT_POLICY"; printf "<%%s>" "$@"; echo\nif [ "${1:-}" = --out ]; then mkdir -p "$2" && touch "$2/loss.svg" "$2/loss.png"; fi\nif [ "${1:-}" = --bad ]; then exit 7; fi\n' >"$folder/bin/$target"
  chmod +x "$folder/bin/$target"
done
TEXT
stand_in ctest <<'TEXT'
echo "ctest $*" >>"$LOG"
mkdir -p build/Testing/Temporary && printf '[doctest] test cases: 3 | 3 passed\n[doctest] assertions: 12 | 12 passed\nTest time =   0.10 sec\n' >build/Testing/Temporary/LastTest.log
printf '    Start 1: common\n1/1 Test #1: common ... Passed\n'
exit "${CTEST_STANDIN:-0}"
TEXT
stand_in apt-get <<'TEXT'
echo "apt-get $*" >>"$LOG"
if [ -n "${OFFLINE:-}" ]; then echo 'E: no network'; exit 100; fi
if [ "$1" = install ]; then printf '#!/usr/bin/env bash\n' >"${0%/*}/gnuplot" && chmod +x "${0%/*}/gnuplot"; fi
TEXT
rm "$work/bin/id" && stand_in id <<<'echo 0'

# ---- how a test is written: `expect CODE ARGUMENT...` runs byhand; `says`, `called` look at what came out ----
failures=0 checks=0
wrong() { echo "command_test: $*"; echo "  last: byhand $last"; sed 's/^/  | /' "$work/said"; failures=$((failures + 1)); }
expect() {
  local code=$1 got=0
  shift
  last="$*" checks=$((checks + 1))
  : >"$work/log"
  (cd "$work/elsewhere" && env -i HOME="$work" PATH="$work/bin" LOG="$work/log" CMAKE_PREFIX_PATH="$work/prefix" CMAKE_BUILD_PARALLEL_LEVEL=2 \
    ${with:+"$with"} "${byhand:-$work/p/byhand}" "$@") >"$work/said" 2>&1 </dev/null || got=$?
  if [ "$got" != "$code" ]; then wrong "exit code $got, not $code"; fi
}
says() { checks=$((checks + 1)); grep -qF -- "$1" "$work/said" || wrong "does not say: $1"; }
not_says() { checks=$((checks + 1)); if grep -qF -- "$1" "$work/said"; then wrong "says: $1"; fi; }
called() { checks=$((checks + 1)); grep -qxF -- "$1" "$work/log" || { wrong "did not call: $1" && sed 's/^/  called: /' "$work/log"; }; }
not_called() { checks=$((checks + 1)); if grep -qF -- "$1" "$work/log"; then wrong "called: $1"; fi; }

# usage
for words in '' help --help -h; do expect 0 $words; says 'usage: ./byhand COMMAND'; done
for command in run test list doctor figures clean help; do
  expect 0 $command --help; says "usage: ./byhand"
  expect 0 help $command; says "usage: ./byhand"
done
expect 0 list
says '04_policy_gradient    About 04_policy_gradient.'

# names that are wrong: the near ones, exit 2, nothing configured
expect 2 tset; says 'Near: test'
expect 2 rnu; says 'Near: run'  # two letters swapped are one mistake
expect 2 lstm; says 'Near: run 08_lstm'
expect 2 run; says 'run needs a chapter'
for word in lstn lst 08_lst LTSM 80_lstm; do expect 2 run $word; says 'Near: 08_lstm'; done
for word in polcy policy gradeint 4_policy; do expect 2 run $word; says 'Near: 04_policy_gradient'; done
for word in xyzzyq 99 '' 'a b' 18446744073709551624 '*'; do expect 2 run "$word"; says 'There are: 02_first_network 04_policy_gradient 08_lstm'; done
expect 2 test goldne; says 'Near: golden'
expect 2 test lsmt; says 'Near: 08_lstm'
expect 2 test policy_gradient; says 'has no tests'
expect 2 run --prest debug lstm; says 'Near: --preset'
expect 2 --no-instal run lstm; says 'Near: --no-install'
expect 2 test --hlep; says 'Near: --help'
expect 2 --preset debgu test; says 'Near: debug'
expect 2 test --preset; says 'release debug no-openmp clang'
expect 2 clean lstm; says "takes no argument 'lstm'"
not_called cmake

# run: the four names, options handed on, the caller's folder, configured once
for word in 8 08 lstm 08_lstm LSTM chapters/08_lstm/; do expect 0 run $word; says "08_lstm: elsewhere passive"; done
not_called --preset
called "cmake --build $work/p/build --parallel 2 --target 08_lstm"
expect 0 run --preset debug policy-gradient
called 'cmake --preset debug'
called "cmake --build $work/p/build-debug --parallel 2 --target 04_policy_gradient"
expect 0 run lstm --epochs 10 --data 'a b.csv' --no-install --help -- --preset x
says '<--epochs><10><--data><a b.csv><--help><--preset><x>'
expect 7 run lstm --bad
with=OMP_WAIT_POLICY=active expect 0 run lstm; says 'elsewhere active'
with=BREAK=1 expect 3 run lstm; says 'main.cpp:1:1: error: mistake'; not_says 'a very long command'; not_says '[1/2]'

# through symbolic links, and after the project was moved
ln -s "../p/byhand" "$work/elsewhere/one" && ln -s one "$work/elsewhere/two"
byhand=./two expect 0 run lstm; not_called --preset
mv "$work/p" "$work/q" && byhand=$work/q/byhand expect 0 run lstm && called 'cmake --preset release' && mv "$work/q" "$work/p"
echo "CMAKE_CXX_COMPILER:FILEPATH=$work/bin/gone" >>"$work/p/build/CMakeCache.txt"
touch "$work/p/build/left-over"
expect 0 run lstm; says 'starting it afresh'; called 'cmake --preset release'
if [ -e "$work/p/build/left-over" ]; then wrong "the old build folder is still there"; fi

# test
expect 0 test
called "cmake --build $work/p/build --parallel 2"
called 'ctest --preset release --parallel 2'
says 'release: 1 test programs, 3 cases, 12 checks'; not_says 'Start'
expect 0 test 8 golden
called "cmake --build $work/p/build --parallel 2 --target tests_lstm tests_golden"
called 'ctest --preset release --parallel 2 -L ^(lstm|golden)$'
with=CTEST_STANDIN=8 expect 1 test common

# figures: drawn aside, only SVG is kept, and only what the repository shows
expect 0 figures lstm
if [ "$(ls "$work/p/chapters/08_lstm/figures")" != loss.svg ]; then wrong 'figures holds more than loss.svg'; fi
printf '![](figures/other.svg)\n' >>"$work/p/chapters/04_policy_gradient/README.md"
expect 0 figures 4
if [ -e "$work/p/chapters/04_policy_gradient/figures" ]; then wrong 'a figure was kept that no README shows'; fi

# packages: said, printed, installed; only figures can be done without
rm "$work/bin/gnuplot"
expect 2 run lstm --no-install
says 'missing: gnuplot'; says 'apt-get update'; says 'apt-get install -y --no-install-recommends gnuplot-nox'; not_called apt-get
with=OFFLINE=1 expect 0 run lstm; says 'E: no network'; says 'going on without gnuplot'
expect 0 run lstm; not_called apt-get
expect 0 figures lstm; called 'apt-get install -y --no-install-recommends gnuplot-nox -o DPkg::Lock::Timeout=300'
with=CMAKE_STANDIN=3.21.9 expect 2 run lstm --no-install; says 'missing: CMake >= 3.22'
with=CMAKE_STANDIN=4.0.1 expect 0 run lstm
rm "$work/bin/apt-get" "$work/bin/gnuplot" "$work/bin/c++" "$work/bin/clang++"
for manager in 'dnf:dnf install gcc-c++ gnuplot' 'pacman:pacman -S gcc gnuplot' 'brew:brew install llvm gnuplot'; do
  stand_in "${manager%%:*}" <<<"echo ${manager%%:*} >>\"\$LOG\""
  expect 2 run lstm; says "${manager#*:}"; not_called "${manager%%:*}"
  rm "$work/bin/${manager%%:*}"
done

# clean
expect 0 clean; says 'removing build'; says 'removing build-debug'
expect 0 clean; says 'nothing to remove'
echo "command_test: $checks checks, $failures failed"
[ "$failures" -eq 0 ]
