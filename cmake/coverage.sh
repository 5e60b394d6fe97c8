#!/usr/bin/env bash
# Lines covered by the tests that ran in a build folder with SASEO_COVERAGE, of the stages that the
# product is made of. Fails when a folder, or all together, lies under the given percentage.
#   coverage.sh BUILD LEAST
set -euo pipefail
build=$1 least=$2
folders=(ingest index retrieval generation eval app)
objects=()
for folder in "${folders[@]}"; do objects+=("$build/$folder/CMakeFiles/saseo_$folder.dir"); done
summary=$build/coverage.json
# saseo-pdf ends in its sandbox, where it cannot write its counts.
gcovr --gcov-executable "llvm-cov gcov" --root . -j "$(nproc)" "${folders[@]/#/--filter=}" --exclude 'ingest/pdf_helper/' \
  --json-summary "$summary" "${objects[@]}"
/usr/bin/python3 - "$summary" "$least" "${folders[@]}" <<'PYTHON'
import json, sys
summary, least, folders = json.load(open(sys.argv[1])), float(sys.argv[2]), sys.argv[3:]
files = [(f["filename"], f["line_covered"], f["line_total"]) for f in summary["files"] if f["line_total"]]
for name, covered, total in sorted(files, key=lambda f: f[1] - f[2]):
    print(f"{100 * covered / total:5.1f} %  {total - covered:4} of {total:4} lines not covered  {name}")
print()
low = []
for folder in folders + [""]:
    part = [f for f in files if f[0].startswith(folder + "/") or not folder]
    covered, total = sum(f[1] for f in part), sum(f[2] for f in part)
    percent = 100 * covered / total if total else 0
    if percent < least:
        low.append(folder or "all")
    print(f"{folder or 'all':12} {percent:5.1f} % of {total} lines covered")
if low:
    sys.exit(f"less than {least} %: {', '.join(low)}")
PYTHON
