// Sessions that share a model's runtime, on threads of their own.
#include "engine/runtime/model_runtime.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <latch>
#include <thread>

#include "tests/engine/random_model.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

using Tokens = std::vector<TokenId>;

constexpr std::uint32_t kVocab = 160;
// Its embedding is damaged in one test. It ends every answer, so that none goes on from it.
constexpr TokenId kBadToken = 7;
constexpr std::array kStops = {kBadToken};

RandomModelShape tiny(unsigned seed) {
  return {.layers = 2,
          .heads = 2,
          .kv_heads = 1,
          .head_dim = 32,
          .window = 16,
          .d = 64,
          .vocab = kVocab,
          .seed = seed};
}

// Runs repeat in it, so that there is something to look up. Never kBadToken.
Tokens some_tokens(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  Tokens ids;
  while (ids.size() < count) {
    if (ids.size() > 4 && random() % 3 == 0) {
      const std::size_t from = random() % (ids.size() - 3);
      for (std::size_t i = 0; i < 3; ++i) ids.push_back(ids[from + i]);
    } else {
      ids.push_back(static_cast<TokenId>(10 + random() % 150));
    }
  }
  ids.resize(count);
  return ids;
}

struct Said {
  Tokens tokens;
  GenerationStats stats;
};

Said generate(Session& session, const GenerationRequest& request) {
  Said said;
  const auto result = session.generate(request, [&](const SampledToken& token) {
    said.tokens.push_back(token.token);
    return true;
  });
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message.english);
  if (result.ok()) said.stats = result->stats;
  return said;
}

// Some turns, each of which goes on from the one before; lengths and sampling hang on the seed.
std::vector<Tokens> converse(Session& session, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Tokens> answers;
  Tokens text = some_tokens(20, 1);  // As instructions: the same for all.
  for (int turn = 0; turn < 3; ++turn) {
    for (const TokenId id : some_tokens(5 + random() % 40, 100 * seed + turn)) text.push_back(id);
    SamplingOptions sampling;
    if (seed % 2 == 1) sampling = {.temperature = 1, .top_k = 30, .seed = seed};
    const auto length = static_cast<std::uint32_t>(4 + random() % 24);
    answers.push_back(
        generate(
            session,
            {.prompt = text, .sampling = sampling, .max_tokens = length, .stop_tokens = kStops})
            .tokens);
    text.insert(text.end(), answers.back().begin(), answers.back().end());
  }
  return answers;
}

SessionOptions options_of(const SpeculationOptions& speculation) {
  return {.context = 400, .threads = 2, .max_batch = 24, .speculation = speculation};
}

// What the i-th of eight conversations guesses.
SpeculationOptions guessing(unsigned i, const Model& draft) {
  switch (i / 2) {
    case 0:
      return {};
    case 1:
      return {.lookup = true, .always = true};
    case 2:
      return {.draft_model = &draft, .max_draft = 5, .always = true};
    default:
      return {.lookup = true, .draft_model = &draft};
  }
}

TEST(ModelRuntime, EightThreadsConverseAsEachWouldAlone) {
  const Model model = random_model(tiny(1)), draft = random_model(tiny(2));
  for (const bool ring : {true, false}) {
    SessionOptions most = options_of({.lookup = true, .draft_model = &draft});
    most.ring = ring;
    ModelRuntime runtime(model, most,
                         {.pool_bytes = 8 * kv_cache_bytes(model.config, kv_options(most))});
    std::vector<std::vector<Tokens>> said(8);
    {
      std::latch start(8);
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < said.size(); ++i) {
        threads.emplace_back([&, i] {
          SessionOptions options = options_of(guessing(i, draft));
          options.ring = ring;
          Session session(runtime.parts(), options);
          start.arrive_and_wait();
          said[i] = converse(session, i);
        });
      }
    }
    for (unsigned i = 0; i < said.size(); ++i) {
      SessionOptions options = options_of({});
      options.threads = 1;
      LoneSession alone(model, options);
      EXPECT_EQ(said[i], converse(alone, i)) << i;
    }
  }
}

TEST(ModelRuntime, WhatOneThreadHasReadServesTheOthers) {
  const Model model = random_model(tiny(1));
  SessionOptions options = options_of({});
  options.ring = false;
  ModelRuntime runtime(model, options,
                       {.pool_bytes = 4 * kv_cache_bytes(model.config, kv_options(options))});
  const Tokens instructions = some_tokens(100, 1);
  std::jthread([&] {
    Session session(runtime.parts(), options), other(runtime.parts(), options);
    const GenerationRequest request = {.prompt = instructions, .max_tokens = 2};
    const auto sink = [&](const SampledToken&) {  // While the one has not given back its own.
      EXPECT_EQ(generate(other, request).stats.reused_tokens, 0u);
      return false;
    };
    EXPECT_TRUE(session.generate(request, sink).ok());
  }).join();
  // Three at the same time: none has given back when the next takes.
  std::latch first_tokens(3);
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      Session session(runtime.parts(), options);
      Tokens prompt = instructions;
      for (const TokenId id : some_tokens(10, 50 + i)) prompt.push_back(id);
      bool first = true;
      const auto result =
          session.generate({.prompt = prompt, .max_tokens = 4}, [&](const SampledToken&) {
            if (std::exchange(first, false)) first_tokens.arrive_and_wait();
            return true;
          });
      ASSERT_TRUE(result.ok());
      EXPECT_GE(result->stats.reused_tokens, instructions.size() - 1);
    });
  }
}

