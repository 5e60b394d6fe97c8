#include "engine/runtime/model_host.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "base/message.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"

namespace saseo {
namespace {

using Tokens = std::vector<TokenId>;

HostedModel small_model(std::shared_ptr<void> kept = nullptr) {
  HostedModel hosted;
  hosted.model = random_model({.layers = 1, .heads = 1, .kv_heads = 1, .d = 64, .vocab = 512});
  hosted.model.vocabulary = small_vocabulary();
  hosted.options = {.context = 128, .threads = 2};
  hosted.kept = std::move(kept);
  return hosted;
}

Tokens answer(const ModelLease& lease) {
  const Tokens prompt = {2, 30, 31, 32, 33};
  Tokens tokens;
  const BorrowedSession session = lease.borrow_session(lease.options());
  EXPECT_TRUE(session
                  ->generate({.prompt = prompt, .max_tokens = 6},
                             [&](const SampledToken& token) {
                               tokens.push_back(token.token);
                               return true;
                             })
                  .ok());
  return tokens;
}

// A loader that the test holds back.
struct HeldLoader {
  std::latch entered{1}, may_go{1};
  std::atomic<int> calls = 0;
  std::optional<Error> error;  // Of the first call.

  ModelLoader loader() {
    return [this](const std::stop_token& stop) -> Result<HostedModel> {
      if (++calls > 1) return small_model();
      entered.count_down();
      may_go.wait();
      if (stop.stop_requested()) return Error{ErrorCode::kCancelled, untranslated("stopped")};
      if (error) return *error;
      return small_model();
    };
  }
};

void wait_for_users(const ModelHost& host, std::size_t waiting) {
  while (host.state().waiting < waiting) std::this_thread::yield();
}

TEST(ModelHost, LoadsOnceForAllWhoComeAtTheSameTime) {
  HeldLoader held;
  ModelHost host(held.loader());
  EXPECT_FALSE(host.state().loaded);
  std::vector<Tokens> answers(5);
  std::vector<std::jthread> threads;
  for (Tokens& tokens : answers)
    threads.emplace_back([&] { tokens = answer(host.acquire().value()); });
  wait_for_users(host, 4);
  held.may_go.count_down();
  threads.clear();
  EXPECT_EQ(held.calls, 1);
  EXPECT_EQ(host.state().loads, 1u);
  EXPECT_EQ(host.state().leases, 0u);
  for (const Tokens& tokens : answers) EXPECT_EQ(tokens, answers[0]);
}

TEST(ModelHost, TellsAllWhoWaitWhyLoadingFailedAndLoadsForTheNext) {
  HeldLoader held;
  held.error = Error{ErrorCode::kNotFound, untranslated("no file")};
  ModelHost host(held.loader());
  std::atomic<int> told = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto lease = host.acquire();
      if (!lease.ok() && lease.error().code == ErrorCode::kNotFound) ++told;
    });
  }
  wait_for_users(host, 3);
  held.may_go.count_down();
  threads.clear();
  EXPECT_EQ(told, 4);
  EXPECT_EQ(held.calls, 1);
  EXPECT_TRUE(host.acquire().ok());
  EXPECT_EQ(held.calls, 2);
}

TEST(ModelHost, WhoWaitsGoesOnWhenTheOneWhoLoadedIsStopped) {
  HeldLoader held;
  ModelHost host(held.loader());
  std::stop_source stop;
  std::jthread loading([&] {
    const auto lease = host.acquire(stop.get_token());
    ASSERT_FALSE(lease.ok());
    EXPECT_EQ(lease.error().code, ErrorCode::kCancelled);
  });
  held.entered.wait();
  std::jthread waiting([&] { EXPECT_TRUE(host.acquire().ok()); });
  wait_for_users(host, 1);
  stop.request_stop();
  held.may_go.count_down();
  loading.join();
  waiting.join();
  EXPECT_EQ(held.calls, 2);
}

