#include "engine/runtime/model_runtime.h"

#include "engine/runtime/speculation.h"

namespace saseo {
namespace {

std::unique_ptr<ThreadPool> own_threads(const SessionOptions& options, const ThreadPool* borrowed) {
  return borrowed != nullptr ? nullptr : std::make_unique<ThreadPool>(options.threads);
}

std::uint64_t pool_bytes(const Model& model, const SessionOptions& options,
                         const RuntimeOptions& runtime) {
  return runtime.pool_bytes != 0 ? runtime.pool_bytes
                                 : kv_cache_bytes(model.config, kv_options(options));
}

std::unique_ptr<BatchScheduler> draft_scheduler(const SessionOptions& options, ThreadPool& threads,
                                                std::mutex& turn) {
  if (!options.speculation.on() || options.speculation.draft_model == nullptr) return nullptr;
  return std::make_unique<BatchScheduler>(
      *options.speculation.draft_model, threads,
      BatchSchedulerOptions{.transformer = draft_transformer_options(transformer_options(options)),
                            .turn = &turn});
}

}  // namespace

ModelRuntime::ModelRuntime(const Model& model, const SessionOptions& options,
                           RuntimeOptions runtime)
    : own_threads_(own_threads(options, runtime.threads)),
      pool_(model.config, kv_options(options), pool_bytes(model, options, runtime),
            std::move(runtime.store)),
      scheduler_(model, runtime.threads != nullptr ? *runtime.threads : *own_threads_,
                 {.transformer = transformer_options(options), .turn = &turn_}),
      draft_(draft_scheduler(options, runtime.threads != nullptr ? *runtime.threads : *own_threads_,
                             turn_)) {}

SessionParts ModelRuntime::parts() {
  return {.scheduler = scheduler_, .pool = pool_, .draft = draft_.get()};
}

}  // namespace saseo
