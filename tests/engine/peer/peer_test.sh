#!/usr/bin/env bash
# The engine beside an independent one on models of our own making:
#   peer_test.sh WORK_DIR write_models model_parity
# Needs npm, with node 20 or later, for node-llama-cpp; exits 77, saying so, where it is out of reach.
# Debian 12 has node 18: there it is skipped unless a newer one was installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$1 write_models=$2 model_parity=$3
rm -rf "$work/models" "$work/expected"
mkdir -p "$work/models" "$work/expected"
cp "$here"/package.json "$here"/package-lock.json "$here"/compute.mjs "$work"
cd "$work"
if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  echo "Skipped: npm and node are not installed, so that no independent engine is at hand."
  exit 77
fi
if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
  echo "Skipped: the independent engine wants node 20 or later; this is $(node --version) (Debian 12 brings 18)."
  exit 77
fi
# Not `npm ci`: it wants every platform's optional package in the lock file.
if ! npm install --no-save --ignore-scripts --omit=optional --omit=peer --no-audit --no-fund >npm.log 2>&1; then
  echo "Skipped: npm is out of reach, so that no independent engine is at hand:"
  tail -n 3 npm.log
  exit 77
fi
"$write_models" models
node compute.mjs expected models/*.gguf
failed=0
for model in models/*.gguf; do
  name=$(basename "$model" .gguf)
  "$model_parity" --expected "expected/$name.json" --tolerance "${name##*-}" "$model" >parity.log || failed=1
  [ "$(tail -c 3 parity.log)" = ok ] || head -n -1 parity.log
  tail -n 1 parity.log
done
exit $failed
