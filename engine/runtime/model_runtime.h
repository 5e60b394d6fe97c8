// A model in use: threads, schedulers and kept prompts, which its sessions share. One set of weights
// thus serves any number of conversations, on as many threads as there are.
//
// A model and its draft model have a scheduler each (batch_scheduler.h) on the same threads, which
// they use in turn.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "base/thread_pool.h"
#include "engine/model/model.h"
#include "engine/runtime/batch_scheduler.h"
#include "engine/runtime/kv_cache_pool.h"
#include "engine/runtime/kv_store.h"
#include "engine/runtime/session.h"

namespace saseo {

struct RuntimeOptions {
  // Of all sequences in memory together; 0: of one that fills the context.
  std::uint64_t pool_bytes = 0;
  std::unique_ptr<KvStore> store;  // Keeps beginnings of prompts on disk; may be empty.
  // Borrowed, and used by nobody else meanwhile; null: the runtime makes options.threads of its own.
  ThreadPool* threads = nullptr;
};

// Thread-safe. Outlives its sessions.
class ModelRuntime {
 public:
  // The model, and the draft model that the options' speculation names, are borrowed. The options
  // are the largest that sessions may have.
  ModelRuntime(const Model& model, const SessionOptions& options, RuntimeOptions runtime = {});

  SessionParts parts();
  KvCachePool& kept_prompts() { return pool_; }
  BatchCounts counts() const { return scheduler_.counts(); }

 private:
  std::unique_ptr<ThreadPool> own_threads_;  // Empty where they are borrowed.
  std::mutex turn_;                          // Whose loop runs on the threads.
  KvCachePool pool_;
  BatchScheduler scheduler_;
  std::unique_ptr<BatchScheduler> draft_;  // Empty without a draft model.
};

// A session with a runtime of its own: for one conversation, and for what is measured by itself.
class LoneSession : private ModelRuntime, public Session {
 public:
  explicit LoneSession(const Model& model, const SessionOptions& options = {},
                       RuntimeOptions runtime = {})
      : ModelRuntime(model, options, std::move(runtime)), Session(parts(), options) {}

  // Forgets what is kept in memory.
  void reset() { kept_prompts().clear(); }
};

}  // namespace saseo
