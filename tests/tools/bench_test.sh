#!/usr/bin/env bash
# Tests what `byhand bench` runs: ./bench_test.sh PATH/TO/byhand_bench
set -u
bench=${1:?usage: $0 PATH/TO/byhand_bench}
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
failures=0
fault() { echo "$*" && failures=$((failures + 1)); }

# Every workload that needs a moment only: a line of JSON whose rate is above 0.
for ((i = 0; i < 400; ++i)); do echo 'the king drank tea and the queen drank tea with the king'; done >"$folder/text"
for name in lstm_by_hand lstm_by_hand_backward policy_gradient nn_lstm decoder_toy word2vec; do
  "$bench" "$name" --seconds 0 --json --text "$folder/text" >"$folder/said" || fault "$name: exit $?"
  grep -Eq "^\{\"workload\":\"$name\",\"engine\":\"byhand\",\"threads\":1,\"unit\":\"[a-z]+/s\",\"value\":[0-9.]*[1-9][0-9.]*," "$folder/said" || fault "$name said: $(cat "$folder/said")"
  "$bench" list >"$folder/said"
  grep -qx "$name" "$folder/said" || fault "$name is not in the list"
done

refused() {  # WHAT THE LINE NAMES, ARGUMENTS: one line, exit 2
  local what=$1 code
  shift
  "$bench" "$@" >"$folder/out" 2>"$folder/err"
  code=$?
  if [ $code -ne 2 ] || [ "$(wc -l <"$folder/err")" -ne 1 ] || ! grep -qe "$what" "$folder/err"; then fault "bench $*: exit $code, $(cat "$folder/err")"; fi
}
refused "no workload 'decoder'" decoder
refused "--secnds" decoder_toy --secnds 3
refused "seconds" decoder_toy --seconds -1
refused "threads" decoder_toy --threads many
refused "$folder/nothing" word2vec --text "$folder/nothing"
refused "$folder" word2vec --text "$folder"

[ $failures -eq 0 ] && echo "bench: all as expected"
exit $((failures > 0))
