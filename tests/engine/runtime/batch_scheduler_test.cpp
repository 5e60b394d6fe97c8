#include "engine/runtime/batch_scheduler.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "engine/runtime/model_runtime.h"
#include "tests/engine/random_model.h"

namespace saseo {
namespace {

constexpr std::size_t kVocab = 160;
constexpr TokenId kBadToken = 7;

std::vector<TokenId> some_tokens(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<TokenId> ids(count);
  for (TokenId& id : ids) id = static_cast<TokenId>(10 + random() % 150);
  return ids;
}

std::vector<BatchToken> batch_of(std::span<const TokenId> ids) {
  std::vector<BatchToken> tokens;
  for (const TokenId id : ids) tokens.push_back({id, 0, false});
  tokens.back().wants_logits = true;
  return tokens;
}

// With this patience a batch waits for whoever chooses a token, however slow the machine is.
constexpr double kEndless = 1e9;

// A sequence of a scheduler, and what its last token's logits have to be.
class Speaker {
 public:
  Speaker(BatchScheduler& scheduler, unsigned seed)
      : ids_(some_tokens(300, seed)), scheduler_(scheduler), sequence_(scheduler) {}

  Result<std::span<const float>> say(std::size_t count, const std::stop_token& stop = {}) {
    const auto tokens = batch_of(std::span(ids_).subspan(cache_.length(), count));
    return sequence_.compute(cache_, tokens, stop);
  }
  Result<std::span<const float>> say_bad() {
    return sequence_.compute(cache_, std::vector<BatchToken>{{kBadToken, 0, true}});
  }
  void rest() { sequence_.rest(); }
  bool is_alone() const { return sequence_.is_alone(); }
  bool shared_its_last_pass() const { return sequence_.last_pass().shared; }
  std::uint32_t length() const { return cache_.length(); }

  // As computed alone, of what was said so far.
  std::vector<float> expected() const {
    ThreadPool pool(1);
    Transformer transformer(scheduler_.model(), pool);
    KvCache cache(scheduler_.model().config, {});
    KvCache* sequences[] = {&cache};
    const auto logits =
        transformer.forward(batch_of(std::span(ids_).first(length())), sequences).value();
    return {logits.begin(), logits.end()};
  }
  bool is_expected(std::span<const float> logits) const {
    const std::vector<float> alone = expected();
    return std::ranges::equal(alone, logits);
  }

 private:
  std::vector<TokenId> ids_;
  BatchScheduler& scheduler_;
  ScheduledSequence sequence_;
  KvCache cache_{scheduler_.model().config, {}};
};

void wait_for_requests(const BatchScheduler& scheduler, std::uint64_t count) {
  while (scheduler.counts().waiting < count) std::this_thread::yield();
}

class BatchSchedulerTest : public testing::Test {
 protected:
  // The embedding of kBadToken is not a number, and only that.
  static Model make_model() {
    Model model = random_model({.tied_head = false});
    const std::uint16_t nan = 0x7E00;
    std::memcpy(const_cast<std::byte*>(model.embedding.row(kBadToken)), &nan, sizeof nan);
    return model;
  }

