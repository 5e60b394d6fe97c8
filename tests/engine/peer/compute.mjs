// What an independent engine (llama.cpp, through node-llama-cpp) computes from model files, in the
// form that bench/model_parity.cpp reads:  node compute.mjs [--texts TEXTS.json] OUT_DIR MODEL.gguf ...
// Prompts are the texts of a JSON array, or else made-up tokens of a vocabulary of 512.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const given = process.argv.slice(2);
const texts = given[0] === "--texts" ? JSON.parse(readFileSync(given.splice(0, 2)[1])) : [];
const [outDir, ...models] = given;
const madeVocabularySize = 512;
const greedyTokens = 32;

// Token ids by a linear congruential generator: any ids make a prompt.
function promptOf(length, seed) {
  const ids = [2];
  for (let x = seed; ids.length < length; ) {
    x = (x * 1103515245 + 12345) % 2147483648;
    ids.push(6 + (Math.floor(x / 65536) % (madeVocabularySize - 6)));
  }
  return ids;
}

const sorted = (next) => [...next.logits.entries()].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
const wantLogits = { generateNext: { logits: true } };

async function compute(sequence, name, ids) {
  await sequence.clearHistory();
  const evaluated = await sequence.controlledEvaluate(ids.map((id) => [id, wantLogits]));
  let best = sorted(evaluated.at(-1).next);
  const lastLogits = new Array(best.length);
  for (const [id, logit] of best) lastLogits[id] = logit;
  const greedyIds = [];
  const margins = [];
  while (greedyIds.length < greedyTokens) {
    greedyIds.push(best[0][0]);
    margins.push(best[0][1] - best[1][1]);
    const [step] = await sequence.controlledEvaluate([[best[0][0], wantLogits]]);
    best = sorted(step.next);
  }
  return {
    name,
    prompt_ids: ids,
    argmax_per_position: evaluated.map(({ next }) => sorted(next)[0][0]),
    last_logits: lastLogits,
    greedy_ids: greedyIds,
    greedy_margin: margins,
  };
}

const llama = await getLlama({
  gpu: false,
  build: "never",
  maxThreads: 1,
  logLevel: LlamaLogLevel.error,
});
for (const path of models) {
  const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
  const context = await model.createContext({
    contextSize: 512,
    batchSize: 256,
    flashAttention: false,
    experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32",
  });
  const sequence = context.getSequence();
  const prompts = [];
  for (const [i, text] of texts.entries()) {
    const ids = [model.tokens.bos, ...model.tokenize(text)];
    prompts.push(await compute(sequence, `text ${i + 1}`, ids));
  }
  const made = texts.length > 0 ? [] : [["short", 9, 1], ["middle", 40, 2], ["long", 150, 3]];
  for (const [name, length, seed] of made) {
    prompts.push(await compute(sequence, name, promptOf(length, seed)));
  }
  writeFileSync(join(outDir, basename(path, ".gguf") + ".json"), JSON.stringify({ prompts }));
  await model.dispose();
}
await llama.dispose();
