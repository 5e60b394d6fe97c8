#!/usr/bin/env bash
# clang-format on every source, and clang-tidy's short list (.clang-tidy) on the sources of the
# folders. Takes the build folder, for its compile commands.
set -euo pipefail
build=$1
mapfile -t sources < <(git ls-files '*.cpp' '*.h')
clang-format --dry-run -Werror "${sources[@]}"
mapfile -t tidied < <(git ls-files 'base/*.cpp' 'engine/*.cpp' 'ingest/*.cpp' 'index/*.cpp' 'retrieval/*.cpp' \
  'generation/*.cpp' 'cli/*.cpp' ':!ingest/pdf_helper')
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! printf '%s\n' "${tidied[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p "$build" --quiet >"$log" 2>/dev/null; then
  grep -E 'error:|warning:' "$log" | sort -u
  exit 1
fi
echo "clang-format: ${#sources[@]} files, clang-tidy: ${#tidied[@]} files"
