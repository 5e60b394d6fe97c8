#include "app/evaluation/tuning_run.h"

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "cli/views/eval_tune_view.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "cli/say.h"
#include "eval/metrics/gold.h"
#include "eval/questions/question_set_readers.h"
#include "eval/tune/tune.h"

namespace saseo::cli {
namespace {

namespace fs = std::filesystem;

struct TuneArguments {
  std::string questions, write;
  eval::TuneOptions options;
  bool write_anyway = false, json = false;
};

class TuneCommand {
 public:
  TuneCommand(Session& session, const TuneArguments& arguments, const EvalArguments& present)
      : session_(session),
        arguments_(arguments),
        present_(present),
        bar_(session.console, !arguments.json) {}
  int run();

 private:
  Result<eval::QuestionSet> read_questions();
  void warn_of_missing_gold(const eval::QuestionSet& set);
  void show(const eval::TuneProgress& progress);
  Status write(const eval::Tuning& tuning, const eval::QuestionSet& set, const fs::path& file);

  Session& session_;
  const TuneArguments& arguments_;
  const EvalArguments& present_;
  Interrupts interrupts_;
  ProgressBar bar_;
};

Result<eval::QuestionSet> TuneCommand::read_questions() {
  SASEO_ASSIGN_OR_RETURN(eval::ReadQuestions read,
                         eval::read_questions_and_documents(arguments_.questions));
  if (!read.documents.empty())
    return make_error(ErrorCode::kUnsupported,
                      "{}: the set brings its own documents; tuning takes questions about the "
                      "manuals of a library (.jsonl, .csv, .tsv)",
                      "{}: 문서가 딸린 질문 세트입니다. 조정에는 라이브러리의 설명서에 대한 질문 "
                      "세트(.jsonl, .csv, .tsv)를 쓰세요",
                      arguments_.questions);
  for (const Message& note : read.set.notes) session_.warn(say(note));
  if (read.set.draft)
    session_.warn(
        say("the questions are a draft that nobody has looked through yet: settings "
            "chosen on them may be chosen on errors",
            "아직 아무도 검토하지 않은 초안입니다. 틀린 질문으로 설정을 고를 수 있습니다"));
  return std::move(read.set);
}

void TuneCommand::warn_of_missing_gold(const eval::QuestionSet& set) {
  const Result<Library> library = Library::open(session_.library());
  if (!library.ok()) return;  // Told when it is asked.
  warn_of_chunk_size(session_, *library);
  const Result<std::vector<std::string>> missing = eval::missing_gold(set.questions, *library);
  if (missing.ok() && !missing->empty())
    session_.warn(
        say("{} gold sections are not in the library (saseo eval names them): their "
            "questions cannot be met",
            "정답 절 {}개가 라이브러리에 없어(saseo eval이 알려 줌) 그 질문은 맞힐 수 "
            "없습니다",
            missing->size()));
}

void TuneCommand::show(const eval::TuneProgress& progress) {
  if (progress.rechunking != nullptr) return bar_.show(*progress.rechunking);
  const std::string what = progress.held_out ? say("held-out questions", "확인용 질문")
                           : progress.trial == 0
                               ? say("present settings", "지금 설정")
                               : say("trial {}/{}", "시도 {}/{}", progress.trial, progress.trials);
  std::string best;
  if (progress.trial > 0) best = say("  best {:.1f}", "  최고 {:.1f}", progress.best * 100);
  bar_.show_text(fmt::format("{}  {}/{}{}", what, progress.question, progress.questions, best));
}

Status TuneCommand::write(const eval::Tuning& tuning, const eval::QuestionSet& set,
                          const fs::path& file) {
  std::error_code ignored;  // What fails here fails again when the file is written.
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
  return write_file_atomically(
      file, profile_text(tuning.winner, profile_comments(tuning, set, arguments_.options)));
}

int TuneCommand::run() {
  const auto fail = [&](const Error& error) {
    bar_.clear();
    const int code = session_.fail(error, arguments_.json);
    return interrupts_.requested() ? kExitInterrupted : code;
  };
  if (arguments_.write == kNoProfile)
    return fail(
        make_error(ErrorCode::kInvalidArgument, "\"{}\" stands for no profile; choose another name",
                   "\"{}\"은(는) 프로필이 없다는 뜻입니다. 다른 이름을 쓰세요", kNoProfile));
  const Result<eval::QuestionSet> set = read_questions();
  if (!set.ok()) return fail(set.error());
  warn_of_missing_gold(*set);
  const eval::SearchSettings search = search_settings(session_, present_);
  AnswerSettings present;
  present.chunk_tokens = session_.config.chunk_tokens.value;
  present.ranking = search.ranking;
  present.answering = search.answering;
  eval::TuneOptions options = arguments_.options;
  options.read = session_.read_options(pdf_password(""));
  const Result<eval::Tuning> tuning = eval::tune(
      set->questions, session_.library(), present, options,
      [&](const eval::TuneProgress& progress) { show(progress); }, interrupts_.token());
  bar_.clear();
  if (!tuning.ok()) return fail(tuning.error());

  const bool wanted = !arguments_.write.empty();
  const bool written =
      wanted && tuning->changed() && (tuning->shows_gain() || arguments_.write_anyway);
  const fs::path file = profile_file(session_.config.profiles, arguments_.write);
  if (written) {
    const Status done = write(*tuning, *set, file);
    if (!done.ok()) return fail(done.error());
  }
  if (arguments_.json) {
    Json json = tuning_json(*tuning);
    json["profile"] = written ? Json(file.string()) : Json(nullptr);
    session_.print_json(dump(json));
  } else {
    Writer& out = session_.console.out;
    out.write(tuning_view(*tuning, session_.console));
    if (written) {
      out.write(
          say("Profile written: {0}. Use it: saseo ask --profile {1} QUESTION, or profile = "
              "\"{1}\" in {2}\n",
              "프로필을 썼습니다: {0}. 쓰려면: saseo ask --profile {1} 질문, 또는 {2}에 "
              "profile = \"{1}\"\n",
              file.string(), arguments_.write, session_.config.file.string()));
      if (tuning->winner.chunk_tokens != tuning->present.chunk_tokens)
        out.write(
            say("Its chunks are of another size: read the manuals again with saseo ingest "
                "--profile {} FILES\n",
                "청크 크기가 다릅니다. 설명서를 다시 읽으세요: saseo ingest --profile {} "
                "파일\n",
                arguments_.write));
    } else if (wanted && tuning->changed()) {
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
      ->add_option("--trials", arguments->options.trials,
                   say("Settings tried at most: 60", "시도할 설정 수 한도: 60"))
      ->type_name("N")
      ->check(CLI::Range(1, 100'000).description(""));
  command
      ->add_option("--seed", arguments->options.seed,
                   say("Of split, order and intervals: 1", "분할, 순서, 신뢰구간의 시드: 1"))
      ->type_name("N");
  command
      ->add_option("--refusal-weight", arguments->options.refusal_weight,
                   say("What right refusals count in the score: as many as the unanswerable are",
                       "점수에서 옳은 거절의 비중: 답 없는 질문의 비율"))
      ->type_name("X")
      ->check(CLI::Range(0.0, 1.0).description(""));
  command->add_flag("-j,--json", arguments->json, say("As JSON", "JSON으로"));
  command->callback([arguments, present, &run] {
    run = [arguments, present](Session& session) {
      return TuneCommand(session, *arguments, *present).run();
    };
  });
}

}  // namespace saseo::cli
