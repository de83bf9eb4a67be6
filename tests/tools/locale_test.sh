#!/usr/bin/env bash
# Does a program do the same where numbers have commas? locale_test.sh PROGRAM [OPTIONS]
# Runs it twice, in LC_ALL=C and in German, and compares all it printed and wrote, byte for byte. What it starts (gnuplot) obeys the locale
# more than our programs do.
set -euo pipefail
program=${1:?usage: locale_test.sh PROGRAM [OPTIONS]}
shift
program=$(cd "$(dirname "$program")" && pwd -P)/${program##*/}
name=${program##*/}
work=$(mktemp -d "${TMPDIR:-/tmp}/byhand locale.XXXXXX")
trap 'rm -rf "$work"' EXIT

mkdir "$work/locales" "$work/C" "$work/de_DE.UTF-8"
if ! localedef -c -i de_DE -f UTF-8 "$work/locales/de_DE.UTF-8" >"$work/log" 2>&1 && [ ! -d "$work/locales/de_DE.UTF-8" ]; then
  echo "SKIPPED: localedef or its sources are missing (apt install locales)"
  head -n 3 "$work/log"
  exit 77
fi
export LOCPATH=$work/locales
if [ "$(LC_ALL=de_DE.UTF-8 locale decimal_point)" != , ]; then echo "SKIPPED: the German locale that was made is not found" && exit 77; fi

for language in C de_DE.UTF-8; do
  (cd "$work/$language" && LC_ALL=$language LANG=$language "$program" --out made "$@") >"$work/$language/stdout" 2>"$work/$language/stderr" ||
    { echo "$name ended with $? in $language:" && tail -n 3 "$work/$language/stderr" && exit 1; }
done
diff -r "$work/C" "$work/de_DE.UTF-8" >"$work/diff" || { echo "$name: C (<) and German (>) differ:" && head -n 20 "$work/diff" && exit 1; }
files=$(find "$work/C" -type f | wc -l)
echo "$name: $files files are the same in C and in German"
[ "$files" -ge 4 ]  # stdout, stderr, a figure as SVG and PNG, or its script and more
