#!/usr/bin/env bash
# Programs are killed (kill -9) while they work: what they leave under a final name must be complete, and going on must end in the very bytes
# of a run that was never killed.
#   kill_test.sh FOLDER [--long] [--seed N] [SCENARIO...]      FOLDER holds 06_word2vec, 08_lstm, 14_bert, 15_rag and kill_call
# Half of the kills fall at random times of the run, spread over its measured length and a little more; the other half before its first, second, ... call that
# changes a file (kill_call), so that the moments of writing are met however short they are. Short: 5 kills a scenario, long: 50.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
project=$(cd "$here/../.." && pwd -P)
usage() { echo "usage: kill_test.sh FOLDER [--long] [--seed N] [SCENARIO...]" && exit 2; }
if [ $# -lt 1 ] || [ ! -x "$1/kill_call" ]; then usage; fi
bin=$(cd "$1" && pwd -P) kills=5 seed=42 chosen=()
shift
while [ $# -gt 0 ]; do
  case $1 in
    --long) kills=50 seed=$$ ;;
    --seed) seed=${2:?} && shift ;;
    -*) usage ;;
    *) chosen+=("$1") ;;
  esac
  shift
done
work=$(mktemp -d "${TMPDIR:-/tmp}/byhand kill.XXXXXX")
work=$(cd "$work" && pwd -P)
trap 'rm -rf "$work"' EXIT
export BYHAND_HOME=$project OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive
RANDOM=$seed
failures=0 checks=0 with_temporary=0 called=0
echo "kill_test: seed $seed, $kills kills a scenario"

wrong() { echo "kill_test: $scenario: $*" && failures=$((failures + 1)); }
microseconds() { local now=${EPOCHREALTIME//[!0-9]/}; echo "$now"; }
sleep_microseconds() { sleep "$(printf '%d.%06d' $(($1 / 1000000)) $(($1 % 1000000)))"; }
random_below() { echo $(((RANDOM * 32768 + RANDOM) % ($1 > 0 ? $1 : 1))); }

# ---- scenarios: NAME_command FOLDER sets `cmd`, the run; NAME_again sets the one that goes on after a kill; NAME_old makes what was there ----

materials() {
  awk 'BEGIN { n = split("river stone light winter garden boat stove letter window bridge", thing, " ")
    m = split("sees finds keeps likes paints", does, " "); x = 7
    for (d = 0; d < 40; ++d) { for (s = 0; s < 4; ++s) { line = "the"
        for (w = 0; w < 3; ++w) { x = (x * 1103 + 12345) % 65536; line = line " " thing[x % n + 1] (w < 2 ? " " does[int(x / 16) % m + 1] " the" : "") }
        print line } print "" } }' >"$work/sentences"
  for which in a b; do
    awk -v x="$which" 'BEGIN { print 3000, 20; seed = x == "a" ? 3 : 4
      for (i = 0; i < 3000; ++i) { printf "w%d", i; for (j = 0; j < 20; ++j) { seed = (seed * 1103 + 12345) % 65536; printf " %.5f", seed / 65536 - 0.5 } print "" } }' >"$work/vectors_$which"
    mkdir "$work/pages_$which"
    for page in 1 2 3 4 5 6 7 8; do
      { echo "# Page $page of $which" && awk -v p="$page" 'NF && NR % 8 == p - 1 { if (++n % 4 == 1) print "\n## Part " NR "\n"; print }' "$work/sentences"; } >"$work/pages_$which/$page.md"
    done
  done
  rm "$work/pages_b/3.md" && cp "$work/pages_a/5.md" "$work/pages_b/5.md"  # one goes, one stays, the others change
}

lstm_command() { cmd=("$bin/08_lstm" --epochs 1 --hidden 4 --seed "${2:-2}" --out "$1" --checkpoint "$1/run.safetensors") environment=(BYHAND_GNUPLOT=/none); }
lstm_again() { lstm_command "$1" && if ! cmp -s "$1/run.safetensors" "$old/run.safetensors"; then cmd+=(--resume); fi; }
lstm_old() { lstm_command "$1" 1; }
lstm_other() { complete_run "$@"; }

