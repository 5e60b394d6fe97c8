#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test; each step says how long it took.
#   ./test.sh           everything: tests, lint, sanitizers, covered lines, fuzzers
#   ./test.sh quick     the release build's tests alone
#   ./test.sh real      fetches real model weights and runs the engine on them
# Stops at the first step that fails and prints what it wrote; all of it lies in build/logs.
# What is compiled and linted is kept by content in ${XDG_CACHE_HOME:-~/.cache} (ccache, saseo/lint),
# so that a second run, in another checkout too, does only what changed.
set -euo pipefail
cd "$(dirname "$0")"
source cmake/packages.sh
source cmake/steps.sh
export LC_ALL=C.UTF-8 TZ=UTC
# Precompiled headers and paths of another checkout do not keep ccache from finding a result.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
jobs=$(nproc)
results=$PWD/build/results
rm -rf "$results"
mkdir -p "$results"

build() {
  cmake --preset "$1"
  "${steady[@]}" cmake --build --preset "$1" -j "$jobs"
}
# tests PRESET [ARGUMENT...]: ctest, whose results are counted at the end.
tests() {
  local preset=$1
  shift
  "${steady[@]}" ctest --preset "$preset" -j "$jobs" \
    --output-junit "$results/ctest-$preset.xml" "$@"
}
# script NAME COMMAND...: a test that is a script; status 77: it cannot run here.
script() {
  local name=$1 status=0
  shift
  "$@" || status=$?
  case $status in
    0) echo "passed $name" >>"$results/scripts.txt" ;;
    77) echo "skipped $name" >>"$results/scripts.txt" ;;
    *) return $status ;;
  esac
}

step "packages" install_packages "${build_packages[@]}" "${test_packages[@]}"
step "packages: every tool works" check_packages
if [ "${1:-}" = real ]; then
  step "release: build" build release
  step "real weights" script real-weights tests/real/real_test.sh build/release
  step "real weights beside another engine" script real-peer tests/real/real_peer_test.sh build/release
  finish
fi
step "format" cmake/format.sh
step "release: build" build release
step "release: tests" tests release
if [ "${1:-}" = quick ]; then finish; fi
step "questions fit the manuals" /usr/bin/python3 corpora/check_questions.py

step "address and undefined: build" build asan
find build/asan -name '*.gcda' -delete
step "lint" cmake/lint.py build/asan build/release
# Killed programs tell nothing of their memory; the release build's are killed above.
step "address and undefined: tests" tests asan -E '^crash$'
step "covered lines" cmake/coverage.sh build/asan 85
step "fuzzers: ${FUZZ_SECONDS:=20} s each" "${steady[@]}" cmake/fuzz.sh build/asan "$FUZZ_SECONDS"

step "threads: build" build tsan
step "threads: tests" tests tsan

step "packages in a bare Debian, if they changed" script bare-debian cmake/bare_debian.sh packages --if-changed
finish
