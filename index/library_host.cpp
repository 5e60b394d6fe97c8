#include "index/library_host.h"

#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/lemma_store.h"
#include "index/sqlite.h"

namespace saseo {
namespace {

// Tells a file from another one that took its name. A file that is open keeps its number.
struct FileIdentity {
  dev_t device = 0;
  ino_t number = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

FileIdentity identity_of(const std::filesystem::path& file) {
  struct ::stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

}  // namespace

struct LibraryLease::Connection {
  Library library;
  Analyzer analyzer;  // Asks the connection for lemmas, hence one for each.
  std::optional<ReadTransaction> transaction;

  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& folder) {
    SASEO_ASSIGN_OR_RETURN(Library library, Library::open(folder));
    auto connection =
        std::make_unique<Connection>(Connection{std::move(library), Analyzer(), std::nullopt});
    connection->analyzer.set_lemma_lookup(stored_lemmas(connection->library.database()));
    return connection;
  }
};

// The connections to one library.db, and the snapshots of its states. Thread-safe.
struct LibraryLease::Readers {
  using SharedSnapshot = std::shared_ptr<const Snapshot>;

  Readers(std::filesystem::path folder_of_library, const LibraryHostOptions& host_options)
      : folder(std::move(folder_of_library)), options(host_options) {}

  const std::filesystem::path folder;
  const LibraryHostOptions options;

  Result<std::unique_ptr<Connection>> take_connection();
  void give_back(std::unique_ptr<Connection> connection);
  // Of the state that the library's transaction sees.
  Result<SharedSnapshot> snapshot_of(const Library& library, std::string_view embedder);

 private:
  SharedSnapshot known(const SnapshotKey& key) const;
  SharedSnapshot same_generation(const SnapshotKey& key) const;
  void keep(std::string_view embedder, const SharedSnapshot& snapshot);

  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::map<SnapshotKey, std::weak_ptr<const Snapshot>> alive_;
  std::map<SnapshotKey, std::shared_future<Result<SharedSnapshot>>> loading_;
  // By the embedder that was asked for: what the next lease will most likely want.
  std::map<std::string, SharedSnapshot, std::less<>> latest_;
};

Result<std::unique_ptr<LibraryLease::Connection>> LibraryLease::Readers::take_connection() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return Connection::open(folder);
}

void LibraryLease::Readers::give_back(std::unique_ptr<Connection> connection) {
  connection->transaction.reset();
  (void)connection->analyzer.take_looked_up();  // For writers; here it would only grow.
  if (sqlite3_get_autocommit(connection->library.database().handle()) == 0) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < options.idle_connections) idle_.push_back(std::move(connection));
}

LibraryLease::Readers::SharedSnapshot LibraryLease::Readers::known(const SnapshotKey& key) const {
  const auto found = alive_.find(key);
  return found == alive_.end() ? nullptr : found->second.lock();
}

// One whose postings serve the wanted one, too.
LibraryLease::Readers::SharedSnapshot LibraryLease::Readers::same_generation(
    const SnapshotKey& key) const {
  for (auto other = alive_.lower_bound({key.generation, 0, 0});
       other != alive_.end() && other->first.generation == key.generation; ++other) {
    if (SharedSnapshot snapshot = other->second.lock()) return snapshot;
  }
  return nullptr;
}

// A reader that began before a commit may come here after one that began later.
void LibraryLease::Readers::keep(std::string_view embedder, const SharedSnapshot& snapshot) {
  const auto newer = [&](const auto& kept) {
    return kept.second->generation > snapshot->generation;
  };
  if (std::ranges::any_of(latest_, newer)) return;
  std::erase_if(latest_,
                [&](const auto& kept) { return kept.second->generation < snapshot->generation; });
  latest_.insert_or_assign(std::string(embedder), snapshot);
}

