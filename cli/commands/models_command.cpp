// saseo models: the model files that a person has, by name.
#include <algorithm>
#include <memory>
#include <optional>

#include "app/models/answering_model.h"
#include "cli/commands/commands.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "app/json/model_json.h"
#include "app/models/model_loading.h"
#include "app/models/model_check.h"
#include "cli/commands/models_prepack.h"
#include "cli/views/models_view.h"
#include "cli/terminal/progress.h"
#include "cli/say.h"

namespace saseo::cli {
namespace {

struct ModelsArguments {
  ModelArguments run;  // `model`: the name or place on the command line.
  std::optional<std::string> name;
  bool json = false;
  bool remove_prepacked = false;
};

Status check_name(const std::string& name) {
  if (is_model_name(name)) return {};
  return make_error(ErrorCode::kInvalidArgument,
                    "\"{}\" cannot name a model: letters, digits and . _ : + - between them",
                    "\"{}\"은(는) 모델 이름으로 쓸 수 없습니다. 글자, 숫자와 그 사이의 . _ : + "
                    "-만 쓸 수 있습니다",
                    name);
}

// The name to register under; a model at the same path is renamed when one was asked for.
Result<std::string> choose_name(ModelRegistry& registry, const ModelsArguments& arguments,
                                const RegisteredModel& described, const std::string& proposed) {
  const RegisteredModel* known = registry.find_path(described.path);
  if (!arguments.name) {
    if (known != nullptr) return known->name;
    const std::string wanted = is_model_name(proposed) ? proposed : "model";
    return registry.free_name(wanted, described.quantization, described.path);
  }
  const RegisteredModel* holder = registry.find(*arguments.name);
  if (holder != nullptr && holder != known && look_at_files(*holder).state != FilesState::kMissing)
    return make_error(ErrorCode::kInvalidArgument,
                      "the name {} is taken by {}; choose another, or saseo models remove {}",
                      "{} 이름은 이미 {}에 쓰고 있습니다. 다른 이름을 고르거나 saseo models "
                      "remove {}을(를) 먼저 실행하세요",
                      holder->name, holder->path.string(), holder->name);
  return *arguments.name;
}

Status register_model(ModelRegistry& registry, const ModelsArguments& arguments,
                      RegisteredModel& described, const std::string& proposed) {
  SASEO_ASSIGN_OR_RETURN(described.name, choose_name(registry, arguments, described, proposed));
  bool was_default = false;
  if (const RegisteredModel* known = registry.find_path(described.path);
      known != nullptr && known->name != described.name) {
    was_default = registry.default_model() == known;
    SASEO_RETURN_IF_ERROR(registry.remove(known->name));
  }
  registry.put(described);
  return was_default ? registry.set_default(described.name) : Status();
}

int add_model(Session& session, const ModelsArguments& arguments) {
  const Interrupts interrupts;
  const auto add = [&]() -> Status {
    if (arguments.name) SASEO_RETURN_IF_ERROR(check_name(*arguments.name));
    SASEO_ASSIGN_OR_RETURN(
        const ModelSource source,
        find_model_source(arguments.run.model, model_stores(process_environment)));
    SASEO_ASSIGN_OR_RETURN(const Model model, saseo::open_model(source.path));
    ProgressBar progress(session.console, !arguments.json);
    SASEO_ASSIGN_OR_RETURN(RegisteredModel described, describe_model(model, source.path));
    std::uint64_t done = 0;
    const LongRead read = {.stop = interrupts.token(), .on_bytes = [&](std::uint64_t bytes) {
                             progress.show_share("SHA-256", done += bytes, described.bytes());
                           }};
    SASEO_RETURN_IF_ERROR(hash_files(described, read));
    progress.clear();
    const std::string proposed =
        source.name.empty() ? model_name_of_title(model.name) : source.name;
    Json json;
    std::string view;
    Status written =
        ModelRegistry::update(session.config.models, [&](ModelRegistry& registry) -> Status {
          SASEO_RETURN_IF_ERROR(register_model(registry, arguments, described, proposed));
          json = registered_json(described, registry);
          view = models_view(registry, session.console);
          return {};
        });
    if (!written.ok()) return written;
    if (arguments.json) {
      Json out = {{"version", kJsonVersion}};
      out.update(json);
      session.print_json(dump(out));
    } else {
      session.console.out.write(say("registered: {}\n", "등록했습니다: {}\n", described.name) +
                                view);
    }
    return {};
  };
  const Status added = add();
  return added.ok() ? kExitOk : session.fail(added.error(), arguments.json);
}

int list_models(Session& session, const ModelsArguments& arguments) {
  const Result<ModelRegistry> registry = ModelRegistry::open(session.config.models);
  if (!registry.ok()) return session.fail(registry.error(), arguments.json);
  if (!arguments.json) {
    session.console.out.write(models_view(*registry, session.console));
    return kExitOk;
  }
  Json models = Json::array();
  for (const RegisteredModel& model : registry->models())
    models.push_back(registered_json(model, *registry));
  session.print_json(dump({{"version", kJsonVersion}, {"models", std::move(models)}}));
  return kExitOk;
}

int show_model(Session& session, const ModelsArguments& arguments) {
  const auto show = [&]() -> Status {
    SASEO_ASSIGN_OR_RETURN(const ModelReference reference,
                           find_model(session, arguments.run.model));
    SASEO_ASSIGN_OR_RETURN(const Model model, open_reference(session, reference));
    const RegisteredModel* registered = reference.registered ? &*reference.registered : nullptr;
    const SessionOptions options = {.context = std::min(model.config.context, kDefaultContext)};
    const MemoryNeed need = memory_need(model, options);
    if (!arguments.json) {
      session.console.out.write(
          model_view(model, registered, need, options.context, session.console));
      return {};
    }
    SASEO_ASSIGN_OR_RETURN(const ModelRegistry registry,
                           ModelRegistry::open(session.config.models));
    Json json = {{"version", kJsonVersion}, {"registered", registered != nullptr}};
    SASEO_ASSIGN_OR_RETURN(RegisteredModel facts, describe_model(model, reference.path));
    facts.name = model.name;
    json.update(registered_json(registered != nullptr ? *registered : facts, registry));
    json["memory"] = memory_json(need);
    json["memory"]["context"] = options.context;
    json.update(inside_json(model));
    session.print_json(dump(json));
    return {};
  };
  const Status shown = show();
  return shown.ok() ? kExitOk : session.fail(shown.error(), arguments.json);
}

// Applies a change and tells of the model that it was about.
int change(Session& session, const ModelsArguments& arguments, MessageText<std::string> english,
           MessageText<std::string> korean, Status (ModelRegistry::*what)(std::string_view)) {
  Json json;
  const Status done =
      ModelRegistry::update(session.config.models, [&](ModelRegistry& registry) -> Status {
        const RegisteredModel* found = registry.find(arguments.run.model);
        const RegisteredModel before = found != nullptr ? *found : RegisteredModel();
        SASEO_RETURN_IF_ERROR((registry.*what)(arguments.run.model));
        json = registered_json(before, registry);
        return {};
      });
  if (!done.ok()) return session.fail(done.error(), arguments.json);
  if (arguments.json) {
    Json out = {{"version", kJsonVersion}};
    out.update(json);
    session.print_json(dump(out));
  } else {
    session.console.out.write(say(english, korean, arguments.run.model) + "\n");
  }
  return kExitOk;
}

int check(Session& session, const ModelsArguments& arguments) {
  return check_model(session, arguments.run.model, arguments.json);
}

int prepack(Session& session, const ModelsArguments& arguments) {
  return prepack_command(session, arguments.run.model, arguments.remove_prepacked, arguments.json);
}

// Questions are answered from the manuals' own words again; no file runs by default.
int use_extractive(Session& session, const ModelsArguments& arguments) {
  const Status done =
      ModelRegistry::update(session.config.models, [](ModelRegistry& registry) -> Status {
        registry.clear_default();
        return {};
      });
  if (!done.ok()) return session.fail(done.error(), arguments.json);
  if (arguments.json) {
    session.print_json(dump({{"version", kJsonVersion}, {"name", kExtractive}}));
  } else {
    session.console.out.write(say("no model file is the default: the manuals' own words answer\n",
                                  "기본 모델 없음: 설명서의 글을 그대로 뽑아 답합니다\n"));
  }
  return kExitOk;
}

int use_model(Session& session, const ModelsArguments& arguments) {
  if (arguments.run.model == kExtractive) return use_extractive(session, arguments);
  return change(session, arguments, "the default is now {}", "기본 모델: {}",
                &ModelRegistry::set_default);
}

int remove_model(Session& session, const ModelsArguments& arguments) {
  if (const Result<ModelRegistry> registry = ModelRegistry::open(session.config.models);
      registry.ok() && registry->find(arguments.run.model) != nullptr)
    warn_of_prepacked(session, registry->find(arguments.run.model)->path);
  return change(session, arguments, "removed from the list: {} (its files stay)",
                "목록에서 뺐습니다: {} (파일은 그대로)", &ModelRegistry::remove);
}

using ModelsAction = int (*)(Session&, const ModelsArguments&);

CLI::App* add_action(CLI::App& models, Run& run, const std::shared_ptr<ModelsArguments>& arguments,
                     const std::string& name, const std::string& description, ModelsAction action) {
  CLI::App* command = models.add_subcommand(name, description);
  command->footer("");
  command->group(say("Commands", "명령"));
  command->fallthrough();
  command->set_help_flag("-h,--help", say("Show this help", "이 도움말 보기"));
  command->add_flag("-j,--json", arguments->json, say("One JSON object", "JSON 객체 하나로 출력"));
  command->callback([arguments, action, &run] {
    run = [arguments, action](Session& session) { return action(session, *arguments); };
  });
  return command;
}

void add_name(CLI::App& command, ModelsArguments& arguments, bool required) {
  command
      .add_option("model", arguments.run.model,
                  say("Registered name, or a path", "등록한 이름 또는 경로"))
      ->type_name("MODEL")
      ->required(required);
}

}  // namespace

void add_models_command(CLI::App& program, Run& run) {
  auto arguments = std::make_shared<ModelsArguments>();
  CLI::App* models = program.add_subcommand(
      "models", say("Register, list, check model files", "모델 파일 등록, 목록, 점검"));
  models->require_subcommand(1);
  add_action(*models, run, arguments, "list", say("All registered models", "등록한 모델 목록"),
             list_models);
  CLI::App* add = add_action(*models, run, arguments, "add",
                             say("Register a file or folder", "파일이나 폴더 등록"), add_model);
  add->add_option("source", arguments->run.model,
                  say("GGUF file, folder, ollama:NAME:TAG or hf:ORG/NAME",
                      "GGUF 파일, 폴더, ollama:이름:태그 또는 hf:조직/이름"))
      ->type_name("PATH")
      ->required();
  add->add_option("--name", arguments->name, say("Name to register by", "등록할 이름"))
      ->type_name("NAME");
  add_name(*add_action(*models, run, arguments, "show",
                       say("Facts, metadata and tensors", "정보, 메타데이터, 텐서"), show_model),
           *arguments, false);
  add_name(*add_action(
               *models, run, arguments, "check",
               say("Self-test: content, numbers, a short run", "자가 점검: 내용, 숫자, 잠깐 실행"),
               check),
           *arguments, false);
  CLI::App* prepacking = add_action(
      *models, run, arguments, "prepack",
      say("Keep weights rearranged: fast starts", "재배열한 가중치 저장: 빨리 시작"), prepack);
  add_name(*prepacking, *arguments, false);
  prepacking->add_flag("--remove", arguments->remove_prepacked,
                       say("Delete that file again", "저장한 파일 지우기"));
  add_name(*add_action(*models, run, arguments, "use",
                       say("Let it answer by default", "기본 모델로"), use_model),
           *arguments, true);
  add_name(*add_action(*models, run, arguments, "remove",
                       say("Take it off the list; files stay", "목록에서 빼기(파일은 그대로)"),
                       remove_model),
           *arguments, true);
}

}  // namespace saseo::cli
