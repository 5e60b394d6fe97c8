#!/usr/bin/env bash
# model_parity over a folder of models and the folder of what they must compute (NAME.gguf, NAME.json).
#   bench/parity_all.sh build/release MODELS EXPECTED [more model_parity options]
set -euo pipefail
program=$1/bin/model_parity models=$2 expected=$3
shift 3
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for model in "$models"/*.gguf; do
  name=$(basename "$model" .gguf)
  "$program" --expected "$expected/$name.json" "$@" "$model" >"$log" || failed=1
  tail -n 1 "$log"
done
exit $failed
