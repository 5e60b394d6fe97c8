#include "eval/records/run_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/files.h"
#include "base/message.h"
#include "eval/records/record_json.h"
#include "index/sqlite.h"

namespace saseo::eval {
namespace {

constexpr std::int64_t kApplicationId = 0x53617365;  // "Sase", in the file's header.

constexpr const char* kTables = R"(
CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE questions (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, json TEXT NOT NULL);
CREATE TABLE contestants (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL, identity TEXT NOT NULL, model_bytes REAL);
CREATE TABLE answers (question TEXT NOT NULL, contestant TEXT NOT NULL, input_hash TEXT NOT NULL,
  failed INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (question, contestant)) WITHOUT ROWID;
)";

// Not in runs that were never judged.
constexpr const char* kJudgements =
    "CREATE TABLE IF NOT EXISTS judgements (hash TEXT PRIMARY KEY, json TEXT NOT NULL) "
    "WITHOUT ROWID";

// What the library's wording of a database's errors means for a run.
Error run_error(Error error, const std::filesystem::path& path) {
  switch (error.code) {
    case ErrorCode::kLocked:
      return make_error(ErrorCode::kLocked,
                        "{}: another program is writing to this run; wait until it is done",
                        "{}: 다른 프로그램이 이 실행 기록에 쓰고 있습니다. 끝날 때까지 기다리세요",
                        path.string());
    case ErrorCode::kDamaged:
      return make_error(ErrorCode::kDamaged,
                        "{}: this is no run of an evaluation, or it is damaged. Name another "
                        "file; nothing in it was changed",
                        "{}: 평가의 실행 기록이 아니거나 손상되었습니다. 다른 파일을 지정하세요. "
                        "파일은 바꾸지 않았습니다",
                        path.string());
    default:
      return error;
  }
}

Status as_run_status(Status status, const std::filesystem::path& path) {
  return status.ok() ? status : Status(run_error(status.error(), path));
}

template <typename T>
Result<T> as_run_result(Result<T> result, const std::filesystem::path& path) {
  if (!result.ok()) return run_error(result.error(), path);
  return result;
}

}  // namespace

struct RunStore::State {
  State(std::filesystem::path p, Database d, int l)
      : path(std::move(p)), database(std::move(d)), lock(l) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (lock >= 0) ::close(lock);
  }

  std::filesystem::path path;
  Database database;
  int lock;  // Of the file beside it; -1 when only read.

  Status check_or_make(bool make);
  Result<RunInfo> info() const;
  Status set_info(const RunInfo& info);
  Status set_questions(const std::vector<Question>& questions);
  Status set_contestants(const std::vector<StoredContestant>& contestants);
  Status put(const RecordedAnswer& answer, std::string_view input_hash);
  Result<std::map<std::string, RecordedJudgement>> judgements() const;
  Status put(const RecordedJudgement& judgement, std::string_view hash);

  template <typename Row>
  Status each(std::string_view sql, const Row& row) const {
    SASEO_ASSIGN_OR_RETURN(Statement statement, database.prepare(sql));
    for (;;) {
      SASEO_ASSIGN_OR_RETURN(const bool more, statement.step());
      if (!more) return {};
      SASEO_RETURN_IF_ERROR(row(statement));
    }
  }
};

// A file of another kind or version is left alone.
Status RunStore::State::check_or_make(bool make) {
  SASEO_ASSIGN_OR_RETURN(const std::int64_t application, database.integer("PRAGMA application_id"));
  SASEO_ASSIGN_OR_RETURN(const std::int64_t version, database.integer("PRAGMA user_version"));
  SASEO_ASSIGN_OR_RETURN(const std::int64_t tables,
                         database.integer("SELECT count(*) FROM sqlite_schema"));
  if (application == kApplicationId && version > kRunFormat)
    return make_error(
        ErrorCode::kTooNew,
        "{}: a run of format {}; this program reads formats up to {}. Use a newer "
        "saseo, or name another file",
        "{}: 형식 {}의 실행 기록입니다. 이 프로그램은 형식 {}까지 읽습니다. 더 새로운 "
        "saseo를 쓰거나 다른 파일을 지정하세요",
        path.string(), version, kRunFormat);
  if (application == kApplicationId && version == kRunFormat) return {};
  if (!make || tables != 0 || application != 0) return Error{ErrorCode::kDamaged, {}};
  SASEO_RETURN_IF_ERROR(database.execute("PRAGMA journal_mode = WAL"));
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_RETURN_IF_ERROR(database.execute(kTables));
  SASEO_RETURN_IF_ERROR(
      database.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
  SASEO_RETURN_IF_ERROR(database.execute("PRAGMA user_version = " + std::to_string(kRunFormat)));
  return transaction.commit();
}

Result<RunInfo> RunStore::State::info() const {
  RunInfo info;
  SASEO_RETURN_IF_ERROR(each("SELECT key, value FROM run", [&](Statement& row) -> Status {
    const std::string_view key = row.text(0);
    const std::string value(row.text(1));
    for (const auto& [name, field] : {std::pair{"set_name", &RunInfo::set_name},
                                      {"set_path", &RunInfo::set_path},
                                      {"set_hash", &RunInfo::set_hash},
                                      {"library", &RunInfo::library},
                                      {"index_hash", &RunInfo::index_hash},
                                      {"created", &RunInfo::created},
                                      {"finished", &RunInfo::finished},
                                      {"saseo_version", &RunInfo::saseo_version},
                                      {"machine", &RunInfo::machine},
                                      {"judge", &RunInfo::judge},
                                      {"judge_identity", &RunInfo::judge_identity}}) {
      if (key == name) info.*field = value;
    }
    if (key == "draft") info.draft = value == "1";
    if (key == "warnings") {
      info.warnings = messages_from_json(value);
    }
    return {};
  }));
  return info;
}

Status RunStore::State::set_info(const RunInfo& info) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare("INSERT INTO run (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE "
                       "SET value = excluded.value"));
  const std::string warnings = to_json(info.warnings);
  for (const auto& [key, value] :
       {std::pair<std::string_view, std::string_view>{"set_name", info.set_name},
        {"set_path", info.set_path},
        {"set_hash", info.set_hash},
        {"library", info.library},
        {"index_hash", info.index_hash},
        {"created", info.created},
        {"finished", info.finished},
        {"saseo_version", info.saseo_version},
        {"machine", info.machine},
        {"judge", info.judge},
        {"judge_identity", info.judge_identity},
        {"draft", info.draft ? "1" : "0"},
        {"warnings", warnings}}) {
    SASEO_RETURN_IF_ERROR(insert.bind(1, key).bind(2, value).run());
  }
  return transaction.commit();
}

