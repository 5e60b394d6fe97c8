#include "cli/commands/eval_tune.h"

#include <CLI/App.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/evaluation/tuning_run.h"
#include "app/json/evaluation_json.h"
#include "app/json/json.h"
#include "app/settings/application.h"
#include "app/settings/profile.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/say.h"
#include "cli/views/eval_tune_view.h"

namespace saseo::cli {
namespace {

struct TuneArguments {
  std::string questions, write;
  eval::TuneOptions tune;
  bool write_anyway = false, json = false;
};

void show_tuning(ProgressBar& bar, const eval::TuneProgress& progress) {
  if (progress.rechunking != nullptr) return bar.show(*progress.rechunking);
  const std::string what = progress.held_out ? say("held-out questions", "확인용 질문")
                           : progress.trial == 0
                               ? say("present settings", "지금 설정")
                               : say("trial {}/{}", "시도 {}/{}", progress.trial, progress.trials);
  std::string best;
  if (progress.trial > 0) best = say("  best {:.1f}", "  최고 {:.1f}", progress.best * 100);
  bar.show_text(fmt::format("{}  {}/{}{}", what, progress.question, progress.questions, best));
}

int run_tune(TerminalSession& session, const TuneArguments& arguments,
             const EvalArguments& present) {
  Interrupts interrupts;
  if (arguments.json) session.terminal.be_quiet();
  ProgressBar& bar = session.terminal.bar();
  const auto fail = [&](const Error& error) {
    const int code = session.fail(error, arguments.json);
    return interrupts.requested() ? kExitInterrupted : code;
  };
  if (arguments.write == app::kNoProfile)
    return fail(
        make_error(ErrorCode::kInvalidArgument, "\"{}\" stands for no profile; choose another name",
                   "\"{}\"은(는) 프로필이 없다는 뜻입니다. 다른 이름을 쓰세요", app::kNoProfile));
  app::TuningOptions options = {arguments.questions, present.evaluation.search, arguments.tune};
  options.tune.read = session.read_options(pdf_password(""));
  const Result<app::TuningDone> done = app::run_tuning(
      session, options, [&](const eval::TuneProgress& progress) { show_tuning(bar, progress); },
      interrupts.token());
  bar.clear();
  if (!done.ok()) return fail(done.error());

  const eval::Tuning& tuning = done->tuning;
  const bool wanted = !arguments.write.empty();
  const bool written =
      wanted && tuning.changed() && (tuning.shows_gain() || arguments.write_anyway);
  const std::filesystem::path file = app::profile_file(session.config.profiles, arguments.write);
  if (written) {
    const Status stored = app::write_tuned_profile(*done, arguments.tune, file, ui_language());
    if (!stored.ok()) return fail(stored.error());
  }
  if (arguments.json) {
    app::Json json = app::tuning_json(tuning, wording());
    json["profile"] = written ? app::Json(file.string()) : app::Json(nullptr);
    session.print_json(app::dump(json));
  } else {
    Writer& out = session.console.out;
    out.write(tuning_view(tuning, session.console));
    if (written) {
      out.write(
          say("Profile written: {0}. Use it: saseo ask --profile {1} QUESTION, or profile = "
              "\"{1}\" in {2}\n",
              "프로필을 썼습니다: {0}. 쓰려면: saseo ask --profile {1} 질문, 또는 {2}에 "
              "profile = \"{1}\"\n",
              file.string(), arguments.write, session.config.file.string()));
      if (tuning.winner.chunk_tokens != tuning.present.chunk_tokens)
        out.write(
            say("Its chunks are of another size: read the manuals again with saseo ingest "
                "--profile {} FILES\n",
                "청크 크기가 다릅니다. 설명서를 다시 읽으세요: saseo ingest --profile {} "
                "파일\n",
                arguments.write));
    } else if (wanted && tuning.changed()) {
      out.write(say("The profile was not written; --write-anyway writes it.\n",
                    "프로필을 쓰지 않았습니다. --write-anyway를 주면 씁니다.\n"));
    }
  }
  return wanted && !written ? kExitGate : kExitOk;
}

}  // namespace

void add_eval_tune(CLI::App& eval, Run& run, const std::shared_ptr<EvalArguments>& present) {
  auto arguments = std::make_shared<TuneArguments>();
  CLI::App* command = eval.add_subcommand(
      "tune", say("Choose settings on half of the questions, check them on the other half",
                  "질문의 반으로 설정을 고르고 나머지 반으로 확인하기"));
  command->fallthrough();
  command->footer("");
  command->set_help_flag("-h,--help", say("Show this help", "이 도움말 보기"));
  command->add_option("questions", arguments->questions, say("Question set", "질문 세트"))
      ->type_name("FILE")
      ->required();
  command
      ->add_option("-w,--write", arguments->write,
                   say("Write the winner as this profile when a gain is shown",
                       "이득이 확인되면 이 이름의 프로필로 쓰기"))
      ->type_name("NAME");
  command->add_flag("--write-anyway", arguments->write_anyway,
                    say("Write it also when none is shown", "이득이 확인되지 않아도 쓰기"));
  command
      ->add_option("--trials", arguments->tune.trials,
                   say("Settings tried at most: 60", "시도할 설정 수 한도: 60"))
      ->type_name("N")
      ->check(CLI::Range(1, 100'000).description(""));
  command
      ->add_option("--seed", arguments->tune.seed,
                   say("Of split, order and intervals: 1", "분할, 순서, 신뢰구간의 시드: 1"))
      ->type_name("N");
  command
      ->add_option("--refusal-weight", arguments->tune.refusal_weight,
                   say("What right refusals count in the score: as many as the unanswerable are",
                       "점수에서 옳은 거절의 비중: 답 없는 질문의 비율"))
      ->type_name("X")
      ->check(CLI::Range(0.0, 1.0).description(""));
  command->add_flag("-j,--json", arguments->json, say("As JSON", "JSON으로"));
  command->callback([arguments, present, &run] {
    run = [arguments, present](TerminalSession& session) {
      return run_tune(session, *arguments, *present);
    };
  });
}

}  // namespace saseo::cli
