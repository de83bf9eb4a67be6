#!/usr/bin/env bash
# Runs the rows of a table of bad inputs that are meant for one program: bad_inputs.sh TABLE PROGRAM [WORDS]
# With WORDS only the rows that hold them. Environment: BYHAND_LIMIT, the seconds a program may take to refuse its input (10; six times as
# long where it works first), and BYHAND_BRIEF=1, which leaves out those where it works first (for programs built with sanitizers).
set -euo pipefail

table=${1:?usage: bad_inputs.sh TABLE PROGRAM [WORDS]} program=${2:?usage: bad_inputs.sh TABLE PROGRAM [WORDS]} words=${3-}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
program=$(cd "$(dirname "$program")" && pwd -P)/${program##*/}
name=${program##*/}
longest=${BYHAND_LIMIT:-10} limit=10
# Full paths, so that a row may empty PATH.
timeout=$(command -v timeout) setpriv=$(command -v setpriv || true)
work=$(mktemp -d "${TMPDIR:-/tmp}/byhand bad.XXXXXX")
trap 'chmod -R u+rwx "$work" && rm -rf "$work"' EXIT
here=$work/here  # where the programs run; what else is needed lies beside it

# ---- what the rows use ----

# The program, in a folder with the files below, and with --out made unless the row says otherwise: the last one counts.
run() { "$timeout" -k 2 "$limit" "$program" --out made "$@"; }

# The same as a user who may not do everything: permissions mean nothing to root.
run_as_nobody() {
  if [ "$(id -u)" -ne 0 ]; then run "$@"; else "$timeout" -k 2 "$limit" "$setpriv" --reuid=65534 --regid=65534 --clear-groups "$program" --out made "$@"; fi
}
can_be_nobody() {
  if [ "$(id -u)" -ne 0 ]; then return 0; fi
  if [ -z "$setpriv" ]; then return 1; fi
  (cd "$here" && "$setpriv" --reuid=65534 --regid=65534 --clear-groups "$program" --help >"$work/null" 2>&1)
}

random_bytes() { LC_ALL=C awk -v n="$1" 'BEGIN { srand(1); for (i = 0; i < n; i++) printf "%c", 1 + int(rand() * 255) }'; }

make_files() {
  mkdir -p "$here" && cd "$here"
  chmod 777 .
  mkdir folder none shut
  : >empty
  random_bytes 5000 >random
  printf 'caf\351,1\n\200\377\t2\n' >latin1      # no UTF-8
  printf 'a plain file\n' >plain
  printf 'x\n%.0s' 1 2 3 4 5 6 7 8 9 >lines
  head -c 3000 /dev/zero >zeros
  ln -s nowhere dangling
  ln -s loop loop
  printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' a b >pieces
  printf 'secret\n' >locked && chmod 000 locked
  chmod 555 shut
  printf '\377\377\377\377\377\377\377\177{}' >long_header  # as safetensors: a header of 2^63 bytes
  printf '\010\0\0\0\0\0\0\0{}      ' >no_tensors            # as safetensors: right, but nothing in it
  # A project's folder without data, one with half of each file, one with other content.
  mkdir home_empty home_half home_wrong
  local home file
  for home in home_half home_wrong; do
    mkdir "$home/datasets"
    for file in "$root"/datasets/*.csv "$root"/datasets/glove_q8.* "$root"/datasets/stories.txt; do
      case $home in
        home_half) head -c "$(($(wc -c <"$file") / 2 + 1))" "$file" >"$home/datasets/${file##*/}" ;;
        home_wrong) random_bytes 3000 >"$home/datasets/${file##*/}" ;;
      esac
    done
    for file in README.md README.ko.md docs chapters datasets/catalogue.txt; do ln -s "$root/$file" "$home/$file"; done
  done
}
listing() { (cd "$here" && find . -path ./made -prune -o -printf '%p %y %m %s %l ' -a '(' -type d -printf '\n' -o -printf '%T@\n' ')' | LC_ALL=C sort); }

# ---- a row: is it as it should be? Each fault is a line. ----

faults=() cases=0 skipped=0 failed=0
fault() { faults+=("$*"); }

check_message() {  # ENDS SAYS: what stands in the file err
  local ends=$1 says=$2 err=$work/err lines
  sed -i '/^profiling:.*:Cannot open$/d' "$err"  # gcov's word for counts that "nobody" may not write
  if ! command -v gnuplot >/dev/null && [[ $says != *gnuplot* ]]; then  # a machine without it is told so, whatever else happens
    sed -i '/^plot: gnuplot is not installed, so figures are written as scripts/d' "$err"
  fi
  if [ "$says" = - ]; then
    if [ -s "$err" ]; then fault "it should say nothing"; fi
    return 0
  fi
  lines=$(wc -l <"$err")
  if [ "$lines" -ne 1 ] && [ "$ends" != 0 ]; then fault "$lines lines on stderr, not one"; fi
  if [ "$(head -c $((${#name} + 2)) "$err" | tr -d '\0')" != "$name: " ] && [ "$ends" != 0 ]; then fault "the line does not begin with '$name: '"; fi
  if ! grep -qF -- "$says" "$err"; then fault "it does not say '$says'"; fi
}

