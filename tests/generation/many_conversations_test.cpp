// What a server does: many conversations at the same time on one model and one library, which
// somebody fills meanwhile.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "generation/answerer.h"
#include "generation/chat_language_model.h"
#include "generation/local_chat_model.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"
#include "tests/generation/made_library.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

constexpr int kConversations = 8;
const std::vector<std::string> kAsked = {"무선 충전하는 방법", "그럼 시간은 얼마나 걸려요?",
                                         "무게가 얼마나 나가요?"};

Model conversing_model() {
  Model model = random_model({.layers = 2, .d = 64, .vocab = 512});
  model.config.context = 4096;
  model.vocabulary = small_vocabulary();
  return model;
}

constexpr std::uint32_t kTokens = 12;  // Of an answer: random weights never end one.
const SessionOptions kConversing = {
    .context = 4096, .ring = false, .threads = 2, .speculation = {.lookup = true}};

// Random weights write what stands in no passage, which the answer leaves out: what was written is
// noted before it is checked.
class NotingModel : public ChatModel {
 public:
  NotingModel(std::unique_ptr<ChatModel> model, std::string& written)
      : model_(std::move(model)), written_(written) {}
  std::string_view name() const override { return model_->name(); }
  ChatCapabilities capabilities() const override { return model_->capabilities(); }
  std::size_t context_size(Lane lane) const override { return model_->context_size(lane); }
  Result<std::size_t> count_tokens(std::span<const PromptMessage> messages,
                                   std::stop_token stop) override {
    return model_->count_tokens(messages, stop);
  }
  Result<Completion> complete(const CompletionRequest& request, const CompletionSink& sink,
                              std::stop_token stop) override {
    written_ += "|";
    return model_->complete(
        request,
        [&](std::string_view piece) {
          written_ += piece;
          return sink(piece);
        },
        stop);
  }

 private:
  std::unique_ptr<ChatModel> model_;
  std::string& written_;
};

// One question of a conversation, with all that its answer depends on.
struct AskedTurn {
  Searcher searcher;  // Keeps the state of the library that was asked.
  Conversation before;
  std::string question, written, answer;
};

std::string answered(const Searcher& searcher, const Conversation& conversation,
                     const std::string& question, const std::shared_ptr<ModelHost>& host,
                     float temperature, std::string& written, Conversation* after = nullptr) {
  Result<std::unique_ptr<ChatModel>> chat = make_local_chat_model(host);
  EXPECT_TRUE(chat.ok());
  const std::unique_ptr<LanguageModel> model = make_chat_language_model(
      std::make_unique<NotingModel>(std::move(chat).value(), written),
      {.max_tokens = kTokens, .sampling = {.temperature = temperature, .seed = 3}});
  AnswererOptions options;
  options.refusal.threshold = 0;
  options.context.token_budget = 300;
  const Result<Answer> answer =
      Answerer(searcher, *model, options).answer(conversation, {.text = question}, {});
  EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().message.english);
  if (!answer.ok()) return "";
  if (after != nullptr) after->remember(*answer);
  return answer->text;
}

TEST(ManyConversations, AnswerAsEachWouldAloneWhileTheLibraryIsFilled) {
  const MadeLibrary made({{"phone.md", kPhoneManual}, {"cleaner.md", kCleanerManual}});
  ASSERT_TRUE(made.made());
  const LibraryHost library = LibraryHost::open(made.folder()).value();
  const std::shared_ptr<ModelHost> host =
      host_of(conversing_model(), kConversing, nullptr, nullptr, kConversations);

  std::vector<std::vector<AskedTurn>> conversations(kConversations);
  std::atomic<int> talking = kConversations;
  std::latch begin(kConversations + 1);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kConversations; ++i) {
      threads.emplace_back([&, i] {
        begin.arrive_and_wait();
        Conversation conversation;
        for (std::size_t turn = 0; turn < kAsked.size(); ++turn) {
          const std::string& question = kAsked[(turn + i) % kAsked.size()];
          Result<Searcher> searcher = Searcher::open(library);
          if (!searcher.ok()) {
            ADD_FAILURE() << searcher.error().message.english;
            break;
          }
          AskedTurn asked{std::move(searcher).value(), conversation, question, "", ""};
          asked.answer = answered(asked.searcher, asked.before, question, host,
                                  i % 2 == 0 ? 0.0f : 1.0f, asked.written, &conversation);
          conversations[i].push_back(std::move(asked));
        }
        --talking;
      });
    }
    LibraryWriter writer = LibraryWriter::open(made.folder()).value();
    begin.arrive_and_wait();
    for (int round = 0; talking > 0; ++round) {
      const std::string name = "/m/manual" + std::to_string(round % 5) + ".md";
      const Result<PutReport> put = put_markdown(
          writer, name,
          "# 충전\n\n" + std::to_string(round) + "번째 기기는 무선 충전에 두 시간이 걸립니다.\n");
      ASSERT_TRUE(put.ok()) << put.error().message.english;
      EXPECT_TRUE(writer.update_embeddings().ok());
      EXPECT_TRUE(writer.write_caches().ok());
      if (round % 3 == 2) {
        EXPECT_TRUE(writer.remove_document(put->id).ok());
      }
    }
  }
  EXPECT_EQ(host->state().loads, 1u) << "one copy of the weights";
  EXPECT_EQ(host->state().leases, 0u);

  std::set<std::int64_t> states;
  for (int i = 0; i < kConversations; ++i) {
    ASSERT_EQ(conversations[i].size(), kAsked.size());
    const std::shared_ptr<ModelHost> lone = host_of(conversing_model(), kConversing);
    for (const AskedTurn& asked : conversations[i]) {
      std::string written;
      EXPECT_EQ(answered(asked.searcher, asked.before, asked.question, lone,
                         i % 2 == 0 ? 0.0f : 1.0f, written),
                asked.answer);
      EXPECT_EQ(written, asked.written) << asked.question;
      EXPECT_GT(written.size(), 1u);
      states.insert(asked.searcher.snapshot().key().generation);
    }
  }
  EXPECT_GT(states.size(), 1u) << "the library should have changed while it was asked";
}

}  // namespace
}  // namespace saseo
