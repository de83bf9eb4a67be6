#!/bin/sh
# Tests compare_output: ./compare_output_test.sh PATH/TO/compare_output
# Each case states what the file says, what a program prints, and the exit code that must follow.
compare=${1:?usage: $0 PATH/TO/compare_output}
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
failures=0
cases=0

# Tabs and newlines in the arguments are written \t, \n.
expect() { # CODE EXPECTED PRINTED
  cases=$((cases + 1))
  printf '# tolerance: absolute 2e-4 relative 1e-3\n'"$2" > "$folder/expected.txt"
  printf "$3" > "$folder/printed.txt"
  "$compare" "$folder/expected.txt" cat "$folder/printed.txt" > "$folder/said.txt" 2>&1
  code=$?
  [ "$code" = "$1" ] && return
  failures=$((failures + 1))
  echo "exit code $code, not $1: file '$2', output '$3'"
  cat "$folder/said.txt"
}
said() { # TEXT: stands in what the last comparison said
  cases=$((cases + 1))
  [ -z "$1" ] && return
  grep -qF -- "$1" "$folder/said.txt" && return
  failures=$((failures + 1))
  echo "'$1' does not stand in:"
  cat "$folder/said.txt"
}

expect 0 'loss 0.5000\n' 'loss 0.5000\n'
expect 0 'loss 0.5000\n' 'loss 0.5001\n'
expect 0 'loss   0.5000  \n\n\nend' '\nloss\t0.5\nend\n'
expect 0 'loss 100.0\n' 'loss 100.09\n'          # within relative 1e-3
expect 1 'loss 100.0\n' 'loss 100.2\n'
expect 1 'loss 0.5000\n' 'loss 0.5100\n'
said 'expected.txt:2'
said "'0.5000' is expected, '0.5100' was printed"
expect 1 'loss 0.5\n' 'cost 0.5\n'
expect 1 'year 2004\n' 'year 2005\n'             # whole numbers: no relative tolerance
expect 1 'loss 0.5\n' 'loss 0.5 0.5\n'
expect 1 'loss 0.5 0.5\n' 'loss 0.5\n'
expect 1 'a\nb\n' 'a\n'
said 'the output ends before this line'
expect 1 'a\n' 'a\nb\n'
expect 1 '' 'a\n'
expect 1 'a\n' ''
expect 0 '' ''
expect 0 '(0.5,-0.25) loss=1e-3,\n' '(0.5001,-0.2501) loss=0.001,\n'
expect 1 '(0.5,-0.25)\n' '(0.5,0.25)\n'
expect 1 'weight_ih_l0\n' 'weight_ih_l1\n'       # digits of a name are no number
expect 1 '08_lstm\n' '09_lstm\n'
expect 0 'x -0.0000\n' 'x 0.0000\n'
expect 1 'x nan\n' 'x 0.5\n'
expect 1 'x 0.5\n' 'x nan\n'
expect 1 'x inf\n' 'x -inf\n'
expect 0 'a  b\n────  ──────\n' 'a  b\n─────  ───────\n'  # a rule's length is no matter
expect 0 '┌─ a ───┐\n' '┌─ a ─────┐\n'
expect 1 'a\n────\n' 'a\n----\n'
expect 0 '│0.5000│ 12.50초\n' '│0.5001│ 12.51초\n'
expect 1 '12.50초\n' '12.50분\n'
expect 0 'took <seconds> s\n' 'took 12.5 s\n'
expect 0 'took (<seconds>)\n' 'took (12.5)\n'
expect 1 'took (<seconds>)\n' 'took ()\n'
expect 1 'took <seconds> s\n' 'took s\n'
expect 1 'took <seconds> s\n' 'took 1 2 s\n'
expect 0 'figure: <path>\n' 'figure: /tmp/my folder/a.svg\n'
expect 1 'figure: <path>\n' 'figure:\n'
expect 1 'word <EOS>\n' 'word vamos\n'           # a word of a vocabulary is not a mark
expect 1 'word <pad>\n' 'word <unk>\n'

# What is wrong with the file or the program itself: exit code 2, and the reason.
broken() { # CODE TEXT COMMAND…
  cases=$((cases + 1))
  wanted=$1 text=$2
  shift 2
  "$@" > "$folder/said.txt" 2>&1
  code=$?
  [ "$code" = "$wanted" ] || { failures=$((failures + 1)); echo "exit code $code, not $wanted: $*"; }
  said "$text"
}
echo 'a' > "$folder/none.txt"
: > "$folder/empty.txt"
echo '# tolerance: absolute x relative 1' > "$folder/bad.txt"
echo '# tolerance: absolute 0 relative 0' > "$folder/good.txt"
broken 2 'must state the tolerance' "$compare" "$folder/none.txt" echo a
broken 2 'must state the tolerance' "$compare" "$folder/empty.txt" echo a
broken 2 "'x' is not a tolerance" "$compare" "$folder/bad.txt" echo a
broken 2 'no such file' "$compare" "$folder/missing.txt" echo a
broken 2 'exit code 1' "$compare" "$folder/good.txt" false
broken 2 'there is no program' "$compare" "$folder/good.txt" "$folder/no-such-program"
broken 2 'killed by signal' "$compare" "$folder/good.txt" sh -c 'kill -9 $$'
broken 2 'usage' "$compare" "$folder/good.txt"
broken 2 'exit code 1' "$compare" --update "$folder/good.txt" false

# --update keeps the first line, and the marks of lines whose words are the same.
printf '# tolerance: absolute 1 relative 0\nold\nloss 0.5 in <seconds> s\nfigure: <path>\ngone <any>\n' > "$folder/update.txt"
printf 'new\nloss 0.7 in 3.2 s\n\n  figure: /a b/c.svg\n' > "$folder/printed.txt"
printf '# tolerance: absolute 1 relative 0\nnew\nloss 0.7 in <seconds> s\n\n  figure: <path>\n' > "$folder/wanted.txt"
broken 0 '' "$compare" --update "$folder/update.txt" cat "$folder/printed.txt"
cmp "$folder/update.txt" "$folder/wanted.txt" || failures=$((failures + 1))
broken 0 '' "$compare" "$folder/update.txt" cat "$folder/printed.txt"
broken 0 '' "$compare" --update "$folder/fresh.txt" echo hello
[ "$(cat "$folder/fresh.txt")" = "$(printf '# tolerance: absolute 2e-4 relative 1e-3\nhello')" ] || failures=$((failures + 1))

echo "compare_output: $cases checks, $failures failures"
[ "$failures" = 0 ]
