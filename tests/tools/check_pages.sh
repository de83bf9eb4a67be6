#!/usr/bin/env bash
# Do the pages say what is there? For every chapter: its README has all parts of the spine; each figure it shows exists, and each figure that
# exists is shown; each file:function it names exists; and no link inside the repository is dead, in any page.
#   check_pages.sh [PROJECT]        checks all; exit 1 and a line for each fault
#   check_pages.sh --output README  prints the page's output block (compare_output holds it against expected.txt)
set -euo pipefail

if [ "${1:-}" = --output ]; then
  awk '/^```text$/ { inside = 1; next } /^```$/ && inside { exit } inside' "$2"
  exit
fi
root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}
faults=0
fault() { printf '%s\n' "$*"; faults=$((faults + 1)); }

spine='Goal
Sections of the notes
Before you start
Run it
What you will see
Figure
How the code follows the notes
Where we differ from the notes, and why
Next'

for folder in "$root"/chapters/[0-9][0-9]_*/; do
  chapter=$(basename "$folder")
  page=$folder/README.md
  [ -f "$page" ] || { fault "$chapter: no README.md"; continue; }
  [ "$(grep '^## ' "$page" | sed 's/^## //')" = "$spine" ] || fault "$chapter/README.md: its headings are not the spine: $(grep '^## ' "$page" | tr '\n' ' ')"
  grep -q "^# ${chapter%%_*} ${chapter#*_}: " "$page" || fault "$chapter/README.md: the first line is not '# ${chapter%%_*} ${chapter#*_}: …'"
  for figure in "$folder"figures/*.svg; do
    grep -qF "(figures/$(basename "$figure"))" "$page" || fault "$chapter/README.md does not show figures/$(basename "$figure")"
  done
  while IFS=: read -r file function; do
    if [ ! -f "$folder$file" ]; then
      fault "$chapter/README.md names $file:$function: there is no $file"
    elif ! grep -qE "(^|[^A-Za-z0-9_])$function([^A-Za-z0-9_]|$)" "$folder$file"; then
      fault "$chapter/README.md names $file:$function: it is not in that file"
    fi
  done < <(grep -oE '`[a-z_]+\.(cpp|hpp):[A-Za-z_]+`' "$page" | tr -d '`')
done

while IFS= read -r page; do
  while IFS= read -r link; do
    case $link in http://* | https://* | '#'*) continue ;; esac
    [ -e "$(dirname "$page")/${link%%#*}" ] || fault "${page#"$root"/}: dead link: $link"
  done < <(sed '/^```/,/^```/d' "$page" | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//' || true)
done < <(find "$root/README.md" "$root/chapters" "$root/datasets" "$root/docs" -name '*.md' 2>/dev/null)

[ "$faults" = 0 ] && echo "pages: no fault" || { echo "pages: $faults faults"; exit 1; }
