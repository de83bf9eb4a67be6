# Sourced by byhand: which packages the project needs, which of them are there, and how the rest is installed.
# Uses $root, $build, $preset, $install and say(), all of byhand.

# What | key | Debian, Ubuntu | Fedora | Arch | macOS. "-": not packaged there, CMake fetches it.
# What something is called does not matter, only whether it can be used: programs are looked for in PATH, libraries where CMake looks.
package_table() {
  cat <<'TABLE'
C++20 compiler|compiler|g++|gcc-c++|gcc|llvm
clang++|clang|clang libomp-dev|clang libomp-devel|clang openmp|llvm
clang's sanitizers|clang-rt|libclang-rt-dev libomp-dev|compiler-rt libomp-devel|compiler-rt openmp|llvm
CMake >= 3.22|cmake|cmake|cmake|cmake|cmake
ninja or make|maker|ninja-build|ninja-build|ninja|ninja
xtl|xtl|xtl-dev|xtl-devel|xtl|xtl
xtensor|xtensor|libxtensor-dev|xtensor-devel|xtensor|xtensor
xtensor-blas|xtensor-blas|libxtensor-blas-dev|-|-|-
OpenBLAS|openblas|libopenblas-dev|openblas-devel|openblas|openblas
doctest|doctest|doctest-dev|doctest-devel|doctest|doctest
fmt|fmt|libfmt-dev|fmt-devel|fmt|fmt
CLI11|CLI11|libcli11-dev|cli11-devel|cli11|cli11
nlohmann-json|nlohmann_json|nlohmann-json3-dev|json-devel|nlohmann-json|nlohmann-json
utf8proc|utf8proc|libutf8proc-dev|utf8proc-devel|libutf8proc|utf8proc
SQLite 3|sqlite3|libsqlite3-dev|sqlite-devel|sqlite|sqlite
hnswlib|hnswlib|libhnswlib-dev|-|-|hnswlib
cpp-httplib|httplib|libcpp-httplib-dev|cpp-httplib-devel|cpp-httplib|cpp-httplib
gnuplot|gnuplot|gnuplot-nox|gnuplot|gnuplot|gnuplot
ninja|ninja|ninja-build|ninja-build|ninja|ninja
ccache|ccache|ccache|ccache|ccache|ccache
TABLE
}

has() { command -v "$1" >/dev/null 2>&1; }

# The first compiler that reads C++20, in `compiler`. The probe only preprocesses, so that it takes 20 ms.
find_compiler() {
  for compiler in ${CXX:+"$CXX"} c++ g++ clang++ g++-14 g++-13 g++-12 g++-11 clang++-18 clang++-16 clang++-15 clang++-14; do
    if has "${compiler%% *}" && cxx20 $compiler; then return 0; fi  # CXX may be "ccache g++": split it
  done
  compiler=
  return 1
}
cxx20() {
  "$@" -std=c++20 -E -x c++ - >/dev/null 2>&1 <<'PROBE'
#include <version>
#if __cplusplus < 202002L
#error "older than C++20"
#endif
PROBE
}

# The version of CMake, in `cmake_version`; fails when there is none or it is older than 3.22.
find_cmake() {
  local major rest
  cmake_version=$(cmake --version 2>/dev/null | sed -n '1s/[^0-9]*\([0-9][0-9.]*\).*/\1/p') || true
  case $cmake_version in *.*) ;; *) return 1 ;; esac
  major=${cmake_version%%.*} rest=${cmake_version#*.}
  [ "$major" -gt 3 ] || { [ "$major" -eq 3 ] && [ "${rest%%.*}" -ge 22 ]; }
}

# The folders that CMake searches: those asked for, those whose bin/ is in PATH, and the system's.
find_prefixes() {
  local folder IFS=:
  prefixes=()
  for folder in ${CMAKE_PREFIX_PATH:-}; do prefixes+=("$folder"); done
  for folder in $PATH; do
    case $folder in */bin | */sbin) prefixes+=("${folder%/*}") ;; esac
  done
  prefixes+=(/usr /usr/local /opt/homebrew /opt/homebrew/opt/openblas /usr/local/opt/openblas)
}

