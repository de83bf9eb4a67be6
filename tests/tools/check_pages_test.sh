#!/usr/bin/env bash
# Do the checks of the pages notice? A small project without fault, then one thing broken at a time.
set -euo pipefail
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/byhand pages.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0 checks=0

# ---- a project of one chapter ----
make_project() {
  rm -rf "$work/p" && mkdir -p "$work/p/chapters/08_lstm/exercises/originals" "$work/p/chapters/08_lstm/exercises/solutions" "$work/p/chapters/08_lstm/figures" "$work/p/datasets" "$work/p/docs" "$work/p/common/nn"
  chapter=$work/p/chapters/08_lstm
  echo 'real forward(real x);' >"$chapter/model.hpp"
  echo 'struct Linear {};' >"$work/p/common/nn/layers.hpp"
  touch "$chapter/figures/gates.svg"
  printf '# byhand\n\n[notes](docs/README.md)\n' >"$work/p/README.md"
  printf '# Docs\n\nSee `common/nn/layers.hpp:Linear` and `chapters/08_lstm/model.hpp:forward`.\n' >"$work/p/docs/README.md"
  for k in 1 2 3; do
    touch "$chapter/exercises/ex${k}_gate_test.cpp"
    printf '// Exercise 08.%s: gate %s\n// TODO\n' $k $k >"$chapter/exercises/originals/ex${k}_gate.hpp"
    printf '// Exercise 08.%s: gate %s\n' $k $k >"$chapter/exercises/solutions/ex${k}_gate.hpp"
    printf '## %s gate\n\n- one\n- two\n\n' $k >>"$chapter/exercises/hints.md"
    printf '## %s gate\n\nOne.\nTwo.\n\n' $k >>"$chapter/exercises/solutions/explanations.md"
  done
  page "$chapter/README.md" '08 lstm: a title' 'Goal|Sections of the notes|Before you start|Run it|What you will see|Figure|How the code follows the notes|Where we differ from the notes, and why|Exercises|Next' \
    'Learn 3 gates.' 'Look.' README.md
  page "$chapter/README.ko.md" '08 lstm: 제목' '목표|노트의 해당 절|시작하기 전에|실행하기|무엇을 보게 되나|그림|코드와 노트의 대응|노트와 다른 점과 그 이유|연습 문제|다음' \
    '게이트 3개를 배웁니다.' '보세요.' README.ko.md
}
page() {  # FILE TITLE HEADINGS GOAL LOOK LINK
  local heading
  { printf '# %s\n\nA line.\n' "$2"
    printf '%s\n' "$3" | tr '|' '\n' | while IFS= read -r heading; do
      printf '\n## %s\n\n' "$heading"
      case $heading in
        Goal | 목표) printf '%s\n' "$4" ;;
        'Run it' | 실행하기) printf '```bash\n./byhand run lstm\n```\n' ;;
        'What you will see' | '무엇을 보게 되나') printf '```text\nloss 0.25\nfigure: out/08_lstm/gates.svg\n```\n' ;;
        Figure | 그림) printf '![%s](figures/gates.svg)\n' "$5" ;;
        How* | 코드와*) printf '| § 30 | `model.hpp:forward` |\n' ;;
        Exercises | '연습 문제') printf '| 08.1 gate 1 | a |\n| 08.2 gate 2 | b |\n| 08.3 gate 3 | c |\n' ;;
        Next | 다음) printf '[%s](../08_lstm/%s)\n' "$5" "$6" ;;
      esac
    done
  } >"$1"
}

# noticed CHECK WORDS: the check fails and says so.
noticed() {
  local said
  checks=$((checks + 1))
  if said=$(bash "$tools/$1" "$work/p" 2>&1); then
    echo "$1 did not notice: $2" && failures=$((failures + 1))
  elif ! grep -qF -- "$2" <<<"$said"; then  # not through a pipe: grep -q may close it early, which pipefail calls a failure
    echo "$1 does not say '$2' but:" && printf '%s\n' "$said" && failures=$((failures + 1))
  fi
}
fine() { checks=$((checks + 1)); bash "$tools/$1" "$work/p" >"$work/said" 2>&1 || { echo "$1 finds fault where there is none:"; cat "$work/said"; failures=$((failures + 1)); }; }
# broken FILE SED-EXPRESSION: a fresh project with that change. It must be one.
broken() {
  make_project
  sed "$2" "$chapter/$1" >"$work/changed"
  if cmp -s "$work/changed" "$chapter/$1"; then echo "the test's own change did nothing: $1 $2" && failures=$((failures + 1)); fi
  cp "$work/changed" "$chapter/$1"
}

