#include "eval/draft/draft.h"

#include <gtest/gtest.h>

#include <set>

#include "base/files.h"
#include "eval/draft/draft_model.h"
#include "eval/questions/question_set_readers.h"
#include "tests/generation/made_library.h"
#include "tests/generation/scripted_chat_model.h"
#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

constexpr const char* kEnglishManual = R"(---
title: Daon Lamp L1 User Manual
product: Daon Lamp L1
language: en
---

# Set up

## Attach the shade

1. Turn the lamp off and wait 10 minutes.
2. Press the shade onto the ring until it clicks.

You can use your own bulb of up to 9 W.

# Problems

| Message | Cause | Remedy |
|---|---|---|
| E-01 | The bulb is loose | Turn the bulb for 2 seconds. |

# Specifications

## Lamp

| Item | Value |
|---|---|
| Weight | 1.5 kg |
| Colour temperature | 2700 K |
)";

// The first document's draft.
Draft draft_of(const std::vector<MadeLibrary::Manual>& manuals, const DraftOptions& options) {
  const MadeLibrary made(manuals);
  EXPECT_TRUE(made.made());
  const Result<Library> library = Library::open(made.folder());
  EXPECT_TRUE(library.ok());
  const auto documents = library->documents();
  EXPECT_TRUE(documents.ok() && !documents->empty());
  Result<Draft> draft = draft_questions(*library, documents->front().id, options);
  EXPECT_TRUE(draft.ok()) << (draft.ok() ? "" : draft.error().message.english);
  return draft.ok() ? std::move(draft).value() : Draft{};
}

std::vector<MadeLibrary::Manual> vacuum() {
  const auto text = read_file(std::filesystem::path(SASEO_CORPORA) / "vacuum/manual.md");
  EXPECT_TRUE(text.ok());
  return {{"vacuum.md", text.ok() ? *text : ""}};
}

TEST(Draft, OfOurVacuumIsAsItWas) {
  const std::string lines = json_lines_of(draft_of(vacuum(), {}));
  const auto golden = std::filesystem::path(SASEO_TEST_DATA) / "vacuum_draft.jsonl";
  const auto expected = read_file(golden);
  ASSERT_TRUE(expected.ok()) << expected.error().message.english;
  EXPECT_EQ(lines, *expected);
}

TEST(Draft, IsReadBackAsADraftWithItsGoldInTheManual) {
  const TemporaryFolder folder;
  const Draft draft = draft_of(vacuum(), {.seed = 5});
  const auto set = read_question_set(folder.write("draft.jsonl", json_lines_of(draft)));
  ASSERT_TRUE(set.ok()) << set.error().message.english;
  EXPECT_TRUE(set->draft);
  EXPECT_TRUE(set->notes.empty()) << set->notes[0].english;
  ASSERT_EQ(set->questions.size(), draft.questions.size());
  const std::string manual = vacuum()[0].markdown;
  std::set<std::string> chapters;
  for (const Question& question : set->questions) {
    EXPECT_EQ(question.language, Language::kKorean);
    EXPECT_EQ(question.unanswerable, question.gold.empty());
    if (question.gold.empty()) continue;
    EXPECT_EQ(question.gold[0].document, "다온봇 R1 사용 설명서");
    chapters.insert(question.gold[0].path.front());
    EXPECT_NE(manual.find("# " + question.gold[0].path.back()), std::string::npos);
    for (const auto& spellings : question.facts) {
      EXPECT_NE(manual.find(spellings.front()), std::string::npos) << spellings.front();
    }
  }
  // Spread over the manual.
  EXPECT_GE(chapters.size(), 8u);
}

TEST(Draft, KeepsToItsQuotasAndRepeatsWithItsSeed) {
  const DraftOptions few{.seed = 2, .quotas = {{"troubleshooting", 3}, {"yes-no", 1}}};
  const Draft draft = draft_of(vacuum(), few);
  std::map<std::string, std::size_t> counts;
  for (const DraftQuestion& question : draft.questions) ++counts[question.question.type];
  EXPECT_EQ(counts, (std::map<std::string, std::size_t>{{"troubleshooting", 3}, {"yes-no", 1}}));
  EXPECT_GT(draft.candidates.at("troubleshooting"), 30u);
  EXPECT_EQ(json_lines_of(draft), json_lines_of(draft_of(vacuum(), few)));
  DraftOptions other = few;
  other.seed = 3;
  EXPECT_NE(json_lines_of(draft), json_lines_of(draft_of(vacuum(), other)));
}

