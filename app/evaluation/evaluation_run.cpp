#include "app/evaluation/evaluation_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "app/evaluation/contestants.h"
#include "app/evaluation/judges.h"
#include "app/evaluation/runs.h"
#include "app/library/opening.h"
#include "app/settings/version.h"
#include "base/hash.h"
#include "base/message.h"
#include "eval/metrics/gold.h"
#include "eval/questions/question_set_readers.h"
#include "eval/records/recording.h"
#include "eval/run/foreign_answers.h"
#include "eval/run/resources.h"
#include "generation/answer_settings.h"
#include "index/ingest_run.h"

namespace saseo::app {
namespace {

namespace fs = std::filesystem;

class EvaluationRun {
 public:
  EvaluationRun(const Application& application, const EvaluationOptions& options,
                const EvaluationObserver& observer, std::stop_token stop)
      : application_(application), options_(options), observer_(observer), stop_(std::move(stop)) {
    // What an earlier run left on disk would make the times of this one look better than they are.
    if (options.answering.model.kv_cache_dir.empty())
      application_.config.kv_cache_dir.value.clear();
  }
  Result<EvaluationDone> run();

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
  Status finish(eval::RunStore& run);
  eval::RunObserver run_observer() const;

  Application application_;
  const EvaluationOptions& options_;
  const EvaluationObserver& observer_;
  const std::stop_token stop_;
  eval::QuestionSet set_;
  fs::path run_file_, library_;
  std::string index_hash_;
  std::vector<Message> warnings_;
  std::vector<eval::ContestantSpec> contestants_;
  std::optional<eval::JudgeSpec> judge_;
  eval::RunReport report_;
  eval::JudgeReport judged_;
};

Status EvaluationRun::read_questions() {
  SASEO_ASSIGN_OR_RETURN(eval::ReadQuestions read,
                         eval::read_questions_and_documents(options_.questions));
  set_ = std::move(read.set);
  if (!options_.split.empty()) {
    std::erase_if(set_.questions,
                  [&](const eval::Question& question) { return question.split != options_.split; });
    if (set_.questions.empty())
      return make_error(ErrorCode::kBadInput, "{}: no question of the split \"{}\"",
                        "{}: \"{}\" 분할에 드는 질문이 없습니다", options_.questions,
                        options_.split);
  }
  run_file_ = run_path(!options_.run.empty() ? options_.run : fs::path(set_.name).stem().string());
  for (const Message& note : set_.notes) warnings_.push_back(note);
  if (set_.draft)
    warnings_.push_back(
        message("The questions are a draft that nobody has looked through yet: read "
                "them, correct them and take out \"reviewed\": false before you rely "
                "on these figures.",
                "질문이 아직 아무도 검토하지 않은 초안입니다. 읽고 고친 뒤 "
                "\"reviewed\": false를 지우고 나서 이 수치를 믿으세요."));
  library_ = application_.library();
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

Status EvaluationRun::ingest(const std::vector<eval::PassageDocument>& documents) {
  const fs::path folder = run_file_.string() + ".documents";
  library_ = run_file_.string() + ".library";
  std::error_code ignored;
  fs::create_directories(run_file_.parent_path(), ignored);
  SASEO_RETURN_IF_ERROR(eval::write_documents(documents, folder));
  SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, LibraryWriter::open(library_));
  SASEO_ASSIGN_OR_RETURN(const std::vector<fs::path> files,
                         find_files({fs::absolute(folder)}, {}, {}));
  IngestOptions options;
  options.read = application_.read_options("");
  IngestObserver observer;
  observer.on_progress = observer_.on_ingest;
  SASEO_ASSIGN_OR_RETURN(const IngestReport report,
                         ingest_files(writer, files, options, observer, stop_));
  if (report.cancelled)
    return make_error(ErrorCode::kCancelled, "stopped while the set's documents were read",
                      "질문 세트의 문서를 읽다가 멈췄습니다");
  return {};
}

Status EvaluationRun::look_at_library() {
  SASEO_ASSIGN_OR_RETURN(const Library library, Library::open(library_));
  if (library_ == application_.library()) warn_of_chunk_size(application_, library);
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
Status EvaluationRun::prepare() {
  SASEO_RETURN_IF_ERROR(read_questions());
  SASEO_RETURN_IF_ERROR(look_at_library());
  std::vector<std::string> names = options_.models;
  if (names.empty() && options_.answers.empty()) {
    SASEO_ASSIGN_OR_RETURN(const Setting<std::string> name, answering_model_name(application_));
    names.push_back(name.value);
  }
  SASEO_ASSIGN_OR_RETURN(contestants_,
                         contestants_of(application_, names, options_.answering,
                                        search_settings(application_, options_.search), {}));
  return prepare_judge();
}

Status EvaluationRun::prepare_judge() {
  if (options_.judge.empty()) return {};
  SASEO_ASSIGN_OR_RETURN(judge_, judge_of(application_, options_.judge, options_.answering));
  for (const eval::ContestantSpec& contestant : contestants_) {
    if (eval::is_same_model(contestant.stored, judge_->name, judge_->identity))
      application_.warn(eval::judge_contests(judge_->name));
  }
  return {};
}

Status EvaluationRun::store_info(eval::RunStore& run) {
  SASEO_ASSIGN_OR_RETURN(eval::RunInfo info, run.info());
  if (!info.index_hash.empty() && info.index_hash != index_hash_)
    application_.warn(
        message("the library changed since this run began: questions whose passages changed "
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
  info.saseo_version = std::string(version_number());
  info.machine = eval::machine_description();
  info.draft = set_.draft;
  info.warnings = warnings_;
  return run.set_info(info);
}

eval::RunObserver EvaluationRun::run_observer() const {
  eval::RunObserver observer;
  observer.on_progress = observer_.on_progress;
  observer.on_failure = [this](const std::string& where, const Error& error) {
    application_.warn(Notice{message("{}: {}", "{}: {}", where, error.message), error.advice});
  };
  return observer;
}

Status EvaluationRun::ask_all(eval::RunStore& run) {
  SASEO_ASSIGN_OR_RETURN(report_, eval::run_questions(run, set_.questions, contestants_, library_,
                                                      run_observer(), stop_));
  return {};
}

// When the contestants' models have left the memory.
Status EvaluationRun::judge(eval::RunStore& run) {
  if (!judge_) return {};
  SASEO_ASSIGN_OR_RETURN(const std::vector<eval::StoredContestant> contestants, run.contestants());
  std::vector<std::string> names;
  for (const eval::StoredContestant& contestant : contestants) names.push_back(contestant.name);
  SASEO_ASSIGN_OR_RETURN(
      judged_, eval::judge_answers(run, eval::all_pairs(names), *judge_, run_observer(), stop_));
  return {};
}

Status EvaluationRun::put_foreign(eval::RunStore& run, const std::string& name,
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
Status EvaluationRun::add_foreign(eval::RunStore& run) {
  SASEO_ASSIGN_OR_RETURN(std::vector<eval::StoredContestant> contestants, run.contestants());
  for (const std::string& file : options_.answers) {
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
      contestants.push_back(
          {name, message("answers of {}", "{}의 답", file).in(application_.config.language.value),
           read.hash, std::nullopt});
      SASEO_RETURN_IF_ERROR(put_foreign(run, name, answers, read.hash));
    }
  }
  return run.set_contestants(contestants);
}

Status EvaluationRun::finish(eval::RunStore& run) {
  SASEO_ASSIGN_OR_RETURN(eval::RunInfo info, run.info());
  info.finished = eval::now_utc();
  info.warnings = warnings_;
  return run.set_info(info);
}

Result<EvaluationDone> EvaluationRun::run() {
  SASEO_RETURN_IF_ERROR(prepare());
  std::error_code ignored;
  fs::create_directories(run_file_.parent_path(), ignored);
  SASEO_ASSIGN_OR_RETURN(eval::RunStore run, eval::RunStore::open_to_write(run_file_));
  SASEO_RETURN_IF_ERROR(store_info(run));
  SASEO_RETURN_IF_ERROR(ask_all(run));
  SASEO_RETURN_IF_ERROR(add_foreign(run));
  SASEO_RETURN_IF_ERROR(judge(run));
  SASEO_RETURN_IF_ERROR(finish(run));
  return EvaluationDone{.run = std::move(run),
                        .file = run_file_,
                        .questions = set_.questions.size(),
                        .asked = report_,
                        .judge = judge_ ? judge_->name : "",
                        .judged = judged_};
}

}  // namespace

eval::SearchSettings search_settings(const Application& application,
                                     const EvaluationOverrides& overrides) {
  eval::SearchSettings settings;
  settings.ranking = application.config.answer_settings.ranking;
  settings.answering = application.config.answer_settings.answering;
  settings.answering.context.token_budget =
      overrides.context_tokens.value_or(application.config.context_tokens.value);
  if (overrides.passages) settings.answering.context.max_passages = *overrides.passages;
  if (overrides.threshold)
    settings.answering.refusal.threshold = static_cast<float>(*overrides.threshold);
  settings.description = search_words(settings.ranking, settings.answering);
  return settings;
}

Result<EvaluationDone> run_evaluation(const Application& application,
                                      const EvaluationOptions& options,
                                      const EvaluationObserver& observer, std::stop_token stop) {
  return EvaluationRun(application, options, observer, std::move(stop)).run();
}

}  // namespace saseo::app