  const Model model_ = make_model();
  ThreadPool pool_{2};
  BatchScheduler scheduler_{model_,
                            pool_,
                            {.transformer = {.max_batch = 128},
                             .step_tokens = 8,
                             .prompt_beside_steps = 8,
                             .patience = kEndless}};
};

TEST_F(BatchSchedulerTest, ComputesWhatWaitsInOneBatchAndGivesEachItsOwn) {
  Speaker a(scheduler_, 1), b(scheduler_, 2);
  ASSERT_TRUE(a.say(20).ok());
  a.rest();
  ASSERT_TRUE(b.say(30).ok());
  const auto before = scheduler_.counts();
  std::span<const float> of_a;
  std::jthread thread([&] { of_a = a.say(1).value(); });  // Waits for b, which chooses.
  wait_for_requests(scheduler_, 1);
  const std::span<const float> of_b = b.say(3).value();
  thread.join();
  EXPECT_EQ(scheduler_.counts().batches - before.batches, 1u);
  EXPECT_EQ(scheduler_.counts().requests - before.requests, 2u);
  EXPECT_EQ(scheduler_.counts().tokens - before.tokens, 4u);
  EXPECT_TRUE(a.is_expected(of_a));
  EXPECT_TRUE(b.is_expected(of_b));
}

TEST_F(BatchSchedulerTest, TellsWhoIsAloneAndWhoseBatchWasShared) {
  Speaker a(scheduler_, 1), b(scheduler_, 2);
  ASSERT_TRUE(a.say(20).ok());
  EXPECT_TRUE(a.is_alone());
  EXPECT_FALSE(b.is_alone()) << "a is about to ask for its next token";
  EXPECT_FALSE(a.shared_its_last_pass());
  a.rest();
  EXPECT_TRUE(b.is_alone());
  ASSERT_TRUE(b.say(30).ok());
  std::jthread thread([&] { EXPECT_TRUE(a.say(1).ok()); });
  wait_for_requests(scheduler_, 1);
  EXPECT_FALSE(b.is_alone()) << "a waits for it";
  ASSERT_TRUE(b.say(1).ok());
  thread.join();
  EXPECT_TRUE(a.shared_its_last_pass());
  EXPECT_TRUE(b.shared_its_last_pass());
}

TEST_F(BatchSchedulerTest, KeepsLogitsWhileOthersCompute) {
  Speaker a(scheduler_, 1), b(scheduler_, 2);
  const std::span<const float> of_a = a.say(20).value();
  a.rest();
  ASSERT_TRUE(b.say(30).ok());
  EXPECT_TRUE(a.is_expected(of_a));
}

TEST_F(BatchSchedulerTest, WaitsForNobodyWhoRestsOrIsGone) {
  Speaker a(scheduler_, 1);
  {
    Speaker gone(scheduler_, 2);
    ASSERT_TRUE(gone.say(5).ok());
  }
  ASSERT_TRUE(a.say(5).ok());  // Would take a minute.
  EXPECT_TRUE(a.is_expected(a.say(1).value()));
}

TEST_F(BatchSchedulerTest, ReadsAPromptInSmallPartsBesideSteps) {
  Speaker writing(scheduler_, 1), reading(scheduler_, 2);
  ASSERT_TRUE(writing.say(10).ok());
  const auto before = scheduler_.counts();
  std::jthread thread([&] {
    EXPECT_TRUE(reading.is_expected(reading.say(100).value()));
    reading.rest();
  });
  wait_for_requests(scheduler_, 1);
  for (int step = 0; step < 13; ++step) {  // 12 x 8 + 4 tokens.
    EXPECT_TRUE(writing.is_expected(writing.say(1).value()));
  }
  writing.rest();
  thread.join();
  EXPECT_EQ(scheduler_.counts().batches - before.batches, 13u);
  EXPECT_EQ(scheduler_.counts().requests - before.requests, 26u);
}

TEST_F(BatchSchedulerTest, CancelsOneAndComputesTheOthers) {
  Speaker a(scheduler_, 1), b(scheduler_, 2);
  ASSERT_TRUE(a.say(20).ok());
  a.rest();
  ASSERT_TRUE(b.say(30).ok());
  std::stop_source stop;
  std::jthread thread([&] {
    const auto stopped = a.say(5, stop.get_token());
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  });
  wait_for_requests(scheduler_, 1);
  stop.request_stop();
  const std::span<const float> of_b = b.say(1).value();
  b.rest();
  thread.join();
  EXPECT_TRUE(b.is_expected(of_b));
  EXPECT_EQ(a.length(), 20u);
  EXPECT_TRUE(a.is_expected(a.say(5).value()));
}

TEST_F(BatchSchedulerTest, TakesBackTheReadPartsOfACancelledPrompt) {
  Speaker writing(scheduler_, 1), reading(scheduler_, 2);
  ASSERT_TRUE(reading.say(4).ok());
  reading.rest();
  ASSERT_TRUE(writing.say(10).ok());
  std::stop_source stop;
  std::jthread thread([&] {
    const auto stopped = reading.say(100, stop.get_token());
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  });
  wait_for_requests(scheduler_, 1);
  ASSERT_TRUE(writing.say(1).ok());
  ASSERT_TRUE(writing.say(1).ok());
  stop.request_stop();
  writing.rest();
  thread.join();
  EXPECT_EQ(reading.length(), 4u);
  EXPECT_TRUE(reading.is_expected(reading.say(60).value()));
}

TEST_F(BatchSchedulerTest, FailsForTheSequenceWhoseFaultItIs) {
  Speaker a(scheduler_, 1), bad(scheduler_, 2);
  ASSERT_TRUE(a.say(20).ok());
  a.rest();
  ASSERT_TRUE(bad.say(30).ok());
  std::span<const float> of_a;
  std::jthread thread([&] { of_a = a.say(2).value(); });
  wait_for_requests(scheduler_, 1);
  const auto failed = bad.say_bad();
  thread.join();
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kDamaged);
  a.rest();
  EXPECT_TRUE(a.is_expected(of_a));
  EXPECT_EQ(bad.length(), 30u);
  EXPECT_TRUE(bad.is_expected(bad.say(1).value()));
}

std::vector<TokenId> generated(Session& session, unsigned seed) {
  std::vector<TokenId> tokens;
  const auto prompt = some_tokens(40 + 20 * seed, seed);
  const auto sink = [&](const SampledToken& token) {
    tokens.push_back(token.token);
    return true;
  };
  EXPECT_TRUE(session
                  .generate({.prompt = prompt,
                             .sampling = {.temperature = 1, .top_k = 20, .seed = seed},
                             .max_tokens = 25},
                            sink)
                  .ok());
  return tokens;
}

TEST(SessionsOfAScheduler, GenerateOnThreadsWhatTheyGenerateAlone) {
  const Model model = random_model({});
  ThreadPool pool(2);
  for (const double patience : {0.0, 0.125, 50.0}) {
    BatchScheduler scheduler(
        model, pool, {.transformer = {.max_batch = 32}, .step_tokens = 4, .patience = patience});
    std::vector<std::vector<TokenId>> tokens(4);
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < tokens.size(); ++i) {
        threads.emplace_back([&, i] {
          KvCachePool kept(model.config, kv_options({}), 0);
          Session session({.scheduler = scheduler, .pool = kept}, {});
          tokens[i] = generated(session, i);
        });
      }
    }
    for (unsigned i = 0; i < tokens.size(); ++i) {
      LoneSession alone(model, {.threads = 1});
      EXPECT_EQ(tokens[i], generated(alone, i));
    }
  }
}

}  // namespace
}  // namespace saseo
