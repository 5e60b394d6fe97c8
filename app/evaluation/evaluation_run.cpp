#include "app/evaluation/evaluation_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/hash.h"
#include "app/evaluation/contestants.h"
#include "app/evaluation/judges.h"
#include "app/evaluation/runs.h"
#include "cli/views/eval_view.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "cli/terminal/progress.h"
#include "cli/program/version_info.h"
#include "cli/advice.h"
#include "cli/say.h"
#include "eval/metrics/gold.h"
#include "eval/questions/question_set_readers.h"
#include "eval/records/recording.h"
#include "eval/report/report_json.h"
#include "eval/run/evaluate.h"
#include "eval/run/foreign_answers.h"
#include "eval/run/library_embedder.h"
#include "eval/run/resources.h"
#include "eval/run/runner.h"
#include "generation/answer_settings.h"
#include "index/ingest_run.h"

namespace saseo::cli {
namespace {

namespace fs = std::filesystem;

class EvalRun {
 public:
  EvalRun(Session& session, const EvalArguments& arguments)
      : session_(session),
        arguments_(arguments),
        progress_(session.console),
        bar_(session.console, !arguments.json) {}
  int run();

 private:
  Status prepare();
  Status read_questions();
  // The documents that come with the set, in a library beside the run.
  Status ingest(const std::vector<eval::PassageDocument>& documents);
  Status look_at_library();
  Status store_info(eval::RunStore& run);
  Status ask_all(eval::RunStore& run);
  Status add_foreign(eval::RunStore& run);
  Status put_foreign(eval::RunStore& run, const std::string& name,
                     const std::vector<const eval::ForeignAnswer*>& answers,
                     const std::string& hash);
  Status prepare_judge();
  Status judge(eval::RunStore& run);
  void show(const eval::RunProgress& progress);
  eval::RunObserver observer();

