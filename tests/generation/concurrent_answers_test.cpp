// Many threads ask one library while another one changes it.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "generation/answerer.h"
#include "tests/generation/made_library.h"
#include "tests/index/temporary_library.h"

namespace saseo {
namespace {

constexpr const char* kLamp = R"(---
title: 온새등 L1 사용 설명서
product: 온새등 L1
language: ko
---

# 조명

## 밝기 조절

밝기 버튼을 길게 누르면 조명의 밝기가 바뀝니다.
)";

constexpr const char* kNewLamp = R"(---
title: 온새등 L1 사용 설명서
product: 온새등 L1
language: ko
---

# 조명

## 밝기 조절

밝기 다이얼을 돌리면 조명의 밝기가 7단계로 바뀝니다.

## 무선 충전

받침대에 올리면 무선 충전이 시작됩니다.
)";

const std::vector<std::string> kQuestions = {"온새등의 밝기는 어떻게 바꿔요?", "무선 충전하는 방법",
                                             "E-33", "무게가 얼마나 나가요?"};

// Everything of the answer that people see.
std::string seen_in(const Answer& answer) {
  std::string seen = answer.text + "\n" + answer.product.product;
  for (const Citation& citation : answer.citations)
    seen += "\n" + citation.path.string() + " " + citation.text;
  return seen;
}

Result<Answer> answer_of(const Searcher& searcher, LanguageModel& model,
                         const std::string& question) {
  AnswererOptions options;
  options.refusal.threshold = 0;
  return Answerer(searcher, model, options).answer({}, {.text = question}, {});
}

// Answers by the state of the library that they are of and the question.
using Answers = std::map<std::pair<SnapshotKey, std::string>, std::string>;

TEST(ConcurrentAnswers, AreThoseOfALoneRunOnOneOfTheLibrarysStates) {
  const MadeLibrary made({{"phone.md", kPhoneManual}, {"cleaner.md", kCleanerManual}});
  ASSERT_TRUE(made.made());
  const LibraryHost host = LibraryHost::open(made.folder()).value();
  const std::unique_ptr<LanguageModel> model = make_extractive_model();

  std::mutex mutex;
  Answers answers;
  std::atomic<bool> writing = true;
  std::atomic<int> asked = 0;
  const auto ask_on = [&](std::size_t first) {
    for (std::size_t i = first; writing; ++i) {
      const std::string& question = kQuestions[i % kQuestions.size()];
      const Result<Searcher> searcher = Searcher::open(host);
      ASSERT_TRUE(searcher.ok()) << searcher.error().message.english;
      const Result<Answer> answer = answer_of(*searcher, *model, question);
      ASSERT_TRUE(answer.ok()) << answer.error().message.english;
      const std::string seen = seen_in(*answer);
      const std::lock_guard lock(mutex);
      const auto [place, is_first] =
          answers.emplace(std::pair(searcher->snapshot().key(), question), seen);
      EXPECT_EQ(place->second, seen) << "two answers to \"" << question << "\" from one state";
      ++asked;
    }
  };

  // Only this thread writes: what it reads between two commits is the state that it committed.
  Answers alone;
  const auto ask_alone = [&] {
    const LibraryHost other = LibraryHost::open(made.folder()).value();
    const Searcher searcher = Searcher::open(other).value();
    for (const std::string& question : kQuestions) {
      const Result<Answer> answer = answer_of(searcher, *model, question);
      ASSERT_TRUE(answer.ok()) << answer.error().message.english;
      alone[{searcher.snapshot().key(), question}] = seen_in(*answer);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < 4; ++i) threads.emplace_back(ask_on, i);
    LibraryWriter writer = LibraryWriter::open(made.folder()).value();
    const auto wait_for_answers = [&] {
      const int before = asked;
      while (asked < before + 4 && !testing::Test::HasFailure()) std::this_thread::yield();
    };
    for (int round = 0; round < 4; ++round) {
      const Result<PutReport> lamp =
          put_markdown(writer, "/m/lamp.md", round % 2 == 0 ? kLamp : kNewLamp);
      EXPECT_TRUE(lamp.ok());
      ask_alone();
      wait_for_answers();
      EXPECT_TRUE(writer.update_embeddings().ok());
      EXPECT_TRUE(writer.write_caches().ok());
      ask_alone();
      wait_for_answers();
      EXPECT_TRUE(writer.remove_document(lamp->id).ok());
      ask_alone();
      wait_for_answers();
    }
    writing = false;
  }

  std::size_t compared = 0;
  std::set<std::string> different;
  for (const auto& [of, seen] : answers) {
    const auto lone = alone.find(of);
    if (lone == alone.end()) continue;  // Between the commits of one update_embeddings().
    ++compared;
    EXPECT_EQ(seen, lone->second) << of.second << " at generation " << of.first.generation;
    if (of.second == kQuestions.front()) different.insert(seen);
  }
  EXPECT_GE(compared, 12u);
  EXPECT_GE(different.size(), 2u) << "the states should have answered differently";
}

}  // namespace
}  // namespace saseo
