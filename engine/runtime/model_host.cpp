#include "engine/runtime/model_host.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "base/message.h"
#include "engine/runtime/model_runtime.h"

namespace saseo {
namespace {

Error stopped_before_use() { return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다"); }

bool are_alike(const SessionOptions& a, const SessionOptions& b) {
  return a.context == b.context && a.max_batch == b.max_batch &&
         a.speculation.lookup == b.speculation.lookup &&
         a.speculation.draft_model == b.speculation.draft_model &&
         a.speculation.max_draft == b.speculation.max_draft &&
         a.speculation.always == b.speculation.always;
}

}  // namespace

// Destroyed from the last member up: sessions before what they borrow.
struct HostLoaded {
  explicit HostLoaded(HostedModel model)
      : hosted(std::move(model)),
        tokenizer(std::move(hosted.model.vocabulary)),
        chat(ChatTemplate::create(tokenizer)),
        runtime(hosted.model, hosted.options,
                {.pool_bytes = hosted.pool_bytes, .store = std::move(hosted.store)}) {
    assert(hosted.options.speculation.draft_model == hosted.draft.get());
  }

  HostedModel hosted;
  const Tokenizer tokenizer;
  const Result<ChatTemplate> chat;  // Borrows the tokenizer.
  ModelRuntime runtime;
  struct Resting {
    SessionOptions options;
    std::unique_ptr<Session> session;
  };
  std::mutex mutex;
  std::vector<Resting> resting;  // Sessions that nobody uses, the latest last; under the mutex.
};

void GiveSessionBack::operator()(Session* session) const {
  const std::scoped_lock lock(loaded->mutex);
  loaded->resting.push_back({options, std::unique_ptr<Session>(session)});
}

ModelLease::~ModelLease() {
  if (host_ != nullptr) host_->release();
}

const Model& ModelLease::model() const { return loaded_->hosted.model; }
const SessionOptions& ModelLease::options() const { return loaded_->hosted.options; }
const Tokenizer& ModelLease::tokenizer() const { return loaded_->tokenizer; }
const Result<ChatTemplate>& ModelLease::chat() const { return loaded_->chat; }
KvCachePool& ModelLease::kept_prompts() const { return loaded_->runtime.kept_prompts(); }

BorrowedSession ModelLease::borrow_session(const SessionOptions& options) const {
  std::unique_ptr<Session> session;
  {
    const std::scoped_lock lock(loaded_->mutex);
    std::vector<HostLoaded::Resting>& resting = loaded_->resting;
    const auto latest = std::find_if(
        resting.rbegin(), resting.rend(),
        [&](const HostLoaded::Resting& one) { return are_alike(one.options, options); });
    if (latest != resting.rend()) {
      session = std::move(latest->session);
      resting.erase(std::next(latest).base());
    }
  }
  if (!session) session = std::make_unique<Session>(loaded_->runtime.parts(), options);
  return {session.release(), GiveSessionBack{loaded_, options}};
}

ModelHost::ModelHost(ModelLoader loader, ModelHostOptions options)
    : loader_(std::move(loader)), options_(std::move(options)) {}

ModelHost::ModelHost(HostedModel model)
    : loaded_(std::make_unique<HostLoaded>(std::move(model))), loads_(1) {}

ModelHost::~ModelHost() { assert(leases_ == 0 && !changing_); }

Result<ModelLease> ModelHost::acquire(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (!loaded_ && changing_) {
    const std::uint64_t failures = failures_;
    ++waiting_;
    const bool over =
        changed_.wait(lock, stop, [&] { return !changing_ || failures_ != failures; });
    --waiting_;
    if (!over) return stopped_before_use();
    if (!loaded_ && failures_ != failures) return *failure_;
  }
  if (loaded_) {
    ++leases_;
    return ModelLease(*this, *loaded_);
  }
  changing_ = true;
  lock.unlock();
  Result<HostedModel> model = loader_(stop);
  std::unique_ptr<HostLoaded> loaded;
  if (model.ok()) loaded = std::make_unique<HostLoaded>(std::move(*model));
  lock.lock();
  changing_ = false;
  changed_.notify_all();
  if (!loaded) {
    // Who was not stopped does not fail because another was.
    if (model.error().code != ErrorCode::kCancelled) {
      failure_ = model.error();
      ++failures_;
    }
    return model.error();
  }
  loaded_ = std::move(loaded);
  ++loads_;
  ++leases_;
  return ModelLease(*this, *loaded_);
}

void ModelHost::release() {
  const std::scoped_lock lock(mutex_);
  --leases_;
  last_used_ = options_.now();
}

bool ModelHost::unload() {
  std::unique_lock lock(mutex_);
  return unload(lock);
}

bool ModelHost::unload_idle() {
  std::unique_lock lock(mutex_);
  if (options_.idle.count() == 0 || options_.now() - last_used_ < options_.idle) return false;
  return unload(lock);
}

bool ModelHost::unload(std::unique_lock<std::mutex>& lock) {
  if (!loaded_ || leases_ > 0 || changing_ || !loader_) return false;
  // Who comes meanwhile waits, so that there are never two copies of the weights.
  std::unique_ptr<HostLoaded> unloaded = std::move(loaded_);
  changing_ = true;
  lock.unlock();
  unloaded.reset();
  lock.lock();
  changing_ = false;
  changed_.notify_all();
  return true;
}

ModelHost::State ModelHost::state() const {
  const std::scoped_lock lock(mutex_);
  return {.loaded = loaded_ != nullptr, .leases = leases_, .waiting = waiting_, .loads = loads_};
}

}  // namespace saseo
