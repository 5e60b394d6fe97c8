// saseo doctor: what is in force, where each value comes from, and what is missing.
#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/health/findings.h"
#include "app/json/health_json.h"
#include "app/json/json.h"
#include "cli/commands/commands.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/say.h"
#include "engine/kernels/distance.h"
#include "engine/kernels/matmul.h"

namespace saseo::cli {
namespace {

// A source for people; names of options, variables and files stay.
std::string source_words(const std::string& source) {
  if (source == "default") return say("default", "기본값");
  if (source == "locale") return say("locale", "로캘");
  if (source == "read") return say("read", "읽음");
  if (source == "absent") return say("no such file", "파일 없음");
  return source;
}

int show(TerminalSession& session, const std::vector<app::Finding>& findings, int exit_code) {
  Writer& out = session.console.out;
  out.write(session.console.out_style(Style::kBold, say("Settings", "설정")) + "\n");
  for (const app::SettingInForce& setting : app::settings_in_force(session))
    out.write("  " + padded(setting.name, 16) + (setting.value.empty() ? "-" : setting.value) +
              session.console.out_style(Style::kDim, "  [" + source_words(setting.source) + "]") +
              "\n");
  out.write("  " + padded("kernels", 16) +
            say("vectors {}, models {}", "벡터 {}, 모델 {}", distance_kernel_name(),
                matmul_kernels().name) +
            "\n");
  out.write(session.console.out_style(Style::kBold, say("Health", "상태")) + "\n");
  for (const app::Finding& finding : findings) {
    const bool good = finding.health == app::Health::kGood;
    const Style style = good                                      ? Style::kGood
                        : finding.health == app::Health::kMissing ? Style::kWarning
                                                                  : Style::kError;
    out.write("  " + session.console.out_style(style, good ? "✔ " : "✘ ") +
              padded(say(finding.title), 20) + without_controls(say(finding.value)) + "\n");
    if (!finding.remedy.message.empty())
      out.write("      " +
                wrap_text(without_controls(told(finding.remedy)), session.console.width, 6) + "\n");
  }
  out.flush();
  return exit_code;
}

int run_doctor(TerminalSession& session, bool json) {
  const std::vector<app::Finding> findings = app::look_for_findings(session);
  const int exit_code = app::is_usable(findings) ? kExitOk : kExitLibrary;
  if (!json) return show(session, findings, exit_code);
  session.print_json(
      app::dump(app::health_json(app::settings_in_force(session), findings, wording())));
  return exit_code;
}

}  // namespace

void add_doctor_command(CLI::App& program, Run& run) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = program.add_subcommand(
      "doctor", say("What is in force and what is missing", "설정과 빠진 것 점검"));
  command->add_flag("-j,--json", *json, say("One JSON object", "JSON 객체 하나로 출력"));
  command->callback([json, &run] {
    run = [json](TerminalSession& session) { return run_doctor(session, *json); };
  });
}

}  // namespace saseo::cli
