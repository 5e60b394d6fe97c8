#!/usr/bin/env bash
# Line coverage by tests of the stages that the product is made of; fails under the given percentage.
set -euo pipefail
least=$1
cmake --preset coverage >/dev/null
cmake --build --preset coverage -j "$(nproc)" | tail -n 1
find build/coverage -name '*.gcda' -delete
ctest --preset coverage -j "$(nproc)" --progress | tail -n 3
for folder in ingest index retrieval generation; do
  printf '%-12s' "$folder"
  gcovr --root . --object-directory build/coverage --filter "$folder/" --exclude 'ingest/pdf_helper/' --print-summary 2>/dev/null | grep '^lines'
done
gcovr --root . --object-directory build/coverage --filter 'ingest/' --filter 'index/' --filter 'retrieval/' --filter 'generation/' \
  --fail-under-line "$least" --print-summary 2>/dev/null | grep '^lines'
