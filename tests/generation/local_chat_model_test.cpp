#include "generation/local_chat_model.h"

#include "base/utf8.h"
#include "engine/runtime/memory_plan.h"
#include "engine/runtime/model_runtime.h"
#include "engine/vocabulary/chat_template.h"
#include "engine/vocabulary/tokenizer.h"
#include "generation/chat_language_model.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"
#include "tests/engine/spoken_model.h"
#include "tests/generation/made_library.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

// Nonsense, but of real forward passes.
Model nonsense(std::uint32_t context = 4096, unsigned seed = 1) {
  Model model = random_model({.vocab = 512, .seed = seed});
  model.config.context = context;
  model.vocabulary = small_vocabulary();
  return model;
}

std::unique_ptr<ChatModel> chat_of(Model model, SessionOptions options = {}) {
  options.threads = 1;
  options.ring = false;
  Result<std::unique_ptr<ChatModel>> chat = make_local_chat_model(std::move(model), options);
  EXPECT_TRUE(chat.ok()) << (chat.ok() ? "" : chat.error().message.english);
  return std::move(chat).value();
}

std::vector<PromptMessage> messages_of(const std::string& question) {
  return {{PromptRole::kSystem, "당신은 사서입니다. 아래 대목만 보고 답하세요."},
          {PromptRole::kUser, question}};
}

Completion complete(ChatModel& chat, const std::vector<PromptMessage>& messages,
                    CompletionRequest request = {}, std::vector<std::string>* pieces = nullptr) {
  request.messages = messages;
  Result<Completion> completion = chat.complete(request,
                                                [&](std::string_view piece) {
                                                  if (pieces != nullptr)
                                                    pieces->emplace_back(piece);
                                                  return true;
                                                },
                                                {});
  EXPECT_TRUE(completion.ok()) << (completion.ok() ? "" : completion.error().message.english);
  return completion.ok() ? std::move(completion).value() : Completion{};
}

std::size_t count(ChatModel& chat, const std::vector<PromptMessage>& messages) {
  return chat.count_tokens(messages, {}).value();
}

TEST(LocalChatModel, CountsTokensAsItIsPromptedWithThem) {
  const std::unique_ptr<ChatModel> chat = chat_of(nonsense());
  const auto messages = messages_of("무선 충전하는 방법");
  const Completion completion = complete(*chat, messages, {.max_tokens = 1});
  EXPECT_EQ(completion.usage.prompt_tokens, count(*chat, messages));
  const Tokenizer tokenizer(small_vocabulary());
  const std::vector<ChatTurn> turns = {{ChatRole::kSystem, messages[0].text},
                                       {ChatRole::kUser, messages[1].text}};
  EXPECT_EQ(count(*chat, messages), ChatTemplate::create(tokenizer)->encode(turns).value().size());
}

TEST(LocalChatModel, GuessesChangeNoWordAndAreCounted) {
  const auto messages = messages_of("무선 충전하는 방법. 무선 충전하는 방법. 무선 충전하는 방법.");
  const CompletionRequest request = {.max_tokens = 50,
                                     .sampling = {.temperature = 0.8f, .seed = 3}};
  const Completion plain = complete(*chat_of(nonsense()), messages, request);
  EXPECT_EQ(plain.usage.drafted_tokens, 0u);
  const SessionOptions options = {.threads = 1, .speculation = {.lookup = true, .always = true}};
  const Completion looked_up = complete(*chat_of(nonsense(), options), messages, request);
  EXPECT_EQ(looked_up.text, plain.text);
  EXPECT_GT(looked_up.usage.drafted_tokens, 0u);

  auto draft = std::make_unique<const Model>(nonsense());
  SessionOptions with_draft = options;
  with_draft.speculation = {.draft_model = draft.get(), .always = true};
  EXPECT_EQ(lane_options(*draft, with_draft, Lane::kRewriting).speculation.draft_model, nullptr);
  const auto chat = make_local_chat_model(nonsense(), with_draft, std::move(draft)).value();
  const Completion drafted = complete(*chat, messages, request);
  EXPECT_EQ(drafted.text, plain.text);
  EXPECT_GT(drafted.usage.draft_passes, 0u);
  EXPECT_EQ(drafted.usage.accepted_tokens, drafted.usage.drafted_tokens) << "the same model";
}