bert_command() { cmd=("$bin/14_bert" --quick --epochs 3 --data "$work/sentences" --seed "${2:-2}" --out "$1" --save "$1/model") environment=(BYHAND_GNUPLOT=/none); }
bert_again() { bert_command "$1" && if ! cmp -s "$1/checkpoint.safetensors" "$old/checkpoint.safetensors"; then cmd+=(--resume); fi; }
bert_old() { bert_command "$1" 1; }
bert_other() { complete_run "$@"; }

text_command() { cmd=("$bin/06_word2vec" --vectors "$work/vectors_${2:-b}" --probe w1 --out "$1" --save "$1/vectors.txt") environment=(BYHAND_GNUPLOT=/none); }
text_old() { text_command "$1" a; }
binary_command() { cmd=("$bin/06_word2vec" --vectors "$work/vectors_${2:-b}" --probe w1 --out "$1" --save "$1/vectors.bin") environment=(BYHAND_GNUPLOT=/none); }
binary_old() { binary_command "$1" a; }

figure_command() { cmd=("$bin/06_word2vec" --vectors "$work/vectors_${2:-b}" --probe w1 --out "$1") environment=(); }
figure_old() { figure_command "$1" a; }

rag_command() { cmd=("$bin/15_rag" --data "$work/pages_${2:-b}" --store "$1/store.sqlite" --out "$1" --retriever lsa --ask 'who paints the river?') environment=(); }
rag_old() { rag_command "$1" a; }
# A killed transaction leaves its journal beside the file; the next opening undoes it. Looked at in a copy, so that going on has that to do.
# Passages and vectors are two transactions: the passages are the old ones or the new ones, and no vector is one of a passage that is gone.
rag_other() {
  local copy=$work/copy state
  [ "$(basename "$2")" = store.sqlite ] || return 1
  command -v sqlite3 >/dev/null || return 0  # then going on alone must tell
  rm -rf "$copy" && cp -a "$1" "$copy"
  [ "$(sqlite3 "$copy/store.sqlite" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ] || return 1
  state=$(passages_of "$copy/store.sqlite")
  [ "$state" = "$(passages_of "$old/store.sqlite")" ] || [ "$state" = "$(passages_of "$whole/store.sqlite")" ]
}
passages_of() { sqlite3 "$1" 'SELECT file, d.hash, p.* FROM documents d JOIN passages p ON d.id = p.document ORDER BY p.id; SELECT rowid, terms FROM search'; }

# ---- what a folder may look like ----

is_temporary() { case $1 in *.[0-9]*.tmp | *-journal | *.new | */packages/*) true ;; *) false ;; esac; }

# is_safetensors FILE: its header says where the last number ends, and there the file ends.
is_safetensors() {
  local size header last
  size=$(stat -c %s "$1") header=$(od -An -tu8 -N8 "$1" | tr -d ' ')
  last=$(tail -c +9 "$1" | head -c "$header" | grep -ao '"data_offsets":\[[0-9]*,[0-9]*' | sed 's/.*,//' | sort -n | tail -1)
  [ -n "$last" ] && [ "$size" = $((8 + header + last)) ]
}

# complete_run FOLDER FILE: a checkpoint in the middle of the run, or the rows so far of the run's table.
complete_run() {
  case $2 in
    *.safetensors) is_safetensors "$2" ;;
    *.csv) cmp -s -n "$(stat -c %s "$2")" "$2" "$whole/$(basename "$2")" && [ -z "$(tail -c 1 "$2" | tr -d '\n')" ] ;;
    *) false ;;
  esac
}

# look FOLDER: every file is the old one, the new one, or complete in the scenario's own sense; sets `state`.
look() {
  local folder=$1 file name news=0 olds=0 others=0 temporaries=0
  while IFS= read -r -d '' file; do
    name=${file#"$folder/"} checks=$((checks + 1))
    if is_temporary "$file"; then temporaries=$((temporaries + 1))
    elif cmp -s "$file" "$whole/$name"; then if ! cmp -s "$file" "$old/$name"; then news=$((news + 1)); fi
    elif cmp -s "$file" "$old/$name"; then olds=$((olds + 1))
    elif declare -F "${scenario}_other" >/dev/null && "${scenario}_other" "$folder" "$file"; then others=$((others + 1))
    else wrong "$name is neither the old file nor the new one, after kill $kill"; fi
  done < <(find "$folder" -type f -print0)
  while IFS= read -r -d '' file; do
    if [ ! -f "$folder/${file#"$old/"}" ]; then wrong "${file#"$old/"} is gone after kill $kill"; fi
  done < <(find "$old" -type f -print0)
  state=during
  if [ $((news + others + temporaries)) = 0 ]; then state=before; elif [ $((olds + others + temporaries)) = 0 ]; then state=after; fi
  if [ "$temporaries" -gt 0 ]; then with_temporary=$((with_temporary + 1)); fi
}

same_as_whole() {  # FOLDER: the very files of the run that was never killed, and no others
  checks=$((checks + 1))
  diff -r "$whole" "$1" >"$work/said" || { wrong "going on after kill $kill ends in other files" && head -5 "$work/said"; }
}

# ---- running and killing ----

run() { env ${environment[@]+"${environment[@]}"} "${cmd[@]}" >"$work/said" 2>&1 </dev/null; }
run_well() { run || { wrong "$1: exit code $?" && tail -3 "$work/said"; }; }

# killed_after MICROSECONDS WHO: `cmd` in a process group of its own; the program alone is killed, or the whole group.
killed_after() {
  local process
  setsid env ${environment[@]+"${environment[@]}"} "${cmd[@]}" >"$work/said" 2>&1 </dev/null &
  process=$!
  sleep_microseconds "$1"
  if [ "$2" = group ]; then kill -9 -- "-$process" 2>/dev/null || true; fi
  kill -9 "$process" 2>/dev/null || true
  wait "$process" 2>/dev/null || true
}

killed_at_call() {  # NUMBER FOLDER
  local code=0
  env ${environment[@]+"${environment[@]}"} "$bin/kill_call" "$1" "$2" "${cmd[@]}" >"$work/said" 2>&1 </dev/null || code=$?
  if [ "$code" != 137 ] && [ "$1" != 0 ]; then wrong "call $1 was not reached: exit code $code"; fi
  return 0
}

again() { if declare -F "${scenario}_again" >/dev/null; then "${scenario}_again" "$1"; else "${scenario}_command" "$1"; fi; }

one_kill() {  # NUMBER: sets the folder up, kills, looks, goes on, compares
  local folder=$work/$scenario/now
  kill=$1
  rm -rf "$folder" && cp -a "$old" "$folder"
  "${scenario}_command" "$folder"
  if [ $((kill % 2)) = 0 ] && [ "$calls" -gt 0 ]; then
    killed_at_call $((1 + (kill * calls + $(random_below "$calls")) / (kills + 1))) "$folder" && called=$((called + 1))
  else
    killed_after $(((kill * took + $(random_below "$took")) * 23 / (20 * kills))) "$([ "$scenario" = data ] || [ $((kill % 4)) = 1 ] && echo group || echo program)"
  fi
  look "$folder" && count=$state && eval "$count=\$(($count + 1))"
  if [ $((kill % 3)) = 2 ]; then  # and once more while it goes on
    again "$folder" && killed_after "$(random_below "$took")" group && look "$folder"
  fi
  again "$folder" && run_well "going on after kill $kill"
  same_as_whole "$folder"
}

play() {  # SCENARIO
  local before=0 during=0 after=0 began kill=0
  scenario=$1 old=$work/$1/old whole=$work/$1/whole
  mkdir -p "$old"
  "${scenario}_old" "$old" && run_well 'the old run'
  cp -a "$old" "$whole"
  "${scenario}_command" "$whole" && began=$(microseconds) && run_well 'the whole run' && took=$(($(microseconds) - began))
  rm -rf "$work/counted" && cp -a "$old" "$work/counted" && "${scenario}_command" "$work/counted" && killed_at_call 0 "$work/counted"
  calls=$(sed -n 's/^kill_call: \([0-9]*\) calls$/\1/p' "$work/said")
  if [ -z "$calls" ]; then echo "kill_test: $scenario: skipped: kills at system calls, this system lets no program be watched"; fi
  calls=${calls:-0}  # 0 also for a shell script, which leaves its work to other programs
  for ((i = 0; i < kills; ++i)); do one_kill "$i"; done
  printf 'kill_test: %-7s %5d ms, %3d calls; %d kills: %d before, %d during, %d after the writes\n' "$scenario" $((took / 1000)) "$calls" "$kills" "$before" "$during" "$after"
}


# ---- gnuplot alone is killed: the program says so in one line, and the old figures stay ----

gnuplot_killed() {
  local folder=$work/figure/now hit=0 missed=0 code
  scenario=figure
  cat >"$work/gnuplot" <<'TEXT'
#!/usr/bin/env bash
(sleep "$KILL_AFTER" && kill -9 $$) >/dev/null 2>&1 &
exec gnuplot "$@"
TEXT
  chmod +x "$work/gnuplot"
  for ((kill = 0; kill < kills; ++kill)); do
    rm -rf "$folder" && cp -a "$old" "$folder" && figure_command "$folder"
    environment=(BYHAND_GNUPLOT="$work/gnuplot" KILL_AFTER="0.$(printf '%03d' "$((kill == 0 ? 0 : $(random_below 150)))")") code=0
    run || code=$?
    checks=$((checks + 1))
    case $code in
      0) missed=$((missed + 1)) && same_as_whole "$folder" ;;
      2)
        hit=$((hit + 1))
        if ! grep -qx '06_word2vec: plot: gnuplot was killed by signal 9' "$work/said"; then wrong "gnuplot killed: $(tail -1 "$work/said")"; fi
        ;;
      *) wrong "gnuplot killed: exit code $code" ;;
    esac
    look "$folder"
    if find "$folder" -name '*.tmp' | grep -q .; then wrong 'gnuplot killed: a temporary is left'; fi
  done
  echo "kill_test: gnuplot alone: $hit times killed at work, $missed times too late"
  if [ "$hit" = 0 ]; then wrong 'gnuplot was never killed at work'; fi
}

# ---- ./byhand data: a small project with one data set, whose package comes from a slow stand-in for npm ----

data_command() { cmd=("$1/byhand" data sp500) environment=(PATH="$work/bin:$PATH"); }
data_old() {
  local sum
  mkdir -p "$1/cmake" "$1/datasets/cache" "$work/bin" "$work/package/package/data"
  cp "$project/byhand" "$1/" && cp "$project"/cmake/*.sh "$1/cmake/"
  awk 'BEGIN { print "date,close"; for (i = 0; i < 60000; ++i) print i "," (i * 7919) % 100003 }' >"$work/package/package/data/sp500-2000.csv"
  sum=$(sha256sum "$work/package/package/data/sp500-2000.csv" | cut -d' ' -f1)
  printf 'sp500|sp500-2000.csv|700000|%s|npm x|BSD|prices\n' "$sum" >"$1/datasets/catalogue.txt"
  echo 'an old version, with another checksum' >"$1/datasets/cache/sp500-2000.csv"
  tar czf "$work/package.tgz" -C "$work/package" package
  # shellcheck disable=SC2016
  printf '#!/usr/bin/env bash\nfor part in 0 1 2 3; do dd if="%s" bs=%d skip=$part count=1 2>/dev/null; sleep 0.03; done >vega-datasets-3.2.1.tgz\n' \
    "$work/package.tgz" $(($(stat -c %s "$work/package.tgz") / 4 + 1)) >"$work/bin/npm"
  chmod +x "$work/bin/npm"
  cmd=(true) environment=()
}

# ---- all of it ----

materials
if [ ${#chosen[@]} -eq 0 ]; then
  chosen=(lstm text figure rag data)
  if [ "$kills" -gt 5 ]; then chosen+=(binary bert); fi
fi
for name in "${chosen[@]}"; do
  if ! declare -F "${name}_command" >/dev/null; then echo "kill_test: no scenario '$name'" && exit 2; fi
  if [ "$name" = figure ] && ! command -v gnuplot >/dev/null; then echo 'kill_test: figure: skipped: gnuplot is not installed' && continue; fi
  play "$name"
  if [ "$name" = figure ]; then gnuplot_killed; fi
done
echo "kill_test: $checks checks, $failures failed; $with_temporary kills left a temporary, going on removed it"
if [ "$called" -gt 0 ] && [ "$with_temporary" = 0 ]; then echo 'kill_test: no kill fell into a write: the test did not test' && exit 1; fi
[ "$failures" -eq 0 ]
