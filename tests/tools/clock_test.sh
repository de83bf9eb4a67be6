#!/usr/bin/env bash
# Does a program depend on what the clock says, or on the dates of files? clock_test.sh FAKE_CLOCK PROGRAM, where FAKE_CLOCK is the library
# made of fake_clock.cpp and PROGRAM is 08_lstm or 15_rag.
set -euo pipefail
library=${1:?usage: clock_test.sh FAKE_CLOCK PROGRAM} program=${2:?usage: clock_test.sh FAKE_CLOCK PROGRAM}
library=$(cd "$(dirname "$library")" && pwd -P)/${library##*/}
program=$(cd "$(dirname "$program")" && pwd -P)/${program##*/}
name=${program##*/}
work=$(mktemp -d "${TMPDIR:-/tmp}/byhand clock.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$library" "$work/clock.so"  # LD_PRELOAD takes a blank for the end of a name

failures=0
fail() { failures=$((failures + 1)) && printf '%s: %s\n' "$name" "$*"; }
# at SECONDS COMMAND...: with the clock set to so many seconds since 1970. A name without blanks: relative to here.
at() {
  local seconds=$1
  shift
  LD_PRELOAD=./clock.so BYHAND_CLOCK=$seconds "$@"
}
past=86400 future=4102444800  # 1970-01-02 and 2100-01-01

if [ "$(at $past date -u +%Y)" != 1970 ]; then echo 'SKIPPED: the clock cannot be set by LD_PRELOAD here' && exit 77; fi
same() { diff -r "$1" "$2" >diff.txt || { fail "$3" && head -n 10 diff.txt; }; }

# A training does not look at the clock, and goes on from a checkpoint whatever its date.
lstm() {
  local when
  mkdir now && (cd now && "$program" --quick --out made --checkpoint c >stdout)
  for when in $past $future; do
    mkdir "$when" && cp clock.so "$when" && (cd "$when" && at "$when" "$program" --quick --out made --checkpoint c >stdout && rm clock.so)
    same now "$when" "another run when the clock says $when"
  done
  cp -r now resumed && (cd resumed && "$program" --quick --out made --checkpoint c --resume >stdout)
  touch -d 2100-01-01 now/c && cp -a now again && cp clock.so again
  (cd again && at $past "$program" --quick --out made --checkpoint c --resume >stdout && rm clock.so)
  same resumed again 'another run is resumed from a checkpoint of the future'
}

ask() { "$program" --out made --data notes --store book.sqlite --ask 'Where do penguins live?'; }
says() {  # TEXT WHEN
  grep -q -- "$1" answer.txt || { fail "the answer $2 does not say '$1':" && cat answer.txt; }
}

# The store of passages notices a text that was changed, also where dates say that the text is older than the store.
rag() {
  mkdir notes
  printf '# Birds\n\n## Penguins\n\nPenguins live in the cold south.\n' >notes/birds.md
  ask >answer.txt
  says 'the cold south' 'at first'
  printf '# Birds\n\n## Penguins\n\nPenguins live in a warm house.\n' >notes/birds.md
  touch -d 1990-01-01 notes/birds.md && touch -d 2100-01-01 book.sqlite
  at $past ask >answer.txt
  says 'a warm house' 'after a change that is dated before the store'
  printf '# Birds\n\n## Penguins\n\nPenguins live in the old zoo..\n' >notes/birds.md  # of the same length
  touch -d 1990-01-01 notes/birds.md
  at $future ask >answer.txt
  says 'the old zoo' 'after a change of the same date and length'
  touch -d 2100-01-01 notes/birds.md
  at $past ask >again.txt
  same answer.txt again.txt 'another answer from the same text with a date of the future'
}

case $name in
  08_lstm) lstm ;;
  15_rag) rag ;;
  *) echo "$name: no test of the clock is about it" && exit 2 ;;
esac
if [ "$failures" -eq 0 ]; then echo "$name: neither the clock nor the dates of files matter"; fi
[ "$failures" -eq 0 ]
