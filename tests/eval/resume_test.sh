#!/usr/bin/env bash
# kill -9 at random moments of an evaluation of 120 questions by 3 contestants: the run that goes on
# each time must end with the tables of one that was never disturbed, cost aside. What fails at each
# single write of a run is tested in tests/eval/run_store_crash_test.cpp.
#   [SASEO_EVAL_KILLS=5] resume_test.sh SASEO CORPORA
set -euo pipefail
saseo=$1 corpora=$2 kills=${SASEO_EVAL_KILLS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data
export SASEO_LIBRARY=$work/library
export GCOV_PREFIX=$work/gcov  # A killed program's counts of covered lines are of no use.
fail() { echo "FAILED: $*" >&2; exit 1; }

"$saseo" ingest "$corpora/phone/manual.md" "$corpora/vacuum/manual.md" >/dev/null
# Every question several times, each time under another id.
python3 - "$corpora" "$work/questions.jsonl" <<'PY'
import json, sys
corpora, out = sys.argv[1:]
lines = [json.loads(line) for name in ("phone", "vacuum")
         for line in open(f"{corpora}/{name}/questions.jsonl", encoding="utf-8")]
with open(out, "w", encoding="utf-8") as file:
    for i in range(120):
        question = dict(lines[i % len(lines)])
        turn = i // len(lines)
        question["id"] += f"-{turn}"
        if "follows" in question:
            question["follows"] += f"-{turn}"
        file.write(json.dumps(question, ensure_ascii=False) + "\n")
PY
models=extractive-sentences,extractive,echo-top-section
evaluate() { "$saseo" eval "$work/questions.jsonl" --models $models --run "$1" "${@:2}"; }

# The tables without what depends on the clock: cost, and dates.
tables() {
  "$saseo" eval show "$1" --json | python3 -c '
import json, sys
evaluation = json.load(sys.stdin)
cost = {m["name"] for m in evaluation["metrics"] if m["group"] == "cost"}
evaluation.pop("created")
for part in ("summaries", "comparisons"):
    evaluation[part] = [row for row in evaluation[part] if row["metric"] not in cost]
for outcome in evaluation["outcomes"]:
    for answer in outcome["answers"].values(): answer.pop("cost")
    for values in outcome["values"].values():
        for name in cost: values.pop(name, None)
evaluation["verdicts"] = []  # They tell times.
json.dump(evaluation, sys.stdout, sort_keys=True, ensure_ascii=False, indent=0)'
}

start=$(date +%s%N)
evaluate "$work/whole.run" >"$work/whole.log"
whole_ms=$((($(date +%s%N) - start) / 1000000))
grep -q '360 answers computed' "$work/whole.log" || fail "$(head -n 1 "$work/whole.log")"

RANDOM=20261128
killed=0
for ((i = 1; i <= kills; ++i)); do
  # Not the function: that would be a shell, and the kill would miss the program.
  "$saseo" eval "$work/questions.jsonl" --models $models --run "$work/killed.run" >/dev/null 2>&1 &
  pid=$!
  # Later ones have less to do.
  pause=$((RANDOM % (whole_ms / 4)))
  sleep "$((pause / 1000)).$(printf '%03d' $((pause % 1000)))"
  if kill -9 "$pid" 2>/dev/null; then killed=$((killed + 1)); fi
  wait "$pid" 2>/dev/null || true
done
evaluate "$work/killed.run" >"$work/last.log" || fail "the run after the kills: $(cat "$work/last.log")"
tables "$work/whole.run" >"$work/whole.json"
tables "$work/killed.run" >"$work/killed.json"
cmp "$work/whole.json" "$work/killed.json" || fail "the tables differ"
evaluate "$work/killed.run" | grep -q ' 0 answers computed, 360 kept' || fail "something was computed a second time"
[ "$killed" -gt 0 ] || fail "no run was killed"
echo "$killed of $kills runs killed; the last: $(head -n 1 "$work/last.log"); the tables are the same"
