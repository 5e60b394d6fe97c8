// Chat models of one host, at the same time and one after the other.
#include <gtest/gtest.h>
#include <malloc.h>

#include <fstream>
#include <latch>
#include <thread>

#include "base/message.h"
#include "base/thread_pool.h"
#include "engine/model/model_panels.h"
#include "generation/local_chat_model.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"

namespace saseo {
namespace {

Model small_chatty_model(unsigned seed = 1) {
  Model model = random_model({.layers = 2, .d = 64, .vocab = 512, .seed = seed});
  model.config.context = 4096;
  model.vocabulary = small_vocabulary();
  return model;
}

Completion complete(ChatModel& chat, const std::string& question, float temperature = 0) {
  const std::vector<PromptMessage> messages = {
      {PromptRole::kSystem, "당신은 사서입니다. 아래 대목만 보고 답하세요."},
      {PromptRole::kUser, question}};
  const Result<Completion> completion = chat.complete(
      {.messages = messages, .max_tokens = 20, .sampling = {.temperature = temperature, .seed = 7}},
      [](std::string_view) { return true; }, {});
  EXPECT_TRUE(completion.ok()) << (completion.ok() ? "" : completion.error().message.english);
  return completion.ok() ? *completion : Completion{};
}

std::string question_of(int i) {
  std::string text = "질문 " + std::to_string(i);
  for (int word = 0; word < 5 + 7 * i; ++word) text += word % 2 == 0 ? " 충전" : " 화면 설정";
  return text;
}

TEST(SharedModel, ChatsOnThreadsAnswerAsEachWouldAlone) {
  const SessionOptions options = {
      .context = 1024, .ring = false, .threads = 2, .speculation = {.lookup = true}};
  const std::shared_ptr<ModelHost> host =
      host_of(small_chatty_model(), options, nullptr, nullptr, 6);
  std::vector<std::string> said(6);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&, i] {
        const auto chat = make_local_chat_model(host).value();
        for (int turn = 0; turn < 2; ++turn)
          said[i] += complete(*chat, question_of(i + turn), i % 2 == 0 ? 0.0f : 1.0f).text + "|";
      });
    }
  }
  EXPECT_EQ(host->state().loads, 1u);
  EXPECT_EQ(host->state().leases, 0u);
  for (int i = 0; i < 6; ++i) {
    const auto alone = make_local_chat_model(small_chatty_model(), options).value();
    std::string expected;
    for (int turn = 0; turn < 2; ++turn)
      expected += complete(*alone, question_of(i + turn), i % 2 == 0 ? 0.0f : 1.0f).text + "|";
    EXPECT_EQ(said[i], expected) << i;
  }
}

TEST(SharedModel, WhatOneChatHasReadServesAnother) {
  const SessionOptions options = {.context = 1024, .ring = false, .threads = 1};
  const std::shared_ptr<ModelHost> host =
      host_of(small_chatty_model(), options, nullptr, nullptr, 2);
  const auto one = make_local_chat_model(host).value(), other = make_local_chat_model(host).value();
  EXPECT_EQ(complete(*one, question_of(4)).usage.reused_prefix_tokens, 0u);
  const TokenUsage usage = complete(*other, question_of(4)).usage;
  EXPECT_EQ(usage.reused_prefix_tokens, usage.prompt_tokens - 1);
}