Result<LibraryLease::Readers::SharedSnapshot> LibraryLease::Readers::snapshot_of(
    const Library& library, std::string_view embedder) {
  SASEO_ASSIGN_OR_RETURN(const SnapshotKey key, snapshot_key(library, embedder));
  std::unique_lock lock(mutex_);
  if (SharedSnapshot snapshot = known(key)) {
    keep(embedder, snapshot);
    return snapshot;
  }
  if (const auto other = loading_.find(key); other != loading_.end()) {
    const std::shared_future<Result<SharedSnapshot>> result = other->second;
    lock.unlock();
    return result.get();
  }
  std::promise<Result<SharedSnapshot>> promise;
  loading_.emplace(key, promise.get_future().share());
  const SharedSnapshot before = same_generation(key);
  lock.unlock();

  const auto load = [&]() -> Result<SharedSnapshot> {
    SASEO_ASSIGN_OR_RETURN(Snapshot snapshot, read_snapshot(library, {.embedder = embedder,
                                                                      .vectors = options.vectors,
                                                                      .before = before.get()}));
    return std::make_shared<const Snapshot>(std::move(snapshot));
  };
  Result<SharedSnapshot> loaded = load();

  lock.lock();
  loading_.erase(key);
  std::erase_if(alive_, [](const auto& entry) { return entry.second.expired(); });
  if (loaded.ok()) {
    alive_.insert_or_assign(key, *loaded);
    keep(embedder, *loaded);
  }
  lock.unlock();
  promise.set_value(loaded);
  return loaded;
}

LibraryLease::LibraryLease(std::shared_ptr<Readers> readers) : readers_(std::move(readers)) {}
LibraryLease::LibraryLease(LibraryLease&&) noexcept = default;
LibraryLease::~LibraryLease() {
  if (connection_ != nullptr) readers_->give_back(std::move(connection_));
}
const Library& LibraryLease::library() const { return connection_->library; }
Analyzer& LibraryLease::analyzer() const { return connection_->analyzer; }

Status LibraryLease::begin(std::string_view embedder) {
  SASEO_ASSIGN_OR_RETURN(connection_, readers_->take_connection());
  SASEO_ASSIGN_OR_RETURN(ReadTransaction transaction,
                         ReadTransaction::begin(connection_->library.database()));
  connection_->transaction.emplace(std::move(transaction));
  SASEO_ASSIGN_OR_RETURN(snapshot_, readers_->snapshot_of(connection_->library, embedder));
  return {};
}

struct LibraryHost::State {
  State(std::filesystem::path folder_of_library, const LibraryHostOptions& host_options)
      : folder(std::move(folder_of_library)), options(host_options) {}

  const std::filesystem::path folder;
  const LibraryHostOptions options;

  // Of the library.db that is there now.
  std::shared_ptr<LibraryLease::Readers> readers();

 private:
  std::mutex mutex_;
  FileIdentity file_;
  std::shared_ptr<LibraryLease::Readers> readers_;  // Shared with the leases, which may outlive it.
};

std::shared_ptr<LibraryLease::Readers> LibraryHost::State::readers() {
  const FileIdentity file = identity_of(database_file(folder));
  const std::lock_guard lock(mutex_);
  if (readers_ == nullptr || file != file_) {
    readers_ = std::make_shared<LibraryLease::Readers>(folder, options);
    file_ = file;
  }
  return readers_;
}

LibraryHost::LibraryHost(std::unique_ptr<State> state) : state_(std::move(state)) {}
LibraryHost::LibraryHost(LibraryHost&&) noexcept = default;
LibraryHost& LibraryHost::operator=(LibraryHost&&) noexcept = default;
LibraryHost::~LibraryHost() = default;
const std::filesystem::path& LibraryHost::folder() const { return state_->folder; }

Result<LibraryHost> LibraryHost::open(const std::filesystem::path& folder,
                                      const LibraryHostOptions& options) {
  LibraryHost host(std::make_unique<State>(folder, options));
  const std::shared_ptr<LibraryLease::Readers> readers = host.state_->readers();
  SASEO_ASSIGN_OR_RETURN(std::unique_ptr<LibraryLease::Connection> connection,
                         readers->take_connection());
  readers->give_back(std::move(connection));
  return host;
}

Result<LibraryLease> LibraryHost::lease(std::string_view embedder) const {
  LibraryLease lease(state_->readers());
  SASEO_RETURN_IF_ERROR(lease.begin(embedder));
  return lease;
}

}  // namespace saseo
