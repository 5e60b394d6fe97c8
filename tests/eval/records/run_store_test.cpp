#include "eval/records/run_store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "eval/records/record_json.h"
#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

RecordedAnswer full_answer() {
  RecordedAnswer answer;
  answer.question_id = "q1";
  answer.contestant = "a";
  answer.text = "켜세요. [1]\n";
  answer.plain_text = "켜세요.\n";
  answer.asked_as = "켜는 방법";
  answer.plan_hash = "p";
  answer.prompt = "<<<대목>>>";
  answer.product = "X1";
  answer.hits = {{"설명서", "x1.pdf", {"전원", "켜기"}, 7, 0.5}};
  answer.passages = {{1, "설명서", "x1.pdf", "X1", {"전원"}, 7, 8, "켜세요.", 0.25}};
  answer.citations = {{1, {0, 10}, "설명서", {"전원"}, 7, "켜세요.", "x1.pdf"}};
  answer.sentences = {{{0, 10}, "cited", {1}, true}};
  answer.invented_citations = 2;
  answer.cost.total_seconds = 1.5;
  answer.cost.joules = 12;
  return answer;
}

TEST(RecordJson, GivesBackEveryField) {
  const RecordedAnswer answer = full_answer();
  const RecordedAnswer read = answer_from_json(to_json(answer)).value();
  EXPECT_EQ(to_json(read), to_json(answer));
  EXPECT_EQ(read.hits[0].heading_path, answer.hits[0].heading_path);
  EXPECT_EQ(read.citations[0].answer_span, answer.citations[0].answer_span);
  EXPECT_TRUE(read.sentences[0].doubtful);
  EXPECT_EQ(read.cost.joules, 12.0);
  EXPECT_FALSE(read.cost.decode_seconds.has_value());
  Question question;
  question.id = "q";
  question.text = "어떻게?";
  question.language = Language::kKorean;
  question.history = {{"먼저", "답"}};
  question.facts = {{"3초", "3 초"}};
  question.gold = {{"설명서", {"전원"}, {7, 8}}};
  question.relevant_documents = {{"d1", 2}};
  question.unanswerable = true;
  const Question again = question_from_json(to_json(question)).value();
  EXPECT_EQ(to_json(again), to_json(question));
  EXPECT_EQ(again.language, Language::kKorean);
  EXPECT_EQ(again.gold[0].pages, (std::vector{7, 8}));
}

TEST(RecordJson, RefusesWhatIsNoRecord) {
  for (const char* text : {"", "[]", "{", "{\"text\": 3}", "{\"hits\": [{\"page\": \"x\"}]}"}) {
    const Result<RecordedAnswer> answer = answer_from_json(text);
    ASSERT_FALSE(answer.ok()) << text;
    EXPECT_EQ(answer.error().code, ErrorCode::kDamaged);
  }
}

class RunStoreTest : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / "a.run"; }
  TemporaryFolder folder_;
};

TEST_F(RunStoreTest, KeepsWhatWasPutUnderTheHashOfItsInput) {
  {
    RunStore run = RunStore::open_to_write(file()).value();
    Question question;
    question.id = "q1";
    ASSERT_TRUE(run.set_questions({question}).ok());
    ASSERT_TRUE(run.set_contestants({{"a", "model a", "id", 5.0}, {"b", "", "id", {}}}).ok());
    ASSERT_TRUE(run.put(full_answer(), "h1").ok());
    RunInfo info;
    info.set_name = "세트";
    info.draft = true;
    info.warnings = {{"careful", "조심"}, untranslated("7 \"x\"")};
    ASSERT_TRUE(run.set_info(info).ok());
  }
  const RunStore run = RunStore::open(file()).value();
  EXPECT_TRUE(run.has("q1", "a", "h1").value());
  EXPECT_FALSE(run.has("q1", "a", "h2").value());
  EXPECT_FALSE(run.has("q1", "b", "h1").value());
  EXPECT_EQ(run.answers().value().size(), 1U);
  EXPECT_EQ(run.contestants().value()[0].model_bytes, 5.0);
  EXPECT_FALSE(run.contestants().value()[1].model_bytes.has_value());
  EXPECT_EQ(run.info().value().set_name, "세트");
  EXPECT_TRUE(run.info().value().draft);
  EXPECT_EQ(run.info().value().warnings,
            (std::vector<Message>{{"careful", "조심"}, untranslated("7 \"x\"")}));
}

TEST_F(RunStoreTest, AFailedAnswerIsNotThere) {
  RunStore run = RunStore::open_to_write(file()).value();
  RecordedAnswer answer = full_answer();
  answer.error = Message("out of memory", "메모리 부족");
  ASSERT_TRUE(run.put(answer, "h").ok());
  EXPECT_FALSE(run.has("q1", "a", "h").value());
  EXPECT_EQ(run.answer("q1", "a").value()->error, Message("out of memory", "메모리 부족"));
}

TEST_F(RunStoreTest, HasOneWriterAndManyReaders) {
  const RunStore writer = RunStore::open_to_write(file()).value();
  EXPECT_TRUE(RunStore::open(file()).ok());
  const Result<RunStore> second = RunStore::open_to_write(file());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kLocked);
}

TEST_F(RunStoreTest, LeavesOtherFilesAlone) {
  const std::string text = "no database at all, but a text that somebody needs";
  std::ofstream(file()) << text;
  EXPECT_EQ(RunStore::open_to_write(file()).error().code, ErrorCode::kDamaged);
  EXPECT_EQ(RunStore::open(file()).error().code, ErrorCode::kDamaged);
  std::ifstream in(file());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), text);
}

TEST_F(RunStoreTest, LeavesOtherDatabasesAlone) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file().c_str(), &database), SQLITE_OK);
  sqlite3_exec(database, "CREATE TABLE mine (a)", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  EXPECT_EQ(RunStore::open_to_write(file()).error().code, ErrorCode::kDamaged);
}

TEST_F(RunStoreTest, ANewerFormatIsNamed) {
  ASSERT_TRUE(RunStore::open_to_write(file()).ok());
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file().c_str(), &database), SQLITE_OK);
  sqlite3_exec(database, "PRAGMA user_version = 99", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  const Result<RunStore> run = RunStore::open(file());
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().code, ErrorCode::kTooNew);
  EXPECT_NE(run.error().message.english.find("99"), std::string::npos);
}

TEST_F(RunStoreTest, AMissingRunIsNotMadeByReading) {
  EXPECT_EQ(RunStore::open(file()).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

}  // namespace
}  // namespace saseo::eval
