#!/usr/bin/env bash
# How large is common/, room by room? The budgets stand in house.txt.
#   house.sh [PROJECT]          prints the table
#   house.sh --check [PROJECT]  exit 1 and a line for each budget that is exceeded and each page that says another size
#   house.sh --write [PROJECT]  puts the sizes into the pages: every <!--lines WHAT-->N<!----> there
set -euo pipefail
export LC_ALL=C  # bytes, not letters
mode=--table
case ${1-} in --check | --write | --table) mode=$1 && shift ;; -*) sed -n 2,5p "$0" >&2 && exit 2 ;; esac
root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)}
table=$root/tests/tools/house.txt
pages=("$root/README.md" "$root/docs/README.md" "$root/docs/design.md")
if [ -f "$root/README.ko.md" ]; then pages+=("$root/README.ko.md"); fi

# sizes: "WHAT lines bytes budget-lines budget-bytes" for each room, circle, the first hour and the house.
sizes() {
  (cd "$root/common" && find . -name '*.hpp' -o -name '*.cpp' | sed 's|^\./||' | xargs wc -lc) | awk -v table="$table" '
    BEGIN {
      while ((getline line < table) > 0) {
        n = split(line, f, " ")
        if (n == 0 || line ~ /^#/) continue
        if (f[2] == "hour" && n == 2) { hour[f[1]] = 1; continue }
        if (f[2] == "waits") continue
        order[++count] = f[1]; circle[f[1]] = f[2]; most_lines[f[1]] = f[3]; most_bytes[f[1]] = f[4]
      }
    }
    $3 != "total" {
      room = $3; sub(/\/[^\/]*$/, "", room)
      stem = $3; sub(/\.[a-z]*$/, "", stem)
      if (!(room in circle)) { print "common/" $3 ": no room " room " in house.txt" > "/dev/stderr"; lost = 1; next }
      split(room " circle:" circle[room] " house" (stem in hour ? " hour" : ""), into, " ")
      for (i in into) { lines[into[i]] += $1; bytes[into[i]] += $2 }
      seen[stem] = 1
    }
    END {
      for (stem in hour) if (!(stem in seen)) { print "house.txt: there is no common/" stem > "/dev/stderr"; lost = 1 }
      for (i = 1; i <= count; i++) print order[i], lines[order[i]] + 0, bytes[order[i]] + 0, most_lines[order[i]], most_bytes[order[i]]
      exit lost
    }'
}

# shapes: what keeps the code readable beside the notes: a line for each file that breaks it.
shapes() {
  (cd "$root" && find common chapters -name '*.hpp' -o -name '*.cpp' | sort | xargs awk '
    FNR == 1 {
      path = FILENAME; folder = path; sub(/\/[^\/]*$/, "", folder)
      exercise = path ~ /\/exercises/
      spine = path ~ /^common\/(core|tensor|autograd|nn|optim|train)\/[^\/]*$/
      if (path ~ /^chapters/ && !exercise) files[folder]++
    }
    { lines[path]++ }
    spine || path ~ /^chapters/ { total++; text = $0; gsub(/[\200-\277]/, "", text); if (length(text) > 100) { wide++; if (spine) say(path ":" FNR ": over 100 columns") } }
    spine && path ~ /\.hpp$/ && FNR == 101 { say(path ": a header of the spine with more than 100 lines") }
    path ~ /^chapters\/[0-9][0-9]_[a-z0-9_]+\/main\.cpp$/ && FNR == 121 { say(path ": more than 120 lines") }
    FNR == 401 { say(path ": more than 400 lines") }
    function say(what) { print what; bad = 1 }
    END {
      for (folder in files) if (files[folder] > 16) say(folder ": " files[folder] " files, at most 16")
      if (100 * wide > total) say("chapters and spine: " wide " of " total " lines are over 100 columns, at most 1 %")
      exit bad
    }')
}

case $mode in
  --table)
    sizes | awk 'BEGIN { printf "%-12s %6s %8s %8s %9s\n", "room", "lines", "of", "bytes", "of" }
      { printf "%-12s %6d %8d %8d %9d\n", $1, $2, $4, $3, $5 }' ;;
  --check | --write)
    counted=$(sizes)
    # fill FILE: the page with the sizes as they are, to 10 lines
    fill() {
      awk -v sizes="$counted" '
        BEGIN { n = split(sizes, line, "\n"); for (i = 1; i <= n; i++) { split(line[i], f, " "); of[f[1]] = int((f[2] + 5) / 10) * 10 } }
        function grouped(x) { return x < 1000 ? x : int(x / 1000) "," sprintf("%03d", x % 1000) }
        {
          out = ""
          while (match($0, /<!--lines [a-z\/:]+-->[0-9,]*<!---->/)) {
            what = substr($0, RSTART + 10, RLENGTH - 10); sub(/-->.*/, "", what)
            out = out substr($0, 1, RSTART - 1) "<!--lines " what "-->" grouped(of[what] + 0) "<!---->"
            $0 = substr($0, RSTART + RLENGTH)
          }
          print out $0
        }' "$1"
    }
    faults=0
    for page in "${pages[@]}"; do
      filled=$(mktemp)
      fill "$page" >"$filled"
      if [ "$mode" = --write ]; then
        cmp -s "$filled" "$page" || { cat "$filled" >"$page" && echo "${page#"$root"/}: written"; }
      elif ! cmp -s "$filled" "$page"; then
        echo "${page#"$root"/} says other sizes than common/ has: run tests/tools/house.sh --write" && faults=1
      fi
      rm -f "$filled"
    done
    if [ "$mode" = --check ]; then
      awk '$2 > $4 { print "common/: " $1 " has " $2 " lines, its budget is " $4; bad = 1 }
           $3 > $5 { print "common/: " $1 " has " $3 " bytes, its budget is " $5; bad = 1 } END { exit bad }' <<<"$counted" || faults=1
      shapes || faults=1
      if [ "$faults" != 0 ]; then exit 1; fi
      echo 'house: within its budgets'
    fi ;;
esac
