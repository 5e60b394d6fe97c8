#!/usr/bin/env bash
# step NAME COMMAND...: runs a command or function, its output in build/logs; tells how long it took
# and its last line, or, when it fails, the part of its output that is no report of success.
# finish: the times of all steps, and how many tests ran; fails where one was skipped unasked.
# "${steady[@]}" COMMAND: runs it with addresses that are not random, where the system allows that:
# the runtimes of the sanitizers cannot always place their memory among random ones.
step_times=()
steady=()
if setarch -R true 2>/dev/null; then steady=(setarch -R); fi

step() {
  local name=$1 log status wall user system
  shift
  log=build/logs/$(printf '%s' "$name" | tr -cs 'a-zA-Z0-9' '-').log
  mkdir -p build/logs
  printf '== %s (%s)\n' "$name" "$(date +%H:%M:%S)"
  local TIMEFORMAT='%0R %0U %0S'
  # A subshell that is no condition: only there does a failing line end it.
  set +e
  { time { (set -euo pipefail; "$@") >"$log" 2>&1; }; } 2>"$log.time"
  status=$?
  set -e
  read -r wall user system <"$log.time"
  rm "$log.time"
  step_times+=("$(printf '%5d s, of processors %5d s   %s' "$wall" $((user + system)) "$name")")
  if [ $status -ne 0 ]; then
    grep -vE 'Start +[0-9]+: |   Passed +[0-9.]+ sec$|^\[[0-9]+/[0-9]+\] (Building|Linking|Generating)|^-- |^ *$' "$log" | tail -n 400 || true
    printf '\n== FAILED after %s s with status %s: %s (all output: %s)\n' "$wall" "$status" "$name" "$log"
    exit 1
  fi
  printf '   %s s   %s\n' "$wall" "$(grep -v '^ *$' "$log" | tail -n 1)"
}

finish() {
  printf '\n== All steps passed\n'
  printf '%s\n' "${step_times[@]}"
  exec /usr/bin/python3 cmake/test_summary.py build/results
}
