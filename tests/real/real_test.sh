#!/usr/bin/env bash
# Real weights on this engine: Gemma 3 270M passes the checks of `models check` and goes on with a
# sentence as a model that has read does, in the same words on every kernel of this processor.
#   real_test.sh BUILD
# Exits 77, saying so, where the weights are out of reach.
set -euo pipefail
build=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)

model=$("$here/fetch_gemma.sh") || { status=$?; echo "$model"; exit $status; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work XDG_STATE_HOME=$work
saseo=$build/bin/saseo
fail() { echo "FAILED: $*"; exit 1; }

"$saseo" models check "$model"

prompt="The capital of France is"
"$saseo" generate -m "$model" --raw --temperature 0 -n 12 "$prompt" >"$work/text" 2>"$work/generate.log" ||
  { cat "$work/generate.log"; fail "generate"; }
grep -q Paris "$work/text" || { cat "$work/text"; fail "\"$prompt\" goes on without Paris"; }
for kernels in avx2 avx512 avx512vnni neon; do
  SASEO_KERNELS=$kernels "$saseo" generate -m "$model" --raw --temperature 0 -n 12 "$prompt" >"$work/other" 2>/dev/null
  cmp -s "$work/text" "$work/other" || { cat "$work/text" "$work/other"; fail "on $kernels other words are written"; }
done
echo "$(tr -d '\n' <"$work/text") - the same on every kernel of this processor"
