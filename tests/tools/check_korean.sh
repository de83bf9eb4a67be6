#!/usr/bin/env bash
# Does each chapter's README.ko.md say what README.md says? The same spine; and section by section the same code blocks, names in code
# font, figures, links and numbers. (README.md itself is held to the program: check_pages.sh, compare_output.)
#   check_korean.sh [PROJECT]   exit 1 and a line for each difference
set -euo pipefail
export LC_ALL=C  # bytes: the same on every machine
root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}

spine='목표
노트의 해당 절
시작하기 전에
실행하기
무엇을 보게 되나
그림
코드와 노트의 대응
노트와 다른 점과 그 이유
연습 문제
다음'

# facts PAGE: one line for each thing that must be the same in both languages: section, kind, what.
facts() {
  awk '
    function each(kind, pattern, text,    found) {
      while (match(text, pattern)) {
        found = substr(text, RSTART, RLENGTH)
        sub(/README\.ko\.md/, "README.md", found)
        if (kind == "number") sub(/[.,]+$/, "", found)
        print section ":", kind, found
        text = substr(text, 1, RSTART - 1) " " substr(text, RSTART + RLENGTH)
      }
      return text
    }
    /^```/ { block = !block }
    block || /^```/ { lines += 1; print section ": line", lines, "of the code blocks:", $0; next }
    /^## / { section += 1; next }
    { text = each("code", "`[^`]*`", $0)
      text = each("link", "\\]\\([^)]*\\)", text)
      each("number", "[0-9][0-9.,]*", text) }' section=0 "$1" | sort
}

faults=0
fault() { printf '%s\n' "$*"; faults=$((faults + 1)); }
for folder in "$root"/chapters/[0-9][0-9]_*/; do
  chapter=$(basename "$folder")
  page=${folder}README.ko.md
  [ -f "$page" ] || { fault "$chapter: no README.ko.md"; continue; }
  [ "$(grep '^## ' "$page" | sed 's/^## //')" = "$spine" ] || fault "$chapter/README.ko.md: its headings are not the spine: $(grep '^## ' "$page" | tr '\n' ' ')"
  while IFS= read -r difference; do
    case $difference in
      '<'*) fault "$chapter, section${difference#<}: only in README.md" ;;
      '>'*) fault "$chapter, section${difference#>}: only in README.ko.md" ;;
    esac
  done < <(diff <(facts "${folder}README.md") <(facts "$page") || true)
done
[ "$faults" = 0 ] && echo "Korean pages: no fault" || { echo "Korean pages: $faults faults"; exit 1; }