  Session& session_;
  const EvalArguments& arguments_;
  Interrupts interrupts_;
  AnswerProgress progress_;
  ProgressBar bar_;
  eval::QuestionSet set_;
  fs::path run_file_, library_;
  std::string index_hash_;
  std::vector<Message> warnings_;
  std::vector<eval::ContestantSpec> contestants_;
  std::optional<eval::JudgeSpec> judge_;
  eval::RunReport report_;
  eval::JudgeReport judged_;
};

Status EvalRun::read_questions() {
  SASEO_ASSIGN_OR_RETURN(eval::ReadQuestions read,
                         eval::read_questions_and_documents(arguments_.questions));
  set_ = std::move(read.set);
  if (!arguments_.split.empty()) {
    std::erase_if(set_.questions, [&](const eval::Question& question) {
      return question.split != arguments_.split;
    });
    if (set_.questions.empty())
      return make_error(ErrorCode::kBadInput, "{}: no question of the split \"{}\"",
                        "{}: \"{}\" 분할에 드는 질문이 없습니다", arguments_.questions,
                        arguments_.split);
  }
  run_file_ =
      run_path(!arguments_.run.empty() ? arguments_.run : fs::path(set_.name).stem().string());
  for (const Message& note : set_.notes) warnings_.push_back(note);
  if (set_.draft)
    warnings_.push_back(
        message("The questions are a draft that nobody has looked through yet: read "
                "them, correct them and take out \"reviewed\": false before you rely "
                "on these figures.",
                "질문이 아직 아무도 검토하지 않은 초안입니다. 읽고 고친 뒤 "
                "\"reviewed\": false를 지우고 나서 이 수치를 믿으세요."));
  library_ = session_.library();
  if (read.documents.empty()) return {};
  const std::map<std::string, std::string> files = eval::document_file_names(read.documents);
  for (eval::Question& question : set_.questions) {
    std::map<std::string, int> relevant;
    for (const auto& [name, grade] : question.relevant_documents) {
      const auto file = files.find(name);
      relevant[file == files.end() ? name : fs::path(file->second).stem().string()] = grade;
    }
    question.relevant_documents = std::move(relevant);
  }
  return ingest(read.documents);
}

Status EvalRun::ingest(const std::vector<eval::PassageDocument>& documents) {
  const fs::path folder = run_file_.string() + ".documents";
  library_ = run_file_.string() + ".library";
  std::error_code ignored;
  fs::create_directories(run_file_.parent_path(), ignored);
  SASEO_RETURN_IF_ERROR(eval::write_documents(documents, folder));
  SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, LibraryWriter::open(library_));
  SASEO_ASSIGN_OR_RETURN(const std::vector<fs::path> files,
                         find_files({fs::absolute(folder)}, {}, {}));
  IngestOptions options;
  options.read = session_.read_options("");
  IngestObserver observer;
  observer.on_progress = [&](const IngestProgress& progress) { bar_.show(progress); };
  SASEO_ASSIGN_OR_RETURN(const IngestReport report,
                         ingest_files(writer, files, options, observer, interrupts_.token()));
  bar_.clear();
  if (report.cancelled)
    return make_error(ErrorCode::kCancelled, "stopped while the set's documents were read",
                      "질문 세트의 문서를 읽다가 멈췄습니다");
  return {};
}

Status EvalRun::look_at_library() {
  SASEO_ASSIGN_OR_RETURN(const Library library, Library::open(library_));
  if (library_ == session_.library()) warn_of_chunk_size(session_, library);
  SASEO_ASSIGN_OR_RETURN(index_hash_, eval::index_hash(library));
  SASEO_ASSIGN_OR_RETURN(const std::vector<std::string> missing,
                         eval::missing_gold(set_.questions, library));
  if (missing.empty()) return {};
  std::string list;
  for (std::size_t i = 0; i < std::min<std::size_t>(missing.size(), 10); ++i)
    list += (i == 0 ? "" : "; ") + missing[i];
  if (missing.size() > 10) list += "; ...";
  warnings_.push_back(
      message("{} gold sections are not in the library, so that their questions cannot "
              "be met: {}. Was every manual ingested, under these headings?",
              "정답 절 {}개가 라이브러리에 없어 그 질문은 맞힐 수 없습니다: {}. 설명서를 "
              "모두 ingest 했는지, 제목이 같은지 보세요.",
              missing.size(), list));
  return {};
}

// All that can fail before the first question is asked.
Status EvalRun::prepare() {
  SASEO_RETURN_IF_ERROR(check_report_arguments(arguments_.report));
  SASEO_RETURN_IF_ERROR(read_questions());
  SASEO_RETURN_IF_ERROR(look_at_library());
  std::vector<std::string> names = arguments_.models;
  if (names.empty() && arguments_.answers.empty()) {
    SASEO_ASSIGN_OR_RETURN(const Setting<std::string> name, answering_model_name(session_));
    names.push_back(name.value);
  }
  SASEO_ASSIGN_OR_RETURN(contestants_,
                         contestants_of(session_, names, arguments_.answering,
                                        search_settings(session_, arguments_), progress_));
  return prepare_judge();
}

Status EvalRun::prepare_judge() {
  if (arguments_.judge.empty()) return {};
  SASEO_ASSIGN_OR_RETURN(judge_, judge_of(session_, arguments_.judge, arguments_.answering));
  for (const eval::ContestantSpec& contestant : contestants_) {
    if (eval::is_same_model(contestant.stored, judge_->name, judge_->identity))
      session_.warn(say(eval::judge_contests(judge_->name)));
  }
  return {};
}

Status EvalRun::store_info(eval::RunStore& run) {
  SASEO_ASSIGN_OR_RETURN(eval::RunInfo info, run.info());
  if (!info.index_hash.empty() && info.index_hash != index_hash_)
    session_.warn(
        say("the library changed since this run began: questions whose passages changed "
            "are answered anew, the others keep their answers",
            "이 실행을 시작한 뒤 라이브러리가 바뀌었습니다. 대목이 달라진 질문만 다시 답하고 "
            "나머지 답은 그대로 둡니다"));
  info.set_name = set_.name;
  info.set_path = set_.path;
  info.set_hash = set_.hash;
  info.library = library_.string();
  info.index_hash = index_hash_;
  if (info.created.empty()) info.created = eval::now_utc();
  info.finished.clear();
  info.saseo_version = version_number();
  info.machine = eval::machine_description();
  info.draft = set_.draft;
  info.warnings = warnings_;
  return run.set_info(info);
}

void EvalRun::show(const eval::RunProgress& progress) {
  std::string text =
      say("{}  {}/{}", "{}  {}/{}", progress.contestant, progress.done, progress.all);
  if (progress.failed > 0) text += say(", {} failed", ", 실패 {}", progress.failed);
  if (progress.seconds_left && *progress.seconds_left >= 1) {
    const auto seconds = static_cast<long>(*progress.seconds_left);
    text += say("  {}:{:02} left", "  남은 시간 {}:{:02}", seconds / 60, seconds % 60);
  }
  bar_.show_text(text);
}

eval::RunObserver EvalRun::observer() {
  eval::RunObserver observer;
  observer.on_progress = [this](const eval::RunProgress& progress) { show(progress); };
  observer.on_failure = [this](const std::string& where, const Error& error) {
    bar_.clear();
    session_.warn(where + ": " + told(error));
  };
  return observer;
}

Status EvalRun::ask_all(eval::RunStore& run) {
  Result<eval::RunReport> report = eval::run_questions(run, set_.questions, contestants_, library_,
                                                       observer(), interrupts_.token());
  bar_.clear();
  if (!report.ok()) return report.error();
  report_ = *report;
  return {};
}

// When the contestants' models have left the memory.
Status EvalRun::judge(eval::RunStore& run) {
  if (!judge_) return {};
  SASEO_ASSIGN_OR_RETURN(const std::vector<eval::StoredContestant> contestants, run.contestants());
  std::vector<std::string> names;
  for (const eval::StoredContestant& contestant : contestants) names.push_back(contestant.name);
  Result<eval::JudgeReport> judged =
      eval::judge_answers(run, eval::all_pairs(names), *judge_, observer(), interrupts_.token());
  bar_.clear();
  if (!judged.ok()) return judged.error();
  judged_ = *judged;
  return {};
}

Status EvalRun::put_foreign(eval::RunStore& run, const std::string& name,
                            const std::vector<const eval::ForeignAnswer*>& answers,
                            const std::string& hash) {
  for (const eval::ForeignAnswer* answer : answers) {
    eval::RecordedAnswer record;
    record.question_id = answer->question_id;
    record.contestant = name;
    record.text = answer->text;
    record.plain_text = eval::without_citations(answer->text);
    record.refused = answer->refused.value_or(answer->text.empty());
    record.cost.total_seconds = answer->seconds;
    for (const eval::GoldSection& place : answer->citations) {
      eval::RecordedCitation citation;
      citation.number = static_cast<int>(record.citations.size()) + 1;
      citation.document = place.document;
      citation.file = place.document;
      citation.heading_path = place.path;
      citation.page = place.pages.empty() ? 0 : place.pages.front();
      record.citations.push_back(std::move(citation));
    }
    SASEO_RETURN_IF_ERROR(run.put(record, hash));
  }
  return {};
}

// Each model of each file is a contestant of its own.
Status EvalRun::add_foreign(eval::RunStore& run) {
  SASEO_ASSIGN_OR_RETURN(std::vector<eval::StoredContestant> contestants, run.contestants());
  for (const std::string& file : arguments_.answers) {
    SASEO_ASSIGN_OR_RETURN(const eval::ForeignAnswers read, eval::read_foreign_answers(file));
    std::map<std::string, std::vector<const eval::ForeignAnswer*>> by_model;
    std::size_t unknown = 0;
    for (const eval::ForeignAnswer& answer : read.answers) {
      if (std::ranges::none_of(set_.questions, [&](const eval::Question& question) {
            return question.id == answer.question_id;
          })) {
        ++unknown;
        continue;
      }
      by_model[answer.model].push_back(&answer);
    }
    if (unknown > 0)
      warnings_.push_back(message("{}: {} answers are to questions that the set does not have.",
                                  "{}: 답 {}개는 질문 세트에 없는 질문에 대한 것입니다.", file,
                                  unknown));
    for (const auto& [model, answers] : by_model) {
      const std::string name = !model.empty() ? model : fs::path(file).stem().string();
      if (std::ranges::any_of(
              contestants, [&](const eval::StoredContestant& other) { return other.name == name; }))
        return make_error(ErrorCode::kInvalidArgument,
                          "{}: another contestant is called {} already; give its lines another "
                          "\"model\"",
                          "{}: {}(이)라는 참가자가 이미 있습니다. 줄의 \"model\"을 다른 이름으로 "
                          "바꾸세요",
                          file, name);
      contestants.push_back({name, say("answers of {}", "{}의 답", file), read.hash, std::nullopt});
      SASEO_RETURN_IF_ERROR(put_foreign(run, name, answers, read.hash));
    }
  }
  return run.set_contestants(contestants);
}

int EvalRun::run() {
  if (const Status ready = prepare(); !ready.ok())
    return session_.fail(ready.error(), arguments_.json);
  std::error_code ignored;
  fs::create_directories(run_file_.parent_path(), ignored);
  Result<eval::RunStore> run = eval::RunStore::open_to_write(run_file_);
  if (!run.ok()) return session_.fail(run.error(), arguments_.json);
  Status status = store_info(*run);
  if (status.ok()) status = ask_all(*run);
  if (status.ok()) status = add_foreign(*run);
  if (status.ok()) status = judge(*run);
  if (status.ok()) {
    Result<eval::RunInfo> info = run->info();
    if (info.ok()) {
      info->finished = eval::now_utc();
      info->warnings = warnings_;
      status = run->set_info(*info);
    }
  }
  if (!status.ok()) {
    const int code = session_.fail(status.error(), arguments_.json);
    return interrupts_.requested() ? kExitInterrupted : code;
  }
  if (judge_ && !arguments_.json)
    session_.console.out.write(say("{}: {} verdicts given, {} kept from before.\n",
                                   "{}: 새로 판정 {}, 이전 판정 사용 {}.\n", judge_->name,
                                   judged_.computed, judged_.reused));
  if (!arguments_.json)
    session_.console.out.write(
        say("{} questions: {} answers computed, {} kept from before. Run: "
            "{}\n\n",
            "질문 {}개: 새로 답함 {}, 이전 답 사용 {}. 실행 기록: {}\n\n", set_.questions.size(),
            report_.computed, report_.reused, run_file_.string()));
  const int code =
      finish_evaluation(session_, *run, arguments_.report, arguments_.split, {}, arguments_.json);
  return code == kExitOk && report_.failed + judged_.failed > 0 ? kExitInput : code;
}

}  // namespace

