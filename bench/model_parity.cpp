// Compares the engine with an independent one on a model file: next-token choices at every position
// of each prompt, all logits of the last position, and a greedy continuation.
//
//   model_parity --expected FILE.json MODEL [--kv f32|f16|q8_0] [--threads N] [--tolerance X]
//
// FILE.json: {"prompts": [{"name", "prompt_ids", "argmax_per_position", "last_logits",
// "greedy_ids", "greedy_margin", "llama_cpp": {"last_logits_relative_rms_error",
// "greedy_agrees_for"}}]}; expected values are exact (float64), llama_cpp's are what that engine's
// rounding costs it. Exit status 1 when the float path is further than 1e-4 from exact, the integer
// path further than llama.cpp's, or a clear choice differs.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/forward/transformer.h"
#include "engine/model/model_panels.h"

namespace {

using saseo::BatchToken;
using saseo::TokenId;

constexpr double kClearMargin = 1e-3;

struct Prompt {
  std::string name;
  std::vector<TokenId> ids, argmax, greedy;
  std::vector<float> last_logits;
  std::vector<double> greedy_margin;
  double peer_error = 0;
  std::size_t peer_agrees = 0;
};

struct Outcome {
  double relative_rms = 0, largest = 0;
  std::size_t argmax_agrees = 0, greedy_agrees = 0;
  bool clear_choice_missed = false;
};

std::vector<Prompt> read_prompts(const std::string& path) {
  const auto json = nlohmann::json::parse(std::ifstream(path));
  std::vector<Prompt> prompts;
  for (const auto& p : json.at("prompts")) {
    Prompt prompt = {.name = p.at("name"),
                     .ids = p.at("prompt_ids"),
                     .argmax = p.at("argmax_per_position"),
                     .greedy = p.at("greedy_ids"),
                     .last_logits = p.at("last_logits"),
                     .greedy_margin = p.at("greedy_margin")};
    if (p.contains("llama_cpp")) {
      prompt.peer_error = p["llama_cpp"].at("last_logits_relative_rms_error");
      prompt.peer_agrees = p["llama_cpp"].at("greedy_agrees_for");
    }
    prompts.push_back(std::move(prompt));
  }
  return prompts;
}

TokenId argmax(std::span<const float> logits) {
  return static_cast<TokenId>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

Outcome compare(const saseo::Model& model, const Prompt& prompt, saseo::Arithmetic arithmetic,
                saseo::KvType kv, bool expected_is_exact, saseo::ThreadPool& pool) {
  saseo::Transformer transformer(model, pool, {.max_batch = 512, .arithmetic = arithmetic});
  saseo::KvCache cache(model.config, {.context = 1024, .type = kv});
  saseo::KvCache* sequences[] = {&cache};
  std::vector<BatchToken> batch;
  for (const TokenId id : prompt.ids) batch.push_back({id, 0, true});
  const std::size_t vocab = model.config.vocab;
  auto logits = transformer.forward(batch, sequences).value();

  Outcome outcome;
  const bool exact = arithmetic == saseo::Arithmetic::kFloat && expected_is_exact;
  for (std::size_t t = 0; t < prompt.ids.size(); ++t) {
    const auto row = logits.subspan(t * vocab, vocab);
    const TokenId chosen = argmax(row);
    const TokenId expected = prompt.argmax[t];
    outcome.argmax_agrees += chosen == expected;
    const double margin =
        row[static_cast<std::size_t>(chosen)] - row[static_cast<std::size_t>(expected)];
    if (exact && margin > kClearMargin) outcome.clear_choice_missed = true;
  }
  auto last = logits.subspan((prompt.ids.size() - 1) * vocab, vocab);
  double error = 0, size = 0;
  for (std::size_t i = 0; i < vocab; ++i) {
    const double difference = static_cast<double>(last[i]) - prompt.last_logits[i];
    outcome.largest = std::max(outcome.largest, std::fabs(difference));
    error += difference * difference;
    size += static_cast<double>(prompt.last_logits[i]) * prompt.last_logits[i];
  }
  outcome.relative_rms = std::sqrt(error / size);

  for (std::size_t i = 0; i < prompt.greedy.size(); ++i) {
    const TokenId chosen = argmax(last);
    if (chosen != prompt.greedy[i]) {
      const double clear = exact ? kClearMargin : 10 * outcome.largest;
      if (prompt.greedy_margin[i] > clear) outcome.clear_choice_missed = true;
      break;
    }
    ++outcome.greedy_agrees;
    const BatchToken next = {chosen, 0, true};
    last = transformer.forward(std::span(&next, 1), sequences).value();
  }
  return outcome;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Compares the engine with an independent one on a model file");
  std::string expected, path, kv = "f32";
  std::size_t threads = 0;
  double tolerance = 0;
  app.add_option("--expected", expected, "What the model must compute")->required();
  app.add_option("--kv", kv)->check(CLI::IsMember({"f32", "f16", "q8_0"}));
  app.add_option("--threads", threads);
  app.add_option("--tolerance", tolerance,
                 "The expected values are rounded: how far to be at most");
  app.add_option("model", path)->required();
  CLI11_PARSE(app, argc, argv);

  auto model = saseo::open_model(path);
  if (!model.ok()) {
    fmt::print(stderr, "{}\n", model.error().message.english);
    return 3;
  }
  const saseo::KvType type = kv == "f32"   ? saseo::KvType::kF32
                             : kv == "f16" ? saseo::KvType::kF16
                                           : saseo::KvType::kQ8_0;
  saseo::ThreadPool pool(threads);
  if (const auto arranged = saseo::arrange_in_panels(*model, pool); !arranged.ok()) {
    fmt::print(stderr, "{}\n", arranged.error().message.english);
    return 3;
  }
  double worst_float = 0, worst_integer = 0, worst_peer = 0;
  std::size_t argmax_agrees = 0, positions = 0, least_greedy = 1u << 20, peer_greedy = 1u << 20;
  bool missed = false, behind_peer = false;
  for (const Prompt& prompt : read_prompts(expected)) {
    const Outcome exact =
        compare(*model, prompt, saseo::Arithmetic::kFloat, type, tolerance == 0, pool);
    const Outcome integer =
        compare(*model, prompt, saseo::Arithmetic::kInteger, type, tolerance == 0, pool);
    missed |= exact.clear_choice_missed || integer.clear_choice_missed;
    // A peer without a mismatch may have been lucky where the margin is within the error.
    behind_peer |= integer.greedy_agrees < prompt.peer_agrees && integer.clear_choice_missed;
    worst_float = std::max(worst_float, exact.relative_rms);
    worst_integer = std::max(worst_integer, integer.relative_rms);
    worst_peer = std::max(worst_peer, prompt.peer_error);
    argmax_agrees += integer.argmax_agrees;
    positions += prompt.ids.size();
    least_greedy = std::min(least_greedy, integer.greedy_agrees);
    peer_greedy = std::min(peer_greedy, prompt.peer_agrees);
    fmt::print(
        "  {:8} float {:.1e} (greedy {}/{})  integer {:.5f} max {:.3f} (greedy {}/{})  "
        "llama.cpp {:.5f} ({}){}\n",
        prompt.name, exact.relative_rms, exact.greedy_agrees, prompt.greedy.size(),
        integer.relative_rms, integer.largest, integer.greedy_agrees, prompt.greedy.size(),
        prompt.peer_error, prompt.peer_agrees,
        exact.clear_choice_missed || integer.clear_choice_missed ? "  CLEAR CHOICE MISSED" : "");
  }
  const bool integer_fits =
      tolerance > 0 ? worst_integer <= tolerance : worst_peer == 0 || worst_integer <= worst_peer;
  const bool float_fits =
      tolerance > 0 ? worst_float <= tolerance : kv != "f32" || worst_float <= 1e-4;
  const bool good = !missed && !behind_peer && integer_fits && float_fits;
  const std::string peer =
      worst_peer == 0 ? ""
                      : fmt::format("  (llama.cpp {:.5f}, greedy {})", worst_peer, peer_greedy);
  fmt::print("{:24} float {:.1e}  integer {:.5f}  argmax {:.3f}  greedy {}{}  {}\n", model->name,
             worst_float, worst_integer,
             static_cast<double>(argmax_agrees) / static_cast<double>(positions), least_greedy,
             peer, good ? "ok" : "FAILED");
  return good ? 0 : 1;
}