TEST(LocalChatModel, StreamsWholeCharactersThatTogetherAreTheText) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const std::unique_ptr<ChatModel> chat = chat_of(nonsense(4096, seed));
    std::vector<std::string> pieces;
    const Completion completion = complete(
        *chat, messages_of("충전"), {.max_tokens = 60, .sampling = {.temperature = 1.5f}}, &pieces);
    std::string together;
    for (const std::string& piece : pieces) {
      EXPECT_EQ(repair_utf8(piece), piece) << "seed " << seed;
      together += piece;
    }
    EXPECT_EQ(together, completion.text);
    EXPECT_GT(completion.usage.completion_tokens, 0u);
    EXPECT_GE(completion.usage.completion_tokens, pieces.size());
  }
}

TEST(LocalChatModel, LeavesOutACharacterThatTheLengthCutsInTheMiddle) {
  // "가" byte by byte.
  const std::unique_ptr<ChatModel> chat =
      chat_of(spoken_model({.answer = {"앞", "<0xEA>", "<0xB0>", "<0x80>", "뒤"}}));
  for (const auto& [tokens, text] :
       {std::pair(1u, "앞"), std::pair(2u, "앞"), std::pair(3u, "앞"), std::pair(4u, "앞가")}) {
    const Completion cut = complete(*chat, messages_of("충전"), {.max_tokens = tokens});
    EXPECT_EQ(cut.text, text) << tokens;
    EXPECT_EQ(cut.end, CompletionEnd::kLength);
  }
}

TEST(LocalChatModel, EndsWithTheModelsTurn) {
  const std::unique_ptr<ChatModel> chat =
      chat_of(spoken_model({.answer = {"전원 버튼을 ", "누르세요.", " [1]"}}));
  std::vector<std::string> pieces;
  const Completion completion = complete(*chat, messages_of("켜는 방법"), {}, &pieces);
  EXPECT_EQ(completion.text, "전원 버튼을 누르세요. [1]");
  EXPECT_EQ(completion.end, CompletionEnd::kStop);
  EXPECT_EQ(completion.usage.completion_tokens, 3u);
  EXPECT_EQ(pieces.size(), 3u) << "as the tokens come";
}

TEST(LocalChatModel, NeverShowsAStopStringNorItsBeginning) {
  const std::unique_ptr<ChatModel> chat =
      chat_of(spoken_model({.answer = {"하나 ", "둘 <", "끝", ">", "셋"}}));
  std::vector<std::string> pieces;
  const Completion stopped = complete(*chat, messages_of("세기"), {.stop = {"<끝>"}}, &pieces);
  EXPECT_EQ(stopped.text, "하나 둘 ");
  EXPECT_EQ(stopped.end, CompletionEnd::kStop);
  for (const std::string& piece : pieces) EXPECT_EQ(piece.find('<'), std::string::npos);
  EXPECT_EQ(complete(*chat, messages_of("세기"), {.stop = {"<끝!"}}).text, "하나 둘 <끝>셋");
}

TEST(LocalChatModel, HeldToChoicesItSaysOneOfThemWhateverItWouldSay) {
  const std::vector<std::string> choices = {"A", "B", "T"};
  std::vector<std::string> warm;
  for (unsigned seed = 1; seed <= 6; ++seed) {
    const std::unique_ptr<ChatModel> chat = chat_of(nonsense(4096, seed));
    for (const float temperature : {0.0f, 5.0f}) {
      const Completion chosen =
          complete(*chat, messages_of("충전"),
                   {.choices = choices, .sampling = {.temperature = temperature, .seed = seed}});
      EXPECT_NE(std::ranges::find(choices, chosen.text), choices.end()) << chosen.text;
      EXPECT_EQ(chosen.end, CompletionEnd::kStop);
      EXPECT_EQ(chosen.usage.completion_tokens, 1u) << "nothing can follow";
      if (temperature > 0) warm.push_back(chosen.text);
    }
  }
  EXPECT_TRUE(std::ranges::any_of(warm, [&](const auto& text) { return text != warm.front(); }))
      << "all of them can be said";
}