eval::SearchSettings search_settings(const Session& session, const EvalArguments& arguments) {
  eval::SearchSettings settings;
  settings.ranking = session.config.answer_settings.ranking;
  settings.answering = session.config.answer_settings.answering;
  settings.answering.context.token_budget =
      arguments.context_tokens.value_or(session.config.context_tokens.value);
  if (arguments.passages) settings.answering.context.max_passages = *arguments.passages;
  if (arguments.threshold)
    settings.answering.refusal.threshold = static_cast<float>(*arguments.threshold);
  settings.description = search_words(settings.ranking, settings.answering);
  return settings;
}

int run_eval(Session& session, const EvalArguments& arguments) {
  // What an earlier run left on disk would make the times of this one look better than they are.
  if (arguments.answering.model.kv_cache_dir.empty()) session.config.kv_cache_dir.value.clear();
  return EvalRun(session, arguments).run();
}

int finish_evaluation(Session& session, const eval::RunStore& run, const ReportArguments& report,
                      const std::string& split, const std::vector<std::string>& contestants,
                      bool json) {
  eval::EvaluateOptions options;
  options.contestants = contestants;
  options.split = split;
  Result<eval::RunInfo> info = run.info();
  if (!info.ok()) return session.fail(info.error(), json);
  // The library that was asked, as long as it is the same.
  Result<eval::LibraryEmbedder> embedder =
      eval::LibraryEmbedder::open(info->library, info->index_hash);
  if (embedder.ok()) options.embedder = &embedder->embedder();
  Result<eval::Evaluation> evaluation = eval::evaluate(run, options);
  if (!evaluation.ok()) return session.fail(evaluation.error(), json);
  if (!embedder.ok())
    evaluation->warnings.push_back(message("Embedding similarity was left out: {}",
                                           "임베딩 유사도는 뺐습니다: {}",
                                           embedder.error().message));
  const Result<std::vector<eval::GateResult>> gates = check_gates(report, *evaluation);
  if (!gates.ok()) return session.fail(gates.error(), json);
  if (const Status written = write_reports(report.files, *evaluation, *gates); !written.ok())
    return session.fail(written.error(), json);
  Writer& out = session.console.out;
  if (json) {
    out.write_line(eval::json_report(*evaluation));
  } else {
    out.write(evaluation_view(*evaluation, session.console));
    for (const std::string& file : report.files)
      out.write(say("Report: {}\n", "보고서: {}\n", file));
  }
  for (const eval::GateResult& gate : *gates) {
    if (!json || !gate.passed)
      session.console.err.write_line(
          (gate.passed ? say("passed: ", "통과: ") : say("FAILED: ", "실패: ")) + gate.name + ": " +
          say(gate.message));
  }
  return eval::all_passed(*gates) ? kExitOk : kExitGate;
}

}  // namespace saseo::cli