Status RunStore::State::set_questions(const std::vector<Question>& questions) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_RETURN_IF_ERROR(database.execute("DELETE FROM questions"));
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare("INSERT INTO questions (position, id, json) VALUES (?, ?, ?)"));
  std::int64_t position = 0;
  for (const Question& question : questions) {
    SASEO_RETURN_IF_ERROR(
        insert.bind(1, position++).bind(2, question.id).bind(3, to_json(question)).run());
  }
  return transaction.commit();
}

Status RunStore::State::set_contestants(const std::vector<StoredContestant>& contestants) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_RETURN_IF_ERROR(database.execute("DELETE FROM contestants"));
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare("INSERT INTO contestants (position, name, description, identity, "
                       "model_bytes) VALUES (?, ?, ?, ?, ?)"));
  std::int64_t position = 0;
  for (const StoredContestant& contestant : contestants) {
    insert.bind(1, position++)
        .bind(2, contestant.name)
        .bind(3, contestant.description)
        .bind(4, contestant.identity);
    if (contestant.model_bytes) {
      insert.bind(5, *contestant.model_bytes);
    } else {
      insert.bind_null(5);
    }
    SASEO_RETURN_IF_ERROR(insert.run());
  }
  return transaction.commit();
}

Status RunStore::State::put(const RecordedAnswer& answer, std::string_view input_hash) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare("INSERT INTO answers (question, contestant, input_hash, failed, json) "
                       "VALUES (?, ?, ?, ?, ?) ON CONFLICT (question, contestant) DO UPDATE SET "
                       "input_hash = excluded.input_hash, failed = excluded.failed, "
                       "json = excluded.json"));
  SASEO_RETURN_IF_ERROR(insert.bind(1, answer.question_id)
                            .bind(2, answer.contestant)
                            .bind(3, input_hash)
                            .bind(4, std::int64_t{answer.error.has_value()})
                            .bind(5, to_json(answer))
                            .run());
  return transaction.commit();
}

Result<std::map<std::string, RecordedJudgement>> RunStore::State::judgements() const {
  std::map<std::string, RecordedJudgement> judgements;
  SASEO_ASSIGN_OR_RETURN(
      const std::int64_t tables,
      database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'judgements'"));
  if (tables == 0) return judgements;
  SASEO_RETURN_IF_ERROR(each("SELECT hash, json FROM judgements", [&](Statement& row) -> Status {
    SASEO_ASSIGN_OR_RETURN(RecordedJudgement judgement, judgement_from_json(row.text(1)));
    judgements.emplace(row.text(0), std::move(judgement));
    return {};
  }));
  return judgements;
}

Status RunStore::State::put(const RecordedJudgement& judgement, std::string_view hash) {
  SASEO_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(database));
  SASEO_RETURN_IF_ERROR(database.execute(kJudgements));
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare("INSERT INTO judgements (hash, json) VALUES (?, ?) ON CONFLICT (hash) DO "
                       "UPDATE SET json = excluded.json"));
  SASEO_RETURN_IF_ERROR(insert.bind(1, hash).bind(2, to_json(judgement)).run());
  return transaction.commit();
}

RunStore::RunStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
RunStore::RunStore(RunStore&&) noexcept = default;
RunStore& RunStore::operator=(RunStore&&) noexcept = default;
RunStore::~RunStore() = default;

