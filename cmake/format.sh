#!/usr/bin/env bash
# Fails where a source is not written as clang-format writes it.
set -euo pipefail
mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.cpp' '*.h')
[ ${#sources[@]} -gt 100 ] || { echo "only ${#sources[@]} sources found"; exit 1; }
printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -n 60 clang-format --dry-run -Werror
echo "clang-format: ${#sources[@]} files"
