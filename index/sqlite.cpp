#include "index/sqlite.h"

#include <cerrno>

#include "base/message.h"

namespace saseo {
namespace {

// SQLite's kind of an error. Where a file cannot be made because the disk is full it speaks of
// opening, and of an I/O error; the system's word is the clearer one.
int kind_of(sqlite3* database, int code) {
  const int kind = code & 0xFF;
  if (database == nullptr || (kind != SQLITE_CANTOPEN && kind != SQLITE_IOERR)) return kind;
  const int reason = sqlite3_system_errno(database);
  return reason == ENOSPC || reason == EDQUOT ? SQLITE_FULL : kind;
}

}  // namespace

Error sqlite_error(sqlite3* database, int code) {
  const char* name = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  const std::string path = name == nullptr || *name == '\0' ? "library.db" : name;
  const std::string reason = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  switch (kind_of(database, code)) {
    case SQLITE_FULL:
      return make_error(
          ErrorCode::kDiskFull,
          "{}: the disk is full; nothing of this step was kept. Free some space and run again",
          "{}: 디스크가 가득 차서 이 단계는 저장하지 않았습니다. 공간을 비우고 다시 실행하세요",
          path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return make_error(
          ErrorCode::kLocked, "{}: another program is writing to the library; try again later",
          "{}: 다른 프로그램이 라이브러리에 쓰고 있습니다. 잠시 후 다시 시도하세요", path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return make_error(
          ErrorCode::kDamaged,
          "{}: the library is damaged ({}). Restore a copy, or remove the file and ingest again",
          "{}: 라이브러리가 손상되었습니다({}). 백업을 되돌리거나 파일을 지우고 다시 ingest 하세요",
          path, reason);
    case SQLITE_NOMEM:
      return make_error(ErrorCode::kLimit, "{}: out of memory", "{}: 메모리가 부족합니다", path);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return make_error(ErrorCode::kIo,
                        "{}: cannot be read or written ({}); check the rights and the disk",
                        "{}: 읽거나 쓸 수 없습니다({}). 권한과 디스크를 확인하세요", path, reason);
    default:
      return make_error(ErrorCode::kDamaged, "{}: unexpected state ({})",
                        "{}: 예상하지 못한 상태입니다({})", path, reason)
          .advise(AdviceKind::kVerifyLibrary);
  }
}

Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), index, value);
  return *this;
}

Statement& Statement::bind(int index, double value) {
  sqlite3_bind_double(handle_.get(), index, value);
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  sqlite3_bind_text64(handle_.get(), index, text.data() == nullptr ? "" : text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int index, std::span<const std::byte> bytes) {
  if (bytes.empty()) {
    sqlite3_bind_zeroblob(handle_.get(), index, 0);
  } else {
    sqlite3_bind_blob64(handle_.get(), index, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  }
  return *this;
}

Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(handle_.get(), index);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(handle_.get());
    return false;
  }
  Error error = sqlite_error(database_, code);
  sqlite3_reset(handle_.get());
  return error;
}

Status Statement::run() {
  SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const bool row, step());
  reset();
  return {};
}

void Statement::reset() { sqlite3_reset(handle_.get()); }

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::span<const std::byte> Statement::blob(int column) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(handle_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

Result<Database> Database::open(const std::filesystem::path& path, Mode mode) {
  sqlite3* handle = nullptr;
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (mode == Mode::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE);
  int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  if (code != SQLITE_OK && mode == Mode::kRead) {
    // A library on a read-only medium.
    sqlite3_close_v2(handle);
    code = sqlite3_open_v2(path.c_str(), &handle,
                           SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                           nullptr);
  }
  Database database;
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return sqlite_error(handle, code);
  sqlite3_busy_timeout(handle, 2000);
  // A database file is outside bytes too.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  SASEO_RETURN_IF_ERROR(database.execute("PRAGMA foreign_keys = ON"));
  if (mode == Mode::kRead) SASEO_RETURN_IF_ERROR(database.execute("PRAGMA query_only = ON"));
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  if (code != SQLITE_OK) return sqlite_error(handle_.get(), code);
  return Statement(statement, handle_.get());
}

Status Database::execute(std::string_view sql) const {
  const int code = sqlite3_exec(handle_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sqlite_error(handle_.get(), code);
  return {};
}

Result<std::int64_t> Database::integer(std::string_view sql) const {
  SASEO_ASSIGN_OR_RETURN(Statement statement, prepare(sql));
  SASEO_ASSIGN_OR_RETURN(const bool row, statement.step());
  return row ? statement.integer(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) const {
  SASEO_ASSIGN_OR_RETURN(Statement statement, prepare(sql));
  SASEO_ASSIGN_OR_RETURN(const bool row, statement.step());
  return row ? std::string(statement.text(0)) : std::string();
}

Result<Transaction> Transaction::begin(const Database& database) {
  SASEO_RETURN_IF_ERROR(database.execute("BEGIN IMMEDIATE"));
  return Transaction(&database);
}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->execute("ROLLBACK").ok();
}

Status Transaction::commit() {
  SASEO_RETURN_IF_ERROR(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

Result<ReadTransaction> ReadTransaction::begin(const Database& database) {
  SASEO_RETURN_IF_ERROR(database.execute("BEGIN"));
  return ReadTransaction(&database);
}

ReadTransaction::~ReadTransaction() {
  if (database_ != nullptr) (void)database_->execute("COMMIT").ok();
}

}  // namespace saseo