# A package that CMake finds installed, found at the last configure, or fetched then.
has_config() {
  local name=$1 prefix file
  for prefix in "${prefixes[@]}"; do
    for file in "$prefix"/{share,lib,lib64}/cmake/"$name"*/"$name"{Config,-config}.cmake "$prefix"/lib/*/cmake/"$name"*/"$name"{Config,-config}.cmake; do
      if [ -f "$file" ]; then return 0; fi
    done
  done
  if [ -f "$build/CMakeCache.txt" ]; then
    file=$(sed -n "s/^${name}_DIR:PATH=//p" "$build/CMakeCache.txt")
    if [ -n "$file" ] && [ -d "$file" ]; then return 0; fi
  fi
  [ -d "$build/_deps/$(printf '%s' "${name#nlohmann_}" | tr 'A-Z' 'a-z')-build" ]
}

has_openblas() {
  local prefix file
  for prefix in "${prefixes[@]}"; do
    for file in "$prefix"/{lib,lib64,lib/*}/libopenblas.{so,a,dylib}; do
      if [ -e "$file" ]; then return 0; fi
    done
  done
  return 1
}

# A header of the system's, for packages that CMake has no configuration of.
has_header() {
  local prefix
  for prefix in "${prefixes[@]}"; do
    if [ -f "$prefix/include/$1" ]; then return 0; fi
  done
  return 1
}

# Fetched by CMake at the last configure.
has_fetched() { [ -d "$build/_deps/$1-build" ]; }

# Is what the table calls KEY there?
is_there() {
  case $1 in
    compiler) find_compiler ;;
    clang) case $preset in clang | tsan) has clang++ ;; esac ;;
    clang-rt) [ "$preset" != tsan ] || echo 'int main() {}' | clang++ -fsanitize=thread -fopenmp -x c++ - -o /dev/null >/dev/null 2>&1 ;;
    cmake) find_cmake ;;
    maker) has ninja || has ninja-build || has make ;;
    ninja) has ninja || has ninja-build ;;
    gnuplot | ccache) has "$1" ;;
    openblas) has_openblas ;;
    utf8proc) has_header utf8proc.h || has_config utf8proc ;;
    sqlite3) has_header sqlite3.h ;;
    hnswlib) has_header hnswlib/hnswlib.h || has_fetched hnswlib ;;
    httplib) has_header httplib.h || has_fetched httplib ;;
    *) has_config "$1" ;;
  esac
}

# The system's package manager, in `manager`.
find_manager() {
  for manager in apt-get dnf pacman brew; do
    if has $manager; then return 0; fi
  done
  manager=none
}

# Looks for everything. Afterwards `missing` names what is needed, `wanted` what is useful, `packages` what to install for both;
# `only_gnuplot` is yes when programs would run all the same, without figures.
check_packages() {
  local what key debian fedora arch brew names
  missing=() wanted=() packages=() only_gnuplot=yes
  find_prefixes
  find_manager
  while IFS='|' read -r what key debian fedora arch brew; do
    case $manager in dnf) names=$fedora ;; pacman) names=$arch ;; brew) names=$brew ;; *) names=$debian ;; esac
    if [ "$names" = - ] || is_there "$key"; then continue; fi
    case $key in
      ninja | ccache) wanted+=("$what") ;;
      *) missing+=("$what"); if [ "$key" != gnuplot ]; then only_gnuplot=no; fi ;;
    esac
    case " ${packages[*]-} " in *" $names "*) ;; *) packages+=("$names") ;; esac
  done < <(package_table)
}

# The commands that install `packages`, one a line.
install_commands() {
  local sudo=
  if [ "$(id -u)" != 0 ]; then sudo='sudo '; fi
  case $manager in
    apt-get)
      echo "${sudo}apt-get update"
      echo "${sudo}apt-get install -y --no-install-recommends ${packages[*]}" ;;
    dnf) echo "${sudo}dnf install ${packages[*]}" ;;
    pacman) echo "${sudo}pacman -S ${packages[*]}" ;;
    brew) echo "brew install ${packages[*]}" ;;
    *) echo "(no package manager known here; Debian's names:) ${packages[*]}" ;;
  esac
}

# Installs `packages` with apt-get; shows the end of what it said when it fails.
install_now() {
  local line log status=0
  say "installing:"
  log=$(mktemp "${TMPDIR:-/tmp}/byhand-install.XXXXXX")
  while IFS= read -r line; do
    say "  $line"
    # Packages ask nothing; another apt that is at work is waited for. (The words of the command hold no spaces: split it.)
    set -- $line
    if [ "$1" = sudo ]; then shift; set -- sudo env DEBIAN_FRONTEND=noninteractive "$@"; else set -- env DEBIAN_FRONTEND=noninteractive "$@"; fi
    "$@" -o DPkg::Lock::Timeout=300 </dev/null >"$log" 2>&1 || { status=$?; break; }
  done < <(install_commands)
  if [ "$status" -ne 0 ]; then tail -n 20 "$log" >&2; fi
  rm -f "$log"
  hash -r
  return "$status"
}

# The end of an attempt that did not help: exit 2, but a missing gnuplot alone only costs the figures.
do_without() {
  say "$1"
  if [ "$only_gnuplot" = yes ] && [ "$install" = yes ]; then
    say "going on without gnuplot: figures are written as scripts and data"
    mkdir -p "$build" && : >"$build/without-gnuplot"  # asked once, not at every run
    return 0
  fi
  exit 2
}

# Returns when everything needed is there, having installed it if it can; otherwise says what to type, and exits 2.
require_packages() {
  local line start=$SECONDS
  check_packages
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi
  if [ "$only_gnuplot" = yes ] && [ "$install" = yes ] && [ -e "$build/without-gnuplot" ]; then return 0; fi
  line=$(printf ', %s' "${missing[@]}")
  say "missing: ${line#, }"
  if [ ${#wanted[@]} -gt 0 ]; then line=$(printf ', %s' "${wanted[@]}") && say "useful: ${line#, }"; fi
  if [ "$install" = no ] || [ "$manager" != apt-get ]; then
    say "install with:"
    install_commands | sed 's/^/  /' >&2
    do_without "then run the same command again"
    return 0
  fi
  if [ "$(id -u)" != 0 ] && ! has sudo; then
    say "install as root:"
    install_commands | sed 's/^sudo //; s/^/  /' >&2
    do_without "there is no sudo here. With a compiler, CMake and a network, "cmake --preset release" fetches the header packages instead"
    return 0
  fi
  if ! install_now; then
    do_without "installing failed"
    return 0
  fi
  reconfigure=yes
  check_packages
  if [ ${#missing[@]} -eq 0 ]; then say "installed in $((SECONDS - start)) s"; return 0; fi
  line=$(printf ', %s' "${missing[@]}")
  do_without "still missing after installing: ${line#, }. This system's package may be too old; put a newer one first in PATH"
}
