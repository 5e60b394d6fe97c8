// With guesses and without, a session gives the same tokens; and it is left the same.
#include "engine/runtime/speculation.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/runtime/model_draft.h"
#include "engine/runtime/model_runtime.h"
#include "tests/engine/has_text.h"
#include "tests/engine/random_model.h"
#include "tests/engine/spoken_model.h"

namespace saseo {
namespace {

using Tokens = std::vector<TokenId>;

constexpr std::uint32_t kVocab = 160;

// Short runs repeat in it, so that there is something to look up.
Tokens prompt_of(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  Tokens ids;
  while (ids.size() < count) {
    if (ids.size() > 4 && random() % 3 == 0) {
      const std::size_t from = random() % (ids.size() - 3);
      for (std::size_t i = 0; i < 3; ++i) ids.push_back(ids[from + i]);
    } else {
      ids.push_back(static_cast<TokenId>(random() % kVocab));
    }
  }
  ids.resize(count);
  return ids;
}

struct Outcome {
  Tokens tokens;
  GenerationResult result;
};

Outcome generate(Session& session, const GenerationRequest& request, std::size_t enough = SIZE_MAX,
                 const std::stop_source* cancel = nullptr) {
  Outcome outcome;
  const auto sink = [&](const SampledToken& token) {
    outcome.tokens.push_back(token.token);
    if (cancel != nullptr && outcome.tokens.size() == enough)
      std::stop_source(*cancel).request_stop();
    return cancel != nullptr || outcome.tokens.size() < enough;
  };
  outcome.result =
      session.generate(request, sink, cancel != nullptr ? cancel->get_token() : std::stop_token())
          .value();
  return outcome;
}

RandomModelShape shape_of(Architecture architecture, unsigned seed) {
  const bool periods = architecture == Architecture::kGemma3;
  return {.architecture = architecture,
          .layers = periods ? 6u : 2u,
          .heads = 2,
          .kv_heads = 1,
          .head_dim = 32,
          .window = 16,
          .d = 64,
          .vocab = kVocab,
          .seed = seed};
}

// Rings of 16 positions and slack: what is taken back lies where older positions lay.
SessionOptions options_of(const SpeculationOptions& speculation) {
  return {.context = 400, .threads = 1, .max_batch = 24, .speculation = speculation};
}

class SpeculationOf : public testing::TestWithParam<Architecture> {};

INSTANTIATE_TEST_SUITE_P(Tiny, SpeculationOf,
                         testing::Values(Architecture::kGemma, Architecture::kGemma2,
                                         Architecture::kGemma3),
                         [](const auto& architecture) {
                           return std::string(architecture_name(architecture.param));
                         });

// 3 x 70 prompts.
TEST_P(SpeculationOf, AnswersTokenForTokenAsWithoutGuesses) {
  const Model model = random_model(shape_of(GetParam(), 1));
  const Model other = random_model(shape_of(GetParam(), 2));
  LoneSession plain(model, options_of({}));
  LoneSession lookup(model, options_of({.lookup = true, .always = true}));
  LoneSession both(model, options_of({.lookup = true, .draft_model = &other, .always = true}));
  SpeculationStats of_lookup, of_both;
  for (unsigned i = 0; i < 70; ++i) {
    const Tokens prompt = prompt_of(10 + i % 30, i);
    SamplingOptions sampling;
    if (i % 3 == 1) sampling = {.temperature = 0.8f, .top_k = 30, .seed = i};
    if (i % 3 == 2)
      sampling = {.temperature = 1.2f, .top_p = 0.9f, .repetition_penalty = 1.3f, .seed = i};
    const GenerationRequest request = {.prompt = prompt, .sampling = sampling, .max_tokens = 26};
    const Outcome expected = generate(plain, request);
    const Outcome looked_up = generate(lookup, request), drafted = generate(both, request);
    ASSERT_EQ(looked_up.tokens, expected.tokens) << i;
    ASSERT_EQ(drafted.tokens, expected.tokens) << i;
    ASSERT_EQ(drafted.result.reason, expected.result.reason);
    of_lookup.drafted += looked_up.result.stats.speculation.drafted;
    of_lookup.accepted += looked_up.result.stats.speculation.accepted;
    of_both.drafted += drafted.result.stats.speculation.drafted;
    of_both.accepted += drafted.result.stats.speculation.accepted;
  }
  // Guesses were both right and wrong, so both ways were gone.
  for (const SpeculationStats& stats : {of_lookup, of_both}) {
    EXPECT_GT(stats.accepted, 100u);
    EXPECT_GT(stats.drafted, stats.accepted + 100);
  }
}

TEST(Speculation, AnswersAlikeFarBeyondTheWindow) {
  const Model model = random_model(shape_of(Architecture::kGemma2, 3));
  const Model other = random_model(shape_of(Architecture::kGemma2, 4));
  for (const KvType type : {KvType::kF16, KvType::kQ8_0}) {
    SessionOptions options = options_of({});
    options.kv_type = type;
    LoneSession plain(model, options);
    options.speculation = {.lookup = true, .draft_model = &other, .always = true};
    LoneSession speculative(model, options);
    const Tokens prompt = prompt_of(100, 5);
    const GenerationRequest request = {
        .prompt = prompt, .sampling = {.temperature = 1, .seed = 9}, .max_tokens = 280};
    EXPECT_EQ(generate(speculative, request).tokens, generate(plain, request).tokens);
  }
}

TEST(Speculation, AnswersAlikeWhenThePolicyChooses) {
  const Model model = random_model(shape_of(Architecture::kGemma2, 3));
  LoneSession plain(model, options_of({}));
  LoneSession speculative(model, options_of({.lookup = true, .draft_model = &model}));
  for (unsigned i = 0; i < 20; ++i) {
    const Tokens prompt = prompt_of(30, i);
    const GenerationRequest request = {.prompt = prompt, .max_tokens = 60};
    EXPECT_EQ(generate(speculative, request).tokens, generate(plain, request).tokens);
  }
}

TEST(Speculation, EveryGuessOfTheModelItselfIsRightWhateverTheSampling) {
  const Model model = random_model(shape_of(Architecture::kGemma2, 3));
  LoneSession session(model, options_of({.draft_model = &model, .max_draft = 7, .always = true}));
  const Tokens prompt = prompt_of(40, 6);
  for (const SamplingOptions& sampling :
       {SamplingOptions{}, SamplingOptions{.temperature = 1, .top_k = 60, .seed = 4},
        SamplingOptions{
            .temperature = 1.5f, .top_p = 0.95f, .frequency_penalty = 0.5f, .seed = 5}}) {
    const SpeculationStats stats =
        generate(session, {.prompt = prompt, .sampling = sampling, .max_tokens = 65})
            .result.stats.speculation;
    EXPECT_EQ(stats.accepted, stats.drafted);
    EXPECT_EQ(stats.drafted, 56u);  // 1 token of the prefill, 8 passes of 1 + 7.
    EXPECT_EQ(stats.passes, 8u);
    EXPECT_EQ(stats.acceptance(), 1.0);
  }
}

TEST(Speculation, LooksUpAnAnswerThatThePromptHolds) {
  const std::vector<std::string> said = {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J"};
  const Model model = spoken_model({.answer = said});
  Tokens prompt = {2};
  for (const std::string& piece : said) {
    const auto& pieces = model.vocabulary.pieces;
    prompt.push_back(static_cast<TokenId>(std::ranges::find(pieces, piece) - pieces.begin()));
  }
  const Tokens answer(prompt.begin() + 1, prompt.end());
  prompt.push_back(kFirstNewline);
  LoneSession session(model, {.context = 256,
                              .threads = 1,
                              .speculation = {.lookup = true, .max_draft = 4, .always = true}});
  const TokenId end = kEndOfTurn;
  const Outcome outcome =
      generate(session, {.prompt = prompt, .max_tokens = 50, .stop_tokens = std::span(&end, 1)});
  EXPECT_EQ(outcome.tokens, answer);
  EXPECT_EQ(outcome.result.reason, FinishReason::kStop);
  // A; then B to E and F, G to J and the end.
  EXPECT_EQ(outcome.result.stats.speculation.accepted, 8u);
  EXPECT_EQ(outcome.result.stats.speculation.passes, 2u);
}

TEST(Speculation, EndsWhereverTheAnswerEndsAndLeavesTheSessionRight) {
  const Model model = random_model(shape_of(Architecture::kGemma2, 3));
  const Model other = random_model(shape_of(Architecture::kGemma2, 4));
  const Tokens prompt = prompt_of(30, 7);
  const SpeculationOptions speculation = {
      .lookup = true, .draft_model = &other, .max_draft = 6, .always = true};
  SessionOptions plain_options = options_of({}), options = options_of(speculation);
  plain_options.context = options.context = 60;
  LoneSession plain(model, plain_options), session(model, options);
  const Tokens whole = generate(plain, {.prompt = prompt, .max_tokens = 100}).tokens;
  ASSERT_EQ(whole.size(), 31u) << "the context ends";

  // After each end the next turn, which goes on from what was kept, is right too.
  Tokens next = prompt;
  next.insert(next.end(), whole.begin(), whole.begin() + 12);
  next.push_back(1);
  const Tokens next_answer = generate(plain, {.prompt = next, .max_tokens = 10}).tokens;
  const auto expect_right = [&](const Outcome& outcome, FinishReason reason, std::size_t length) {
    EXPECT_EQ(outcome.result.reason, reason);
    EXPECT_EQ(outcome.tokens, Tokens(whole.begin(), whole.begin() + length));
    EXPECT_EQ(outcome.result.stats.completion_tokens, length);
    EXPECT_EQ(generate(session, {.prompt = next, .max_tokens = 10}).tokens, next_answer);
  };
  expect_right(generate(session, {.prompt = prompt, .max_tokens = 100}), FinishReason::kLength, 31);
  for (std::uint32_t length = 1; length < 16; ++length) {
    expect_right(generate(session, {.prompt = prompt, .max_tokens = length}), FinishReason::kLength,
                 length);
    expect_right(generate(session, {.prompt = prompt, .max_tokens = 100}, length),
                 FinishReason::kStop, length);
    const std::stop_source cancel;
    expect_right(generate(session, {.prompt = prompt, .max_tokens = 100}, length, &cancel),
                 FinishReason::kCancelled, length);
    const TokenId stop = whole[length];
    const auto first = std::ranges::find(whole, stop) - whole.begin();
    expect_right(
        generate(session,
                 {.prompt = prompt, .max_tokens = 100, .stop_tokens = std::span(&stop, 1)}),
        FinishReason::kStop, static_cast<std::size_t>(first));
  }
}

TEST(Speculation, AGuessAtADamagedWeightDoesNotSpoilTheAnswer) {
  const std::vector<std::string> said = {"A", "B", "C", "D", "E", "F"};
  Model model = spoken_model({.answer = said});
  const Tokens prompt = {2, kFirstNewline};
  LoneSession sound(model, {.context = 64, .threads = 1});
  const GenerationRequest request = {.prompt = prompt, .max_tokens = 6};
  const Tokens answer = generate(sound, request).tokens;
  auto* embedding = reinterpret_cast<float*>(const_cast<std::byte*>(model.embedding.data));
  for (TokenId row = 0; static_cast<std::uint32_t>(row) < model.config.vocab; ++row) {
    if (std::ranges::find(answer, row) == answer.end() && row != 2 && row != kFirstNewline)
      embedding[static_cast<std::size_t>(row) * model.config.d] =
          std::numeric_limits<float>::quiet_NaN();
  }
  RandomModelShape guessing = shape_of(Architecture::kGemma2, 1);
  guessing.vocab = model.config.vocab;
  const Model other = random_model(guessing);
  LoneSession session(
      model, {.context = 64, .threads = 1, .speculation = {.draft_model = &other, .always = true}});
  EXPECT_EQ(generate(session, request).tokens, answer);
}

TEST(Speculation, ARecordedAnswerIsGivenWhateverTheModelSays) {
  const Model model = random_model(shape_of(Architecture::kGemma2, 3));
  const Tokens prompt = prompt_of(40, 6);
  // What the prompt holds, then the model's own.
  const Tokens recorded(prompt.begin() + 5, prompt.begin() + 35);
  LoneSession plain(model, options_of({}));
  LoneSession speculative(model, options_of({.lookup = true, .always = true}));
  const GenerationRequest request = {.prompt = prompt, .max_tokens = 40, .recorded = recorded};
  const Outcome outcome = generate(speculative, request);
  EXPECT_TRUE(std::equal(recorded.begin(), recorded.end(), outcome.tokens.begin()));
  EXPECT_EQ(outcome.tokens.size(), 40u);
  EXPECT_EQ(outcome.tokens, generate(plain, request).tokens);
  EXPECT_GT(outcome.result.stats.speculation.accepted, 20u);
}

TEST(Speculation, ADraftModelOfAShorterContextStopsGuessingAtItsEnd) {
  const Model model = random_model(shape_of(Architecture::kGemma2, 3));
  Model shorter = random_model(shape_of(Architecture::kGemma2, 3));
  shorter.config.context = 50;
  const Tokens prompt = prompt_of(30, 7);
  const GenerationRequest request = {.prompt = prompt, .max_tokens = 60};
  LoneSession plain(model, options_of({}));
  LoneSession session(model, options_of({.draft_model = &shorter, .max_draft = 4, .always = true}));
  const Outcome outcome = generate(session, request);
  EXPECT_EQ(outcome.tokens, generate(plain, request).tokens);
  EXPECT_GT(outcome.result.stats.speculation.accepted, 10u);
  EXPECT_LT(outcome.result.stats.speculation.drafted, 21u);
}

TEST(Speculation, TokensThatTheDraftModelDoesNotHaveEndItsGuesses) {
  RandomModelShape shape = shape_of(Architecture::kGemma2, 3);
  const Model model = random_model(shape);
  shape.vocab = 100;
  const Model smaller = random_model(shape);
  Tokens prompt = prompt_of(30, 7);
  prompt[3] = 130;
  LoneSession plain(model, options_of({}));
  LoneSession session(model, options_of({.draft_model = &smaller, .always = true}));
  const Outcome outcome = generate(session, {.prompt = prompt, .max_tokens = 20});
  EXPECT_EQ(outcome.tokens, generate(plain, {.prompt = prompt, .max_tokens = 20}).tokens);
  EXPECT_EQ(outcome.result.stats.speculation.drafted, 0u);
}

TEST(Speculation, OnlyAModelOfTheSameVocabularyDrafts) {
  const Model model = spoken_model({.answer = {"A", "B"}});
  EXPECT_TRUE(check_draft_vocabulary(model, spoken_model({.answer = {"A", "B"}})).ok());
  Model padded = spoken_model({.answer = {"A", "B"}});
  padded.vocabulary.pieces.emplace_back("<unused7>");
  padded.vocabulary.scores.push_back(0);
  padded.vocabulary.kinds.push_back(TokenKind::kUnused);
  EXPECT_TRUE(check_draft_vocabulary(model, padded).ok());
  EXPECT_TRUE(check_draft_vocabulary(padded, model).ok());

  const Status other = check_draft_vocabulary(model, spoken_model({.answer = {"A", "C"}}));
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(has_text(other.error().message.english, "\"B\" and \"C\""))
      << other.error().message.english;
  EXPECT_EQ(other.error().advice, (std::vector<Advice>{{AdviceKind::kChooseDraftModel, ""}}));

  Model longer = spoken_model({.answer = {"A", "B"}});
  longer.vocabulary.pieces.emplace_back("더");
  longer.vocabulary.scores.push_back(0);
  longer.vocabulary.kinds.push_back(TokenKind::kNormal);
  EXPECT_FALSE(check_draft_vocabulary(model, longer).ok());
  EXPECT_FALSE(check_draft_vocabulary(longer, model).ok());
}

TEST(Speculation, CountsTheDraftModelsMemory) {
  const Model model = random_model({});
  const SessionOptions options = {.context = 256};
  EXPECT_EQ(speculation_bytes({.lookup = true}, kv_options(options), transformer_options(options)),
            0u);
  Model draft = random_model({});
  draft.file_bytes = 1000;
  const std::uint64_t bytes =
      speculation_bytes({.draft_model = &draft}, kv_options(options), transformer_options(options));
  EXPECT_GT(bytes, 1000 + kv_cache_bytes(draft.config, kv_options(options)));
}

}  // namespace
}  // namespace saseo
