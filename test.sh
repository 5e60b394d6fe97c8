#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test; each step says how long it took.
#   ./test.sh           everything: tests, lint, sanitizers, covered lines, fuzzers
#   ./test.sh quick     the release build's tests alone
# Stops at the first step that fails and prints what it wrote; all of it lies in build/logs.
set -euo pipefail
cd "$(dirname "$0")"
source cmake/packages.sh
source cmake/steps.sh
export LC_ALL=C.UTF-8 TZ=UTC
jobs=$(nproc)

# Building the release runs the test programs, too: they list their tests.
build() {
  cmake --preset "$1"
  "${steady[@]}" cmake --build --preset "$1" -j "$jobs"
}

step "packages" install_packages "${build_packages[@]}" "${test_packages[@]}"
step "release: build" build release
step "release: tests" ctest --preset release -j "$jobs"
if [ "${1:-}" = quick ]; then finish; fi

step "format and lint" cmake/lint.sh build/release
step "questions fit the manuals" /usr/bin/python3 corpora/check_questions.py

step "address and undefined: build" build asan
find build/asan -name '*.gcda' -delete
# Killed programs tell nothing of their memory; the release build's are killed above.
step "address and undefined: tests" "${steady[@]}" ctest --preset asan -j "$jobs" -E '^crash$'
step "covered lines" cmake/coverage.sh build/asan 85

step "threads: build" build tsan
# The folders whose code runs in threads; the preset builds their tests alone.
step "threads: tests" "${steady[@]}" ctest --preset tsan -j "$jobs" -R '^(base|engine|index|generation|eval)\.'

step "fuzzers: build" build fuzz
step "fuzzers: ${FUZZ_SECONDS:=20} s each" "${steady[@]}" cmake/fuzz.sh build/fuzz "$FUZZ_SECONDS"
finish
