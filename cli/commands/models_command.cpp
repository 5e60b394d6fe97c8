// saseo models: the model files that a person has, by name.
#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/json/json.h"
#include "app/json/model_json.h"
#include "app/models/answering_model.h"
#include "app/models/model_check.h"
#include "app/models/model_loading.h"
#include "app/models/model_registering.h"
#include "cli/commands/commands.h"
#include "cli/commands/models_check.h"
#include "cli/commands/models_prepack.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/say.h"
#include "cli/views/models_view.h"

namespace saseo::cli {
namespace {

struct ModelsArguments {
  app::ModelOptions run;  // `model`: the name or place on the command line.
  std::optional<std::string> name;
  bool json = false;
  bool remove_prepacked = false;
};

int add_model(TerminalSession& session, const ModelsArguments& arguments) {
  const Interrupts interrupts;
  if (arguments.json) session.terminal.be_quiet();
  const Result<RegisteredModel> added =
      app::register_model(session, arguments.run.model, arguments.name, interrupts.token());
  if (!added.ok()) return session.fail(added.error(), arguments.json);
  const Result<ModelRegistry> registry = ModelRegistry::open(session.config.models);
  if (!registry.ok()) return session.fail(registry.error(), arguments.json);
  if (arguments.json) {
    app::Json out = {{"version", app::kJsonVersion}};
    out.update(app::registered_json(*added, *registry));
    session.print_json(app::dump(out));
  } else {
    session.console.out.write(say("registered: {}\n", "등록했습니다: {}\n", added->name) +
                              models_view(*registry, session.console));
  }
  return kExitOk;
}

int list_models(TerminalSession& session, const ModelsArguments& arguments) {
  const Result<ModelRegistry> registry = ModelRegistry::open(session.config.models);
  if (!registry.ok()) return session.fail(registry.error(), arguments.json);
  if (!arguments.json) {
    session.console.out.write(models_view(*registry, session.console));
    return kExitOk;
  }
  app::Json models = app::Json::array();
  for (const RegisteredModel& model : registry->models())
    models.push_back(app::registered_json(model, *registry));
  session.print_json(app::dump({{"version", app::kJsonVersion}, {"models", std::move(models)}}));
  return kExitOk;
}

int show_model(TerminalSession& session, const ModelsArguments& arguments) {
  const auto show = [&]() -> Status {
    SASEO_ASSIGN_OR_RETURN(const app::ModelReference reference,
                           app::find_model(session, arguments.run.model));
    SASEO_ASSIGN_OR_RETURN(const Model model, app::open_reference(session, reference));
    const RegisteredModel* registered = reference.registered ? &*reference.registered : nullptr;
    const SessionOptions options = {.context =
                                        std::min(model.config.context, app::kDefaultContext)};
    const MemoryNeed need = app::memory_need(model, options);
    if (!arguments.json) {
      session.console.out.write(
          model_view(model, registered, need, options.context, session.console));
      return {};
    }
    SASEO_ASSIGN_OR_RETURN(const ModelRegistry registry,
                           ModelRegistry::open(session.config.models));
    app::Json json = {{"version", app::kJsonVersion}, {"registered", registered != nullptr}};
    SASEO_ASSIGN_OR_RETURN(RegisteredModel facts, describe_model(model, reference.path));
    facts.name = model.name;
    json.update(app::registered_json(registered != nullptr ? *registered : facts, registry));
    json["memory"] = app::memory_json(need);
    json["memory"]["context"] = options.context;
    json.update(app::inside_json(model, wording()));
    session.print_json(app::dump(json));
    return {};
  };
  const Status shown = show();
  return shown.ok() ? kExitOk : session.fail(shown.error(), arguments.json);
}

// Applies a change and tells of the model that it was about.
int change(TerminalSession& session, const ModelsArguments& arguments,
           MessageText<std::string> english, MessageText<std::string> korean,
           Status (ModelRegistry::*what)(std::string_view)) {
  app::Json json;
  const Status done =
      ModelRegistry::update(session.config.models, [&](ModelRegistry& registry) -> Status {
        const RegisteredModel* found = registry.find(arguments.run.model);
        const RegisteredModel before = found != nullptr ? *found : RegisteredModel();
        SASEO_RETURN_IF_ERROR((registry.*what)(arguments.run.model));
        json = app::registered_json(before, registry);
        return {};
      });
  if (!done.ok()) return session.fail(done.error(), arguments.json);
  if (arguments.json) {
    app::Json out = {{"version", app::kJsonVersion}};
    out.update(json);
    session.print_json(app::dump(out));
  } else {
    session.console.out.write(say(english, korean, arguments.run.model) + "\n");
  }
  return kExitOk;
}

int check(TerminalSession& session, const ModelsArguments& arguments) {
  return check_model_command(session, arguments.run.model, arguments.json);
}

int prepack(TerminalSession& session, const ModelsArguments& arguments) {
  return prepack_command(session, arguments.run.model, arguments.remove_prepacked, arguments.json);
}

// Questions are answered from the manuals' own words again; no file runs by default.
int use_extractive(TerminalSession& session, const ModelsArguments& arguments) {
  const Status done =
      ModelRegistry::update(session.config.models, [](ModelRegistry& registry) -> Status {
        registry.clear_default();
        return {};
      });
  if (!done.ok()) return session.fail(done.error(), arguments.json);
  if (arguments.json) {
    session.print_json(app::dump({{"version", app::kJsonVersion}, {"name", app::kExtractive}}));
  } else {
    session.console.out.write(say("no model file is the default: the manuals' own words answer\n",
                                  "기본 모델 없음: 설명서의 글을 그대로 뽑아 답합니다\n"));
  }
  return kExitOk;
}

int use_model(TerminalSession& session, const ModelsArguments& arguments) {
  if (arguments.run.model == app::kExtractive) return use_extractive(session, arguments);
  return change(session, arguments, "the default is now {}", "기본 모델: {}",
                &ModelRegistry::set_default);
}

int remove_model(TerminalSession& session, const ModelsArguments& arguments) {
  if (const Result<ModelRegistry> registry = ModelRegistry::open(session.config.models);
      registry.ok() && registry->find(arguments.run.model) != nullptr)
    warn_of_prepacked(session, registry->find(arguments.run.model)->path);
  return change(session, arguments, "removed from the list: {} (its files stay)",
                "목록에서 뺐습니다: {} (파일은 그대로)", &ModelRegistry::remove);
}

using ModelsAction = int (*)(TerminalSession&, const ModelsArguments&);

CLI::App* add_action(CLI::App& models, Run& run, const std::shared_ptr<ModelsArguments>& arguments,
                     const std::string& name, const std::string& description, ModelsAction action) {
  CLI::App* command = models.add_subcommand(name, description);
  command->footer("");
  command->group(say("Commands", "명령"));
  command->fallthrough();
  command->set_help_flag("-h,--help", say("Show this help", "이 도움말 보기"));
  command->add_flag("-j,--json", arguments->json, say("One JSON object", "JSON 객체 하나로 출력"));
  command->callback([arguments, action, &run] {
    run = [arguments, action](TerminalSession& session) { return action(session, *arguments); };
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