make_project && fine check_pages.sh && fine check_korean.sh
broken README.md '/^## Run it/d'; noticed check_pages.sh 'its headings are not the spine'
broken README.md '1s/lstm/lsmt/'; noticed check_pages.sh 'the first line is not'
broken README.md 's/model.hpp:forward/model.hpp:backward/'; noticed check_pages.sh 'names model.hpp:backward: it is not in that file'
broken README.md 's/model.hpp:forward/modle.hpp:forward/'; noticed check_pages.sh 'there is no modle.hpp'
broken README.ko.md 's/model.hpp:forward/model.hpp:backward/'; noticed check_pages.sh 'README.ko.md names model.hpp:backward'
broken README.md 's/(figures.gates.svg)/(figures\/gate.svg)/'; noticed check_pages.sh 'dead link: figures/gate.svg'; noticed check_pages.sh 'does not show figures/gates.svg'
broken README.md 's/^figure: .*/figure: out\/08_lstm\/gate.svg/'; noticed check_pages.sh 'its output block does not name gates.svg'
broken README.md 's/..\/08_lstm\/README.md/..\/09_seq2seq\/README.md/'; noticed check_pages.sh 'dead link'
broken README.md 's/08.2 gate 2/08.2 gate two/'; noticed check_pages.sh "does not name the exercise '08.2 gate 2'"
broken exercises/originals/ex2_gate.hpp '/TODO/d'; noticed check_pages.sh 'has no TODO'
broken exercises/originals/ex2_gate.hpp '1s/08.2/08.3/'; noticed check_pages.sh "the first line is not '// Exercise 08.2: title'"
broken exercises/solutions/ex2_gate.hpp '1a // TODO'; noticed check_pages.sh 'still has a TODO'
broken exercises/hints.md '/two/d'; noticed check_pages.sh 'less than two hints'
broken exercises/solutions/explanations.md '/Two/d'; noticed check_pages.sh 'no explanation'
make_project && rm "$chapter/exercises/ex3_gate_test.cpp"; noticed check_pages.sh 'has 2 exercises, not 3 to 6'
make_project && rm "$chapter/exercises/solutions/ex3_gate.hpp"; noticed check_pages.sh 'solutions/ex3_gate.hpp is missing'
make_project && sed -i.bak 's/:Linear/:Linaer/' "$work/p/docs/README.md"; noticed check_pages.sh 'names common/nn/layers.hpp:Linaer'
make_project && rm "$work/p/docs/README.md"; noticed check_pages.sh 'README.md: dead link: docs/README.md'

broken README.ko.md '/^## 그림/d'; noticed check_korean.sh 'its headings are not the spine'
broken README.ko.md 's/3개/4개/'; noticed check_korean.sh 'number 4: only in README.ko.md'
broken README.md 's/3 gates/three gates/'; noticed check_korean.sh 'number 3: only in README.ko.md'
broken README.ko.md 's/loss 0.25/loss 0.26/'; noticed check_korean.sh 'loss 0.26: only in README.ko.md'
broken README.ko.md 's/`model.hpp:forward`/forward/'; noticed check_korean.sh 'code `model.hpp:forward`: only in README.md'
broken README.ko.md 's/README.ko.md/REEDME.md/'; noticed check_korean.sh 'only in README.ko.md'
make_project && rm "$chapter/README.ko.md"; noticed check_korean.sh 'no README.ko.md'

# Did the program draw what its page shows?
make_project && mkdir "$work/out"
if bash "$tools/check_pages.sh" --drawn "$chapter" "$work/out" >/dev/null; then echo '--drawn did not notice a figure that was not drawn' && failures=$((failures + 1)); fi
touch "$work/out/gates.gp"
bash "$tools/check_pages.sh" --drawn "$chapter" "$work/out" >/dev/null || { echo '--drawn does not know a script without gnuplot' && failures=$((failures + 1)); }
echo "check_pages_test: $((checks + 2)) checks, $failures failed"
[ "$failures" -eq 0 ]
