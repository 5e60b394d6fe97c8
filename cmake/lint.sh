#!/usr/bin/env bash
# clang-format on every source, and clang-tidy's short list (.clang-tidy) on the sources of the
# folders. Takes the build folder, for its compile commands.
set -euo pipefail
build=$1
mapfile -t sources < <(git ls-files '*.cpp' '*.h')
clang-format --dry-run -Werror "${sources[@]}"
mapfile -t tidied < <(git ls-files 'base/*.cpp' 'engine/*.cpp' 'ingest/*.cpp' 'index/*.cpp' 'retrieval/*.cpp' 'generation/*.cpp' 'cli/*.cpp')
printf '%s\n' "${tidied[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p "$build" --quiet 2>&1 |
  grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed|^Use -header-filter' || true
[ "${PIPESTATUS[1]}" -eq 0 ]
echo "clang-format and clang-tidy: ${#sources[@]} files"
