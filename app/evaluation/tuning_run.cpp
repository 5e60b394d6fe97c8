#include "app/evaluation/tuning_run.h"

#include "app/evaluation/tuning_words.h"
#include "app/library/opening.h"
#include "app/settings/profile.h"
#include "base/files.h"
#include "base/message.h"
#include "eval/metrics/gold.h"
#include "eval/questions/question_set_readers.h"

namespace saseo::app {
namespace {

Result<eval::QuestionSet> read_tuning_questions(const Application& application,
                                                 const std::string& questions) {
  SASEO_ASSIGN_OR_RETURN(eval::ReadQuestions read,
                         eval::read_questions_and_documents(questions));
  if (!read.documents.empty())
    return make_error(ErrorCode::kUnsupported,
                      "{}: the set brings its own documents; tuning takes questions about the "
                      "manuals of a library (.jsonl, .csv, .tsv)",
                      "{}: 문서가 딸린 질문 세트입니다. 조정에는 라이브러리의 설명서에 대한 질문 "
                      "세트(.jsonl, .csv, .tsv)를 쓰세요",
                      questions);
  for (const std::string& note : read.set.notes) application.warn(note);
  if (read.set.draft)
    application.warn(
        say("the questions are a draft that nobody has looked through yet: settings "
            "chosen on them may be chosen on errors",
            "아직 아무도 검토하지 않은 초안입니다. 틀린 질문으로 설정을 고를 수 있습니다"));
  return std::move(read.set);
}

void warn_of_missing_gold(const Application& application, const eval::QuestionSet& set) {
  const Result<Library> library = Library::open(application.library());
  if (!library.ok()) return;  // Told when it is asked.
  warn_of_chunk_size(application, *library);
  const Result<std::vector<std::string>> missing = eval::missing_gold(set.questions, *library);
  if (missing.ok() && !missing->empty())
    application.warn(
        say("{} gold sections are not in the library (saseo eval names them): their "
            "questions cannot be met",
            "정답 절 {}개가 라이브러리에 없어(saseo eval이 알려 줌) 그 질문은 맞힐 수 "
            "없습니다",
            missing->size()));
}

}  // namespace

Result<TuningDone> run_tuning(const Application& application, const TuningOptions& options,
                              const std::function<void(const eval::TuneProgress&)>& on_progress,
                              std::stop_token stop) {
  TuningDone done;
  SASEO_ASSIGN_OR_RETURN(done.set, read_tuning_questions(application, options.questions));
  warn_of_missing_gold(application, done.set);
  const eval::SearchSettings search = search_settings(application, options.present);
  AnswerSettings present;
  present.chunk_tokens = application.config.chunk_tokens.value;
  present.ranking = search.ranking;
  present.answering = search.answering;
  SASEO_ASSIGN_OR_RETURN(done.tuning, eval::tune(done.set.questions, application.library(), present,
                                                 options.tune, on_progress, stop));
  return done;
}

Status write_tuned_profile(const TuningDone& done, const eval::TuneOptions& options,
                           const std::filesystem::path& file) {
  std::error_code ignored;  // What fails here fails again when the file is written.
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  return write_file_atomically(
      file, profile_text(done.tuning.winner, profile_comments(done.tuning, done.set, options)));
}

}  // namespace saseo::app
