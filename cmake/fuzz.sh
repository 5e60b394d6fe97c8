#!/usr/bin/env bash
# Runs each fuzzer of a build folder for the given number of seconds from its seeds, as many at a
# time as there are processors.
#   fuzz.sh BUILD SECONDS
set -euo pipefail
build=$1 seconds=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The seeds of a fuzzer: its own, and the files that the tests of the same reader read.
fuzz() {
  local fuzzer=$1 name=${1##*/fuzz_} folder status=0
  local corpus=$work/$name seeds=()
  mkdir "$corpus"
  for folder in "tests/fuzz/seeds/$name" "tests/ingest/data/$name"; do
    if [ -d "$folder" ]; then seeds+=("$folder"); fi
  done
  "$fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$corpus-found-" "$corpus" "${seeds[@]}" >"$corpus.log" 2>&1 || status=$?
  if [ $status -ne 0 ]; then
    tail -n 60 "$corpus.log"
    echo "fuzz_$name found something (status $status); the input in base64:"
    cat "$corpus"-found-* 2>/dev/null | base64 | head -c 20000
    return 1
  fi
  echo "fuzz_$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$corpus.log") inputs in $seconds s"
}

failed=0 running=0 fuzzers=0
for fuzzer in "$build"/tests/fuzz/fuzz_*; do
  [ -f "$fuzzer" ] && [ -x "$fuzzer" ] || continue
  fuzzers=$((fuzzers + 1))
  if [ $running -ge "$(nproc)" ]; then
    wait -n || failed=1
    running=$((running - 1))
  fi
  fuzz "$fuzzer" &
  running=$((running + 1))
done
while [ $running -gt 0 ]; do
  wait -n || failed=1
  running=$((running - 1))
done
[ $fuzzers -gt 0 ] || { echo "no fuzzers in $build/tests/fuzz"; exit 1; }
[ $failed -eq 0 ]
echo "$fuzzers fuzzers: nothing found"
