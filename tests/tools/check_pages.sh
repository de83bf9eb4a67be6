#!/usr/bin/env bash
# Do the pages say what is there? For every chapter: its README has all parts of the spine; each figure it shows exists and each figure that
# exists is shown and stands in the output block; its exercises are complete and named. In every page: each file:function exists and no link
# inside the repository is dead.
#   check_pages.sh [PROJECT]        checks all; exit 1 and a line for each fault
#   check_pages.sh --output README  prints the page's output block (compare_output holds it against expected.txt)
#   check_pages.sh --drawn FOLDER OUT  did the program draw, in OUT, every figure committed in the chapter's FOLDER?
set -euo pipefail

faults=0
fault() { printf '%s\n' "$*"; faults=$((faults + 1)); }
verdict() { [ "$faults" = 0 ] && echo "pages: no fault" || { echo "pages: $faults faults"; exit 1; }; }
output_block() { awk '/^```text$/ { inside = 1; next } /^```$/ && inside { exit } inside' "$1"; }

case ${1:-} in
  --output) output_block "$2" && exit ;;
  --drawn)
    for figure in "$2"/figures/*.svg; do
      name=$(basename "$figure" .svg)
      # Without gnuplot, or without Graphviz, what they would draw from lies there instead.
      [ -f "$3/$name.svg" ] || [ -f "$3/$name.gp" ] || [ -f "$3/$name.dot" ] || fault "$(basename "$2") did not draw $name.svg, which its page shows"
    done
    verdict && exit ;;
esac
root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}

spine='Goal
Sections of the notes
Before you start
Run it
What you will see
Figure
How the code follows the notes
Where we differ from the notes, and why
Exercises
Next'

# names_code PAGE FOLDER: each `file:function` of the page, the file relative to FOLDER or to the project, must exist.
names_code() {
  local file function path
  while IFS=: read -r file function; do
    path=$2/$file
    [ -f "$path" ] || path=$root/$file
    if [ ! -f "$path" ]; then
      fault "${1#"$root"/} names $file:$function: there is no $file"
    elif ! grep -qE "(^|[^A-Za-z0-9_])${function#*::}([^A-Za-z0-9_]|$)" "$path"; then
      fault "${1#"$root"/} names $file:$function: it is not in that file"
    fi
  done < <(grep -oE '`[A-Za-z0-9_./-]+\.(cpp|hpp|sh):[A-Za-z_:]+`' "$1" | tr -d '`')
}

section() { awk -v k="$2" '/^## / { on = ($2 == k); next } on' "$1"; }

exercises_are_complete() {  # CHAPTER FOLDER PAGE
  local number=${1%%_*} count=0 test name k title
  for test in "$2"ex[0-9]_*_test.cpp; do
    [ -f "$test" ] || break
    count=$((count + 1))
    name=$(basename "$test" _test.cpp) k=${name#ex} k=${k%%_*}
    for file in "originals/$name.hpp" "solutions/$name.hpp"; do
      [ -f "$2$file" ] || { fault "$1: exercises/$file is missing"; continue; }
      title=$(sed -n "1s|^// Exercise $number\.$k: ||p" "$2$file")
      [ -n "$title" ] || fault "$1/exercises/$file: the first line is not '// Exercise $number.$k: title'"
      grep -qF "| $number.$k $title |" "$3" || fault "$1/README.md does not name the exercise '$number.$k $title'"
    done
    grep -q TODO "$2originals/$name.hpp" || fault "$1: originals/$name.hpp has no TODO"
    ! grep -q TODO "$2solutions/$name.hpp" || fault "$1: solutions/$name.hpp still has a TODO"
    [ "$k" = "$count" ] || fault "$1: the exercises are not numbered 1, 2, 3, …: $name"
    [ "$(section "$2hints.md" "$k" 2>/dev/null | grep -c '^- ')" -ge 2 ] || fault "$1: exercises/hints.md has less than two hints for $number.$k"
    [ "$(section "$2solutions/explanations.md" "$k" 2>/dev/null | grep -c .)" -ge 2 ] || fault "$1: no explanation of $number.$k"
  done
  [ "$count" -ge 3 ] && [ "$count" -le 6 ] || fault "$1 has $count exercises, not 3 to 6"
}

for folder in "$root"/chapters/[0-9][0-9]_*/; do
  chapter=$(basename "$folder")
  page=$folder/README.md
  [ -f "$page" ] || { fault "$chapter: no README.md"; continue; }
  [ "$(grep '^## ' "$page" | sed 's/^## //')" = "$spine" ] || fault "$chapter/README.md: its headings are not the spine: $(grep '^## ' "$page" | tr '\n' ' ')"
  grep -q "^# ${chapter%%_*} ${chapter#*_}: " "$page" || fault "$chapter/README.md: the first line is not '# ${chapter%%_*} ${chapter#*_}: …'"
  for figure in "$folder"figures/*.svg; do
    name=$(basename "$figure" .svg)
    grep -qF "(figures/$name.svg)" "$page" || fault "$chapter/README.md does not show figures/$name.svg"
    grep -qE "/$name\.(svg|dot)$" <<<"$(output_block "$page")" || fault "$chapter/README.md: its output block does not name $name.svg"
  done
  exercises_are_complete "$chapter" "${folder}exercises/" "$page"
done

while IFS= read -r page; do
  names_code "$page" "$(dirname "$page")"
  while IFS= read -r link; do
    case $link in http://* | https://* | '#'*) continue ;; esac
    [ -e "$(dirname "$page")/${link%%#*}" ] || fault "${page#"$root"/}: dead link: $link"
  done < <(sed '/^```/,/^```/d' "$page" | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//' || true)
done < <(find "$root/README.md" "$root/chapters" "$root/datasets" "$root/docs" -name '*.md' 2>/dev/null)

verdict
