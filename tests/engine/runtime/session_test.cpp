#include "engine/runtime/session.h"

#include <gtest/gtest.h>

#include "engine/runtime/model_runtime.h"
#include "tests/engine/random_model.h"

namespace saseo {
namespace {

std::vector<TokenId> prompt_of(std::size_t count, unsigned seed = 3) {
  std::mt19937 random(seed);
  std::vector<TokenId> ids(count);
  for (TokenId& id : ids) id = static_cast<TokenId>(random() % 160);
  return ids;
}

struct Outcome {
  std::vector<TokenId> tokens;
  GenerationResult result;
};

Outcome generate(Session& session, const std::vector<TokenId>& prompt, std::uint32_t max_tokens,
                 const SamplingOptions& sampling = {}, std::span<const TokenId> stops = {}) {
  Outcome outcome;
  outcome.result = session
                       .generate({.prompt = prompt,
                                  .sampling = sampling,
                                  .max_tokens = max_tokens,
                                  .stop_tokens = stops},
                                 [&](const SampledToken& token) {
                                   outcome.tokens.push_back(token.token);
                                   return true;
                                 })
                       .value();
  return outcome;
}

TEST(Session, GivesTheSameTokensForEveryThreadCountAndBatchSize) {
  const Model model = random_model({});
  const auto prompt = prompt_of(60);
  for (const SamplingOptions& sampling :
       {SamplingOptions{}, SamplingOptions{.temperature = 1, .top_k = 40, .seed = 11}}) {
    LoneSession one(model, {.threads = 1, .max_batch = 256});
    LoneSession two(model, {.threads = 2, .max_batch = 7});
    EXPECT_EQ(generate(one, prompt, 30, sampling).tokens,
              generate(two, prompt, 30, sampling).tokens);
  }
}

TEST(Session, ReusesASharedPrefixAndAnswersBitForBitTheSame) {
  const Model model = random_model({.architecture = Architecture::kGemma3, .layers = 7});
  LoneSession kept(model, {.threads = 2});
  const auto first = prompt_of(80);
  const Outcome answer = generate(kept, first, 10);
  EXPECT_EQ(answer.result.stats.reused_tokens, 0u);

  auto second = std::vector<TokenId>(first.begin(), first.begin() + 50);
  for (const TokenId id : prompt_of(30, 8)) second.push_back(id);
  second[50] = (first[50] + 1) % 160;
  const Outcome reused = generate(kept, second, 20);
  LoneSession fresh(model, {.threads = 2});
  EXPECT_EQ(reused.result.stats.reused_tokens, 50u);
  EXPECT_EQ(reused.result.stats.prompt_tokens, 80u);
  EXPECT_EQ(reused.tokens, generate(fresh, second, 20).tokens);
}

TEST(Session, ReusesItsOwnAnswerInTheNextTurn) {
  const Model model = random_model({});
  LoneSession session(model, {.threads = 1});
  auto turns = prompt_of(40);
  const Outcome answer = generate(session, turns, 10);
  turns.insert(turns.end(), answer.tokens.begin(), answer.tokens.end());
  for (const TokenId id : prompt_of(12, 5)) turns.push_back(id);
  // The answer's last token was chosen but not yet computed.
  EXPECT_EQ(generate(session, turns, 5).result.stats.reused_tokens, 49u);
  // The very same prompt needs its last token only.
  EXPECT_EQ(generate(session, turns, 5).result.stats.reused_tokens, turns.size() - 1);
}

TEST(Session, StartsAfreshWhereTheRingHasForgottenThePrefix) {
  const Model model = random_model({.window = 16});
  LoneSession session(model, {.context = 512, .threads = 1, .max_batch = 8});
  const auto far = prompt_of(500);
  generate(session, far, 5);
  const std::vector<TokenId> early(far.begin(), far.begin() + 100);
  const Outcome again = generate(session, early, 20);
  LoneSession fresh(model, {.context = 512, .threads = 1, .max_batch = 8});
  EXPECT_EQ(again.tokens, generate(fresh, early, 20).tokens);
}

TEST(Session, FindsAnySharedBeginningWhereEveryPositionIsKept) {
  const Model model = random_model({.window = 16});
  LoneSession session(model, {.context = 512, .ring = false, .threads = 1, .max_batch = 8});
  const auto far = prompt_of(500);
  generate(session, far, 5);
  const std::vector<TokenId> early(far.begin(), far.begin() + 100);
  const Outcome again = generate(session, early, 20);
  EXPECT_EQ(again.result.stats.reused_tokens, 99u);
  LoneSession fresh(model, {.context = 512, .threads = 1});
  EXPECT_EQ(again.tokens, generate(fresh, early, 20).tokens);
}

TEST(Session, SeveralShareTheirThreads) {
  const Model model = random_model({});
  ThreadPool threads(2);
  LoneSession one(model, {.context = 256}, {.threads = &threads});
  LoneSession two(model, {.context = 128}, {.threads = &threads});
  const auto prompt = prompt_of(60);
  const Outcome first = generate(one, prompt, 20);
  EXPECT_EQ(generate(two, prompt, 20).tokens, first.tokens);
  EXPECT_EQ(generate(one, prompt, 20).tokens, first.tokens);
}

TEST(Session, TellsHowFarThePromptIsAndStopsWithinIt) {
  const Model model = random_model({});
  LoneSession session(model, {.threads = 1, .max_batch = 16});
  const auto prompt = prompt_of(40);
  std::vector<std::uint32_t> done;
  std::stop_source source;
  GenerationRequest request = {.prompt = prompt, .max_tokens = 8};
  request.on_prompt = [&](std::uint32_t tokens) {
    done.push_back(tokens);
    if (tokens == 32) source.request_stop();
  };
  std::vector<TokenId> tokens;
  const auto sink = [&](const SampledToken& token) {
    tokens.push_back(token.token);
    return true;
  };
  const auto stopped = session.generate(request, sink, source.get_token());
  EXPECT_EQ(stopped.value().reason, FinishReason::kCancelled);
  EXPECT_EQ(done, (std::vector<std::uint32_t>{16, 32}));
  EXPECT_TRUE(tokens.empty());

  done.clear();
  const auto again = session.generate(request, sink);
  EXPECT_EQ(again.value().stats.reused_tokens, 32u) << "what was computed stays";
  EXPECT_EQ(done, (std::vector<std::uint32_t>{40}));
  LoneSession fresh(model, {.threads = 1});
  EXPECT_EQ(tokens, generate(fresh, prompt, 8).tokens);
}

TEST(Session, StopsAtAStopTokenAtTheLimitAndWhereTheContextEnds) {
  const Model model = random_model({});
  LoneSession session(model, {.context = 64, .threads = 1});
  const auto prompt = prompt_of(40);
  const Outcome free = generate(session, prompt, 10);
  EXPECT_EQ(free.result.reason, FinishReason::kLength);
  EXPECT_EQ(free.tokens.size(), 10u);

  const TokenId stop = free.tokens[6];
  const auto at = std::find(free.tokens.begin(), free.tokens.end(), stop);
  const Outcome stopped = generate(session, prompt, 10, {}, std::span(&stop, 1));
  EXPECT_EQ(stopped.result.reason, FinishReason::kStop);
  EXPECT_EQ(stopped.tokens, std::vector<TokenId>(free.tokens.begin(), at));

  const Outcome full = generate(session, prompt, 1000);
  EXPECT_EQ(full.result.reason, FinishReason::kLength);
  EXPECT_EQ(full.tokens.size(), 64u - 40u + 1u) << "the last token needs no room";
}

TEST(Session, StopsWhenTheSinkHasEnoughOrTheCallerCancels) {
  const Model model = random_model({});
  LoneSession session(model, {.threads = 1});
  const auto prompt = prompt_of(10);
  int tokens = 0;
  const auto enough =
      session.generate({.prompt = prompt}, [&](const SampledToken&) { return ++tokens < 3; });
  EXPECT_EQ(enough.value().reason, FinishReason::kStop);
  EXPECT_EQ(tokens, 3);

  std::stop_source source;
  const auto cancelled = session.generate(
      {.prompt = prompt},
      [&](const SampledToken&) {
        source.request_stop();
        return true;
      },
      source.get_token());
  EXPECT_EQ(cancelled.value().reason, FinishReason::kCancelled);
  EXPECT_EQ(cancelled.value().stats.completion_tokens, 1u);

  const auto never = session.generate(
      {.prompt = prompt_of(20, 4)}, [](const SampledToken&) { return true; }, source.get_token());
  EXPECT_EQ(never.value().reason, FinishReason::kCancelled);
  EXPECT_EQ(never.value().stats.completion_tokens, 0u);
  EXPECT_EQ(never.value().stats.prefill_rate(), 0) << "nothing was measured";
  EXPECT_EQ(generate(session, prompt, 3).tokens.size(), 3u) << "the session goes on";
}

TEST(Session, NamesTheNumbersOfAPromptThatDoesNotFit) {
  const Model model = random_model({});
  LoneSession session(model, {.context = 50, .threads = 1});
  const auto prompt = prompt_of(50);
  const auto sink = [](const SampledToken&) { return true; };
  const auto tight = session.generate({.prompt = prompt}, sink);
  ASSERT_FALSE(tight.ok());
  EXPECT_EQ(tight.error().code, ErrorCode::kLimit);
  EXPECT_NE(tight.error().message.find("50 tokens"), std::string::npos);
  EXPECT_EQ(session.generate({.prompt = prompt, .max_tokens = 0}, sink).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(session.generate({}, sink).error().code, ErrorCode::kInvalidArgument);
  const std::vector<TokenId> outside = {160};
  EXPECT_EQ(session.generate({.prompt = outside}, sink).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(session.generate({.prompt = prompt_of(3), .sampling = {.top_p = 2}}, sink).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace saseo
