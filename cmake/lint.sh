#!/usr/bin/env bash
# clang-format on every source, and clang-tidy's short list (.clang-tidy) on every source that is
# part of a program. Takes a build folder, for its compile commands.
set -euo pipefail
build=$1
mapfile -t sources < <(find . -path ./build -prune -o \( -name '*.cpp' -o -name '*.h' \) -print)
clang-format --dry-run -Werror "${sources[@]}"
mapfile -t tidied < <(sed -n "s|^ *\"file\": \"$PWD/\(.*\)\".*|\1|p" "$build/compile_commands.json" | grep -v '^\(tests\|bench\)/' | sort -u)
[ ${#tidied[@]} -gt 0 ] || { echo "no sources of $PWD in $build/compile_commands.json"; exit 1; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! printf '%s\n' "${tidied[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy -p "$build" --quiet >"$log" 2>&1; then
  # The lines that a finding consists of; a crash leaves none.
  grep -E -A 3 'error:|warning:' "$log" || tail -n 100 "$log"
  exit 1
fi
echo "clang-format: ${#sources[@]} files, clang-tidy: ${#tidied[@]} files"
