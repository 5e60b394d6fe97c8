#!/usr/bin/env bash
# The HTML report in headless Chromium, without a network:
#   report_browser_test.sh WORK_DIR write_report
# Screenshots come to WORK_DIR. Needs npm for playwright-core, and Debian's chromium; exits 77, saying
# so, where one is out of reach.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$1 write_report=$2
mkdir -p "$work"
cp "$here"/package.json "$here"/package-lock.json "$here"/report_test.mjs "$work"
cd "$work"
for tool in npm node chromium; do
  if ! command -v "$tool" >/dev/null; then
    echo "Skipped: $tool is not installed, so that no browser can open the report."
    exit 77
  fi
done
if ! cmp -s package-lock.json installed; then
  if ! timeout 240 npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1; then
    echo "Skipped: npm is out of reach, so that no browser can be driven:"
    tail -n 3 npm.log
    exit 77
  fi
  cp package-lock.json installed
fi
"$write_report" reports
node report_test.mjs "$(command -v chromium)" reports
