// saseo eval: which model is good enough for these manuals, how sure that is, and what it costs.
#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/evaluation/contestants.h"
#include "app/evaluation/evaluation_run.h"
#include "app/evaluation/reports.h"
#include "app/evaluation/runs.h"
#include "app/json/evaluation_json.h"
#include "app/json/json.h"
#include "app/models/answering_model.h"
#include "base/files.h"
#include "cli/arguments/model_arguments.h"
#include "cli/arguments/report_arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/eval_run.h"
#include "cli/commands/eval_tune.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/say.h"
#include "cli/views/eval_view.h"
#include "eval/draft/draft.h"
#include "eval/run/evaluate.h"

namespace saseo::cli {
namespace {

struct RunArguments {
  std::string run, split;
  std::vector<std::string> contestants;
  app::ReportOptions report;
  std::string out;
  bool json = false;
};

struct DraftArguments {
  std::string manual, out;
  std::uint64_t seed = 1;
  std::optional<std::size_t> count;
  app::AnsweringOptions wording;  // No model named: patterns word the questions.
};

int show_run(TerminalSession& session, const RunArguments& arguments) {
  const Status ready = app::check_report_options(arguments.report);
  if (!ready.ok()) return session.fail(ready.error(), arguments.json);
  const Result<eval::RunStore> run = eval::RunStore::open(app::run_path(arguments.run));
  if (!run.ok()) return session.fail(run.error(), arguments.json);
  return finish_eval(session, *run, arguments.report, arguments.split, arguments.contestants,
                     arguments.json);
}

int compare_run(TerminalSession& session, const RunArguments& arguments) {
  const Result<eval::RunStore> run = eval::RunStore::open(app::run_path(arguments.run));
  if (!run.ok()) return session.fail(run.error(), arguments.json);
  if (arguments.json)
    return finish_eval(session, *run, {}, arguments.split, arguments.contestants, true);
  eval::EvaluateOptions options;
  options.contestants = arguments.contestants;
  options.split = arguments.split;
  const Result<eval::Evaluation> evaluation = eval::evaluate(*run, options);
  if (!evaluation.ok()) return session.fail(evaluation.error(), false);
  Writer& out = session.console.out;
  if (evaluation->contestants.size() != 2) {
    std::string names;
    for (const eval::Contestant& contestant : evaluation->contestants)
      names += (names.empty() ? "" : ", ") + contestant.name;
    return session.fail(
        make_error(ErrorCode::kInvalidArgument,
                   "name the two to compare: saseo eval compare RUN FIRST SECOND; the run has {}",
                   "비교할 둘을 지정하세요: saseo eval compare RUN 첫째 둘째. 참가자: {}", names),
        false);
  }
  out.write(say("{} less {}; * significant after Holm's adjustment\n\n",
                "{}에서 {}을(를) 뺀 값. *은 Holm 보정 뒤에도 유의함\n\n",
                evaluation->contestants[1].name, evaluation->contestants[0].name));
  out.write(comparison_view(*evaluation, session.console));
  return kExitOk;
}

int list_all(TerminalSession& session, bool json) {
  const Result<std::vector<app::ListedRun>> runs = app::list_runs();
  if (!runs.ok()) return session.fail(runs.error(), json);
  if (!json) {
    session.console.out.write(runs_view(*runs, session.console));
    return kExitOk;
  }
  session.print_json(app::dump(app::runs_json(*runs)));
  return kExitOk;
}

int export_run(TerminalSession& session, const RunArguments& arguments) {
  const Result<eval::RunStore> run = eval::RunStore::open(app::run_path(arguments.run));
  if (!run.ok()) return session.fail(run.error(), false);
  const Result<std::string> lines = app::answer_lines(*run);
  if (!lines.ok()) return session.fail(lines.error(), false);
  if (arguments.out.empty()) {
    session.console.out.write(*lines);
    return kExitOk;
  }
  const Status written = write_file_atomically(arguments.out, *lines);
  return written.ok() ? kExitOk : session.fail(written.error(), false);
}

int draft(TerminalSession& session, const DraftArguments& arguments) {
  const auto fail = [&](const Error& error) { return session.fail(error, false); };
  const Result<Library> library = Library::open(session.library());
  if (!library.ok()) return fail(library.error());
  const Result<DocumentId> document = library->find_document(arguments.manual);
  if (!document.ok()) return fail(document.error());
  eval::DraftOptions options;
  options.seed = arguments.seed;
  if (arguments.count) {
    std::size_t all = 0;
    for (const auto& [type, quota] : options.quotas) all += quota;
    for (auto& [type, quota] : options.quotas)
      quota = std::max<std::size_t>(1, (quota * *arguments.count + all / 2) / all);
  }
  Interrupts interrupts;
  std::optional<app::OpenChatModel> model;
  if (const std::string& name = arguments.wording.model.model;
      !name.empty() && name != app::kExtractive) {
    Result<app::OpenChatModel> opened =
        app::open_chat_model(session, arguments.wording, interrupts.token());
    if (!opened.ok()) return fail(opened.error());
    model = std::move(*opened);
    options.model = model->model.get();
  }
  ProgressBar bar(session.console, options.model != nullptr);
  options.on_progress = [&](std::size_t done, std::size_t all) {
    bar.show_text(say("{} of {} questions", "질문 {}/{}", done, all));
  };
  const Result<eval::Draft> drafted =
      eval::draft_questions(*library, *document, options, interrupts.token());
  bar.clear();
  if (!drafted.ok()) return fail(drafted.error());
  const std::string lines = eval::json_lines_of(*drafted);
  if (arguments.out.empty()) {
    session.console.out.write(lines);
    return kExitOk;
  }
  if (const Status written = write_file_atomically(arguments.out, lines); !written.ok())
    return fail(written.error());
  session.console.out.write(say(
      "{} questions drafted: {}. Read them, correct them, take out \"reviewed\": false, then: "
      "saseo eval {} --models A,B\n",
      "질문 {}개의 초안: {}. 읽고 고친 뒤 \"reviewed\": false를 지우고 실행하세요: saseo eval {} "
      "--models A,B\n",
      drafted->questions.size(), arguments.out, arguments.out));
  return kExitOk;
}

void add_run_argument(CLI::App& command, const std::shared_ptr<RunArguments>& arguments) {
  command
      .add_option("run", arguments->run, say("A run's name or file", "실행 기록의 이름이나 파일"))
      ->type_name("RUN")
      ->required();
  command
      .add_option("--split", arguments->split,
                  say("Only the questions of this split", "이 분할의 질문만"))
      ->type_name("dev|test");
}

CLI::App* add_part(CLI::App& eval, const char* name, const std::string& description) {
  CLI::App* command = eval.add_subcommand(name, description);
  command->fallthrough();
  command->footer("");
  command->set_help_flag("-h,--help", say("Show this help", "이 도움말 보기"));
  return command;
}

void add_parts_on_runs(CLI::App& eval, Run& run) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* show = add_part(eval, "show", say("The evaluation of a run", "실행 기록의 평가"));
  add_run_argument(*show, arguments);
  show->add_flag("-j,--json", arguments->json, say("As JSON", "JSON으로"));
  show->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return show_run(session, *arguments); };
  });

  CLI::App* compare = add_part(
      eval, "compare", say("Two contestants, by slice, with tests", "두 참가자를 갈래별로 검정"));
  add_run_argument(*compare, arguments);
  compare->add_option("contestants", arguments->contestants, say("Two of them", "참가자 둘"))
      ->type_name("NAME");
  compare->add_flag("-j,--json", arguments->json, say("As JSON", "JSON으로"));
  compare->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return compare_run(session, *arguments); };
  });

  CLI::App* report =
      add_part(eval, "report", say("Reports and gates of a run", "실행 기록의 보고서와 통과 조건"));
  add_run_argument(*report, arguments);
  report
      ->add_option("contestants", arguments->contestants,
                   say("Only these, in this order", "이 참가자만, 이 순서로"))
      ->type_name("NAME");
  add_report_options(*report, arguments->report);
  report->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return show_run(session, *arguments); };
  });

  CLI::App* exporting = add_part(eval, "export",
                                 say("Answers as JSON lines, as --answers takes them",
                                     "답을 JSON 줄로, --answers가 읽는 꼴로"));
  add_run_argument(*exporting, arguments);
  exporting->add_option("-o,--out", arguments->out, say("File: standard output", "파일: 표준 출력"))
      ->type_name("FILE");
  exporting->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return export_run(session, *arguments); };
  });

  CLI::App* list = add_part(eval, "list", say("The runs there are", "실행 기록 목록"));
  list->add_flag("-j,--json", arguments->json, say("As JSON", "JSON으로"));
  list->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return list_all(session, arguments->json); };
  });
}