# A terminal obeys control characters, and files and arguments may hold any.
check_text() {  # FILE
  if LC_ALL=C grep -qa $'[\001-\010\013-\037\177]' "$1"; then fault "control characters in what it printed (${1##*/})"; fi
  if LC_ALL=C grep -qa $'[\200-\377]' "$1" && ! iconv -f UTF-8 -t UTF-8 "$1" >"$work/null" 2>&1; then fault "not UTF-8 (${1##*/})"; fi
}

check_case() {  # CODE ENDS SAYS
  local code=$1 ends=$2 says=$3 wanted=${2%% *}
  if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then fault "stopped after $limit seconds"; elif [ "$code" -ne "$wanted" ]; then fault "exit code $code, not $wanted"; fi
  if grep -qaE 'terminate called|Sanitizer|runtime error:|Segmentation|Aborted|unexpected error' "$work/err"; then fault 'it crashed, or an exception of another kind came out'; fi
  check_message "$ends" "$says"
  check_text "$work/err"
  check_text "$work/out"
  if [ -n "$(find "$here" -name '*.tmp' -print -quit)" ]; then fault 'a temporary file is left'; fi
  if [ "$ends" = 2 ] && [ -e "$here/made" ]; then fault 'it made its --out folder before it said no'; fi
  listing >"$work/after"
  if ! cmp -s "$work/before" "$work/after"; then
    fault "other files than before: $(diff "$work/before" "$work/after" | grep '^[<>]' | cut -d' ' -f1,2 | sort -u -k2 | head -n 5 | tr '\n' ' ')"
  fi
}

report() {  # WHAT COMMAND: the faults of this row
  failed=$((failed + 1))
  printf '%s: %s\n  %s\n' "$name" "$1" "$2"
  printf '  FAULT: %s\n' "${faults[@]}"
  head -c 600 "$work/err" | head -n 5 | tr -c '[:print:]\n' '?' | sed 's/^/  it said: /'
}

clean_up() {
  rm -rf "$here/made"
  if ! cmp -s "$work/before" "$work/after"; then chmod -R u+rwx "$here" && rm -rf "$here" && (make_files) && listing >"$work/before"; fi
}

run_case() {  # WHAT COMMAND ENDS SAYS
  local what=$1 command=$2 ends=$3 says=$4 code=0
  case $ends in 2 | '2 late' | 0) ;; *) printf '%s: %s: ends with "%s"? 0, 2 or "2 late"\n' "$table" "$what" "$ends" && exit 2 ;; esac
  case $command in run_as_nobody*) if [ "$nobody" = no ]; then skipped=$((skipped + 1)) && return; fi ;; esac
  if [ "$ends" != 2 ] && [ "${BYHAND_BRIEF:-0}" = 1 ]; then skipped=$((skipped + 1)) && return; fi
  faults=() cases=$((cases + 1)) limit=$longest
  if [ "$ends" != 2 ]; then limit=$((6 * longest)); fi
  (cd "$here" && eval "$command") >"$work/out" 2>"$work/err" </dev/null || code=$?
  check_case "$code" "$ends" "$says"
  if [ ${#faults[@]} -gt 0 ]; then report "$what" "$command"; fi
  clean_up
}

trimmed() {
  local text=$1
  text=${text#"${text%%[! ]*}"}
  printf '%s' "${text%"${text##*[! ]}"}"
}

(make_files)
chmod 755 "$work"
listing >"$work/before"
nobody=yes
can_be_nobody || { nobody=no && printf '%s: rows for a user without rights are skipped: this is root, and setpriv cannot run the program as another\n' "$name"; }

while IFS='|' read -r chapters what command ends says rest; do
  case $chapters in '#'* | '') continue ;; esac
  if [ -n "${rest-}" ] || [ -z "$says" ]; then printf '%s: five columns are needed: %s|%s\n' "$table" "$chapters" "$what" && exit 2; fi
  chapters=$(trimmed "$chapters")
  case " $chapters " in *" * "* | *" ${name%%_*} "*) ;; *) continue ;; esac
  case "$what|$command" in *"$words"*) ;; *) continue ;; esac
  run_case "$(trimmed "$what")" "$(trimmed "$command")" "$(trimmed "$ends")" "$(trimmed "$says")"
done <"$table"

printf '%s: %d cases, %d failed, %d skipped\n' "$name" "$cases" "$failed" "$skipped"
if [ -z "$words" ] && [ $((cases + skipped)) -lt 20 ]; then printf '%s: only %d rows of %s are about it\n' "$name" "$cases" "$table" && exit 1; fi
[ "$failed" -eq 0 ]
