#!/usr/bin/env bash
# Builds the preset "fuzz" and runs the targets: run.sh [SECONDS a target, 20] [TARGET...]
# A line for each target; exit 1 when one found something. $BYHAND_FUZZ_BUILD is the folder to build in, build-fuzz unless set.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$here/../.." && pwd)

seconds=20
if [ $# -gt 0 ]; then
  seconds=$1
  shift
fi
if ! [[ $seconds =~ ^[1-9][0-9]{0,5}$ ]]; then
  echo "run.sh: '$seconds' is not a number of seconds; usage: run.sh [SECONDS] [TARGET...]" >&2
  exit 2
fi
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for folder in "$here"/seeds/*/; do targets+=("$(basename "$folder")"); done
fi
for target in "${targets[@]}"; do
  if ! [ -f "$here/$target.cpp" ] || ! [ -d "$here/seeds/$target" ]; then
    echo "run.sh: no target '$target'; there are: $(cd "$here/seeds" && echo *)" >&2
    exit 2
  fi
done

build=${BYHAND_FUZZ_BUILD:-$project/build-fuzz}
mkdir -p "$build"
build=$(cd "$build" && pwd)
log=$build/fuzz-build.log
generator=()
if ! [ -f "$build/CMakeCache.txt" ] && command -v ninja >/dev/null; then generator=(-G Ninja); fi
if ! { (cd "$project" && cmake --preset fuzz -B "$build" "${generator[@]}") &&
  cmake --build "$build" --target "${targets[@]/#/fuzz_}"; } >"$log" 2>&1; then
  tail -n 30 "$log" >&2
  echo "run.sh: the build failed; all of it is in $log" >&2
  exit 2
fi

scratch=$(mktemp -d "$([ -d /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/byhand-fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch                # inputs are written here before they are read
export ASAN_OPTIONS=quarantine_size_mb=16:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
mkdir -p "$build/crashes" "$build/fuzz-logs"

number_after() {  # KEY FILE: the last number behind a key, or ?
  grep -Eo "$1 *:? *[0-9]+" "$2" | tail -n 1 | grep -Eo '[0-9]+$' || echo '?'
}

found=0
printf '%-14s %12s %8s %8s  %s\n' target runs corpus seconds exit
for target in "${targets[@]}"; do
  corpus=$build/corpus/$target
  crashes=$build/crashes/$target-
  said=$build/fuzz-logs/$target
  mkdir -p "$corpus"
  cp "$here/seeds/$target/"* "$corpus"
  options=(-rss_limit_mb=512 -malloc_limit_mb=256 -timeout=60)  # 2 s of the processor's time are fuzz.cpp's limit
  if [ -f "$here/dictionaries/$target.dict" ]; then options+=("-dict=$here/dictionaries/$target.dict"); fi
  begin=$SECONDS
  code=0
  "$build/fuzz/fuzz_$target" "${options[@]}" -max_total_time="$seconds" -max_len=4096 -print_final_stats=1 \
    -artifact_prefix="$crashes" "$corpus" >"$said" 2>&1 || code=$?
  printf '%-14s %12s %8s %8s  %s\n' "$target" "$(number_after stat::number_of_executed_units "$said")" \
    "$(find "$corpus" -type f | wc -l)" $((SECONDS - begin)) "$code"
  if [ "$code" -ne 0 ]; then
    found=1
    grep -E '^(fuzz:|==[0-9]+== ?ERROR|SUMMARY:)|runtime error:' "$said" | head -n 4 | sed 's/^/  /' || true
    crash=$(grep -Eo "Test unit written to .*" "$said" | tail -n 1 | sed 's/^Test unit written to //' || true)
    repeat=$(printf '%q ' "$build/fuzz/fuzz_$target" "${options[@]:0:3}" "${crash:-$corpus}")
    echo "  again: $repeat"
    if [ -n "$crash" ]; then echo "$repeat" >"$crash.again"; fi
  fi
done
exit $found
