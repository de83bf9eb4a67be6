#!/usr/bin/env bash
# Programs write where they cannot: on a disk with too little room (a small tmpfs), beyond a file size limit, into a folder that is not
# theirs, onto a read-only mount. Each must end with exit code 2 and one line that names a file and the reason; what was there stays as it
# was, or is the complete new file, and no temporary is left.
#   full_disk_test.sh FOLDER [--long] [--seed N]      FOLDER holds 06_word2vec, 08_lstm, 14_bert, 15_rag
# Mounting needs root or a user namespace of one's own (unshare -r). Where neither is allowed, that part is left out, and it says so.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
project=$(cd "$here/../.." && pwd -P)
if [ $# -lt 1 ] || [ ! -x "$1/08_lstm" ]; then echo 'usage: full_disk_test.sh FOLDER [--long] [--seed N]' && exit 2; fi
original=("$@") bin=$(cd "$1" && pwd -P) sizes=3 seed=42 programs='lstm text binary figure rag'
shift
while [ $# -gt 0 ]; do
  case $1 in
    --long) sizes=25 seed=$$ programs="$programs bert" ;;
    --seed) seed=${2:?} && shift ;;
    *) echo "full_disk_test: unknown option '$1'" && exit 2 ;;
  esac
  shift
done

# A mount namespace of our own: nothing that is mounted here is seen outside, nor left when the test is killed.
is_root=$([ "$(id -u)" = 0 ] && echo yes || echo no)
mounting=${BYHAND_MOUNTING:-}
if [ -z "$mounting" ]; then
  namespace=(unshare --mount)
  if [ "$is_root" = no ]; then namespace+=(--map-root-user); fi
  # shellcheck disable=SC2016
  if "${namespace[@]}" bash -c 'mount -t tmpfs none /mnt' 2>/dev/null; then
    export BYHAND_ROOT=$is_root
    BYHAND_MOUNTING=yes exec "${namespace[@]}" bash "${BASH_SOURCE[0]}" "${original[@]}"
  fi
  mounting=no
fi
is_root=${BYHAND_ROOT:-$is_root}  # in a user namespace everybody is root, and may still not write everywhere

work=$(mktemp -d "${TMPDIR:-/tmp}/byhand full.XXXXXX")
work=$(cd "$work" && pwd -P)
disk=$work/disk
finish() {
  if mountpoint -q "$disk" 2>/dev/null; then umount "$disk"; fi
  chmod -R u+w "$work" && rm -rf "$work"
}
trap finish EXIT
mkdir "$disk"
export BYHAND_HOME=$project OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive
RANDOM=$seed
failures=0 checks=0
echo "full_disk_test: seed $seed"
wrong() { echo "full_disk_test: $*" && failures=$((failures + 1)); }
skipped() { echo "full_disk_test: skipped: $*"; }

# ---- programs: PROGRAM_command FOLDER WHICH sets `cmd`; a is what was there before, b what is to be written ----

for which in a b; do
  awk -v x="$which" 'BEGIN { print 1500, 20; seed = x == "a" ? 3 : 4
    for (i = 0; i < 1500; ++i) { printf "w%d", i; for (j = 0; j < 20; ++j) { seed = (seed * 1103 + 12345) % 65536; printf " %.5f", seed / 65536 - 0.5 } print "" } }' >"$work/vectors_$which"
  mkdir "$work/pages_$which"
  for page in 1 2 3 4 5 6 7 8; do
    awk -v x="$which" -v p="$page" 'BEGIN { print "# Page " p " of " x "\n"; for (i = 0; i < 60; ++i) print "Line " i " of page " p " speaks of word" (i * p * 7) % 101 x " and of word" (i + p) % 13 ".\n" }' >"$work/pages_$which/$page.md"
  done
