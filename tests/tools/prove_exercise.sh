#!/usr/bin/env bash
# Proves one half of an exercise: the untouched file must fail by the words of its own test, the solution must pass.
#   prove_exercise.sh original|solution PROGRAM
set -euo pipefail
which=$1 program=$2 status=0
out=$("$program" 2>&1) || status=$?
last=$(printf '%s\n' "$out" | sed -n '$p')
case $which in
  original)
    if [ "$status" = 1 ] && [[ $last =~ ^'not yet: '[0-9]+' of '[0-9]+' hold'$ ]]; then exit 0; fi
    if [ "$status" = 0 ]; then echo "the untouched exercise passes: its test asks for nothing"
    else echo "the untouched exercise must fail by its own words, not by a crash, an exception or a time-out (exit $status):"; fi ;;
  solution)
    if [ "$status" = 0 ]; then exit 0; fi
    echo "the solution does not pass (exit $status):" ;;
  *) echo "prove_exercise: original or solution, not '$which'"; exit 2 ;;
esac
printf '%s\n' "$out"
exit 1
