// One owner of a model for many users. The model is loaded when somebody first needs it, stays while
// anybody holds a lease, and goes when nobody has needed it for a while: then nothing of its weights
// is left in memory, and the next user has it loaded again.
//
//   SASEO_ASSIGN_OR_RETURN(const ModelLease lease, host.acquire(stop));
//   const BorrowedSession session = lease.borrow_session(lease.options());
//   session->generate(...);
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/result.h"
#include "engine/model/model.h"
#include "engine/runtime/kv_store.h"
#include "engine/runtime/session.h"
#include "engine/vocabulary/chat_template.h"
#include "engine/vocabulary/tokenizer.h"

namespace saseo {

// A model as loaded, with all that is to be known for running it.
struct HostedModel {
  Model model;
  std::unique_ptr<const Model> draft;  // What the options' speculation names; may be empty.
  SessionOptions options;              // The largest that sessions may have.
  std::uint64_t pool_bytes = 0;        // As RuntimeOptions has it.
  std::unique_ptr<KvStore> store;      // Likewise.
  std::shared_ptr<void> kept;          // Whatever must live as long as the model; may be empty.
};

// Called on the thread of the user who needs the model first; one call at a time. Fails with
// kCancelled when stopped.
using ModelLoader = std::function<Result<HostedModel>(std::stop_token)>;

struct ModelHostOptions {
  // unload_idle() unloads what nobody has needed for so long; 0: nothing.
  std::chrono::steady_clock::duration idle{};
  // What time it is; tests give their own.
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

// What the host keeps of a loaded model, in model_host.cpp.
struct HostLoaded;

// Gives a borrowed session back to the host.
struct GiveSessionBack {
  HostLoaded* loaded = nullptr;
  SessionOptions options;
  void operator()(Session* session) const;
};
// Destroyed before its lease.
using BorrowedSession = std::unique_ptr<Session, GiveSessionBack>;

class ModelHost;

// While it lives, the model stays. Destroyed before the host. Thread-safe but for moves.
class ModelLease {
 public:
  ModelLease(ModelLease&& other) noexcept
      : host_(std::exchange(other.host_, nullptr)), loaded_(other.loaded_) {}
  ModelLease& operator=(ModelLease&&) = delete;
  ~ModelLease();

  // Without its vocabulary, which is the tokenizer's.
  const Model& model() const;
  const SessionOptions& options() const;
  const Tokenizer& tokenizer() const;
  // An error where the vocabulary has no turn markers.
  const Result<ChatTemplate>& chat() const;
  KvCachePool& kept_prompts() const;
  // A session of these options for one user at a time, no larger than options(): one that was given
  // back, with what it has learnt of guesses, or a new one.
  BorrowedSession borrow_session(const SessionOptions& options) const;

 private:
  friend class ModelHost;
  ModelLease(ModelHost& host, HostLoaded& loaded) : host_(&host), loaded_(&loaded) {}
  ModelHost* host_;  // Null: moved from.
  HostLoaded* loaded_;
};

// Thread-safe. Destroyed after the last lease.
class ModelHost {
 public:
  explicit ModelHost(ModelLoader loader, ModelHostOptions options = {});
  // Of a model that is loaded already and that nothing could load again: it is never unloaded.
  explicit ModelHost(HostedModel model);
  ~ModelHost();

  // Loads the model where it is not loaded. Users who come meanwhile wait for that one load and, if
  // it fails, all have its error; the next user tries again. One who is stopped has kCancelled,
  // whether loading or waiting; the others then go on, one of them loading.
  Result<ModelLease> acquire(std::stop_token stop = {});

  // Unloads the model unless somebody holds a lease. Whether it did.
  bool unload();
  // The same where it has been idle for as long as the options say. Called from time to time by the
  // application, which has a loop or a timer; the host has no thread.
  bool unload_idle();

  struct State {
    bool loaded = false;
    std::size_t leases = 0;
    std::size_t waiting = 0;  // Users who wait for another's loading or unloading.
    std::uint64_t loads = 0;  // That succeeded so far.
  };
  State state() const;

 private:
  friend class ModelLease;
  bool unload(std::unique_lock<std::mutex>& lock);
  void release();

  const ModelLoader loader_;  // May be empty.
  const ModelHostOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // Under the mutex.
  std::unique_ptr<HostLoaded> loaded_;
  bool changing_ = false;  // Somebody loads or unloads, without the mutex.
  std::size_t leases_ = 0, waiting_ = 0;
  std::uint64_t loads_ = 0, failures_ = 0;
  std::optional<Error> failure_;  // The last load's.
  std::chrono::steady_clock::time_point last_used_;
};

}  // namespace saseo
