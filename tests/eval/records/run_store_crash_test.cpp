// A failure at every write of a run, one after the other: whatever fails, the run can be opened,
// holds every answer that was put, and is completed by going on. tests/eval/resume_test.sh shows
// the same of the program, with a few real kills.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "eval/records/record_json.h"
#include "eval/records/run_store.h"
#include "index/sqlite.h"
#include "tests/failing_disk.h"
#include "tests/failing_vfs.h"
#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

const std::vector<std::string> kQuestions = {"q1", "q2", "q3"};
const std::vector<std::string> kContestants = {"a", "b"};

class RunStoreCrashTest : public ::testing::TestWithParam<DiskFailure> {
 protected:
  static void SetUpTestSuite() { put_sqlite_on_failing_disk(); }

  std::filesystem::path file() const { return folder_ / "a.run"; }

  // An evaluation of models of that version, as eval/run/runner.cpp stores it: what is there already is
  // not asked again. Done again, it completes what is not done yet. `put`: the answers of this
  // version that were put, as JSON.
  Status evaluate(const std::string& version, std::set<std::string>& put) const;
  void expect_every_failure_is_survived(const std::string& before, const std::string& version);

 private:
  static RecordedAnswer answer_of(const std::string& question, const std::string& contestant,
                                  const std::string& version) {
    RecordedAnswer answer;
    answer.question_id = question;
    answer.contestant = contestant;
    // Longer than a page of the file, so that it could be there in part.
    answer.text = version + " " + std::string(5000, question.back());
    return answer;
  }
  static std::set<std::string> answers_of(const std::string& version) {
    std::set<std::string> answers;
    for (const std::string& question : kQuestions) {
      for (const std::string& contestant : kContestants)
        answers.insert(to_json(answer_of(question, contestant, version)));
    }
    return answers;
  }
  static std::set<std::string> answers_in(const RunStore& run) {
    std::set<std::string> answers;
    for (const std::string& question : kQuestions) {
      for (const std::string& contestant : kContestants) {
        if (const auto answer = run.answer(question, contestant).value(); answer)
          answers.insert(to_json(*answer));
      }
    }
    return answers;
  }
  void expect_whole(const std::set<std::string>& put, const std::string& before,
                    const std::string& version) const;
  void expect_complete(const std::string& version) const;

  TemporaryFolder folder_;
};

Status RunStoreCrashTest::evaluate(const std::string& version, std::set<std::string>& put) const {
  SASEO_ASSIGN_OR_RETURN(RunStore run, RunStore::open_to_write(file()));
  RunInfo info;
  info.set_name = "the questions";
  SASEO_RETURN_IF_ERROR(run.set_info(info));
  std::vector<Question> questions(kQuestions.size());
  for (std::size_t i = 0; i < questions.size(); ++i) questions[i].id = kQuestions[i];
  SASEO_RETURN_IF_ERROR(run.set_questions(questions));
  std::vector<StoredContestant> contestants;
  for (const std::string& name : kContestants) contestants.push_back({name, "", version, {}});
  SASEO_RETURN_IF_ERROR(run.set_contestants(contestants));
  for (const std::string& question : kQuestions) {
    for (const std::string& contestant : kContestants) {
      SASEO_ASSIGN_OR_RETURN(const bool has, run.has(question, contestant, version));
      if (has) continue;
      const RecordedAnswer answer = answer_of(question, contestant, version);
      SASEO_RETURN_IF_ERROR(run.put(answer, version));
      put.insert(to_json(answer));
    }
  }
  SASEO_RETURN_IF_ERROR(run.put(RecordedJudgement{.text = version}, "what was shown"));
  info.finished = version;
  return run.set_info(info);
}

