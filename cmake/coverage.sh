# Sourced by byhand: `test --coverage`. gcov, which comes with g++, knows for each line how often it ran; a line counts as reached when any
# program has reached it. In float only: double is the same code.

coverage_wanted='common 95 chapters 85'  # percent of the lines

forget_coverage() { find "$build" -name '*.gcda' -delete; }

# All lines of our own sources as gcov prints them, from every object file that was run.
gcov_lines() {
  local counts
  while IFS= read -r -d '' counts; do
    (cd "$build" && gcov --stdout --relative-only --source-prefix "$root" "$counts" 2>/dev/null) || true
  done < <(find "$build" -name '*.gcda' -print0)
}

# A table on standard output, and build-coverage/coverage.txt with each line that no test has reached. Fails when less is reached than wanted.
report_coverage() {
  if ! has gcov; then say 'coverage: gcov is not here; it comes with g++' && return 2; fi
  say 'counting the lines that were reached ...'
  gcov_lines | awk -v wanted="$coverage_wanted" -v missed="$build/coverage.txt" '
    /^ *-: *0:Source:/ { file = $0; sub(/^ *-: *0:Source:/, "", file); ours = file ~ /^(common|chapters)\// && file !~ /exercises/; next }
    !ours { next }
    match($0, /^ *[^:]+: *[0-9]+:/) {
      split($0, part, ":")
      count = part[1]; line = part[2] + 0
      gsub(/[ *]/, "", count)
      if (line == 0 || count == "-") next
      key = file SUBSEP line
      if (!(key in known)) { known[key] = 1; lines[file]++ ; text[key] = substr($0, RSTART + RLENGTH) }
      if (count !~ /^[#=]/ && !(key in reached)) { reached[key] = 1; hit[file]++ }
    }
    END {
      n = split(wanted, want, " ")
      for (file in lines) { split(file, folder, "/"); all[folder[1]] += lines[file]; done[folder[1]] += hit[file] }
      for (key in known) if (!(key in reached)) { split(key, at, SUBSEP); print at[1] ":" at[2] ":" text[key] | ("sort -t: -k1,1 -k2,2n >" "\"" missed "\"") }
      for (i = 1; i < n; i += 2) {
        share = all[want[i]] ? 100 * done[want[i]] / all[want[i]] : 0
        printf "coverage of %s: %.1f %% of %d lines (wanted: %d %%)\n", want[i], share, all[want[i]], want[i + 1]
        if (share < want[i + 1]) low = 1
      }
      for (file in lines) if (hit[file] < lines[file]) printf "  %5.1f %%  %4d missed  %s\n", 100 * hit[file] / lines[file], lines[file] - hit[file], file | "sort -k3,3nr | head -n 25"
      exit low
    }'
}