TEST(LocalChatModel, OfOneTokenChoicesTheMostLikelyIsSaidAtTemperatureZero) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const Model model = nonsense(4096, seed);
    const Tokenizer tokenizer(small_vocabulary());
    const std::vector<ChatTurn> turns = {{ChatRole::kUser, "충전"}};
    const std::vector<TokenId> prompt = ChatTemplate::create(tokenizer)->encode(turns).value();
    LoneSession session(model, {.threads = 1});
    std::vector<TokenLogprob> all;
    ASSERT_TRUE(session
                    .generate({.prompt = prompt, .sampling = {.logprobs = 512}, .max_tokens = 1},
                              [&](const SampledToken& token) {
                                all = token.most_likely;
                                return true;
                              })
                    .ok());
    // Letters that are pieces and whose bytes are tokens too: the likelier of the two counts.
    std::string best;
    for (const TokenLogprob& token : all) {
      best = tokenizer.bytes_of(token.token);
      if (best == "A" || best == "B" || best == "T") break;
    }
    const std::vector<PromptMessage> messages = {{PromptRole::kUser, "충전"}};
    const Completion chosen =
        complete(*chat_of(nonsense(4096, seed)), messages, {.choices = {"A", "B", "T"}});
    EXPECT_EQ(chosen.text, best) << "seed " << seed;
  }
}

TEST(LocalChatModel, WritesALongChoiceWholeAndGuessesNothing) {
  const SessionOptions options = {.threads = 1, .speculation = {.lookup = true, .always = true}};
  const std::vector<std::string> choices = {"지문 인식 화면", "지문 인식 설정을 켭니다",
                                            "무선 충전"};
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const std::unique_ptr<ChatModel> chat = chat_of(nonsense(4096, seed), options);
    const auto messages = messages_of("지문 인식 화면 지문 인식 화면");
    std::vector<std::string> pieces;
    const Completion chosen = complete(*chat, messages, {.choices = choices}, &pieces);
    EXPECT_NE(std::ranges::find(choices, chosen.text), choices.end()) << chosen.text;
    EXPECT_EQ(chosen.usage.drafted_tokens, 0u);
    EXPECT_GT(chosen.usage.completion_tokens, 1u);
    const Completion free = complete(*chat, messages, {.max_tokens = 20});
    EXPECT_EQ(free.text,
              complete(*chat_of(nonsense(4096, seed)), messages, {.max_tokens = 20}).text)
        << "the next is free again";
    EXPECT_EQ(complete(*chat, messages, {.max_tokens = 1, .choices = choices}).end,
              CompletionEnd::kLength);
  }
}

TEST(LocalChatModel, AnswersTheSameWithAndWithoutAReusedPrefix) {
  const std::unique_ptr<ChatModel> kept = chat_of(nonsense());
  const std::string shared(600, '1');
  complete(*kept, messages_of(shared + " 무선 충전하는 방법"), {.max_tokens = 40});
  for (const float temperature : {0.0f, 1.2f}) {
    const auto messages = messages_of(shared + " 지문 인식 화면 설정");
    const CompletionRequest request = {.max_tokens = 50,
                                       .sampling = {.temperature = temperature, .seed = 9}};
    const Completion reused = complete(*kept, messages, request);
    const Completion fresh = complete(*chat_of(nonsense()), messages, request);
    EXPECT_GT(reused.usage.reused_prefix_tokens, 100u);
    EXPECT_EQ(fresh.usage.reused_prefix_tokens, 0u);
    EXPECT_EQ(reused.usage.prompt_tokens, fresh.usage.prompt_tokens);
    EXPECT_EQ(reused.text, fresh.text);
    EXPECT_FALSE(fresh.text.empty());
  }
}

TEST(LocalChatModel, FindsTheSharedBeginningOfAnyEarlierPromptThatIsLongerThanItsWindow) {
  // Windows of 16, and prompts of over 600 tokens: rings would have forgotten the beginning.
  const std::unique_ptr<ChatModel> chat = chat_of(nonsense());
  std::string rest, other;
  for (int i = 0; i < 300; ++i) rest += " 충전 화면", other += " 지문 설정";
  const std::size_t shared = count(*chat, messages_of("")) - 8;
  EXPECT_GT(count(*chat, messages_of(rest)), 600u);
  complete(*chat, messages_of(rest), {.max_tokens = 4});
  const Completion next = complete(*chat, messages_of(other), {.max_tokens = 4});
  EXPECT_GE(next.usage.reused_prefix_tokens, shared);
}

