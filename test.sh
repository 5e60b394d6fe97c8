#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test.
#   ./test.sh           everything: lint, tests, sanitizers, fuzzers, coverage
#   ./test.sh quick     the release build's tests alone
set -euo pipefail
cd "$(dirname "$0")"
source cmake/packages.sh
install_packages "${build_packages[@]}" "${test_packages[@]}"
export LC_ALL=C.UTF-8 CTEST_OUTPUT_ON_FAILURE=1
jobs=$(nproc)

step() { printf '\n== %s (%s)\n' "$1" "$(date +%H:%M:%S)"; }
build_and_test() { # preset, more ctest arguments
  local preset=$1; shift
  step "Build and test: $preset"
  cmake --preset "$preset" >"build-$preset.log" 2>&1 || { cat "build-$preset.log"; return 1; }
  rm -f "build-$preset.log"
  cmake --build --preset "$preset" -j "$jobs" | tail -n 2
  ctest --preset "$preset" -j "$jobs" --progress "$@"
}

build_and_test release
[ "${1:-}" = quick ] && exit 0

step "Formatting, lint and the arrows between folders"
cmake/lint.sh build/release

step "The questions fit the manuals"
/usr/bin/python3 corpora/check_questions.py

build_and_test asan
build_and_test tsan

step "Fuzzers: ${FUZZ_SECONDS:=60} s each"
cmake/fuzz.sh "$FUZZ_SECONDS"

step "Coverage of ingest, index, retrieval, generation"
cmake/coverage.sh 85
step "All passed"
