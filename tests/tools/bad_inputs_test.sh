#!/usr/bin/env bash
# Does bad_inputs.sh notice? A program without fault, then one fault at a time.
set -euo pipefail
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/byhand bad test.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0 checks=0

# The program does what its last argument says; in front of it stands --out made.
cat >"$work/01_odd" <<'PROGRAM'
#!/usr/bin/env bash
refuse() { echo "01_odd: '$1' is wrong" >&2 && exit 2; }
case ${*: -1} in
  good) refuse good ;;
  quiet) exit 0 ;;
  works) mkdir made && echo 1 >made/figure && exit 0 ;;
  late) mkdir made && refuse late ;;
  crash) echo "01_odd: terminate called after 'crash'" >&2 && exit 2 ;;
  unexpected) echo "01_odd: unexpected error: 'unexpected' is wrong" >&2 && exit 2 ;;
  killed) kill -SEGV $$ ;;
  code) echo "01_odd: 'code' is wrong" >&2 && exit 1 ;;
  two) echo >&2 && refuse two ;;
  silent) exit 2 ;;
  nameless) echo "'nameless' is wrong" >&2 && exit 2 ;;
  other) refuse something ;;
  escape) printf "01_odd: 'escape' is wrong \033[2J\n" >&2 && exit 2 ;;
  bytes) printf "01_odd: 'bytes' is wrong \377\n" >&2 && exit 2 ;;
  shows_bytes) printf '\377\n' && refuse shows_bytes ;;
  file) echo 1 >left && refuse file ;;
  folder) mkdir left && refuse folder ;;
  changed) echo 1 >>plain && refuse changed ;;
  removed) rm plain && refuse removed ;;
  mode) chmod 600 plain && refuse mode ;;
  temporary) mkdir made && echo 1 >made/x.123.tmp && refuse temporary ;;
  slow) sleep 20 && refuse slow ;;
  *) refuse 'the test' ;;
esac
PROGRAM
chmod +x "$work/01_odd"
runner() { BYHAND_LIMIT=1 bash "$tools/bad_inputs.sh" "$work/table" "$work/01_odd" "$@"; }

# row ENDS SAYS WORD: a table of 20 good rows, and this one.
row() {
  { for i in {1..20}; do echo "* | good $i | run good | 2 | 'good' is wrong"; done
    echo "01 | the case | run $3 | $1 | $2"
    echo "02 | of another chapter | run quiet | 2 | no"; } >"$work/table"
}
finds() {  # FAULT ENDS SAYS WORD: that row is refused for that reason
  checks=$((checks + 1))
  row "$2" "$3" "$4"
  if runner 'the case' >"$work/out" 2>&1; then failures=$((failures + 1)) && echo "nothing was found wrong with '$4'"; fi
  grep -qF -- "FAULT: $1" "$work/out" || { failures=$((failures + 1)) && echo "'$4': no 'FAULT: $1' in:" && cat "$work/out"; }
}
accepts() {  # ENDS SAYS WORD
  checks=$((checks + 1))
  row "$1" "$2" "$3"
  runner 'the case' >"$work/out" 2>&1 || { failures=$((failures + 1)) && echo "'$3' is right:" && cat "$work/out"; }
}
refuses() {  # TEXT: the table itself, as it is
  checks=$((checks + 1))
  if runner >"$work/out" 2>&1 || ! grep -qF -- "$1" "$work/out"; then failures=$((failures + 1)) && echo "no '$1' in:" && cat "$work/out"; fi
}

accepts 2 "'good' is wrong" good
accepts 0 - works
accepts '2 late' "'late' is wrong" late
finds 'exit code 0, not 2' 2 - quiet
finds 'exit code 1, not 2' 2 "'code' is wrong" code
finds 'exit code 2, not 0' 0 "'good' is wrong" good
finds 'exit code 139, not 2' 2 killed killed
finds 'it crashed' 2 "'crash'" crash
finds 'it crashed' 2 "'unexpected' is wrong" unexpected
finds '2 lines on stderr' 2 "'two' is wrong" two
finds '0 lines on stderr' 2 "'silent' is wrong" silent
finds "the line does not begin with '01_odd: '" 2 "'nameless' is wrong" nameless
finds "it does not say 'other'" 2 other other
finds 'it should say nothing' 2 - good
finds 'control characters' 2 "'escape' is wrong" escape
finds 'not UTF-8 (err)' 2 "'bytes' is wrong" bytes
finds 'not UTF-8 (out)' 2 "'shows_bytes' is wrong" shows_bytes
finds 'it made its --out folder' 2 "'late' is wrong" late
finds 'a temporary file is left' '2 late' "'temporary' is wrong" temporary
for word in file folder changed removed mode; do finds 'other files than before' 2 "'$word' is wrong" $word; done
finds 'stopped after 1 seconds' 2 slow slow

row 2 "'good' is wrong" good
checks=$((checks + 1))
runner >"$work/out" 2>&1 || { failures=$((failures + 1)) && cat "$work/out"; }
grep -q '21 cases, 0 failed' "$work/out" || { failures=$((failures + 1)) && echo 'not 21 cases:' && cat "$work/out"; }
echo "01 | only one | run good | 2 | 'good' is wrong" >"$work/table"
refuses 'only 1 rows'
row 2 "'good' is wrong" good && echo '01 | four columns | run good | 2' >>"$work/table"
refuses 'five columns are needed'
row 3 "'good' is wrong" good
refuses 'ends with "3"'

echo "$checks checks of bad_inputs.sh, $failures failed"
[ "$failures" -eq 0 ]
