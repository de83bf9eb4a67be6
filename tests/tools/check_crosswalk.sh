#!/usr/bin/env bash
# Is the crosswalk complete, and is there what it names? docs/sections.txt lists the sections of the notes; docs/crosswalk.md has a row for each.
#   check_crosswalk.sh [PROJECT]                 exit 1 and a line for each fault
#   check_crosswalk.sh --notes FOLDER [PROJECT]  is sections.txt right? FOLDER holds the reader's copy of the notes, 000_*.txt to 004_*.txt
set -euo pipefail
export LC_ALL=C  # bytes: the same on every machine

notes=
if [ "${1:-}" = --notes ]; then
  notes=${2:?the folder of the notes is missing}
  shift 2
fi
root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}
sections=$root/docs/sections.txt
for file in "$sections" "$root/docs/crosswalk.md"; do [ -s "$file" ] || { echo "there is no $file"; exit 1; }; done

faults=0
fault() { printf '%s\n' "$*"; faults=$((faults + 1)); }
each_a_fault() { while IFS= read -r line; do [ -z "$line" ] || fault "$line"; done <<< "$1"; }
verdict() { [ "$faults" = 0 ] && echo "crosswalk: no fault" || { echo "crosswalk: $faults faults"; exit 1; }; }

# headings NUMBER FILE: id, tab, line of every section; the scheme is explained at the top of crosswalk.md.
headings() {
  awk -v note="$1" '
    function section(level, line,   i, id) {
      count[level]++
      for (i = level + 1; i < 9; i++) count[i] = 0
      id = count[top]
      for (i = top + 1; i <= level; i++) id = id "." count[i]
      print note " §" id "\t" line
    }
    { sub(/\r$/, "") }
    !code && NF && item {  # a numbered line counts when neither a heading nor the next item follows
      if ($0 !~ /^(#+|[0-9]+\.) /) section(level + 1, item)
      item = 0
    }
    /^ *```/ { code = !code; next }
    code { next }
    /^#+ / {
      level = length($1)
      numbered = /^#+ +[*]*[0-9]+\./
      if (!top) top = level
      if (numbered && level == top) count[top] = $2 - 1
      steps = numbered && level > top
      section(level, NR)
    }
    /^[*][*][0-9]+\./ { section(level + 1, NR) }
    /^[0-9]+\. / && !steps { item = NR }' "$2"
}

if [ -n "$notes" ]; then
  for number in 000 001 002 003 004; do
    set -- "$notes/$number"_*.txt
    [ $# = 1 ] && [ -f "$1" ] || { fault "$notes does not hold one file ${number}_*.txt"; continue; }
    wrong=$(headings "$number" "$1" | awk -F '\t' -v note="$number" '
      FNR == 1 { file++ }
      file == 1 { if (index($1, note " ") == 1) at[$1] = $2; next }
      !($1 in at) { print "line " $2 " of notes " note " is a heading, " $1 ", that is not in sections.txt"; next }
      at[$1] != $2 { print $1 " is on line " $2 " of the notes, sections.txt says " at[$1] }
      { delete at[$1] }
      END { for (id in at) print id " is in sections.txt, but is no heading of the notes" }' "$sections" -)
    each_a_fault "$wrong"
  done
  verdict && exit
fi

# The cells of each row, tab between them: id, name, chapter, function, number, figure.
rows=$(awk '/^\|/ && !/^\| section \|/ && !/^\|[-|]+$/ { gsub(/^\| *| *\|$/, ""); gsub(/ *\| */, "\t"); print }' "$root/docs/crosswalk.md")
column() { printf '%s\n' "$rows" | cut -f "$1" | sort; }
listed() { cut -f "$1" "$sections" | sort; }

wrong=$(
  grep -nvE '^00[0-4] §[0-9.]+	[0-9]+	[^	]+$' "$sections" | sed 's/:.*//; s/^/not id, tab, line, tab, name: sections.txt, line /' || true
  listed 1 | uniq -d | sed 's/$/ is in sections.txt twice/'
  column 1 | uniq -d | sed 's/$/ has more than one row/'
  comm -23 <(listed 1 | uniq) <(column 1 | uniq) | sed 's/$/ has no row/'
  comm -13 <(listed 1 | uniq) <(column 1 | uniq) | sed 's/$/ has a row, but is not in sections.txt/'
  comm -13 <(listed 1,3) <(column 1,2 | uniq) | sed 's/	.*/ has another name in sections.txt/')
each_a_fault "$wrong"

# What the rows name, each thing once: kind, id, thing, the row's chapters that run.
named=$(printf '%s\n' "$rows" | awk -F '\t' '
  function say(kind, thing) { if (!seen[kind, thing, running]++) print kind "\t" $1 "\t" thing "\t" running }
  function each(kind, pattern, text) {
    for (; match(text, pattern); text = substr(text, RSTART + RLENGTH)) say(kind, substr(text, RSTART + 1, RLENGTH - 2))
  }
  { running = ""
    n = split($3, chapters, ", ")
    for (i = 1; i <= n; i++) if (chapters[i] ~ /^\[/) running = running " " substr(chapters[i], 2, index(chapters[i], "]") - 2)
    for (i = 1; i <= n; i++) say("chapter", chapters[i])
    if (NF != 6) say("broken", $1)
    if (running && $4 == "-") say("silent", $1)
    each("function", "`[^`]+`", $4)
    each("number", "`[^`]+`", $5)
    each("figure", "\\([.][^)]+\\)", $6) }')

while IFS='	' read -r kind id thing running; do
  name=${thing#\[} name=${name%%\]*} file=$root/${thing%%:*}
  case "$kind $thing" in
    'chapter reading only') ;;
    'chapter (planned) '[0-9][0-9]_*)
      number=${thing#* }
      for folder in "$root/chapters/${number%%_*}"_*/; do [ ! -d "$folder" ] || fault "$id: $number is no longer planned"; done ;;
    chapter*) [ "$thing" = "[$name](../chapters/$name)" ] && [ -d "$root/chapters/$name" ] || fault "$id: $thing is no chapter" ;;
    function*)  # at the margin of a .cpp, anywhere in a header, but not in a comment
      case $file in *.cpp) before='([^[:space:]].*[^A-Za-z0-9_])?' ;; *) before='(.*[^A-Za-z0-9_])?' ;; esac
      [ -f "$file" ] || { fault "$id: there is no file for $thing"; continue; }
      sed 's|//.*||' "$file" | grep -cE "^$before${thing##*:} *([({:;<]|$)" >/dev/null || fault "$id: $thing is not in that file" ;;
    figure*) [ -f "$root/docs/$thing" ] || fault "$id: dead link: $thing" ;;
    number*)
      found=$(for chapter in $running; do grep -wF -e "$thing" "$root/chapters/$chapter/expected.txt" 2>/dev/null || true; done)
      [ -n "$found" ] || fault "$id: none of its chapters prints $thing" ;;
    broken*) fault "$id: a row has 6 cells" ;;
    silent*) fault "$id: its chapter runs, but no function is named" ;;
  esac
done <<< "$named"

verdict