// After a failure: nothing is damaged, nothing that was put is gone, each answer is wholly the old
// or wholly the new one, and no run is called finished that is not.
void RunStoreCrashTest::expect_whole(const std::set<std::string>& put, const std::string& before,
                                     const std::string& version) const {
  const Result<RunStore> run = RunStore::open(file());
  if (!run.ok()) {  // Nothing was committed yet.
    EXPECT_TRUE(before.empty() && put.empty()) << run.error().message.english;
    return;
  }
  const Result<Database> database = Database::open(file(), Database::Mode::kRead);
  EXPECT_EQ(database->text("PRAGMA integrity_check").value(), "ok");
  std::set<std::string> possible = answers_of(version);
  if (!before.empty()) possible.merge(answers_of(before));
  const std::set<std::string> found = answers_in(*run);
  for (const std::string& answer : found)
    EXPECT_TRUE(possible.contains(answer)) << answer.substr(0, 100);
  for (const std::string& answer : put)
    EXPECT_TRUE(found.contains(answer)) << answer.substr(0, 100);
  if (!before.empty()) {
    EXPECT_EQ(found.size(), kQuestions.size() * kContestants.size());
  }
  const std::size_t questions = run->questions()->size(), contestants = run->contestants()->size();
  EXPECT_TRUE(questions == 0 || questions == kQuestions.size()) << questions;
  EXPECT_TRUE(contestants == 0 || contestants == kContestants.size()) << contestants;
  if (run->info()->finished == version) {
    EXPECT_EQ(found, answers_of(version));
  }
}

void RunStoreCrashTest::expect_complete(const std::string& version) const {
  const RunStore run = RunStore::open(file()).value();
  EXPECT_EQ(answers_in(run), answers_of(version));
  EXPECT_EQ(run.answers()->size(), answers_of(version).size());
  EXPECT_EQ(run.info()->finished, version);
  EXPECT_EQ(run.judgements()->at("what was shown").text, version);
}

void RunStoreCrashTest::expect_every_failure_is_survived(const std::string& before,
                                                         const std::string& version) {
  bool failed = true;
  std::uint64_t operation = 1;
  for (; failed; ++operation) {
    SCOPED_TRACE("operation " + std::to_string(operation) + " fails");
    for (const char* ending : {"", "-wal", "-shm", "-journal"})
      std::filesystem::remove(file().string() + ending);
    std::set<std::string> put;
    if (!before.empty()) {
      const FailingDisk healthy(DiskFailure::kOnce, 0);  // Without waiting for the real disk.
      ASSERT_TRUE(evaluate(before, put).ok());
      put.clear();
    }
    Status done;
    {
      FailingDisk disk(GetParam(), operation);
      done = evaluate(version, put);
      failed = disk.failed();
    }
    ASSERT_TRUE(failed || done.ok()) << done.error().message.english;
    if (!done.ok() && GetParam() == DiskFailure::kFull) {
      EXPECT_EQ(done.error().code, ErrorCode::kDiskFull) << done.error().message.english;
    }
    const FailingDisk healthy(DiskFailure::kOnce, 0);
    expect_whole(put, before, version);
    // What is told as done is done.
    if (done.ok()) expect_complete(version);
    done = evaluate(version, put);
    ASSERT_TRUE(done.ok()) << "going on: " << done.error().message.english;
    expect_complete(version);
    if (HasFailure()) return;  // One is enough to look at.
  }
  EXPECT_GT(operation, 50u);
}

INSTANTIATE_TEST_SUITE_P(, RunStoreCrashTest,
                         ::testing::Values(DiskFailure::kOnce, DiskFailure::kFull,
                                           DiskFailure::kGone, DiskFailure::kPowerLost,
                                           DiskFailure::kPowerLostInTheMiddle),
                         [](const auto& test) { return std::string(name_of(test.param)); });

TEST_P(RunStoreCrashTest, AFirstRunGoesOnWhateverWriteFailed) {
  expect_every_failure_is_survived("", "first");
}

TEST_P(RunStoreCrashTest, ARunWhoseAnswersAreReplacedGoesOnWhateverWriteFailed) {
  expect_every_failure_is_survived("first", "second");
}

}  // namespace
}  // namespace saseo::eval