Result<RunStore> RunStore::open_to_write(const std::filesystem::path& path) {
  const std::filesystem::path lock_file = path.string() + ".lock";
  const int lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return io_error(lock_file, errno);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return run_error({ErrorCode::kLocked, {}}, path);
  }
  Result<Database> database = Database::open(path, Database::Mode::kWrite);
  if (!database.ok()) {
    ::close(lock);
    return run_error(database.error(), path);
  }
  auto state = std::make_unique<State>(path, std::move(*database), lock);
  SASEO_RETURN_IF_ERROR(as_run_status(state->check_or_make(true), path));
  return RunStore(std::move(state));
}

Result<RunStore> RunStore::open(const std::filesystem::path& path) {
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(path, unreadable))
    return make_error(ErrorCode::kNotFound, "{}: no such run", "{}: 그런 실행 기록이 없습니다",
                      path.string())
        .advise(AdviceKind::kListRuns);
  SASEO_ASSIGN_OR_RETURN(Database database,
                         as_run_result(Database::open(path, Database::Mode::kRead), path));
  auto state = std::make_unique<State>(path, std::move(database), -1);
  SASEO_RETURN_IF_ERROR(as_run_status(state->check_or_make(false), path));
  return RunStore(std::move(state));
}

const std::filesystem::path& RunStore::path() const { return state_->path; }

Result<RunInfo> RunStore::info() const { return as_run_result(state_->info(), state_->path); }
Status RunStore::set_info(const RunInfo& info) {
  return as_run_status(state_->set_info(info), state_->path);
}

Result<std::vector<Question>> RunStore::questions() const {
  std::vector<Question> questions;
  SASEO_RETURN_IF_ERROR(as_run_status(
      state_->each("SELECT json FROM questions ORDER BY position",
                   [&](Statement& row) -> Status {
                     SASEO_ASSIGN_OR_RETURN(Question question, question_from_json(row.text(0)));
                     questions.push_back(std::move(question));
                     return {};
                   }),
      state_->path));
  return questions;
}
Status RunStore::set_questions(const std::vector<Question>& questions) {
  return as_run_status(state_->set_questions(questions), state_->path);
}

Result<std::vector<StoredContestant>> RunStore::contestants() const {
  std::vector<StoredContestant> contestants;
  SASEO_RETURN_IF_ERROR(as_run_status(
      state_->each("SELECT name, description, identity, model_bytes FROM contestants ORDER BY "
                   "position",
                   [&](Statement& row) -> Status {
                     StoredContestant contestant{std::string(row.text(0)), std::string(row.text(1)),
                                                 std::string(row.text(2)), std::nullopt};
                     if (!row.is_null(3)) contestant.model_bytes = row.real(3);
                     contestants.push_back(std::move(contestant));
                     return {};
                   }),
      state_->path));
  return contestants;
}
Status RunStore::set_contestants(const std::vector<StoredContestant>& contestants) {
  return as_run_status(state_->set_contestants(contestants), state_->path);
}

Result<bool> RunStore::has(std::string_view question, std::string_view contestant,
                           std::string_view input_hash) const {
  SASEO_ASSIGN_OR_RETURN(
      Statement statement,
      as_run_result(state_->database.prepare("SELECT 1 FROM answers WHERE question = ? AND "
                                             "contestant = ? AND input_hash = ? AND failed = 0"),
                    state_->path));
  return as_run_result(statement.bind(1, question).bind(2, contestant).bind(3, input_hash).step(),
                       state_->path);
}

Result<std::optional<RecordedAnswer>> RunStore::answer(std::string_view question,
                                                       std::string_view contestant) const {
  SASEO_ASSIGN_OR_RETURN(
      Statement statement,
      as_run_result(state_->database.prepare(
                        "SELECT json FROM answers WHERE question = ? AND contestant = ?"),
                    state_->path));
  SASEO_ASSIGN_OR_RETURN(
      const bool there,
      as_run_result(statement.bind(1, question).bind(2, contestant).step(), state_->path));
  if (!there) return std::optional<RecordedAnswer>();
  SASEO_ASSIGN_OR_RETURN(RecordedAnswer answer, answer_from_json(statement.text(0)));
  return std::optional(std::move(answer));
}

Status RunStore::put(const RecordedAnswer& answer, std::string_view input_hash) {
  return as_run_status(state_->put(answer, input_hash), state_->path);
}

Result<std::vector<RecordedAnswer>> RunStore::answers() const {
  std::vector<RecordedAnswer> answers;
  SASEO_RETURN_IF_ERROR(as_run_status(
      state_->each("SELECT a.json FROM answers a JOIN questions q ON q.id = a.question "
                   "JOIN contestants c ON c.name = a.contestant ORDER BY q.position, c.position",
                   [&](Statement& row) -> Status {
                     SASEO_ASSIGN_OR_RETURN(RecordedAnswer answer, answer_from_json(row.text(0)));
                     answers.push_back(std::move(answer));
                     return {};
                   }),
      state_->path));
  return answers;
}

Result<std::map<std::string, RecordedJudgement>> RunStore::judgements() const {
  return as_run_result(state_->judgements(), state_->path);
}

Status RunStore::put(const RecordedJudgement& judgement, std::string_view hash) {
  return as_run_status(state_->put(judgement, hash), state_->path);
}

}  // namespace saseo::eval
