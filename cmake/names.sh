# Names, and names that are nearly right. Read by `byhand`.

# distance A B: how many letters to insert, drop, change or swap with their neighbour to make B of A. The answer is in `edits`.
distance() {
  local a=$1 b=$2 i j cost least
  local last=() above=() row=()
  for ((j = 0; j <= ${#b}; j++)); do row[j]=$j; done
  for ((i = 1; i <= ${#a}; i++)); do
    last=(${above[@]+"${above[@]}"}) above=("${row[@]}") row=("$i")
    for ((j = 1; j <= ${#b}; j++)); do
      cost=1
      if [ "${a:i-1:1}" = "${b:j-1:1}" ]; then cost=0; fi
      least=$((above[j - 1] + cost))
      if ((above[j] + 1 < least)); then least=$((above[j] + 1)); fi
      if ((row[j - 1] + 1 < least)); then least=$((row[j - 1] + 1)); fi
      if ((i > 1 && j > 1)) && [ "${a:i-1:1}${a:i-2:1}" = "${b:j-2:1}${b:j-1:1}" ] && ((last[j - 2] + 1 < least)); then
        least=$((last[j - 2] + 1))
      fi
      row[j]=$least
    done
  done
  edits=${row[${#b}]}
}

# is_near WORD NAME: one begins with the other, WORD is a part of NAME, or few letters differ. The parts of a NAME count too.
is_near() {
  local word=$1 form
  for form in "$2" "${2#[0-9][0-9]_}" ${2//_/ }; do
    if [ -z "$word" ]; then return 1; fi
    case $form in *"$word"*) return 0 ;; esac
    if [ ${#form} -ge 3 ]; then case $word in "$form"*) return 0 ;; esac; fi
    distance "$word" "$form"
    if ((edits <= (${#word} < 4 ? 1 : ${#word} < 7 ? 2 : 3))); then return 0; fi
  done
  return 1
}

# not_known WHAT WORD NAME...: names the near ones, or all when none is near, and exits 2.
not_known() {
  local what=$1 word=$2 name plain near=()
  shift 2
  plain=$(printf '%s' "${word:0:40}" | tr 'A-Z' 'a-z' | sed 's/^--*//; s/=.*//; s|/*$||; s|.*/||')
  for name in "$@"; do
    if is_near "$plain" "${name#--}"; then near+=("$name"); fi
  done
  if [ ${#near[@]} -gt 0 ]; then die "no $what '$word'. Near: ${near[*]}"; fi
  die "no $what '$word'. There are: $*"
}

# chapter_named WORD: the folder of the chapter that is meant, in `chapter`. 08, 8, lstm, 08_lstm and a path to it are understood.
chapter_named() {
  local word name
  word=$(printf '%s' "${1%/}" | tr 'A-Z-' 'a-z_')
  word=${word##*/}
  for name in ${chapters[@]+"${chapters[@]}"}; do
    chapter=$name
    if [ "$word" = "$name" ] || [ "$word" = "${name#*_}" ]; then return 0; fi
    case $word in [0-9] | [0-9][0-9]) if ((10#$word == 10#${name%%_*})); then return 0; fi ;; esac
  done
  return 1
}
