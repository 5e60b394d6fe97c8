#include "eval/questions/question_set_readers.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

using Texts = std::vector<std::string>;

class QuestionSetReaders : public ::testing::Test {
 protected:
  Result<QuestionSet> read(const std::string& name, std::string_view bytes) {
    return read_question_set(folder_.write(name, bytes));
  }
  QuestionSet read_well(const std::string& name, std::string_view bytes) {
    Result<QuestionSet> set = read(name, bytes);
    EXPECT_TRUE(set.ok()) << (set.ok() ? "" : set.error().message.english);
    return set.ok() ? std::move(set).value() : QuestionSet{};
  }
  std::string fault(const std::string& name, std::string_view bytes) {
    Result<QuestionSet> set = read(name, bytes);
    EXPECT_FALSE(set.ok());
    return set.ok() ? "" : set.error().message.english;
  }
  TemporaryFolder folder_;
};

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST_F(QuestionSetReaders, EveryFieldOfALineIsRead) {
  const QuestionSet set = read_well("set.jsonl", R"({"id":"a","type":"how-to","split":"dev",)"
                                                 R"("lead":true,"product":"P1","language":"en",)"
                                                 R"("question":"어떻게?","answer":"그렇게.",)"
                                                 R"("references":["이렇게.","그렇게."],)"
                                                 R"("facts":[["8 mm","8mm"],"한가운데"],)"
                                                 R"("gold":[{"section":"충전 > 무선","page":22,)"
                                                 R"("pages":[23,22],"page_label":"16",)"
                                                 R"("document":"M"}],"history":["먼저?",)"
                                                 R"({"question":"또?","answer":"네."}]})"
                                                 "\n");
  ASSERT_EQ(set.questions.size(), 1u);
  const Question& question = set.questions[0];
  EXPECT_EQ(question.id, "a");
  EXPECT_EQ(question.text, "어떻게?");
  EXPECT_EQ(question.language, Language::kEnglish);
  EXPECT_EQ(question.type, "how-to");
  EXPECT_EQ(question.split, "dev");
  EXPECT_EQ(question.product, "P1");
  EXPECT_EQ(question.references, (Texts{"그렇게.", "이렇게."}));
  EXPECT_EQ(question.facts, (std::vector<Texts>{{"8 mm", "8mm"}, {"한가운데"}}));
  ASSERT_EQ(question.gold.size(), 1u);
  EXPECT_EQ(question.gold[0].document, "M");
  EXPECT_EQ(question.gold[0].path, (Texts{"충전", "무선"}));
  EXPECT_EQ(question.gold[0].pages, (std::vector{22, 23}));
  ASSERT_EQ(question.history.size(), 2u);
  EXPECT_EQ(question.history[0].question, "먼저?");
  EXPECT_EQ(question.history[1].answer, "네.");
  EXPECT_FALSE(question.unanswerable);
  EXPECT_FALSE(set.draft);
  EXPECT_TRUE(set.notes.empty()) << set.notes[0].english;
  EXPECT_EQ(set.name, "set");
  EXPECT_EQ(set.hash.size(), 32u);
}

TEST_F(QuestionSetReaders, OurOwnSetsAreRead) {
  for (const char* name : {"phone", "vacuum"}) {
    const Result<QuestionSet> set =
        read_question_set(std::filesystem::path(SASEO_CORPORA) / name / "questions.jsonl");
    ASSERT_TRUE(set.ok()) << set.error().message.english;
    EXPECT_GE(set->questions.size(), 25u);
    EXPECT_TRUE(set->notes.empty()) << set->notes[0].english;
    for (const Question& question : set->questions) {
      EXPECT_EQ(question.unanswerable, question.type == "unanswerable") << question.id;
      EXPECT_EQ(question.has_gold(), !question.unanswerable) << question.id;
      EXPECT_EQ(question.history.empty(), question.type != "follow-up") << question.id;
      EXPECT_EQ(question.language, Language::kKorean) << question.id;
    }
  }
}

TEST_F(QuestionSetReaders, AFollowUpHasTheQuestionsBeforeItAsItsHistory) {
  const QuestionSet set = read_well("s.jsonl",
                                    "{\"id\":\"3\",\"question\":\"c?\",\"follows\":\"2\"}\n"
                                    "{\"id\":1,\"question\":\"a?\",\"history\":[\"zero?\"]}\n"
                                    "{\"id\":\"2\",\"question\":\"b?\",\"follows\":1}\n");
  ASSERT_EQ(set.questions.size(), 3u);
  Texts before;
  for (const EarlierTurn& turn : set.questions[0].history) before.push_back(turn.question);
  EXPECT_EQ(before, (Texts{"zero?", "a?", "b?"}));
  EXPECT_EQ(set.questions[2].history.back().answer, "");
}

