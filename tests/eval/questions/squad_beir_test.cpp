#include <gtest/gtest.h>

#include "eval/questions/question_set_readers.h"
#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

using Texts = std::vector<std::string>;

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

constexpr const char* kSquad = R"({"version": "v2.0", "data": [
  {"title": "Daon_Lamp", "paragraphs": [
    {"context": "The lamp weighs 3 kg. It is blue.", "qas": [
      {"id": "a1", "question": "How heavy is the lamp?", "is_impossible": false,
       "answers": [{"text": "3 kg", "answer_start": 16}, {"text": "3 kg", "answer_start": 16}]},
      {"id": "a2", "question": "What does it cost?", "is_impossible": true, "answers": [],
       "plausible_answers": [{"text": "3 kg", "answer_start": 16}]}]},
    {"context": "Press the switch.", "qas": [
      {"id": "a3", "question": "What do I press?",
       "answers": [{"text": "the lever", "answer_start": 6}]}]}]},
  {"title": "세탁기", "paragraphs": [
    {"context": "세제는 두 컵 넣습니다.", "qas": [
      {"id": "b1", "question": "세제는 얼마나 넣나요?", "answers": [{"text": "두 컵", "answer_start": 4}]}]}]}]})";

TEST(Squad, QuestionsReferencesAndContextsAreRead) {
  const TemporaryFolder folder;
  const Result<ReadQuestions> read = read_questions_and_documents(folder.write("s.json", kSquad));
  ASSERT_TRUE(read.ok()) << read.error().message.english;
  const std::vector<Question>& questions = read->set.questions;
  ASSERT_EQ(questions.size(), 4u);
  EXPECT_EQ(questions[0].references, (Texts{"3 kg"}));
  ASSERT_EQ(questions[0].gold.size(), 1u);
  EXPECT_EQ(questions[0].gold[0].document, "Daon Lamp (1)");
  EXPECT_TRUE(questions[1].unanswerable);
  EXPECT_TRUE(questions[1].references.empty());
  EXPECT_FALSE(questions[1].has_gold());
  EXPECT_EQ(questions[2].gold[0].document, "Daon Lamp (2)");
  EXPECT_EQ(questions[3].language, Language::kKorean);
  EXPECT_EQ(questions[3].gold[0].document, "세탁기");
  ASSERT_EQ(read->documents.size(), 3u);
  EXPECT_EQ(read->documents[1].name, "Daon Lamp (2)");
  EXPECT_EQ(read->documents[1].title, "Daon Lamp (2)");
  EXPECT_EQ(read->documents[1].text, "Press the switch.");
  ASSERT_EQ(read->set.notes.size(), 1u);
  EXPECT_EQ(read->set.notes[0].english, "1 answers do not stand in their contexts");
}

TEST(Squad, FaultsNameTheJsonPointer) {
  const TemporaryFolder folder;
  const auto read = read_question_set(
      folder.write("s.json", R"({"data": [{"title": "T", "paragraphs": [{"context": "c", "qas": [
        {"id": "1", "question": 5, "answers": {}}, 3]}, {"context": "d"}]}, {"title": "U"}]})"));
  ASSERT_FALSE(read.ok());
  const std::string& message = read.error().message.english;
  EXPECT_TRUE(holds(message, "/data/0/paragraphs/0/qas/0, \"question\": expected text")) << message;
  EXPECT_TRUE(holds(message, "/data/0/paragraphs/0/qas/0/answers: expected an array")) << message;
  EXPECT_TRUE(holds(message, "/data/0/paragraphs/0/qas/1: expected an object")) << message;
  EXPECT_TRUE(holds(message, "/data/0/paragraphs/1/qas: expected an array, found nothing"))
      << message;
  EXPECT_TRUE(holds(message, "/data/1/paragraphs: expected an array, found nothing")) << message;
}

