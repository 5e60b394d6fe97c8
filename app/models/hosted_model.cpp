#include "app/models/hosted_model.h"

#include <utility>
#include <vector>

#include "generation/local_chat_model.h"

namespace saseo::app {

std::shared_ptr<ModelHost> host_model(const Application& application, ModelOptions options,
                                      std::uint32_t conversations, const ModelHostOptions& host) {
  const FitModel fit = [conversations](const Model& model, const SessionOptions& wanted,
                                       std::uint64_t limit) {
    return fit_local_chats(model, wanted, conversations, limit);
  };
  return std::make_shared<ModelHost>(
      [&application, options = std::move(options), conversations,
       fit](std::stop_token stop) -> Result<HostedModel> {
        SASEO_ASSIGN_OR_RETURN(LoadedModel loaded, load_model(application, options, fit, stop));
        HostedModel hosted;
        hosted.model = std::move(loaded.model);
        hosted.draft = std::move(loaded.draft);
        hosted.options = loaded.options;
        hosted.pool_bytes = kept_prompt_bytes(hosted.model, hosted.options, conversations);
        hosted.store = std::move(loaded.kv_store);
        hosted.kept = std::make_shared<std::vector<MappedFileGuard>>(std::move(loaded.guards));
        return hosted;
      },
      host);
}

}  // namespace saseo::app