TEST(LocalChatModel, KeepsWhatALaneSharesWhileAnotherIsUsedBetween) {
  const std::unique_ptr<ChatModel> chat = chat_of(nonsense());
  const auto answer = messages_of("무선 충전하는 방법");
  auto rewriting = messages_of("고치기");
  rewriting[0].text = "질문을 고쳐 쓰세요.";
  complete(*chat, answer, {.max_tokens = 5});
  EXPECT_LT(complete(*chat, rewriting, {.max_tokens = 5, .lane = Lane::kRewriting})
                .usage.reused_prefix_tokens,
            10u)
      << "how a turn opens";
  const Completion again = complete(*chat, answer, {.max_tokens = 5});
  EXPECT_EQ(again.usage.reused_prefix_tokens + 1, again.usage.prompt_tokens);
}

TEST(LocalChatModel, ChatsAboutTheSameTextTakeTurnsWithoutComputingItAgain) {
  const std::unique_ptr<ChatModel> chat = chat_of(nonsense());
  std::string one, other;
  for (int i = 0; i < 60; ++i) one += " 충전 화면", other += " 지문 설정";
  const auto ask = [&](const std::string& text, const std::string& question) {
    return complete(*chat, messages_of(text + question), {.max_tokens = 4})
        .usage.reused_prefix_tokens;
  };
  ask(one, " 무선");
  ask(other, " 등록");
  const std::size_t text = count(*chat, messages_of(one)) - 10;
  EXPECT_GE(ask(one, " 유선"), text);
  EXPECT_GE(ask(other, " 방법"), text);
}

TEST(LocalChatModel, ALaterProcessStartsFromTheStoredTextAndAnswersTheSame) {
  const TemporaryFolder folder;
  const auto stored_chat = [&] {
    Model model = nonsense();
    auto store = KvStore::open({.folder = folder / "kv"}, {.model = "m", .config = model.config});
    EXPECT_TRUE(store.ok());
    return make_local_chat_model(std::move(model), {.ring = false, .threads = 1}, nullptr,
                                 std::move(store).value())
        .value();
  };
  std::string text;
  for (int i = 0; i < 60; ++i) text += " 충전 화면";
  CompletionRequest request = {.max_tokens = 20, .shared_text = text.size()};
  const Completion first = complete(*stored_chat(), messages_of(text + "\n무선"), request);
  EXPECT_EQ(first.usage.reused_prefix_tokens, 0u);
  const auto messages = messages_of(text + "\n지문 설정");
  const Completion stored = complete(*stored_chat(), messages, request);
  const std::unique_ptr<ChatModel> fresh = chat_of(nonsense());
  EXPECT_GE(stored.usage.stored_prefix_tokens, count(*fresh, messages_of(text)) - 10);
  EXPECT_EQ(stored.usage.stored_prefix_tokens, stored.usage.reused_prefix_tokens);
  EXPECT_EQ(stored.text, complete(*fresh, messages, request).text);
}

TEST(LocalChatModel, StopsBetweenTwoTokensAndSaysSo) {
  const std::unique_ptr<ChatModel> chat =
      chat_of(spoken_model({.answer = {"하나 ", "둘 ", "셋 ", "넷"}}));
  std::stop_source source;
  std::string streamed;
  const auto messages = messages_of("세기");
  const Result<Completion> stopped = chat->complete(
      {.messages = messages},
      [&](std::string_view piece) {
        streamed += piece;
        if (streamed == "하나 둘 ") source.request_stop();
        return true;
      },
      source.get_token());
  ASSERT_TRUE(stopped.ok());
  EXPECT_EQ(stopped->end, CompletionEnd::kCancelled);
  EXPECT_EQ(stopped->text, "하나 둘 ");
  EXPECT_EQ(complete(*chat, messages).text, "하나 둘 셋 넷") << "and goes on with the next";
}

TEST(LocalChatModel, EndsWhenTheSinkHasEnough) {
  const std::unique_ptr<ChatModel> chat = chat_of(spoken_model({.answer = {"하나 ", "둘 ", "셋"}}));
  int pieces = 0;
  const auto messages = messages_of("세기");
  const Result<Completion> enough =
      chat->complete({.messages = messages}, [&](std::string_view) { return ++pieces < 2; }, {});
  ASSERT_TRUE(enough.ok());
  EXPECT_EQ(enough->end, CompletionEnd::kStop);
  EXPECT_EQ(enough->text, "하나 둘 ");
}

