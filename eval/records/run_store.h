// A run on disk: one SQLite file with the questions, the contestants and every answer, each under
// the hash of what it was made from. An answer is committed as soon as it is whole, so a run that
// is killed goes on where it was.
//
//   run          key, value: format, set, library, index, machine, dates
//   questions    position, id, JSON (record_json.h)
//   contestants  position, name, description, identity, model_bytes
//   answers      question, contestant, input hash, JSON; those of questions and contestants that
//                the run no longer has stay, and count again when they come back
//   judgements   hash of what a judge was shown, JSON; made when a judge is first asked
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eval/questions/question_set.h"
#include "eval/records/recorded_answer.h"
#include "eval/records/recorded_judgement.h"

namespace saseo {
class Database;
}

namespace saseo::eval {

inline constexpr int kRunFormat = 1;

struct RunInfo {
  std::string set_name, set_path, set_hash;
  std::string library, index_hash;
  std::string created, finished;  // RFC 3339, UTC; `finished` is empty until every answer is there.
  std::string saseo_version, machine;
  std::string judge, judge_identity;  // The latest; empty where none was asked.
  bool draft = false;
  std::vector<Message> warnings;
};

struct StoredContestant {
  std::string name;
  std::string description;  // For people: one line.
  std::string identity;     // Hash of the model and of every setting that its answers depend on.
  std::optional<double> model_bytes;
};

// Thread-compatible. One writer at a time: another process that opens the run to write fails.
class RunStore {
 public:
  // Makes the file where there is none. kTooNew, kDamaged (no run), kLocked, kIo.
  static Result<RunStore> open_to_write(const std::filesystem::path& path);
  // kNotFound where there is none.
  static Result<RunStore> open(const std::filesystem::path& path);
  RunStore(RunStore&&) noexcept;
  RunStore& operator=(RunStore&&) noexcept;
  ~RunStore();

  const std::filesystem::path& path() const;

  Result<RunInfo> info() const;
  Status set_info(const RunInfo& info);

  // In the order of the set.
  Result<std::vector<Question>> questions() const;
  Status set_questions(const std::vector<Question>& questions);

  // In the order in which they were given.
  Result<std::vector<StoredContestant>> contestants() const;
  Status set_contestants(const std::vector<StoredContestant>& contestants);

  // The answer that was made from exactly this input; a failed one is tried again.
  Result<bool> has(std::string_view question, std::string_view contestant,
                   std::string_view input_hash) const;
  Result<std::optional<RecordedAnswer>> answer(std::string_view question,
                                               std::string_view contestant) const;
  Status put(const RecordedAnswer& answer, std::string_view input_hash);

  // Of the run's questions and contestants, in their order.
  Result<std::vector<RecordedAnswer>> answers() const;

  // By hash of what was shown and to whom (judge.h).
  Result<std::map<std::string, RecordedJudgement>> judgements() const;
  Status put(const RecordedJudgement& judgement, std::string_view hash);

 private:
  struct State;
  explicit RunStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saseo::eval
