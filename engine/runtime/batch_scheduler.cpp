#include "engine/runtime/batch_scheduler.h"

#include <algorithm>
#include <cassert>
#include <chrono>

#include "base/message.h"

namespace saseo {
namespace {

using Clock = std::chrono::steady_clock;

// Choosing a token takes a fraction of a millisecond, however fast batches are.
constexpr double kMinPatience = 2e-4;  // Seconds.
constexpr double kMaxPatience = 60;

}  // namespace

BatchScheduler::BatchScheduler(const Model& model, ThreadPool& pool,
                               const BatchSchedulerOptions& options)
    : options_(options), transformer_(model, pool, options.transformer) {}

BatchCounts BatchScheduler::counts() const {
  const std::scoped_lock lock(mutex_);
  BatchCounts counts = counts_;
  counts.waiting = waiting_.size();
  return counts;
}

void BatchScheduler::run(Request& request) {
  std::unique_lock lock(mutex_);
  request.owner.choosing_ = false;
  waiting_.push_back(&request);
  arrived_.notify_all();
  while (!request.finished) {
    if (led_) {
      finished_.wait(lock);
      continue;
    }
    led_ = true;
    lead(lock);
    led_ = false;
    finished_.notify_all();
  }
}

// One batch.
void BatchScheduler::lead(std::unique_lock<std::mutex>& lock) {
  gather(lock);
  const std::vector<Part> parts = next_parts();
  if (parts.empty()) return;  // All were cancelled.
  lock.unlock();
  {
    std::unique_lock<std::mutex> turn;
    if (options_.turn != nullptr) turn = std::unique_lock(*options_.turn);
    const auto start = Clock::now();
    compute(parts);
    batch_seconds_ = std::chrono::duration<double>(Clock::now() - start).count();
  }
  lock.lock();
  finish(parts);
}

void BatchScheduler::gather(std::unique_lock<std::mutex>& lock) {
  if (options_.patience <= 0) return;
  const double seconds = std::clamp(options_.patience * batch_seconds_, kMinPatience, kMaxPatience);
  const auto due = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(seconds));
  const auto nobody_chooses = [&] {
    return std::ranges::none_of(sequences_, &ScheduledSequence::choosing_);
  };
  if (arrived_.wait_until(lock, due, nobody_chooses)) return;
  // Whoever is late is not waited for again until it has come.
  for (ScheduledSequence* sequence : sequences_) sequence->choosing_ = false;
}

std::vector<BatchScheduler::Part> BatchScheduler::next_parts() {
  std::erase_if(waiting_, [](Request* request) {
    if (!request->stop.stop_requested()) return false;
    request->cache.truncate(request->length_before);
    request->error = make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
    request->finished = true;
    return true;
  });
  if (waiting_.empty()) return {};
  std::vector<std::uint32_t> tokens;
  for (const Request* request : waiting_)
    tokens.push_back(static_cast<std::uint32_t>(request->tokens.size()) - request->done);
  const std::vector<std::uint32_t> taken =
      plan_batch(tokens, {.max_batch = max_batch(),
                          .step_tokens = options_.step_tokens,
                          .prompt_beside_steps = options_.prompt_beside_steps});
  std::vector<Part> parts;
  auto request = waiting_.begin();
  for (const std::uint32_t count : taken) {
    if (count > 0) parts.push_back({*request, count});
    ++request;
  }
  return parts;
}

void BatchScheduler::compute(std::span<const Part> parts) {
  std::vector<BatchToken> batch;
  std::vector<KvCache*> caches;
  for (const auto& [request, count] : parts) {
    for (BatchToken token : request->tokens.subspan(request->done, count)) {
      token.sequence = static_cast<std::uint32_t>(caches.size());
      batch.push_back(token);
    }
    caches.push_back(&request->cache);
  }
  const Result<std::span<const float>> computed = transformer_.forward(
      batch, caches, parts.size() == 1 ? parts[0].request->stop : std::stop_token());
  if (!computed.ok() && parts.size() > 1) {  // Whose fault is it?
    for (const Part& part : parts) compute(std::span(&part, 1));
    return;
  }
  if (!computed.ok()) {
    parts[0].request->cache.truncate(parts[0].request->length_before);
    parts[0].request->error = computed.error();
    return;
  }
  std::span<const float> logits = *computed;
  for (const auto& [request, count] : parts) {
    const std::span<const BatchToken> tokens = request->tokens.subspan(request->done, count);
    const auto wanting =
        static_cast<std::size_t>(std::ranges::count_if(tokens, &BatchToken::wants_logits));
    const std::span<const float> own = logits.first(wanting * model().config.vocab);
    logits = logits.subspan(own.size());
    request->owner.take_logits(own, transformer_, parts.size() == 1);
    request->done += count;
  }
}

void BatchScheduler::finish(std::span<const Part> parts) {
  ++counts_.batches;
  for (const auto& [request, count] : parts) {
    ++counts_.requests;
    counts_.tokens += count;
    request->seconds += batch_seconds_;
    request->shared = request->shared || parts.size() > 1;
    waiting_.remove(request);
    request->finished = request->error.has_value() || request->done == request->tokens.size();
    if (!request->finished) {
      waiting_.push_back(request);  // The next prompt's turn.
    } else {
      request->owner.choosing_ = !request->error && request->owner.given_ > 0;
    }
  }
}

bool BatchScheduler::nobody_else(const ScheduledSequence& sequence) const {
  return std::ranges::all_of(
             waiting_, [&](const Request* request) { return &request->owner == &sequence; }) &&
         std::ranges::none_of(sequences_, [&](const ScheduledSequence* other) {
           return other != &sequence && other->choosing_;
         });
}

ScheduledSequence::ScheduledSequence(BatchScheduler& scheduler) : scheduler_(scheduler) {
  const std::scoped_lock lock(scheduler_.mutex_);
  scheduler_.sequences_.push_back(this);
}

ScheduledSequence::~ScheduledSequence() {
  rest();
  const std::scoped_lock lock(scheduler_.mutex_);
  std::erase(scheduler_.sequences_, this);
}

Result<std::span<const float>> ScheduledSequence::compute(KvCache& cache,
                                                          std::span<const BatchToken> tokens,
                                                          const std::stop_token& stop) {
  assert(!tokens.empty() && tokens.size() <= scheduler_.max_batch());
  given_ = 0;
  BatchScheduler::Request request = {.owner = *this,
                                     .cache = cache,
                                     .tokens = tokens,
                                     .stop = stop,
                                     .length_before = cache.length()};
  scheduler_.run(request);
  last_pass_ = {request.seconds, request.shared};
  if (request.error) return *std::move(request.error);
  return std::span<const float>(logits_).first(given_);
}

void ScheduledSequence::take_logits(std::span<const float> own, Transformer& transformer,
                                    bool whole_batch) {
  if (own.empty()) return;
  if (whole_batch && given_ == 0) {
    transformer.swap_logits(logits_);
  } else {
    if (logits_.size() < given_ + own.size()) logits_.resize(given_ + own.size());
    std::ranges::copy(own, logits_.begin() + static_cast<std::ptrdiff_t>(given_));
  }
  given_ += own.size();
}

bool ScheduledSequence::is_alone() const {
  const std::scoped_lock lock(scheduler_.mutex_);
  return scheduler_.nobody_else(*this);
}

void ScheduledSequence::rest() {
  const std::scoped_lock lock(scheduler_.mutex_);
  choosing_ = false;
  scheduler_.arrived_.notify_all();
}

}  // namespace saseo
