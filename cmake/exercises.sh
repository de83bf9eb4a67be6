# The command `exercise`: lists, judges, helps. Read by `byhand`.
# An exercise is chapters/NN_name/exercises/exK_topic.hpp, which the reader edits; beside it exK_topic_test.cpp judges, originals/ has what
# `--reset` puts back, hints.md and solutions/ the help. What was solved, and how many hints were seen, is in exercises/progress of the build folder.

exercise_usage() {
  cat <<'TEXT'
usage: ./byhand exercise [CHAPTER | CHAPTER.K] [--hint | --solution | --reset]
  without an argument     all exercises and their state: untouched, failing, solved
  08 or lstm              those of a chapter
  08.2                    build it and judge it
  08.2 --hint             one more hint each time
  08.2 --solution         the solution and its explanation; asks first
  08.2 --reset            puts the original back, keeps your file beside it
TEXT
}

# exercises_of CHAPTER: its exercises as exK_topic, in `topics`.
exercises_of() {
  local file
  topics=()
  for file in "$root/chapters/$1/exercises"/ex[0-9]_*_test.cpp; do
    if [ -f "$file" ]; then file=${file##*/} && topics+=("${file%_test.cpp}"); fi
  done
}

# use_exercise CHAPTER TOPIC: sets id (08.2), folder, file (what the reader edits), original, solution, and title.
use_exercise() {
  local number=${2#ex}
  chapter=$1 topic=$2 k=${number%%_*}
  id=${chapter%%_*}.$k
  folder=$root/chapters/$chapter/exercises
  file=$folder/$topic.hpp original=$folder/originals/$topic.hpp solution=$folder/solutions/$topic.hpp
  title=$(sed -n '1s/^[^:]*: *//p' "$original")
}

# exercise_named WORD: 08.2, 8.2, lstm.2 and 08_lstm.2 are understood.
exercise_named() {
  local word=$1 wanted=${1##*.} name all=()
  chapter_named "${word%.*}" || not_known chapter "${word%.*}" ${chapters[@]+"${chapters[@]}"}
  exercises_of "$chapter"
  for name in ${topics[@]+"${topics[@]}"}; do
    use_exercise "$chapter" "$name"
    if [ "$k" = "$wanted" ]; then return 0; fi
    all+=("$id")
  done
  die "no exercise '$word'. There are: ${all[*]-none in chapter $chapter}"
}

progress_file() { printf '%s' "$build/exercises/progress"; }
fingerprint() { cksum <"$1" | tr ' ' '-'; }
# noted KEY: what the progress file says of "08.2 solved" or "08.2 hints".
noted() { sed -n "s/^$1 //p" "$(progress_file)" 2>/dev/null || true; }
# note KEY VALUE
note() {
  local progress
  progress=$(progress_file)
  mkdir -p "${progress%/*}"
  { grep -v "^$1 " "$progress" 2>/dev/null || true; printf '%s %s\n' "$1" "$2"; } >"$progress.new"
  mv "$progress.new" "$progress"
}

# state_of: of the exercise in use, in `state`. Solved is what was judged so and not touched since.
state_of() {
  if [ ! -f "$file" ]; then state='missing'
  elif cmp -s "$file" "$original"; then state=untouched
  elif [ "$(noted "$id solved")" = "$(fingerprint "$file")" ]; then state=solved
  else state=failing; fi
}

# section FILE K: what stands under the heading "## K …" of a page.
section() { awk -v k="$2" '/^## / { on = ($2 == k); next } on' "$1" | sed -e '/./,$!d'; }

list_exercises() {  # CHAPTER...
  local name topic
  for name in "$@"; do
    exercises_of "$name"
    if [ ${#topics[@]} -eq 0 ]; then continue; fi
    printf '%s\n' "$name"
    for topic in "${topics[@]}"; do
      use_exercise "$name" "$topic"
      state_of
      printf '  %-5s %-10s %s\n' "$id" "$state" "$title"
    done
  done
}

# next_exercise: the first that is not solved, behind the one in use if there is one, else from the start; empty when all are solved.
next_exercise() {
  local here=$id name topic first='' after='' passed=no
  for name in ${chapters[@]+"${chapters[@]}"}; do
    exercises_of "$name"
    for topic in ${topics[@]+"${topics[@]}"}; do
      use_exercise "$name" "$topic"
      if [ "$id" = "$here" ]; then passed=yes && continue; fi
      state_of
      if [ "$state" = solved ]; then continue; fi
      if [ -z "$first" ]; then first=$id; fi
      if [ "$passed" = yes ] && [ -z "$after" ]; then after=$id; fi
    done
  done
  next=${after:-$first}
}

show_hint() {
  local hints seen total
  hints=$(section "$folder/hints.md" "$k" | sed -n 's/^- //p')
  total=$(printf '%s\n' "$hints" | grep -c .) || true
  seen=$(noted "$id hints")
  seen=$((${seen:-0} + 1))
  if [ "$seen" -gt "$total" ]; then
    say "that was the last hint of $id; here is it again. The solution: ./byhand exercise $id --solution"
    seen=$total
  fi
  printf 'hint %d of %d: %s\n' "$seen" "$total" "$(printf '%s\n' "$hints" | sed -n "${seen}p")"
  note "$id hints" "$seen"
}

show_solution() {
  local answer=''
  printf 'Show the solution of %s, "%s"? [y/N] ' "$id" "$title" >&2
  IFS= read -r answer || say ''
  case $answer in [yY] | [yY][eE][sS]) ;; *) say "not shown. A hint: ./byhand exercise $id --hint" && return 1 ;; esac
  cat "$solution"
  printf '\n'
  section "$folder/solutions/explanations.md" "$k"
}

reset_exercise() {
  local mine=$folder/$topic.mine.hpp count=1
  state_of
  if [ "$state" = untouched ]; then say "$id is untouched" && return 0; fi
  if [ -f "$file" ]; then
    while [ -e "$mine" ]; do count=$((count + 1)) && mine=$folder/$topic.mine$count.hpp; done
    mv "$file" "$mine"
    say "your file is now ${mine#"$root"/}"
  fi
  cp "$original" "$file.new" && mv "$file.new" "$file"
  say "${file#"$root"/} is the original again"
}

judge_exercise() {
  local target=exercise_${id/./_} status=0
  if [ ! -f "$file" ]; then die "${file#"$root"/} is missing. The original: ./byhand exercise $id --reset"; fi
  prepare
  printf '%s: %s\n%s\n' "$id" "$title" "${file#"$root"/}"
  if ! build_targets "$target" "$target"; then
    printf 'not yet: it does not compile. Begin with the first error above.\n'
    return 1
  fi
  printf '\n'
  OMP_NUM_THREADS=1 "$build/exercises/bin/$target" || status=$?
  printf '\n'
  if [ "$status" -ne 0 ]; then
    state_of
    if [ "$state" = untouched ]; then printf 'The file is still untouched: its comments say what to do.\n'; fi
    printf 'edit %s, then again: ./byhand exercise %s   a hint: --hint\n' "${file#"$root"/}" "$id"
    note "$id solved" no
    return 1
  fi
  note "$id solved" "$(fingerprint "$file")"
  section "$folder/solutions/explanations.md" "$k"
  next_exercise
  if [ -n "$next" ]; then printf '\nnext: ./byhand exercise %s\n' "$next"; else printf '\nthat was the last: all exercises are solved.\n'; fi
}

command_exercise() {
  local help=judge_exercise word arguments=()
  for word in "$@"; do
    case $word in
      --hint) help=show_hint ;;
      --solution) help=show_solution ;;
      --reset) help=reset_exercise ;;
      *) arguments+=("$word") ;;
    esac
  done
  options="--hint --solution --reset $options"
  arguments_of exercise ${arguments[@]+"${arguments[@]}"}
  if [ ${#words[@]} -gt 1 ]; then die "exercise takes one argument, not '${words[1]}'"; fi
  case ${words[0]-} in
    *.[0-9]*) exercise_named "${words[0]}" && "$help" ;;
    *)
      if [ "$help" != judge_exercise ]; then die "which exercise? As in: ./byhand exercise 08.2 --hint"; fi
      if [ ${#words[@]} -eq 0 ]; then list_exercises ${chapters[@]+"${chapters[@]}"} && return; fi
      chapter_named "${words[0]}" || not_known chapter "${words[0]}" ${chapters[@]+"${chapters[@]}"}
      exercises_of "$chapter"
      if [ ${#topics[@]} -eq 0 ]; then die "chapter $chapter has no exercises"; fi
      list_exercises "$chapter" ;;
  esac
}