done
cat "$work"/pages_?/*.md | grep '^Line' >"$work/sentences"
seed_of() { if [ "$1" = a ]; then echo 1; else echo 2; fi; }
no_gnuplot=(env BYHAND_GNUPLOT=/none)
lstm_command() { cmd=("${no_gnuplot[@]}" "$bin/08_lstm" --epochs 1 --hidden 4 --seed "$(seed_of "$2")" --out "$1" --checkpoint "$1/run.safetensors"); }
text_command() { cmd=("${no_gnuplot[@]}" "$bin/06_word2vec" --vectors "$work/vectors_$2" --probe w1 --out "$work/elsewhere" --save "$1/vectors.txt"); }
binary_command() { cmd=("${no_gnuplot[@]}" "$bin/06_word2vec" --vectors "$work/vectors_$2" --probe w1 --out "$work/elsewhere" --save "$1/vectors.bin"); }
figure_command() { cmd=("$bin/06_word2vec" --vectors "$work/vectors_$2" --probe w1 --out "$1"); }
rag_command() { cmd=("$bin/15_rag" --data "$work/pages_$2" --store "$1/store.sqlite" --out "$1" --retriever lsa --ask 'which page speaks of word3?'); }
bert_command() { cmd=("${no_gnuplot[@]}" "$bin/14_bert" --quick --epochs 2 --data "$work/sentences" --seed "$(seed_of "$2")" --out "$1" --save "$1/model"); }

run() { "${cmd[@]}" >"$work/out" 2>"$work/err" </dev/null; }

# ends_well CODE REASON...: exit 2 with one line that names a file of the disk and one of the reasons.
ends_well() {
  local code=$1 reason line
  shift
  checks=$((checks + 1))
  line=$(grep -v '^plot: /none is not installed' "$work/err" || true)
  if [ "$code" != 2 ] || [ "$(wc -l <<<"$line")" != 1 ]; then wrong "$what: exit code $code, and this: $line" && return; fi
  case $line in *"$disk"*) ;; *) wrong "$what: no file is named: $line" ;; esac
  for reason; do case $line in [0-9]*": "*"$reason"*) return ;; esac; done
  wrong "$what: not the reason that was expected: $line"
}

# nothing_lost OLD NEW: what is on the disk is the old file or the new one.
nothing_lost() {
  local file name
  checks=$((checks + 1))
  while IFS= read -r -d '' file; do
    name=${file#"$disk/"}
    if [ "$name" = filler ] || cmp -s "$file" "$1/$name" || cmp -s "$file" "$2/$name"; then continue; fi
    case $name in
      *.csv) if [ -z "$(tail -c 1 "$file" | tr -d '\n')" ] && cmp -s -n "$(stat -c %s "$file")" "$file" "$2/$name"; then continue; fi ;;
      *.safetensors) if [ "$(stat -c %s "$file")" = "$(stat -c %s "$2/$name")" ]; then continue; fi ;;  # of an epoch in between
      store.sqlite) if passages "$file" "$1" || passages "$file" "$2"; then continue; fi ;;
    esac
    wrong "$what: $name is neither the old file nor the new one"
  done < <(find "$disk" -type f -print0)
  while IFS= read -r -d '' file; do
    if [ ! -f "$disk/${file#"$1/"}" ]; then wrong "$what: ${file#"$1/"} is gone"; fi
  done < <(find "$1" -type f -print0)
}
passages() {  # FILE FOLDER: the store has the passages of that in the folder
  command -v sqlite3 >/dev/null || return 0
  cmp -s <(sqlite3 "$1" 'SELECT file, p.* FROM documents d JOIN passages p ON d.id = p.document; PRAGMA integrity_check') \
    <(sqlite3 "$2/store.sqlite" 'SELECT file, p.* FROM documents d JOIN passages p ON d.id = p.document; PRAGMA integrity_check')
}

prepare() {  # PROGRAM: what is there before, and what a run without hindrance makes of it
  old=$work/$1/old new=$work/$1/new
  if [ -d "$old" ]; then return 0; fi
  mkdir -p "$old"
  "${1}_command" "$old" a && { run || wrong "$1: $(cat "$work/err")"; }
  cp -a "$old" "$new"
  "${1}_command" "$new" b && { run || wrong "$1: $(cat "$work/err")"; }
}

# ---- a disk with too little room ----

bytes_on_disk() { du -s --apparent-size --block-size=4096 "$1" | cut -f1; }

full_disk() {  # PROGRAM
  local refused=0 code i room
  prepare "$1"
  for ((i = 0; i <= sizes; ++i)); do  # the last one has room for everything
    room=$((i * ($(bytes_on_disk "$new") + 2) / sizes + (i > 0 && i < sizes ? RANDOM % 3 : 0)))
    mount -t tmpfs -o size=32m none "$disk"
    cp -a "$old/." "$disk/"
    if [ "$i" != "$sizes" ]; then head -c $((($(df --output=avail -B 4096 "$disk" | tail -1) - room) * 4096)) /dev/zero >"$disk/filler"; fi
    "${1}_command" "$disk" b
    what="$1, $((4 * room)) kB free" code=0
    run || code=$?
    if [ "$code" != 0 ]; then refused=$((refused + 1)) && ends_well "$code" 'No space left on device' 'database or disk is full'; fi
    nothing_lost "$old" "$new"
    if [ "$i" = "$sizes" ] && [ "$code" != 0 ]; then wrong "$what: $(cat "$work/err")"; fi
    umount "$disk"
  done
  echo "full_disk_test: $1: $((sizes + 1)) sizes of a disk, refused on $refused"
  if [ "$refused" = 0 ]; then wrong "$1: was never refused"; fi
}

# ---- a file that may not grow ----

size_limit() {  # PROGRAM
  local code=0
  prepare "$1" && what="$1, ulimit -f"
  rm -rf "$disk" && cp -a "$old" "$disk"
  "${1}_command" "$disk" b
  (ulimit -f 8 && run) || code=$?
  ends_well "$code" 'File too large' 'disk I/O error'
  nothing_lost "$old" "$new"
}

# ---- a folder that may not be written ----

refused_folder() {  # PROGRAM REASON...
  local code=0 program=$1
  shift
  "${program}_command" "$disk" b
  if [ "${#as[@]}" -gt 0 ]; then cmd=("${as[@]}" "${cmd[@]}"); fi
  run || code=$?
  ends_well "$code" "$@"
  nothing_lost "$old" "$new"
}

not_mine() {
  local program
  as=(setpriv --bounding-set=-all)  # in a user namespace of our own we are root; without root's rights
  if [ "$is_root" = yes ]; then as=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi
  if [ "$is_root" = no ] && [ "$mounting" = no ]; then as=(env); fi
  chmod 755 "$work"
  mkdir -p "$work/elsewhere" && chmod 777 "$work/elsewhere"
  if ! "${as[@]}" test -x "$bin/08_lstm" 2>/dev/null || ! "${as[@]}" test -r "$project/datasets/goog.csv" || "${as[@]}" test -w /; then
    skipped 'a folder that is not mine: no other user can be had here, or it cannot read the programs' && return
  fi
  for program in $programs; do
    prepare "$program" && what="$program, a folder that is not mine"
    rm -rf "$disk" && cp -a "$old" "$disk" && chmod -R a-w,a+rX "$disk"
    refused_folder "$program" 'Permission denied' 'attempt to write a readonly database' 'unable to open database file'
    chmod -R u+w "$disk"
  done
  echo 'full_disk_test: folders that are not mine: refused'
}

read_only() {
  local program
  as=()
  for program in $programs; do
    prepare "$program" && what="$program, a read-only mount"
    rm -rf "$disk" && cp -a "$old" "$disk"
    mount --bind "$disk" "$disk" && mount -o remount,ro,bind "$disk"
    refused_folder "$program" 'Read-only file system' 'attempt to write a readonly database'
    umount "$disk"
  done
  echo 'full_disk_test: read-only mounts: refused'
}

if ! command -v gnuplot >/dev/null; then skipped 'figures: gnuplot is not installed' && programs=${programs/figure /}; fi
for program in text binary; do size_limit "$program"; done
not_mine
if [ "$mounting" = yes ]; then
  for program in $programs; do full_disk "$program"; done
  read_only
else
  skipped 'small disks and read-only mounts: mounting is not allowed here, neither to this user nor in a namespace of its own'
fi
if [ -e /dev/full ]; then
  what='standard output on a full disk' code=0
  "$bin/08_lstm" --help >/dev/full 2>"$work/err" || code=$?
  if [ "$code" != 2 ] || ! grep -qx '08_lstm: standard output cannot be written' "$work/err"; then wrong "$what: exit code $code, $(cat "$work/err")"; fi
fi
echo "full_disk_test: $checks checks, $failures failed"
[ "$failures" -eq 0 ]