TEST(Draft, OfAnEnglishManualIsEnglish) {
  const Draft draft = draft_of({{"lamp.md", kEnglishManual}}, {});
  std::vector<std::string> texts;
  for (const DraftQuestion& question : draft.questions) {
    if (!question.question.unanswerable) texts.push_back(question.question.text);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"How do I attach the shade?",
                                             "What is the weight of the lamp?",
                                             "What is the colour temperature of the lamp?",
                                             "What should I do when error code E-01 appears?",
                                             "Can I use my own bulb of up to 9 W?"}));
  EXPECT_EQ(draft.questions[0].question.id, "lamp-001");
  EXPECT_EQ(draft.questions[0].question.references[0],
            "1. Turn the lamp off and wait 10 minutes.\n"
            "2. Press the shade onto the ring until it clicks.");
  EXPECT_EQ(draft.questions[1].question.facts,
            (std::vector<std::vector<std::string>>{{"1.5 kg", "1.5kg"}}));
}

TEST(Draft, WithNothingToAskAboutIsAnError) {
  const std::vector<MadeLibrary::Manual> prose = {{"prose.md", "# A\n\nNothing happens here.\n"}};
  const MadeLibrary made(prose);
  const Result<Library> library = Library::open(made.folder());
  ASSERT_TRUE(library.ok());
  const auto draft = draft_questions(*library, library->documents()->front().id, {});
  ASSERT_FALSE(draft.ok());
  EXPECT_EQ(draft.error().code, ErrorCode::kBadInput);
}

TEST(Draft, TheModelsWordsStandWhereTheyPassTheCheck) {
  ScriptedChat chat;
  chat.replies = {"Question: \"Which way do I put the shade on the lamp?\"",
                  "It weighs 1.5 kg, does it?",                   // Gives the answer away.
                  "Why is the sky blue today?",                   // Of nothing in the passage.
                  "My lamp shows an error, what now?",            // Lost the code.
                  "Can I use a bulb of my own?\nYes, you can."};  // More than one line.
  ScriptedChatModel model(chat);
  const Draft draft = draft_of({{"lamp.md", kEnglishManual}}, {.model = &model});
  ASSERT_GE(draft.questions.size(), 5u);
  EXPECT_EQ(draft.questions[0].question.text, "Which way do I put the shade on the lamp?");
  EXPECT_TRUE(draft.questions[0].by_model);
  EXPECT_EQ(draft.questions[1].question.text, "What is the weight of the lamp?");
  EXPECT_EQ(draft.questions[3].question.text, "What should I do when error code E-01 appears?");
  EXPECT_EQ(draft.refused_wordings, 4u);
  EXPECT_EQ(chat.prompts.size(), 5u);  // The unanswerable ones are not worded.
  EXPECT_NE(chat.prompts[0][1].text.find("Press the shade onto the ring"), std::string::npos);
}

TEST(Draft, WordsInAnotherLanguageOrNoQuestionDoNotPass) {
  Analyzer analyzer;
  DraftCandidate candidate;
  candidate.question.text = "배터리 교체는 어떻게 하나요?";
  candidate.question.language = Language::kKorean;
  candidate.question.type = "how-to";
  candidate.passage = "배터리 덮개의 나사 2개를 풉니다.";
  EXPECT_EQ(checked_wording("배터리를 새걸로 갈려면 어떻게 해요?", candidate, analyzer),
            "배터리를 새걸로 갈려면 어떻게 해요?");
  EXPECT_EQ(checked_wording("How do I change the battery?", candidate, analyzer), "");
  EXPECT_EQ(checked_wording("배터리 덮개.", candidate, analyzer), "");
  EXPECT_EQ(checked_wording("", candidate, analyzer), "");
  EXPECT_EQ(checked_wording("배터리\xFF?", candidate, analyzer), "");
}

}  // namespace
}  // namespace saseo::eval
