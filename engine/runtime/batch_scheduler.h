// One Transformer for sequences on different threads: what they ask for at the same time is
// computed in one forward pass, which reads the weights once for all of them.
//
// There is no thread of its own. Who asks while nobody computes leads: takes what waits
// (batch_plan.h says what of it), computes it and hands out the results; the others sleep until
// theirs is done, or until one of them has to lead. A batch waits briefly for sequences whose last
// token was just handed out, since their next is about to come; a sequence alone waits for nothing.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "base/aligned_vector.h"
#include "base/result.h"
#include "base/thread_pool.h"
#include "engine/forward/kv_cache.h"
#include "engine/forward/transformer.h"
#include "engine/runtime/batch_plan.h"

namespace saseo {

struct BatchSchedulerOptions {
  TransformerOptions transformer;
  std::uint32_t step_tokens = BatchLimits{}.step_tokens;
  std::uint32_t prompt_beside_steps = BatchLimits{}.prompt_beside_steps;
  // How long a batch waits for a sequence that chooses its token, as a share of the time that the
  // last batch took: what a slow reader of tokens can cost the others. 0: not at all.
  double patience = 0.125;
  // Held during each forward pass: schedulers of several models that share a thread pool share this
  // too, since the pool runs one loop at a time. Borrowed; null where there is one scheduler.
  std::mutex* turn = nullptr;
};

struct BatchCounts {
  std::uint64_t batches = 0;   // Forward passes.
  std::uint64_t requests = 0;  // Requests in them; a request in several parts counts as often.
  std::uint64_t tokens = 0;
  std::uint64_t waiting = 0;  // Requests that are not finished now.
};

class ScheduledSequence;

// Thread-safe. Outlives its sequences.
class BatchScheduler {
 public:
  // Model and pool are borrowed; nobody uses the pool meanwhile but who holds options.turn.
  BatchScheduler(const Model& model, ThreadPool& pool, const BatchSchedulerOptions& options = {});

  const Model& model() const { return transformer_.model(); }
  std::uint32_t max_batch() const { return transformer_.max_batch(); }
  BatchCounts counts() const;

 private:
  friend class ScheduledSequence;
  struct Request {
    ScheduledSequence& owner;
    KvCache& cache;
    std::span<const BatchToken> tokens;
    const std::stop_token& stop;
    std::uint32_t length_before;
    std::uint32_t done = 0;  // Tokens computed.
    std::optional<Error> error;
    bool finished = false;
    double seconds = 0;   // Of the batches that it was in ...
    bool shared = false;  // ... one of which held others, too.
  };
  struct Part {
    Request* request;
    std::uint32_t tokens;  // From request->done on.
  };

  void run(Request& request);
  void lead(std::unique_lock<std::mutex>& lock);
  void gather(std::unique_lock<std::mutex>& lock);
  std::vector<Part> next_parts();
  void compute(std::span<const Part> parts);
  void finish(std::span<const Part> parts);
  bool nobody_else(const ScheduledSequence& sequence) const;

  const BatchSchedulerOptions options_;
  mutable std::mutex mutex_;
  // Of whoever leads; the lead changes under the mutex.
  Transformer transformer_;
  double batch_seconds_ = 0;  // The last batch's.
  // Under the mutex.
  bool led_ = false;
  std::list<Request*> waiting_;  // In the order of their turn.
  std::vector<ScheduledSequence*> sequences_;
  BatchCounts counts_;
  std::condition_variable arrived_, finished_;
};

// A sequence's way to a scheduler. Thread-compatible: one call at a time, from any thread.
class ScheduledSequence {
 public:
  // Borrowed.
  explicit ScheduledSequence(BatchScheduler& scheduler);
  ~ScheduledSequence();
  ScheduledSequence(const ScheduledSequence&) = delete;
  ScheduledSequence& operator=(const ScheduledSequence&) = delete;

  // As Transformer::forward() for one sequence, bit for bit, whatever else is computed: appends at
  // most max_batch() tokens to the cache and returns the logits of those that want them, valid
  // until this sequence's next call. The cache is this call's until it returns, and must be able to
  // be shortened again by the tokens. A failure concerns this sequence alone; its cache is then as
  // before. `stop` is looked at before each batch, and within one that nobody shares.
  Result<std::span<const float>> compute(KvCache& cache, std::span<const BatchToken> tokens,
                                         const std::stop_token& stop = {});

  // No token follows for a while: nobody waits for this sequence.
  void rest();

  // Whether no other sequence waits for a batch, is in one, or is about to ask for one.
  bool is_alone() const;

  // What the last call took, waiting for others left out.
  struct Pass {
    double seconds = 0;
    bool shared = false;  // Others were computed with it.
  };
  const Pass& last_pass() const { return last_pass_; }

  const BatchScheduler& scheduler() const { return scheduler_; }

 private:
  friend class BatchScheduler;
  // Takes the logits of a batch, whose first are `own`; of one that nobody shared with the buffer.
  void take_logits(std::span<const float> own, Transformer& transformer, bool whole_batch);

  BatchScheduler& scheduler_;
  AlignedVector<float> logits_;  // (given_, vocab), perhaps with room for more
  std::size_t given_ = 0;        // Floats.
  Pass last_pass_;
  bool choosing_ = false;  // Got logits and has not come back; under the scheduler's mutex.
};

}  // namespace saseo
