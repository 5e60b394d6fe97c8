#include <gtest/gtest.h>
#include <unicode/unistr.h>

#include "eval/questions/delimited_text.h"
#include "eval/questions/question_set_readers.h"
#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

using Texts = std::vector<std::string>;

QuestionSet read_well(const std::string& name, std::string_view bytes) {
  const TemporaryFolder folder;
  Result<QuestionSet> set = read_question_set(folder.write(name, bytes));
  EXPECT_TRUE(set.ok()) << (set.ok() ? "" : set.error().message.english);
  return set.ok() ? std::move(set).value() : QuestionSet{};
}

std::string fault(const std::string& name, std::string_view bytes) {
  const TemporaryFolder folder;
  Result<QuestionSet> set = read_question_set(folder.write(name, bytes));
  EXPECT_FALSE(set.ok());
  return set.ok() ? "" : set.error().message.english;
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(DelimitedText, QuotesHoldSeparatorsLineEndsAndDoubledQuotes) {
  Faults faults;
  const std::vector<DelimitedRow> rows =
      parse_delimited("a,\"b,\"\"c\"\"\nd\"\n\ne,\n", ',', faults);
  EXPECT_TRUE(faults.empty());
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].fields, (Texts{"a", "b,\"c\"\nd"}));
  EXPECT_EQ(rows[1].fields, (Texts{"e", ""}));
  EXPECT_EQ(rows[1].line, 4u);
}

TEST(DelimitedText, QuotesThatDoNotFitAreFaultsWithTheirLine) {
  EXPECT_TRUE(holds(fault("s.csv", "id,question\n1,a \"b\" c?\n"), "line 2: a quote inside"));
  EXPECT_TRUE(holds(fault("s.csv", "id,question\n1,\"a\" b?\n"), "line 2: text behind a closing"));
  EXPECT_TRUE(holds(fault("s.csv", "id,question\n1,a?\n2,\"b?\n3,c?\n"),
                    "line 3: a field begins with a quote that is never closed"));
  // In tables with tabs a quote in a field is an inch.
  EXPECT_EQ(read_well("s.tsv", "id\tquestion\n1\t5\" or 6\"?\n").questions[0].text, "5\" or 6\"?");
}

TEST(DelimitedQuestions, EveryColumnIsRead) {
  const QuestionSet set = read_well(
      "s.csv",
      "id,question,answer,facts,type,split,language,product,document,section,page,history,"
      "unanswerable,reviewed,comment\n"
      "q1,\"How, then?\",Like this. || Or that.,8 mm|8mm||middle,how-to,test,en,P1,M,"
      "A > B || C,\"16, 18-20 || 3\",First? || Second?,no,yes,for me\n"
      "q2,Why?,,,,,,,,,,,O,,\n");
  ASSERT_EQ(set.questions.size(), 2u);
  const Question& question = set.questions[0];
  EXPECT_EQ(question.text, "How, then?");
  EXPECT_EQ(question.references, (Texts{"Like this.", "Or that."}));
  EXPECT_EQ(question.facts, (std::vector<Texts>{{"8 mm", "8mm"}, {"middle"}}));
  EXPECT_EQ(question.type, "how-to");
  EXPECT_EQ(question.split, "test");
  EXPECT_EQ(question.product, "P1");
  ASSERT_EQ(question.gold.size(), 2u);
  EXPECT_EQ(question.gold[0].path, (Texts{"A", "B"}));
  EXPECT_EQ(question.gold[0].pages, (std::vector{16, 18, 19, 20}));
  EXPECT_EQ(question.gold[1].document, "M");
  EXPECT_EQ(question.gold[1].pages, (std::vector{3}));
  ASSERT_EQ(question.history.size(), 2u);
  EXPECT_EQ(question.history[1].question, "Second?");
  EXPECT_FALSE(question.unanswerable);
  EXPECT_TRUE(set.questions[1].unanswerable);
  EXPECT_TRUE(set.questions[1].gold.empty());
  EXPECT_FALSE(set.draft);
  EXPECT_TRUE(set.notes.empty());
}

TEST(DelimitedQuestions, AKoreanSpreadsheetIsReadAsExcelWritesIt) {
  // CP949, semicolons, Korean names of columns.
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      "번호;질문;정답;쪽\r\n1;무선 충전은 어떻게 하나요?;뒷면 가운데를 올립니다.;22\r\n");
  std::string bytes(1000, '\0');
  bytes.resize(
      static_cast<std::size_t>(text.extract(0, text.length(), bytes.data(), 1000, "windows-949")));
  const QuestionSet set = read_well("s.csv", bytes);
  ASSERT_EQ(set.questions.size(), 1u);
  EXPECT_EQ(set.questions[0].text, "무선 충전은 어떻게 하나요?");
  EXPECT_EQ(set.questions[0].gold[0].pages, (std::vector{22}));
  ASSERT_EQ(set.notes.size(), 1u);
  EXPECT_EQ(set.notes[0].english, "read as CP949");
}

TEST(DelimitedQuestions, WithoutIdsTheRowsAreNumberedAndThatIsNoted) {
  const QuestionSet set = read_well("s.csv", "Question\na?\nb?\n");
  ASSERT_EQ(set.questions.size(), 2u);
  EXPECT_EQ(set.questions[1].id, "2");
  EXPECT_EQ(set.notes.size(), 1u);
}

TEST(DelimitedQuestions, FaultsNameLineAndColumn) {
  const std::string message = fault("s.csv",
                                    "id,question,page,unanswerable\n"
                                    "1,,,\n"
                                    "2,b?,0,\n"
                                    "3,c?,4-2,\n"
                                    "4,d?,1,maybe\n"
                                    "5,e?\n"
                                    "1,f?,,\n");
  EXPECT_TRUE(holds(message, "line 2, \"question\": is blank")) << message;
  EXPECT_TRUE(holds(message, "line 3, \"page\": expected page numbers")) << message;
  EXPECT_TRUE(holds(message, "line 4, \"page\": expected page numbers")) << message;
  EXPECT_TRUE(holds(message, "line 5, \"unanswerable\": expected true or false, found \"maybe\""))
      << message;
  EXPECT_TRUE(holds(message, "line 6: expected 4 fields")) << message;
  EXPECT_TRUE(holds(message, "line 7, \"id\": \"1\" is the id of the question at line 2"))
      << message;
  EXPECT_TRUE(holds(fault("s.csv", "id,text\n1,a?\n"), "line 1: expected a column \"question\""));
  EXPECT_TRUE(holds(fault("s.csv", "id,id,question\n1,2,a?\n"), "line 1: two columns"));
}

TEST(DelimitedQuestions, PlacesThatDoNotPairAreAFault) {
  EXPECT_TRUE(holds(fault("s.csv", "id,question,section,page\n1,a?,A || B || C,1 || 2\n"),
                    "line 2, \"section\": document, section and page have 1, 3 and 2 parts"));
}

}  // namespace
}  // namespace saseo::eval
