#!/usr/bin/env bash
# Does docs/errata.md hold? Each row has five columns, names sections that docs/sections.txt has and lines that lie in them; each `./byhand run X`
# of "see it" names a chapter, and what stands there in code font with a digit in it is printed by it (expected.txt); what is called planned
# is not there yet; and the counts at the top are those of the tables.
#   check_errata.sh [PROJECT]   exit 1 and a line for each fault
set -euo pipefail
export LC_ALL=C  # bytes: the same on every machine
root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}
page=$root/docs/errata.md sections=$root/docs/sections.txt

[ -f "$page" ] || { echo "errata: there is no docs/errata.md"; exit 1; }
[ -f "$sections" ] || { echo "errata: there is no docs/sections.txt"; exit 1; }

chapters=
for folder in "$root"/chapters/[0-9][0-9]_*/; do
  if [ -d "$folder" ]; then chapters="$chapters $(basename "$folder")"; fi
done

awk -v root="$root" -v sections="$sections" -v chapters="$chapters" '
  function fault(text) { print "docs/errata.md:" FNR ": " text; faults += 1 }
  function trimmed(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); return text }

  # The chapter that `./byhand run WORD` means: 08, 8, lstm or 08_lstm; "" when there is none.
  function chapter_named(word,    k, n, names) {
    n = split(chapters, names, " ")
    for (k = 1; k <= n; k += 1)
      if (word == names[k] || word == substr(names[k], 4) || (word ~ /^[0-9]+$/ && word + 0 == substr(names[k], 1, 2) + 0)) return names[k]
    return ""
  }

  # What the chapter prints, on one line; read once.
  function printed_by(chapter,    file, line) {
    if (!(chapter in output)) {
      file = root "/chapters/" chapter "/expected.txt"
      output[chapter] = " "
      while ((getline line < file) > 0) if (line !~ /^#/) output[chapter] = output[chapter] line " "
      close(file)
      gsub(/[ \t]+/, " ", output[chapter])
    }
    return output[chapter]
  }

  # Is it in the text, and not as a piece of a longer number?
  function stands_in(text, what,    at, before, after) {
    while ((at = index(text, what)) > 0) {
      before = at > 1 ? substr(text, at - 1, 1) : " "
      after = substr(text, at + length(what))
      if (!(what ~ /^[-0-9.]/ && before ~ /[-0-9.,]/) && !(what ~ /[0-9]$/ && after ~ /^([0-9]|[.,][0-9]|e[-+0-9])/)) return 1
      text = " " substr(text, at + 1)
    }
    return 0
  }

  # "000 §19.1, lines 59 and 60; 000 §20.1, line 122"
  function check_places(cell,    part, n, k, place, rest, number) {
    n = split(cell, part, ";")
    for (k = 1; k <= n; k += 1) {
      place = trimmed(part[k])
      if (place !~ /^[0-9][0-9][0-9] §[0-9.]*[0-9], lines? [0-9]/) { fault("not \"000 §1.2, line 3\": " place); continue }
      rest = place
      sub(/,.*/, "", place)
      sub(/^[^,]*, lines? /, "", rest)
      if (!(place in first)) { fault("docs/sections.txt has no " place); continue }
      while (match(rest, /[0-9]+/)) {
        number = substr(rest, RSTART, RLENGTH) + 0
        rest = substr(rest, RSTART + RLENGTH)
        if (number < first[place] || (place in last && number > last[place])) fault("line " number " is not in " place)
      }
    }
  }

  function check_see_it(cell,    text, span, chapter, named, k, n, spans, found) {
    text = cell
    while (match(text, /`[^`]*`/)) {
      span = substr(text, RSTART + 1, RLENGTH - 2)
      text = substr(text, RSTART + RLENGTH)
      if (span !~ /^\.\/byhand run /) { if (span ~ /[0-9]/) spans[++n] = span; continue }
      sub(/^\.\/byhand run /, "", span)
      sub(/ .*/, "", span)
      chapter = chapter_named(span)
      if (chapter == "") fault("`./byhand run " span "`: no such chapter"); else named[chapter] = 1
    }
    for (k = 1; k <= n; k += 1) {
      found = 0
      for (chapter in named) found = found || stands_in(printed_by(chapter), spans[k])
      if (!found) fault("`" spans[k] "` is not in the expected.txt of a chapter that the row runs")
    }
    text = cell
    while (match(text, /\(planned\) [0-9a-z_]+/)) {
      span = substr(text, RSTART + 10, RLENGTH - 10)
      text = substr(text, RSTART + RLENGTH)
      if (chapter_named(span) != "") fault(span " is there, not planned")
    }
  }

  function row(line,    cell, columns, k) {
    rows += 1
    gsub(/\\\|/, "", line)  # a bar that is text
    columns = split(trimmed(line), cell, "|") - 2
    if (columns != 5 || cell[1] != "" || cell[columns + 2] != "") { fault("not exactly five columns: " line); return }
    for (k = 2; k <= 6; k += 1) if (trimmed(cell[k]) == "") fault("column " k - 1 " is empty: " line)
    check_places(trimmed(cell[2]))
    check_see_it(cell[6])
    if (misread) { easily += 1; return }
    mistakes += 1
    if (cell[4] ~ /\*\*/) numbers += 1
    if (index(line, "| " notes " ") != 1 && index(line, "; " notes " ") == 0) fault("no place in notes " notes ": " cell[2])
  }

  BEGIN {  # the first and the last line of each section: it ends where the next one of its file begins
    while ((getline < sections) > 0) {
      split($0, part, "\t")
      first[part[1]] = part[2] + 0
      if (before != "" && substr(before, 1, 3) == substr(part[1], 1, 3)) last[before] = part[2] - 1
      before = part[1]
    }
  }
  { sub(/\r$/, "") }
  /^```/ { block = !block }
  block { next }
  /^[0-9]+ mistakes, [0-9]+ of which / && !stated { stated = FNR; split($0, word, " "); claim = word[1] " " word[3]; match($0, /and [0-9]+ places/); claim = claim " " substr($0, RSTART + 4, RLENGTH - 11) }
  /^## / { misread = ($0 == "## Easily misread"); notes = ($2 == "Notes") ? substr($3, 1, 3) : "" }
  !/[^ \t]/ || /^#/ { line_in_table = 0; next }
  line_in_table || /^[ \t]*\|/ {
    line_in_table += 1
    if (line_in_table == 1) { if ($0 != (misread ? "| section | easily read as | meant | why | see it |" : "| section | the notes say | right | why | see it |")) fault("another heading: " $0) }
    else if (line_in_table == 2) { if ($0 !~ /^\|(---\|)+$/) fault("no line of dashes below the heading: " $0) }
    else row($0)
  }
  END {
    if (!rows) { print "docs/errata.md: no rows"; faults += 1 }
    if (claim != mistakes + 0 " " numbers + 0 " " easily + 0) {
      print "docs/errata.md:" stated + 0 ": the counts at the top are not " mistakes + 0 " mistakes, " numbers + 0 " numbers, " easily + 0 " misread"
      faults += 1
    }
    print "errata: " rows + 0 " rows"
    exit faults > 0
  }' "$page"
