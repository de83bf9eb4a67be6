#!/usr/bin/env bash
# Texts that are too large: chapters 06, 14 and 15 keep the whole text in memory, so they say up to which size (--help), and refuse more at
# once, in one line, without reading it. Where memory ends before that, one line says so, too.
#   big_text_test.sh FOLDER [--long]      FOLDER holds 06_word2vec, 14_bert, 15_rag
# Long: a real gigabyte of text (deleted afterwards), and how memory grows with the text, which must be no more than the help and the
# headers say.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
project=$(cd "$here/../.." && pwd -P)
if [ $# -lt 1 ] || [ ! -x "$1/06_word2vec" ]; then echo 'usage: big_text_test.sh FOLDER [--long]' && exit 2; fi
bin=$(cd "$1" && pwd -P)
long=$([ "${2:-}" = --long ] && echo yes || echo no)
if [ ! -x /usr/bin/time ]; then echo 'big_text_test: skipped: memory is measured by /usr/bin/time (package time), which is not installed' && exit 77; fi
work=$(mktemp -d "${TMPDIR:-/tmp}/byhand text.XXXXXX")
work=$(cd "$work" && pwd -P)
trap 'rm -rf "$work"' EXIT
export BYHAND_HOME=$project OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive BYHAND_GNUPLOT=/none
failures=0 checks=0
wrong() { echo "big_text_test: $*" && failures=$((failures + 1)); }

# text MEGABYTES FILE: words of which a few are frequent and many are not, a sentence a line. Ten megabytes of them, again and again.
text() {
  local i
  if [ ! -f "$work/ten" ]; then
    awk 'BEGIN { srand(5); n = 100000
      for (i = 0; i < n; ++i) { x = i; w = ""; do { w = w substr("etaoinshrdlu", x % 12 + 1, 1); x = int(x / 12) } while (x > 0); word[i] = w }
      while (bytes < 1e7) { line = ""; for (k = 8 + int(rand() * 12); k > 0; --k) line = line word[int(exp(rand() * log(n))) - 1] " "
        bytes += length(line) + 1; print line; if (rand() < 0.05) print "" } }' >"$work/more"
    { head -c 9999999 "$work/more" && echo; } >"$work/ten"
  fi
  : >"$2"
  for ((i = 0; i < $1 / 10; ++i)); do cat "$work/ten" >>"$2"; done
}

# run PROGRAM ARGUMENT...: sets `code`, `megabytes` (peak memory) and `line`, what it said on standard error.
run() {
  code=0
  /usr/bin/time -f 'peak %M' -o "$work/peak" "$bin/$1" "${@:2}" >"$work/out" 2>"$work/err" </dev/null || code=$?
  megabytes=$(($(sed -n 's/^peak //p' "$work/peak") / 1024)) line=$(cat "$work/err")
}

refused() {  # MEGABYTES LINE PROGRAM ARGUMENT...: at most so much memory, and this line (a glob)
  local most=$1 wanted=$2 began=$SECONDS
  shift 2
  run "$@"
  checks=$((checks + 1))
  # shellcheck disable=SC2053
  if [ "$code" != 2 ] || [[ $line != $wanted ]]; then wrong "$*: exit code $code: $line"; fi
  if [ "$megabytes" -gt "$most" ]; then wrong "$*: took $megabytes MB to refuse it, not at most $most"; fi
  if [ $((SECONDS - began)) -gt 60 ]; then wrong "$*: took $((SECONDS - began)) s to refuse it"; fi
}

too_large() {  # FILE of 1 GB, FOLDER of as much
  refused 100 '06_word2vec: *: 1000000000 bytes, more than the limit of 268435456' 06_word2vec --out "$work/out06" --data "$1"
  refused 100 '14_bert: *: 1000000000 bytes, more than the limit of 268435456' 14_bert --out "$work/out14" --data "$1"
  refused 100 '14_bert: *: 1000000000 bytes, more than the limit of 268435456' 14_bert --out "$work/out14" --classify "$1"
  refused 100 '15_rag: *: 1000000000 bytes, more than the limit of 67108864' 15_rag --out "$work/out15" --store "$work/s.sqlite" --data "$1" --ask 'who paints the river?'
  refused 100 '15_rag: *: its files have 1000000000 bytes of text, more than the limit of 268435456; *' \
    15_rag --out "$work/out15" --store "$work/s.sqlite" --data "$2" --ask 'who paints the river?'
  if [ -e "$work/s.sqlite" ]; then wrong 'a store was made of a text that was refused'; fi
}

# ---- a gigabyte, and a file without an end ----

mkdir "$work/folder"
truncate -s 1000000000 "$work/large.txt"
for part in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do truncate -s 50000000 "$work/folder/$part.txt"; done
too_large "$work/large.txt" "$work/folder"
refused 900 '06_word2vec: /dev/zero: more than the limit of 268435456 bytes' 06_word2vec --out "$work/out06" --data /dev/zero
refused 900 '14_bert: /dev/zero: more than the limit of 268435456 bytes' 14_bert --out "$work/out14" --data /dev/zero
rm -rf "$work/large.txt" "$work/folder"

# ---- less memory than the text needs ----

text 20 "$work/text.txt"
(
  ulimit -v 300000
  run 06_word2vec --out "$work/out06" --data "$work/text.txt" --epochs 1
  if [ "$code" != 2 ] || [ "$line" != '06_word2vec: out of memory' ]; then echo "big_text_test: with 300 MB of memory: exit code $code: $line" && exit 1; fi
) || failures=$((failures + 1))
checks=$((checks + 1))

# ---- how memory grows ----

grows() {  # MOST PROGRAM ARGUMENT...: bytes of memory for a byte of text, from 10 MB to 50 MB
  local most=$1 small growth began=$SECONDS
  shift
  text 10 "$work/text.txt" && run "$@" && small=$megabytes
  if [ "$code" != 0 ]; then wrong "$1: $line" && return; fi
  text 50 "$work/text.txt" && run "$@"
  growth=$(((megabytes - small) / 40)) checks=$((checks + 1))
  echo "big_text_test: $1: $small MB for 10 MB of text, $megabytes MB for 50 MB: $growth bytes a byte; $((SECONDS - began)) s"
  if [ "$code" != 0 ] || [ "$growth" -gt "$most" ]; then wrong "$1: more than $most bytes of memory for a byte of text; $line"; fi
}

if [ "$long" = yes ]; then
  free=$(df --output=avail -B 1000000 "$work" | tail -1)
  if [ "$free" -lt 2500 ]; then
    echo "big_text_test: skipped: a gigabyte of text, there are only $free MB free in ${TMPDIR:-/tmp}"
  else
    text 1000 "$work/large.txt" && mkdir "$work/folder" && split -b 50000000 --additional-suffix=.txt "$work/large.txt" "$work/folder/"
    too_large "$work/large.txt" "$work/folder"
    rm -rf "$work/large.txt" "$work/folder"
  fi
  grows 25 06_word2vec --out "$work/out06" --data "$work/text.txt" --epochs 1 --width 2 --window 1 --negatives 1
  grows 15 14_bert --out "$work/out14" --data "$work/text.txt" --quick --epochs 1
  grows 25 15_rag --out "$work/out15" --store :memory: --data "$work/text.txt" --ask 'what did the noise do?' --retriever bm25
fi
echo "big_text_test: $checks checks, $failures failed"
[ "$failures" -eq 0 ]