TEST(SharedModel, AChatGoesOnAfterItsModelWasUnloadedAndSaysSoWhenItCannot) {
  bool there = true;
  const auto host = std::make_shared<ModelHost>([&](std::stop_token) -> Result<HostedModel> {
    if (!there) return Error{ErrorCode::kNotFound, untranslated("the file is gone")};
    HostedModel hosted;
    hosted.model = small_chatty_model();
    hosted.options = {.context = 256, .threads = 1};
    return hosted;
  });
  const auto chat = make_local_chat_model(host).value();
  const std::string before = complete(*chat, "충전").text;
  EXPECT_TRUE(host->unload()) << "an idle chat holds nothing";
  EXPECT_EQ(chat->name(), "random");
  EXPECT_EQ(chat->context_size(Lane::kAnswer), 256u);
  EXPECT_FALSE(host->state().loaded);
  EXPECT_EQ(complete(*chat, "충전").text, before);

  EXPECT_TRUE(host->unload());
  there = false;
  const std::vector<PromptMessage> messages = {{PromptRole::kUser, "충전"}};
  const auto counted = chat->count_tokens(messages, {});
  ASSERT_FALSE(counted.ok());
  EXPECT_EQ(counted.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(
      chat->complete({.messages = messages}, [](std::string_view) { return true; }, {}).ok());
  std::stop_source stopped;
  stopped.request_stop();
  there = true;
  EXPECT_TRUE(chat->count_tokens(messages, {}).ok());
  const auto nothing = chat->complete(
      {.messages = messages}, [](std::string_view) { return true; }, stopped.get_token());
  ASSERT_TRUE(nothing.ok());
  EXPECT_EQ(nothing->end, CompletionEnd::kCancelled);
}

TEST(SharedModel, MessagesThatAreNoConversationCannotBeCounted) {
  const auto chat = make_local_chat_model(small_chatty_model(), {.threads = 1}).value();
  const std::vector<PromptMessage> messages = {{PromptRole::kAssistant, "답"},
                                               {PromptRole::kAssistant, "답"}};
  EXPECT_FALSE(chat->count_tokens(messages, {}).ok());
}

TEST(FitLocalChats, CountsTheWeightsOnceAndTheRestForEachConversation) {
  Model model = small_chatty_model();
  model.file_bytes = std::uint64_t{1} << 30;
  const SessionOptions options = {.context = 2048, .ring = false};
  const std::uint64_t one = local_chat_bytes(model, options, 1),
                      four = local_chat_bytes(model, options, 4),
                      sequence = kv_cache_bytes(model.config, kv_options(options));
  EXPECT_GE(four - one, 3 * sequence);
  EXPECT_LT(four - one, 4 * sequence);
  EXPECT_EQ(kept_prompt_bytes(model, options, 4) - kept_prompt_bytes(model, options, 1),
            3 * sequence);
  EXPECT_TRUE(fit_local_chats(model, options, 4, model.file_bytes + four).ok());
  EXPECT_FALSE(fit_local_chats(model, options, 4, model.file_bytes + one).ok());
}

#if !defined(SASEO_ADDRESS_SANITIZER) && !defined(SASEO_THREAD_SANITIZER)

// What the C library keeps of freed memory for later is not held by anybody.
std::uint64_t resident_bytes() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6)) * 1024;
  }
  return 0;
}

// Its weights are 68 MB in panels.
Model large_model() {
  Model model = random_model({.layers = 28, .heads = 8, .kv_heads = 4, .d = 512, .vocab = 512});
  model.config.context = 4096;
  model.vocabulary = small_vocabulary();
  ThreadPool pool(1);
  EXPECT_TRUE(arrange_in_panels(model, pool, {}).ok());
  return model;
}

std::uint64_t weight_bytes(const Model& model) {
  std::uint64_t bytes = model.embedding.bytes();
  for (const LayerWeights& w : model.layers) {
    for (const WeightMatrix* matrix :
         {&w.q, &w.k, &w.v, &w.attention_output, &w.gate, &w.up, &w.down})
      bytes += matrix->bytes();
  }
  return bytes;
}

TEST(SharedModel, ASecondChatTakesLessThanATenthOfTheWeights) {
  const SessionOptions options = {.context = 512, .ring = false, .threads = 1};
  Model model = large_model();
  const std::uint64_t weights = weight_bytes(model);
  ASSERT_GT(weights, 60u << 20);
  const std::shared_ptr<ModelHost> host = host_of(std::move(model), options, nullptr, nullptr, 2);
  const auto one = make_local_chat_model(host).value();
  complete(*one, question_of(1));
  const std::uint64_t with_one = resident_bytes();
  ASSERT_GT(with_one, weights);
  const auto other = make_local_chat_model(host).value();
  std::jthread([&] { complete(*other, question_of(2)); }).join();
  EXPECT_LT(resident_bytes(), with_one + weights / 10);

  const auto apart = make_local_chat_model(large_model(), options).value();
  complete(*apart, question_of(2));
  EXPECT_GT(resident_bytes(), with_one + weights * 9 / 10) << "another copy is seen";
}

TEST(SharedModel, NothingOfTheWeightsIsLeftAfterUnloading) {
  const auto host = std::make_shared<ModelHost>([](std::stop_token) -> Result<HostedModel> {
    HostedModel hosted;
    hosted.model = large_model();
    hosted.options = {.context = 512, .threads = 1};
    return hosted;
  });
  const std::uint64_t before = resident_bytes();
  const auto chat = make_local_chat_model(host).value();
  complete(*chat, question_of(1));
  const std::uint64_t loaded = resident_bytes();
  EXPECT_GT(loaded, before + (60u << 20));
  EXPECT_TRUE(host->unload());
  EXPECT_LT(resident_bytes(), before + (loaded - before) / 5);
}

#endif

}  // namespace
}  // namespace saseo