TEST_F(QuestionSetReaders, CirclesAndStrangersAmongFollowUpsAreFaults) {
  const std::string message = fault("s.jsonl",
                                    "{\"id\":\"1\",\"question\":\"a?\",\"follows\":\"2\"}\n"
                                    "{\"id\":\"2\",\"question\":\"b?\",\"follows\":\"1\"}\n"
                                    "{\"id\":\"3\",\"question\":\"c?\",\"follows\":\"9\"}\n");
  EXPECT_TRUE(holds(message, "line 1, \"follows\": leads in a circle")) << message;
  EXPECT_TRUE(holds(message, "line 3, \"follows\": no question has the id \"9\"")) << message;
}

TEST_F(QuestionSetReaders, AllFaultsAreToldAtOnceWithLineAndField) {
  const std::string message =
      fault("s.jsonl",
            "{\"id\":\"a\",\"question\":7}\n"
            "\n"
            "{\"question\":\"b?\",\"facts\":[[\"x\",1]]}\n"
            "{\"id\":\"c\",\"question\":\"  \",\"gold\":[{\"page\":0},{\"section\":\"\"}]}\n"
            "[1]\n"
            "{\"id\":\"d\",\"question\":\"d?\",\"unanswerable\":\"no\"}\n");
  EXPECT_TRUE(holds(message, "line 1, \"question\": expected text, found a number (7)")) << message;
  EXPECT_TRUE(holds(message, "line 3, \"id\": is missing")) << message;
  EXPECT_TRUE(holds(message, "line 3, \"facts[0]\": expected text or an array")) << message;
  EXPECT_TRUE(holds(message, "line 4, \"question\": is blank")) << message;
  EXPECT_TRUE(holds(message,
                    "line 4, \"gold[0].page\": expected page numbers from 1, found a "
                    "number (0)"))
      << message;
  EXPECT_TRUE(holds(message, "line 4, \"gold[1]\": names no section")) << message;
  EXPECT_TRUE(holds(message, "line 5: expected an object")) << message;
  EXPECT_TRUE(holds(message, "line 6, \"unanswerable\": expected true or false, found text"))
      << message;
}

TEST_F(QuestionSetReaders, OfManyFaultsTwentyAreToldAndTheOthersCounted) {
  std::string lines;
  for (int i = 0; i < 50; ++i) lines += "{\"id\":1.5}\n";
  const std::string message = fault("s.jsonl", lines);
  EXPECT_EQ(std::ranges::count(message, '\n'), 21) << message;
  EXPECT_TRUE(holds(message, "and 80 more")) << message;
}

TEST_F(QuestionSetReaders, ADuplicateIdNamesBothLines) {
  const std::string message = fault("s.jsonl",
                                    "{\"id\":\"q\",\"question\":\"a?\"}\n"
                                    "{\"id\":\"r\",\"question\":\"b?\"}\n"
                                    "{\"id\":\"q\",\"question\":\"c?\"}\n");
  EXPECT_TRUE(holds(message, "line 3, \"id\": \"q\" is the id of the question at line 1, too"))
      << message;
}

TEST_F(QuestionSetReaders, BrokenJsonNamesLineAndColumn) {
  EXPECT_TRUE(holds(fault("s.jsonl",
                          "{\"id\":\"q\",\"question\":\"a?\"}\n"
                          "{\"id\":\"r\",\"question\":\"b"),
                    "line 2: no JSON, column"));
  // A fault deep in a line must not print the line.
  const std::string message = fault("s.jsonl", "{\"id\":\"" + std::string(2'000'000, 'x'));
  EXPECT_LT(message.size(), 500u);
}

TEST_F(QuestionSetReaders, ALineThatIsTooLongIsAFaultNotARead) {
  const std::string message =
      fault("s.jsonl", "{\"id\":\"q\",\"question\":\"" + std::string(10'000'000, 'x') + "\"}\n");
  EXPECT_TRUE(holds(message, "line 1: 10000024 bytes long")) << message;
}