TEST(ModelRuntime, SessionsOnThreadsReadAndWriteOneStoreOnDisk) {
  const TemporaryFolder folder;
  const Model model = random_model(tiny(1));
  SessionOptions options = options_of({.lookup = true});
  options.ring = false;
  const auto store = [&] {
    return KvStore::open({.folder = folder / "kv"}, {.model = "m", .config = model.config}).value();
  };
  const auto passages = [](unsigned i) { return some_tokens(80, 10 + i); };
  const auto question = [&](unsigned i, unsigned seed) {
    Tokens prompt = passages(i);
    for (const TokenId id : some_tokens(10, seed)) prompt.push_back(id);
    return prompt;
  };
  for (const bool later : {false, true}) {  // Two processes.
    RuntimeOptions shared;
    shared.store = store();
    shared.pool_bytes = 4 * kv_cache_bytes(model.config, kv_options(options));
    ModelRuntime runtime(model, options, std::move(shared));
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        Session session(runtime.parts(), options);
        const Tokens prompt = question(i, later ? 70 + i : 60 + i);
        const Said said =
            generate(session, {.prompt = prompt, .max_tokens = 8, .shared_prefix = 80});
        EXPECT_EQ(said.stats.stored_tokens, later ? 80u : 0u) << i;
        EXPECT_TRUE(said.stats.store_notes.empty());
        LoneSession alone(model, options);
        EXPECT_EQ(said.tokens, generate(alone, {.prompt = prompt, .max_tokens = 8}).tokens) << i;
      });
    }
  }
}

TEST(ModelRuntime, ASessionThatIsStoppedFailsOrGoesHarmsNoOther) {
  RandomModelShape shape = tiny(1);
  shape.tied_head = false;
  Model model = random_model(shape);
  const std::uint16_t nan = 0x7E00;  // The scale of a block.
  std::memcpy(const_cast<std::byte*>(model.embedding.row(kBadToken)), &nan, sizeof nan);
  const Model draft = random_model(tiny(2));
  const SessionOptions most = options_of({.lookup = true, .draft_model = &draft, .always = true});
  ModelRuntime runtime(model, most,
                       {.pool_bytes = 6 * kv_cache_bytes(model.config, kv_options(most))});

  std::stop_source sound_ones_are_done;
  const auto until_they_are = [&](const auto& disturb) {
    for (unsigned i = 0; i == 0 || !sound_ones_are_done.stop_requested(); ++i) disturb(i);
  };
  std::vector<std::jthread> disturbing;
  disturbing.emplace_back([&] {  // Stopped in the prompt or in the answer.
    Session session(runtime.parts(), most);
    until_they_are([&](unsigned i) {
      std::stop_source stop;
      unsigned seen = 0;
      GenerationRequest request = {.max_tokens = 20, .stop_tokens = kStops};
      const Tokens prompt = some_tokens(60, i);
      request.prompt = prompt;
      request.on_prompt = [&](std::uint32_t) {
        if (++seen > i % 5) stop.request_stop();
      };
      const auto sink = [&](const SampledToken&) {
        if (++seen > i % 5) stop.request_stop();
        return true;
      };
      const auto stopped = session.generate(request, sink, stop.get_token());
      ASSERT_TRUE(stopped.ok());
      EXPECT_NE(stopped->reason, FinishReason::kLength);
    });
  });
  disturbing.emplace_back([&] {  // Fails.
    Session session(runtime.parts(), most);
    until_they_are([&](unsigned i) {
      Tokens prompt = some_tokens(30, 1000 + i);
      prompt[i % 30] = kBadToken;
      const auto failed = session.generate({.prompt = prompt}, [](auto&) { return true; });
      ASSERT_FALSE(failed.ok());
      EXPECT_EQ(failed.error().code, ErrorCode::kDamaged);
    });
  });
  disturbing.emplace_back([&] {  // Has enough, and goes.
    until_they_are([&](unsigned i) {
      Session session(runtime.parts(), most);
      unsigned seen = 0;
      const Tokens prompt = some_tokens(25, 2000 + i);
      ASSERT_TRUE(session
                      .generate({.prompt = prompt, .stop_tokens = kStops},
                                [&](auto&) { return ++seen <= i % 4; })
                      .ok());
    });
  });

  std::vector<std::vector<Tokens>> said(3);
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < said.size(); ++i) {
      threads.emplace_back([&, i] {
        Session session(runtime.parts(), i == 0 ? options_of({}) : most);
        said[i] = converse(session, i);
      });
    }
  }
  sound_ones_are_done.request_stop();
  disturbing.clear();
  for (unsigned i = 0; i < said.size(); ++i) {
    LoneSession alone(model, options_of({}));
    EXPECT_EQ(said[i], converse(alone, i)) << i;
  }
}

}  // namespace
}  // namespace saseo
