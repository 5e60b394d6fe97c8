#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test.
#   ./test.sh           everything: tests, lint, sanitizers, fuzzers (cmake/coverage.sh counts covered lines)
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
  ctest --preset "$preset" -j "$jobs" "$@" | tail -n 40
}

build_and_test release
[ "${1:-}" = quick ] && exit 0

step "Formatting, lint and the arrows between folders"
cmake/lint.sh build/release

step "The questions fit the manuals"
/usr/bin/python3 corpora/check_questions.py

# The command line's tests run the program as a person would: without a sanitizer's slowness.
build_and_test asan -E '^(crash$|cli)'
# The stages that run threads in this process; the PDF helper and the command line are processes.
build_and_test tsan -R '^(base|engine|index|retrieval|generation)\.'

step "Fuzzers: ${FUZZ_SECONDS:=60} s each"
cmake/fuzz.sh "$FUZZ_SECONDS"

step "All passed"