TEST(ModelHost, WhoWaitsCanBeStoppedWhileTheOtherLoads) {
  HeldLoader held;
  ModelHost host(held.loader());
  std::jthread loading([&] { EXPECT_TRUE(host.acquire().ok()); });
  held.entered.wait();
  std::stop_source stop;
  std::jthread waiting([&] {
    const auto lease = host.acquire(stop.get_token());
    ASSERT_FALSE(lease.ok());
    EXPECT_EQ(lease.error().code, ErrorCode::kCancelled);
  });
  wait_for_users(host, 1);
  stop.request_stop();
  waiting.join();
  held.may_go.count_down();
}

TEST(ModelHost, UnloadsWhatNobodyHasNeededForAsLongAsItWasTold) {
  using std::chrono::minutes;
  std::chrono::steady_clock::time_point now;
  std::weak_ptr<int> weights;
  ModelHost host(
      [&](std::stop_token) -> Result<HostedModel> {
        auto kept = std::make_shared<int>();
        weights = kept;
        return small_model(std::move(kept));
      },
      {.idle = minutes(10), .now = [&] { return now; }});
  EXPECT_FALSE(host.unload_idle()) << "nothing is loaded";
  Tokens before;
  {
    const ModelLease lease = host.acquire().value();
    before = answer(lease);
    now += minutes(60);
    EXPECT_FALSE(host.unload_idle());
    EXPECT_FALSE(host.unload()) << "somebody holds a lease";
  }
  now += minutes(9);
  EXPECT_FALSE(host.unload_idle()) << "it counts from the last lease's end";
  EXPECT_FALSE(weights.expired());
  now += minutes(1);
  EXPECT_TRUE(host.unload_idle());
  EXPECT_TRUE(weights.expired()) << "nothing of the model is left";
  EXPECT_FALSE(host.state().loaded);
  EXPECT_EQ(answer(host.acquire().value()), before);
  EXPECT_EQ(host.state().loads, 2u);
  EXPECT_TRUE(host.unload()) << "on request at once";
}

TEST(ModelHost, ALoadedModelWithoutALoaderStays) {
  ModelHost host(small_model());
  EXPECT_TRUE(host.state().loaded);
  EXPECT_FALSE(host.unload());
  EXPECT_EQ(answer(host.acquire().value()).size(), 6u);
}

TEST(ModelHost, GivesASessionOutAgainToWhoeverAsksForOneLikeIt) {
  ModelHost host(small_model());
  const ModelLease lease = host.acquire().value();
  SessionOptions smaller = lease.options();
  smaller.context = 64;
  const Session *first = nullptr, *second = nullptr;
  {
    const BorrowedSession one = lease.borrow_session(lease.options());
    const BorrowedSession other = lease.borrow_session(lease.options());
    first = one.get(), second = other.get();
    EXPECT_NE(first, second);
    EXPECT_EQ(lease.borrow_session(smaller)->context(), 64u);
  }
  const BorrowedSession again = lease.borrow_session(lease.options());
  EXPECT_TRUE(again.get() == first || again.get() == second);
  EXPECT_EQ(again->context(), 128u);
}

TEST(ModelHost, UsersComeAndGoWhileItIsUnloadedAgainAndAgain) {
  ModelHost host([](std::stop_token) -> Result<HostedModel> { return small_model(); });
  const Tokens expected = answer(host.acquire().value());
  std::atomic<int> users = 4;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int turn = 0; turn < 10; ++turn) EXPECT_EQ(answer(host.acquire().value()), expected);
      --users;
    });
  }
  int unloaded = 0;
  while (users > 0) {
    unloaded += host.unload() ? 1 : 0;
    std::this_thread::yield();
  }
  threads.clear();
  EXPECT_TRUE(host.state().loaded || host.state().loads >= 1);
  EXPECT_EQ(host.state().loads,
            static_cast<std::uint64_t>(unloaded) + (host.state().loaded ? 1u : 0u));
}

}  // namespace
}  // namespace saseo
