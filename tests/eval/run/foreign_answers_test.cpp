#include "eval/run/foreign_answers.h"

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(ForeignAnswers, ALineIsAnAnswerWithWhatItCites) {
  const TemporaryFolder folder;
  const auto read = read_foreign_answers(folder.write(
      "a.jsonl", R"({"id":"q1","answer":"Hold it.","citations":[{"document":"M","page":22,)"
                 R"("section":"A > B"}],"seconds":3.5,"model":"other-7b","refused":false,"x":1})"
                 "\n"
                 R"({"id":2,"answer":""})"
                 "\n"));
  ASSERT_TRUE(read.ok()) << read.error().message.english;
  ASSERT_EQ(read->answers.size(), 2u);
  const ForeignAnswer& answer = read->answers[0];
  EXPECT_EQ(answer.question_id, "q1");
  EXPECT_EQ(answer.text, "Hold it.");
  ASSERT_EQ(answer.citations.size(), 1u);
  EXPECT_EQ(answer.citations[0].document, "M");
  EXPECT_EQ(answer.citations[0].pages, (std::vector{22}));
  EXPECT_EQ(answer.citations[0].path, (std::vector<std::string>{"A", "B"}));
  EXPECT_TRUE(answer.told_citations);
  EXPECT_EQ(answer.seconds, 3.5);
  EXPECT_EQ(answer.model, "other-7b");
  EXPECT_EQ(answer.refused, false);
  EXPECT_EQ(read->answers[1].question_id, "2");
  EXPECT_FALSE(read->answers[1].told_citations);
  EXPECT_FALSE(read->answers[1].seconds.has_value());
  EXPECT_EQ(read->notes.size(), 1u);
}

TEST(ForeignAnswers, ATableIsRead) {
  const TemporaryFolder folder;
  const auto answers = read_answers(folder.write(
      "a.csv", "id,answer,page,seconds,model\nq1,\"Two\nlines\",\"3 || 5\",1.25,m\nq1,One,,,n\n"));
  ASSERT_TRUE(answers.ok()) << answers.error().message.english;
  ASSERT_EQ(answers->size(), 2u);
  EXPECT_EQ((*answers)[0].text, "Two\nlines");
  ASSERT_EQ((*answers)[0].citations.size(), 2u);
  EXPECT_EQ((*answers)[0].citations[1].pages, (std::vector{5}));
  EXPECT_EQ((*answers)[0].seconds, 1.25);
  EXPECT_TRUE((*answers)[1].told_citations);
  EXPECT_TRUE((*answers)[1].citations.empty());
}

TEST(ForeignAnswers, FaultsNameLineAndField) {
  const TemporaryFolder folder;
  const auto read = read_answers(folder.write("a.jsonl",
                                              "{\"id\":\"q\",\"answer\":\"a\",\"seconds\":-1}\n"
                                              "{\"id\":\"q\",\"answer\":\"b\"}\n"
                                              "{\"id\":\"r\"}\n"
                                              "{\"id\":\"s\",\"answer\":[],\"citations\":[4]}\n"));
  ASSERT_FALSE(read.ok());
  const std::string& message = read.error().message.english;
  EXPECT_TRUE(holds(message, "line 1, \"seconds\": expected 0 or more")) << message;
  EXPECT_TRUE(holds(message, "line 2, \"id\": \"q\" is answered at line 1, too")) << message;
  EXPECT_TRUE(holds(message, "line 3, \"answer\": is missing")) << message;
  EXPECT_TRUE(holds(message, "line 4, \"answer\": expected text, found an array")) << message;
  EXPECT_TRUE(holds(message, "line 4, \"citations[0]\": expected an object")) << message;
  EXPECT_TRUE(holds(read_answers(folder.write("b.csv", "id,text\n1,a\n")).error().message.english,
                    "expected a column \"answer\""));
  EXPECT_TRUE(holds(
      read_answers(folder.write("c.csv", "id,answer,seconds\n1,a,fast\n")).error().message.english,
      "line 2, \"seconds\": expected a number, found \"fast\""));
  EXPECT_TRUE(
      holds(read_answers(folder.write("d.jsonl", "\n")).error().message.english, "no answer"));
}

}  // namespace
}  // namespace saseo::eval
