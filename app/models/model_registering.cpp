#include "app/models/model_registering.h"

#include "app/models/reading_progress.h"
#include "app/settings/model_stores.h"
#include "base/message.h"
#include "engine/model/model.h"

namespace saseo::app {
namespace {

Status check_name(const std::string& name) {
  if (is_model_name(name)) return {};
  return make_error(ErrorCode::kInvalidArgument,
                    "\"{}\" cannot name a model: letters, digits and . _ : + - between them",
                    "\"{}\"은(는) 모델 이름으로 쓸 수 없습니다. 글자, 숫자와 그 사이의 . _ : + "
                    "-만 쓸 수 있습니다",
                    name);
}

// The name to register under; a model at the same path is renamed when one was asked for.
Result<std::string> choose_name(ModelRegistry& registry, const std::optional<std::string>& name,
                                const RegisteredModel& described, const std::string& proposed) {
  const RegisteredModel* known = registry.find_path(described.path);
  if (!name) {
    if (known != nullptr) return known->name;
    const std::string wanted = is_model_name(proposed) ? proposed : "model";
    return registry.free_name(wanted, described.quantization, described.path);
  }
  const RegisteredModel* holder = registry.find(*name);
  if (holder != nullptr && holder != known && look_at_files(*holder).state != FilesState::kMissing)
    return make_error(ErrorCode::kInvalidArgument, "the name {} is taken by {}",
                      "{} 이름은 이미 {}에 쓰고 있습니다", holder->name, holder->path.string())
        .advise(AdviceKind::kChooseOtherName)
        .advise(AdviceKind::kRemoveModel, holder->name);
  return *name;
}

Status put_model(ModelRegistry& registry, const std::optional<std::string>& name,
                 RegisteredModel& described, const std::string& proposed) {
  SASEO_ASSIGN_OR_RETURN(described.name, choose_name(registry, name, described, proposed));
  bool was_default = false;
  if (const RegisteredModel* known = registry.find_path(described.path);
      known != nullptr && known->name != described.name) {
    was_default = registry.default_model() == known;
    SASEO_RETURN_IF_ERROR(registry.remove(known->name));
  }
  registry.put(described);
  return was_default ? registry.set_default(described.name) : Status();
}

}  // namespace

Result<RegisteredModel> register_model(const Application& application, const std::string& place,
                                       const std::optional<std::string>& name,
                                       std::stop_token stop) {
  if (name) SASEO_RETURN_IF_ERROR(check_name(*name));
  SASEO_ASSIGN_OR_RETURN(const ModelSource source,
                         find_model_source(place, model_stores(process_environment)));
  SASEO_ASSIGN_OR_RETURN(const Model model, saseo::open_model(source.path));
  SASEO_ASSIGN_OR_RETURN(RegisteredModel described, describe_model(model, source.path));
  {
    ReadingProgress progress(application.listener, untranslated("SHA-256"), described.bytes());
    SASEO_RETURN_IF_ERROR(hash_files(described, progress.read(stop)));
  }
  const std::string proposed = source.name.empty() ? model_name_of_title(model.name) : source.name;
  SASEO_RETURN_IF_ERROR(ModelRegistry::update(
      application.config.models,
      [&](ModelRegistry& registry) { return put_model(registry, name, described, proposed); }));
  return described;
}

}  // namespace saseo::app