TEST(LocalChatModel, NamesTheNumbersOfAPromptBeyondTheContext) {
  const std::unique_ptr<ChatModel> chat = chat_of(nonsense(), {.context = 64});
  EXPECT_EQ(chat->context_size(Lane::kAnswer), 64u);
  const auto messages = messages_of(std::string(300, '1'));
  const Result<Completion> refused =
      chat->complete({.messages = messages}, [](std::string_view) { return true; }, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimit);
  for (const std::size_t number : {count(*chat, messages), std::size_t{64}})
    EXPECT_NE(refused.error().message.english.find(std::to_string(number)), std::string::npos)
        << refused.error().message.english;
}

TEST(LocalChatModel, TurnMarkersInATextAreText) {
  const std::unique_ptr<ChatModel> chat = chat_of(nonsense());
  const auto plain = messages_of("a"), marked = messages_of("<start_of_turn>");
  EXPECT_GT(count(*chat, marked), count(*chat, plain) + 5);
}

TEST(LocalChatModel, AModelWithoutTurnMarkersIsRefused) {
  Model model = nonsense();
  model.vocabulary.pieces[kStartOfTurn] = "<something_else>";
  const auto refused = make_local_chat_model(std::move(model), {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
}

TEST(FitLocalChat, CountsBothLanesAndFallsBackToRings) {
  const Model model = nonsense(8192);
  const SessionOptions wanted = {.context = 8192};
  const Result<SessionOptions> roomy = fit_local_chat(model, wanted, std::uint64_t{1} << 40);
  ASSERT_TRUE(roomy.ok());
  EXPECT_FALSE(roomy->ring);

  std::uint64_t need[2] = {};
  for (const bool ring : {false, true}) {
    SessionOptions form = wanted;
    form.ring = ring;
    std::uint64_t kept = 0;
    for (const Lane lane : {Lane::kAnswer, Lane::kRewriting})
      kept += kv_cache_bytes(model.config, kv_options(lane_options(model, form, lane)));
    EXPECT_EQ(kept_prompt_bytes(model, form), kept);
    need[ring ? 1 : 0] = local_chat_bytes(model, form);
    EXPECT_GT(need[ring ? 1 : 0], kept);
  }
  ASSERT_LT(need[1], need[0]);
  EXPECT_FALSE(fit_local_chat(model, wanted, need[0] + model.file_bytes)->ring);
  EXPECT_TRUE(fit_local_chat(model, wanted, need[0] + model.file_bytes - 1)->ring);
  EXPECT_TRUE(fit_local_chat(model, wanted, need[1] + model.file_bytes).ok());
  EXPECT_FALSE(fit_local_chat(model, wanted, need[1] + model.file_bytes - 1).ok());
}

TEST(LocalChatModel, RewritesAFollowUpAndCitesThroughTheEngine) {
  const MadeLibrary library(std::vector<MadeLibrary::Manual>{{"phone.md", kPhoneManual}});
  ASSERT_TRUE(library.made());
  Asker asker = library.asker();
  asker.set_model(make_chat_language_model(
      chat_of(spoken_model({.answer = {"무선 충전에는 ", "2시간 30분이 걸립니다. ", "[1][9]"},
                            .rewriting = {"온새폰 유선 고속 ", "충전은 얼마나 ", "걸려요?"}}))));
  const Answer first = ask(asker, "온새폰 무선 충전은 얼마나 걸려요?");
  EXPECT_EQ(first.text, "무선 충전에는 2시간 30분이 걸립니다. [1]\n");
  ASSERT_TRUE(first.generation.has_value());
  EXPECT_EQ(first.generation->invented_citations, 1u);
  EXPECT_EQ(first.generation->plan.prompt(), first.generation->usage.prompt_tokens);
  EXPECT_FALSE(first.rewriting.has_value());

  const Answer next = ask(asker, "그럼 유선 고속은?");
  EXPECT_TRUE(next.rewritten_by_model);
  EXPECT_EQ(next.asked, "그럼 유선 고속은?");
  EXPECT_EQ(next.question, "온새폰 유선 고속 충전은 얼마나 걸려요?");
  EXPECT_GT(next.generation->usage.reused_prefix_tokens, 100u) << "the instructions at least";
}

}  // namespace
}  // namespace saseo
