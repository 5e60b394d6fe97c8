#!/usr/bin/env bash
# Builds the fuzzers and runs each for the given number of seconds from its seeds.
set -euo pipefail
seconds=$1
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target fuzzers -j "$(nproc)" | tail -n 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for fuzzer in build/fuzz/tests/fuzz/fuzz_*; do
  [ -x "$fuzzer" ] && [ -f "$fuzzer" ] || continue
  name=$(basename "$fuzzer")
  mkdir -p "$work/$name"
  seeds=tests/fuzz/seeds/${name#fuzz_}
  echo "$name: $seconds s"
  "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -artifact_prefix="$work/$name-" \
    "$work/$name" "$seeds" >"$work/$name.log" 2>&1 ||
    { tail -n 60 "$work/$name.log"; echo "$name found something; the input in base64:"; base64 "$work/$name"-* | head -c 20000; exit 1; }
  grep -E 'DONE|stat::number_of_executed_units' "$work/$name.log" | tail -n 1
done
