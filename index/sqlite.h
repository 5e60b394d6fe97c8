// A thin owner of SQLite handles: statements, transactions, and errors that say what happened to
// which library. For index/ and eval/.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"

namespace saseo {

// A prepared statement. Not thread-safe; used by the thread that owns its Database.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle, sqlite3* database)
      : handle_(handle), database_(database) {}

  // Parameters count from 1. Text and blobs are copied.
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, double value);
  Statement& bind(int index, std::string_view text);
  Statement& bind_blob(int index, std::span<const std::byte> bytes);
  Statement& bind_null(int index);

  // True: a row is ready; false: there are no more. After false or an error it is reset.
  Result<bool> step();
  // Runs a statement that gives no rows.
  Status run();
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  double real(int column) const { return sqlite3_column_double(handle_.get(), column); }
  bool is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
  }
  // Valid until the next step or reset.
  std::string_view text(int column) const;
  std::span<const std::byte> blob(int column) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
  sqlite3* database_;
};

// One connection. Not thread-safe.
class Database {
 public:
  enum class Mode { kRead, kWrite };
  static Result<Database> open(const std::filesystem::path& path, Mode mode);

  Result<Statement> prepare(std::string_view sql) const;
  Status execute(std::string_view sql) const;
  // The first column of the first row of a query without parameters; 0 when there is no row.
  Result<std::int64_t> integer(std::string_view sql) const;
  Result<std::string> text(std::string_view sql) const;
  std::int64_t last_insert_id() const { return sqlite3_last_insert_rowid(handle_.get()); }
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Closer {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  std::unique_ptr<sqlite3, Closer> handle_;
};

// Rolls back when it goes out of scope uncommitted.
class Transaction {
 public:
  static Result<Transaction> begin(const Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Status commit();

 private:
  explicit Transaction(const Database* database) : database_(database) {}
  const Database* database_;
};

// From its first statement on, reads see one committed state, whatever others write. Ends when it
// goes out of scope; until then the write-ahead log cannot shrink. Borrows the database.
class ReadTransaction {
 public:
  static Result<ReadTransaction> begin(const Database& database);
  ReadTransaction(ReadTransaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  ReadTransaction& operator=(ReadTransaction&&) = delete;
  ~ReadTransaction();

 private:
  explicit ReadTransaction(const Database* database) : database_(database) {}
  const Database* database_;
};

// The error of the last call on a connection.
Error sqlite_error(sqlite3* database, int code);

// Arrays of plain numbers as blobs and back. A blob whose size does not fit gives nullopt.
template <typename T>
std::span<const std::byte> as_blob(std::span<const T> values) {
  return std::as_bytes(values);
}
template <typename T>
std::optional<std::vector<T>> from_blob(std::span<const std::byte> blob) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (blob.size() % sizeof(T) != 0) return std::nullopt;
  std::vector<T> values(blob.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), blob.data(), blob.size());
  return values;
}

}  // namespace saseo