TEST_F(QuestionSetReaders, DeepNestingRepeatedNamesAndNulsAreFaults) {
  const std::string deep = "{\"id\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_TRUE(holds(fault("s.jsonl", deep), "nested more than 64 deep"));
  EXPECT_TRUE(holds(fault("s.jsonl", R"({"id":"a","id":"b","question":"c?"})"),
                    "\"id\": stands there twice"));
  EXPECT_TRUE(holds(fault("s.jsonl", R"({"id":"a","question":"c\u0000?"})"), "NUL"));
  EXPECT_TRUE(holds(fault("s.jsonl", std::string_view("{\"id\":\"a\"\0}", 11)), "NUL"));
}

TEST_F(QuestionSetReaders, BytesThatAreNoTextNameTheLine) {
  const std::string message =
      fault("s.jsonl", "{\"id\":\"a\",\"question\":\"b?\"}\n\"\xFF\xFF\"\n");
  EXPECT_TRUE(holds(message, "line 2: expected UTF-8")) << message;
}

TEST_F(QuestionSetReaders, AnEmptySetIsAnError) {
  EXPECT_TRUE(holds(fault("s.jsonl", ""), "no question in it"));
  EXPECT_TRUE(holds(fault("s.csv", "id,question\n"), "no question in it"));
  EXPECT_TRUE(holds(fault("s.json", "{\"data\":[]}"), "no question in it"));
}

TEST_F(QuestionSetReaders, AnUnknownFieldIsNotedOnce) {
  const QuestionSet set = read_well("s.jsonl",
                                    "{\"id\":\"1\",\"question\":\"a?\",\"answr\":\"x\"}\n"
                                    "{\"id\":\"2\",\"question\":\"b?\",\"answr\":\"y\","
                                    "\"gold\":[{\"sections\":\"C\",\"page\":1}]}\n");
  ASSERT_EQ(set.notes.size(), 2u);
  EXPECT_TRUE(holds(set.notes[0].english, "\"answr\" (line 1)"));
  EXPECT_TRUE(holds(set.notes[1].english, "\"gold.sections\" (line 2)"));
}

TEST_F(QuestionSetReaders, AnUnanswerableQuestionHasNeitherGoldNorFacts) {
  EXPECT_TRUE(holds(fault("s.jsonl", R"({"id":"1","question":"a?","unanswerable":true,)"
                                     R"("gold":["C > D"]})"),
                    "line 1, \"gold\": stands beside \"unanswerable\""));
}

TEST_F(QuestionSetReaders, OneUnreviewedQuestionMakesADraft) {
  EXPECT_TRUE(read_well("s.jsonl",
                        "{\"id\":\"1\",\"question\":\"a?\",\"reviewed\":true}\n"
                        "{\"id\":\"2\",\"question\":\"b?\",\"reviewed\":false}\n")
                  .draft);
}

TEST_F(QuestionSetReaders, MarksWindowsLineEndsAndDecomposedHangulDoNotMatter) {
  const QuestionSet set = read_well(
      "s.jsonl", "\xEF\xBB\xBF{\"id\":\"1\",\"question\":\"\u1112\u1161\u11AB?\"}\r\n\r\n");
  ASSERT_EQ(set.questions.size(), 1u);
  EXPECT_EQ(set.questions[0].text, "한?");
  EXPECT_EQ(set.questions[0].language, Language::kKorean);
}

TEST_F(QuestionSetReaders, TheContentTellsTheFormatWhereTheEndingDoesNot) {
  EXPECT_EQ(read_well("a.txt",
                      "{\"id\":\"1\",\"question\":\"a?\"}\n{\"id\":\"2\",\"question\":"
                      "\"b?\"}\n")
                .questions.size(),
            2u);
  EXPECT_EQ(read_well("b.json", "{\"id\":\"1\",\"question\":\"a?\"}").questions.size(), 1u);
  EXPECT_EQ(read_well("c", "id\tquestion\n1\ta, b?\n").questions[0].text, "a, b?");
  EXPECT_EQ(read_well("d", "id,question\n1,a?\n").questions[0].text, "a?");
  EXPECT_TRUE(holds(fault("e.json", "[1, 2]"), "found an array"));
  EXPECT_TRUE(holds(fault("f.json", "{\n \"data\": [\n}"), "line 3, column 1"));
}

TEST_F(QuestionSetReaders, WhatIsNotThereIsNotFound) {
  const Result<QuestionSet> set = read_question_set(folder_ / "none.jsonl");
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace saseo::eval
