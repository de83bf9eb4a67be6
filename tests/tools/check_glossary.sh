#!/usr/bin/env bash
# Is docs/glossary.md a glossary? At least 120 rows, each with its four columns: Korean in Hangul, English that stands in no other row,
# symbol, place in the code. (That the places exist is check_pages.sh's business.)
#   check_glossary.sh [PROJECT]   exit 1 and a line for each fault
set -euo pipefail
export LC_ALL=C  # bytes: the same on every machine
root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}
page=$root/docs/glossary.md
least=120

[ -f "$page" ] || { echo "glossary: there is no docs/glossary.md"; exit 1; }

awk -v least="$least" '
  function fault(text) { print "docs/glossary.md:" NR ": " text; faults += 1 }
  function trimmed(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); return text }

  # U+AC00 to U+D7A3 as bytes.
  function has_hangul(text) { return text ~ /\352[\260-\277][\200-\277]|[\353\354][\200-\277][\200-\277]|\355[\200-\236][\200-\277]/ }

  function row(line,    cell, columns, names, k, n, name) {
    terms += 1
    gsub(/\\\|/, "", line)  # a bar that is text
    line = trimmed(line)
    columns = split(line, cell, "|") - 2
    if (columns != 4 || cell[1] != "" || cell[columns + 2] != "") { fault("not exactly four columns: " line); return }
    if (!has_hangul(cell[2])) fault("no Hangul in the first column: " line)
    if (trimmed(cell[3]) == "") { fault("no English: " line); return }
    n = split(cell[3], names, ",")
    for (k = 1; k <= n; k += 1) {
      name = tolower(trimmed(names[k]))
      if (name in line_of) fault("the English term \"" name "\" stands in line " line_of[name] " already")
      else line_of[name] = NR
    }
  }

  { sub(/\r$/, "") }
  /^```/ { block = !block }
  block { next }
  # A table: a heading, a line of dashes, then rows up to the next empty line.
  !/[^ \t]/ || /^#/ { line_in_table = 0; next }
  line_in_table || /^[ \t]*\|/ {
    line_in_table += 1
    if (line_in_table == 1) { if ($0 != "| Korean (notes) | English | symbol | in the code |") fault("another heading: " $0) }
    else if (line_in_table == 2) { if ($0 !~ /^\|(---\|)+$/) fault("no line of dashes below the heading: " $0) }
    else row($0)
  }
  END {
    if (terms < least) { print "docs/glossary.md: " terms + 0 " rows, fewer than " least; faults += 1 }
    print "glossary: " terms + 0 " terms"
    exit faults > 0
  }' "$page"
