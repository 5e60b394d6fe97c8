#!/usr/bin/env bash
# The HTML report in headless Chromium, without a network, of made answers and of a real run on our
# own questions:
#   report_browser_test.sh WORK_DIR write_report saseo CORPORA
# Screenshots come to WORK_DIR. Needs npm for playwright-core, and Debian's chromium; exits 77, saying
# so, where one is out of reach.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$1 write_report=$2 saseo=$3 corpora=$4
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
# Two ways of quoting and a tiny Gemma, asked in Korean and English.
export LC_ALL=C.UTF-8 XDG_STATE_HOME=$PWD/state XDG_CONFIG_HOME=$PWD/config XDG_DATA_HOME=$PWD/data
rm -rf library own.run*
"$saseo" -L library ingest "$corpora"/phone/*.pdf "$corpora"/vacuum/*.pdf "$corpora"/phone-en/*.pdf >/dev/null
cat "$corpora"/{phone,vacuum,phone-en,cross}/questions.jsonl >own.jsonl
# 3: some passages are too long for the tiny model, which is recorded.
"$saseo" -L library eval own.jsonl --models extractive-sentences,extractive,reports/tiny.gguf --max-tokens 4 \
  --context-tokens 300 --passages 2 --run ./own.run --report reports/own.html >own.log 2>&1 || [ $? -eq 3 ]
node report_test.mjs "$(command -v chromium)" reports
