// LibraryHost: one library for many readers at the same time. A reader takes a lease for as long as
// one request lasts, and sees one committed state of the library from its beginning to its end: the
// snapshot, and the texts, which are read on a connection of the lease's own. The next lease sees
// what was committed in between, by this process or another.
//
//   const LibraryLease lease = host.lease().value();
//   lease.snapshot().postings ...; lease.library().chunk(id) ...
//
// Between requests nothing is held open: a library that nobody asks keeps no transaction, so that
// its write-ahead log can shrink.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "index/analyzer.h"
#include "index/library.h"
#include "index/snapshot.h"

namespace saseo {

struct LibraryHostOptions {
  VectorIndexOptions vectors;
  // Connections that are kept for the leases to come, each with what SQLite and the analyzer
  // remember (a few MB). More are opened when more requests come at once, and closed after.
  std::size_t idle_connections = 8;
};

// A committed state of a library, and the means to read it. One thread at a time; as many leases as
// wanted at once. May outlive its host. Short-lived by intention: while it lives, the write-ahead
// log grows with what others write.
class LibraryLease {
 public:
  LibraryLease(LibraryLease&&) noexcept;
  LibraryLease& operator=(LibraryLease&&) = delete;
  ~LibraryLease();

  const Snapshot& snapshot() const { return *snapshot_; }
  // To keep the state beyond the lease; texts are read through a lease only.
  const std::shared_ptr<const Snapshot>& shared_snapshot() const { return snapshot_; }
  // Reads the same state as the snapshot is of.
  const Library& library() const;
  // Knows the lemmas of the library's words. What it remembers changes no result.
  Analyzer& analyzer() const;

 private:
  friend class LibraryHost;
  struct Connection;
  struct Readers;
  explicit LibraryLease(std::shared_ptr<Readers> readers);
  Status begin(std::string_view embedder);

  std::shared_ptr<Readers> readers_;  // Shared with the host, which may go first.
  std::unique_ptr<Connection> connection_;
  // Shared by all leases on this state, and freed by the last one once the host has a newer one.
  std::shared_ptr<const Snapshot> snapshot_;
};

// Thread-safe.
class LibraryHost {
 public:
  // Fails as Library::open() does. Loads nothing yet.
  static Result<LibraryHost> open(const std::filesystem::path& folder,
                                  const LibraryHostOptions& options = {});
  LibraryHost(LibraryHost&&) noexcept;
  LibraryHost& operator=(LibraryHost&&) noexcept;
  ~LibraryHost();

  const std::filesystem::path& folder() const;

  // The last committed state, with the vectors of this embedder (as SnapshotOptions::embedder).
  // Loads it when nobody has yet; who asks while it is loaded waits for that one. A library whose
  // folder was removed and made anew is read anew.
  Result<LibraryLease> lease(std::string_view embedder = {}) const;

 private:
  struct State;
  explicit LibraryHost(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saseo