void add_draft(CLI::App& eval, Run& run) {
  auto arguments = std::make_shared<DraftArguments>();
  CLI::App* command = add_part(eval, "draft",
                               say("Propose questions from a manual, for a person to correct",
                                   "설명서에서 질문 초안 만들기(사람이 고쳐야 함)"));
  command
      ->add_option("manual", arguments->manual,
                   say("A manual of the library: number, file, title or product",
                       "라이브러리의 설명서: 번호, 파일, 제목 또는 제품"))
      ->type_name("MANUAL")
      ->required();
  command->add_option("-o,--out", arguments->out, say("File: standard output", "파일: 표준 출력"))
      ->type_name("FILE.jsonl");
  command
      ->add_option("-n,--count", arguments->count, say("About how many: 35", "질문 수(대략): 35"))
      ->type_name("N")
      ->check(CLI::Range(1, 10'000).description(""));
  command
      ->add_option("-m,--model", arguments->wording.model.model,
                   say("A model that words the questions: patterns do", "질문을 쓸 모델: 틀로 씀"))
      ->type_name("MODEL");
  command->add_option("--seed", arguments->seed, say("Which are chosen: 1", "무엇을 고를지: 1"))
      ->type_name("N");
  command->callback([arguments, &run] {
    run = [arguments](TerminalSession& session) { return draft(session, *arguments); };
  });
}

}  // namespace

void add_eval_command(CLI::App& program, Run& run) {
  auto arguments = std::make_shared<EvalArguments>();
  CLI::App* command =
      program.add_subcommand("eval", say("Measure models on questions: which is good enough?",
                                         "질문 세트로 모델을 재기: 어느 모델이면 충분한가"));
  command
      ->add_option("questions", arguments->evaluation.questions,
                   say("Question set: .jsonl, .csv, .tsv, SQuAD .json or a BEIR folder",
                       "질문 세트: .jsonl, .csv, .tsv, SQuAD .json 또는 BEIR 폴더"))
      ->type_name("FILE");
  command
      ->add_option(
          "-m,--models", arguments->evaluation.models,
          say("Contestants: extractive, extractive-sentences, echo-top-section, search, "
              "or models",
              "참가자: extractive, extractive-sentences, echo-top-section, search 또는 모델"))
      ->type_name("MODEL,...")
      ->delimiter(',');
  command
      ->add_option("-a,--answers", arguments->evaluation.answers,
                   say("Answers of another system to the same questions; repeatable",
                       "다른 시스템이 같은 질문에 한 답. 여러 번 가능"))
      ->type_name("FILE");
  command
      ->add_option("--judge", arguments->evaluation.judge,
                   say("A model that compares the answers, blind and in both orders",
                       "이름을 가린 답을 두 순서로 견주어 볼 심사 모델"))
      ->type_name("MODEL");
  command
      ->add_option("-r,--run", arguments->evaluation.run,
                   say("The run's name or file: as the questions",
                       "실행 기록 이름이나 파일: 질문 세트 이름"))
      ->type_name("RUN");
  command
      ->add_option("--split", arguments->evaluation.split,
                   say("Only the questions of this split", "이 분할의 질문만"))
      ->type_name("dev|test");
  command
      ->add_option("-c,--context-tokens", arguments->evaluation.search.context_tokens,
                   say("Room for passages", "읽을 대목의 토큰 한도"))
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000).description(""));
  command
      ->add_option("--passages", arguments->evaluation.search.passages,
                   say("Passages at most: 6", "대목 수 한도: 6"))
      ->type_name("N")
      ->check(CLI::Range(1, 100).description(""));
  command
      ->add_option("--threshold", arguments->evaluation.search.threshold,
                   say("Refuse below this confidence: 0.5", "이 확신보다 낮으면 거절: 0.5"))
      ->type_name("X")
      ->check(CLI::Range(0.0, 1.0).description(""));
  command->add_flag("-j,--json", arguments->json, say("The evaluation as JSON", "평가를 JSON으로"));
  add_report_options(*command, arguments->report);
  add_model_file_options(*command, arguments->evaluation.answering);
  command->callback([arguments, command, &run] {
    if (!command->get_subcommands().empty()) return;
    run = [arguments](TerminalSession& session) {
      if (arguments->evaluation.questions.empty())
        return session.fail(
            make_error(ErrorCode::kInvalidArgument,
                       "which questions? saseo eval QUESTIONS.jsonl --models A,B",
                       "질문 세트가 빠졌습니다: saseo eval 질문.jsonl --models A,B"),
            arguments->json);
      return run_eval(session, *arguments);
    };
  });
  add_parts_on_runs(*command, run);
  add_draft(*command, run);
  add_eval_tune(*command, run, arguments);
}

}  // namespace saseo::cli