TEST(Squad, EqualTitlesGiveDocumentsOfDifferentNames) {
  const TemporaryFolder folder;
  const auto read = read_questions_and_documents(
      folder.write("s.json",
                   R"({"data": [{"title": "T", "paragraphs": [{"context": "c", "qas": []}]},
                   {"title": "T", "paragraphs": [{"context": "d", "qas": [
                     {"id": "1", "question": "q?"}]}]}]})"));
  ASSERT_TRUE(read.ok()) << read.error().message.english;
  ASSERT_EQ(read->documents.size(), 2u);
  EXPECT_NE(read->documents[0].name, read->documents[1].name);
  EXPECT_EQ(read->set.questions[0].gold[0].document, read->documents[1].name);
}

class Beir : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write(
        "set/corpus.jsonl",
        "{\"_id\": \"d1\", \"title\": \"Charging\", \"text\": \"Plug it in.\"}\n"
        "{\"_id\": \"../d2\", \"title\": \"\", \"text\": \"Wash it.\", \"metadata\": {}}\n");
    folder_.write("set/queries.jsonl",
                  "{\"_id\": \"q1\", \"text\": \"How do I charge it?\"}\n"
                  "{\"_id\": \"q2\", \"text\": \"Is it judged?\"}\n");
    folder_.write("set/qrels/test.tsv",
                  "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\t../d2\t0\nq1\tlost\t1\nq9\td1\t1\n");
  }
  TemporaryFolder folder_;
};

TEST_F(Beir, QueriesWithARelevantDocumentBecomeQuestions) {
  const auto read = read_questions_and_documents(folder_ / "set");
  ASSERT_TRUE(read.ok()) << read.error().message.english;
  ASSERT_EQ(read->set.questions.size(), 1u);
  const Question& question = read->set.questions[0];
  EXPECT_EQ(question.id, "q1");
  EXPECT_EQ(question.relevant_documents,
            (std::map<std::string, int>{{"../d2", 0}, {"d1", 2}, {"lost", 1}}));
  EXPECT_TRUE(question.has_gold());
  ASSERT_EQ(read->documents.size(), 2u);
  EXPECT_EQ(read->documents[0].title, "Charging");
  EXPECT_EQ(read->set.name, "set");
  ASSERT_EQ(read->set.notes.size(), 2u);
  EXPECT_EQ(read->set.notes[0].english,
            "1 judgements name documents, and 1 queries, that are not there");
  EXPECT_EQ(read->set.notes[1].english, "1 queries have no relevant document and are left out");
}

TEST_F(Beir, FaultsNameTheFileLineAndField) {
  folder_.write("set/corpus.jsonl", "{\"_id\": \"d1\", \"text\": 4}\n{\"_id\": \"d1\"}\n");
  folder_.write("set/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tmuch\nq1 d1 1\n");
  const auto read = read_question_set(folder_ / "set");
  ASSERT_FALSE(read.ok());
  const std::string& message = read.error().message.english;
  EXPECT_TRUE(holds(message, "corpus.jsonl, line 1, \"text\": expected text, found a number (4)"))
      << message;
  EXPECT_TRUE(holds(message,
                    "corpus.jsonl, line 2, \"_id\": \"d1\" is the id at corpus.jsonl, "
                    "line 1, too"))
      << message;
  EXPECT_TRUE(holds(message, "qrels/test.tsv, line 2, \"score\": expected a whole number"))
      << message;
  EXPECT_TRUE(holds(message, "qrels/test.tsv, line 3: expected query-id")) << message;
}

TEST_F(Beir, AFolderWithoutItsFilesSaysWhichIsMissing) {
  std::filesystem::remove(folder_ / "set/qrels/test.tsv");
  const auto read = read_question_set(folder_ / "set");
  ASSERT_FALSE(read.ok());
  EXPECT_TRUE(holds(read.error().message.english, "qrels/test.tsv"))
      << read.error().message.english;
  EXPECT_EQ(read.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace saseo::eval
