#include "eval/run/runner.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <unordered_map>

#include "base/message.h"
#include "eval/records/hash_input.h"
#include "eval/records/recording.h"
#include "eval/run/resources.h"
#include "generation/extractive_model.h"

namespace saseo::eval {
namespace {

using Clock = std::chrono::steady_clock;

// What one setting finds, kept for the contestants that follow.
struct AnswerFinder {
  std::unique_ptr<Answerer> answerer;
  std::unordered_map<std::string, FoundPassages> found;  // By hash of what is searched for.
};

// Not of one question: the person stopped it, or the library or the run cannot be used.
bool ends_the_run(ErrorCode code) {
  switch (code) {
    case ErrorCode::kCancelled:
    case ErrorCode::kDamaged:
    case ErrorCode::kLocked:
    case ErrorCode::kTooNew:
    case ErrorCode::kDiskFull:
    case ErrorCode::kIo:
      return true;
    default:
      return false;
  }
}

std::string search_key(const Query& search, const Answer& planned) {
  HashInput key;
  key.add(search.text).add(search.filter.product).add(search.talked_about).add(planned.asked);
  return key.hash();
}

class ContestantRun {
 public:
  ContestantRun(RunStore& run, std::span<const Question> questions, const ContestantSpec& spec,
                AnswerFinder& finder, const RunObserver& observer, std::stop_token stop)
      : run_(run),
        questions_(questions),
        spec_(spec),
        finder_(finder),
        observer_(observer),
        stop_(std::move(stop)) {
    for (const Question& question : questions) {
      if (question.history.empty()) by_text_.try_emplace(question.text, &question);
    }
  }
  ContestantRun(const ContestantRun&) = delete;
  ContestantRun& operator=(const ContestantRun&) = delete;
  // The model leaves the memory.
  ~ContestantRun() { answerer().set_model(make_extractive_model()); }

  Result<RunReport> run();

 private:
  Answerer& answerer() { return *finder_.answerer; }
  Status open();
  Status tell_history(const Question& question);
  Result<PlannedQuestion> plan(const Question& question, std::string& plan_hash);
  Result<const FoundPassages*> find(const PlannedQuestion& planned);
  std::string input_hash(const Question& question, const FoundPassages& found) const;
  Status answer(const FoundPassages& found, RecordedAnswer& record);
  // Answers unless the answer is there.
  Status settle(const Question& question);
  Status try_to_settle(const Question& question);
  Status record_failure(RecordedAnswer record, const Error& error, std::string_view hash);
  void tell(std::size_t done);

  RunStore& run_;
  std::span<const Question> questions_;
  const ContestantSpec& spec_;
  AnswerFinder& finder_;
  const RunObserver& observer_;
  std::stop_token stop_;
  std::unordered_map<std::string, const Question*> by_text_;
  std::shared_ptr<void> kept_;
  EnergyMeter energy_;
  bool opened_ = false;
  RunReport report_;
  double seconds_ = 0;  // Spent on what was computed.
};

Status ContestantRun::open() {
  if (opened_ || !spec_.open) return {};
  (void)reset_peak_memory();
  Result<OpenModel> model = spec_.open(stop_);
  if (!model.ok()) {
    Error error = std::move(model).error();
    error.message = message("{}: {}", "{}: {}", spec_.stored.name, error.message);
    return error;
  }
  kept_ = std::move(model->kept);
  answerer().set_model(std::move(model->model));
  opened_ = true;
  return {};
}

// Earlier turns without an answer are answered by this contestant: with what the run has, if it was
// asked there, so that nothing is computed twice.
Status ContestantRun::tell_history(const Question& question) {
  answerer().reset();
  for (const EarlierTurn& turn : question.history) {
    if (!turn.answer.empty()) {
      answerer().remember({turn.question, turn.answer}, question.product);
      continue;
    }
    if (answerer().history().empty() && by_text_.contains(turn.question)) {
      SASEO_ASSIGN_OR_RETURN(const std::optional<RecordedAnswer> before,
                             run_.answer(by_text_.at(turn.question)->id, spec_.stored.name));
      if (before && !before->error) {
        answerer().remember({before->asked_as, before->text}, before->product);
        continue;
      }
    }
    SASEO_RETURN_IF_ERROR(open());
    Query query;
    query.text = turn.question;
    query.filter.product = question.product;
    SASEO_ASSIGN_OR_RETURN([[maybe_unused]] const Answer said, answerer().answer(query, {}, stop_));
  }
  return {};
}

// A model words a follow-up anew; how it did so before holds while nothing of it changed.
Result<PlannedQuestion> ContestantRun::plan(const Question& question, std::string& plan_hash) {
  Query query;
  query.text = question.text;
  query.filter.product = question.product;
  if (question.history.empty()) return answerer().plan(query, stop_);
  HashInput input;
  input.add(spec_.stored.identity).add(question.text).add(question.product);
  for (const Turn& turn : answerer().history()) input.add(turn.question).add(turn.answer);
  input.add(answerer().product());
  plan_hash = input.hash();
  SASEO_ASSIGN_OR_RETURN(const std::optional<RecordedAnswer> before,
                         run_.answer(question.id, spec_.stored.name));
  if (before && !before->error && before->plan_hash == plan_hash) {
    SASEO_ASSIGN_OR_RETURN(PlannedQuestion planned, answerer().plan(query, stop_));
    planned.search.text = planned.answer.question = before->asked_as;
    return planned;
  }
  SASEO_RETURN_IF_ERROR(open());
  return answerer().plan(query, stop_);
}

Result<const FoundPassages*> ContestantRun::find(const PlannedQuestion& planned) {
  const std::string key = search_key(planned.search, planned.answer);
  auto found = finder_.found.find(key);
  if (found == finder_.found.end()) {
    SASEO_ASSIGN_OR_RETURN(FoundPassages passages, answerer().find(planned));
    if (passages.hits.size() > kRecordedHits)
      passages.hits.erase(passages.hits.begin() + kRecordedHits, passages.hits.end());
    found = finder_.found.emplace(key, std::move(passages)).first;
  }
  return &found->second;
}

std::string ContestantRun::input_hash(const Question& question, const FoundPassages& found) const {
  HashInput input;
  input.add("1").add(spec_.stored.identity).add(spec_.search.description);
  input.add(question.text).add(question.product).add(found.answer.question);
  for (const Turn& turn : finder_.answerer->history()) input.add(turn.question).add(turn.answer);
  input.add(found.decided ? found.answer.text : "");
  for (const Passage& passage : found.answer.context.passages) {
    input.add(passage.info.title).add(passage.info.product).add(passage.text);
    for (const std::string& heading : passage.heading_path) input.add(heading);
    input.add(std::to_string(passage.first_page) + "-" + std::to_string(passage.last_page));
  }
  if (!spec_.open) {  // Of the search alone, every hit counts.
    for (const RankedChunk& hit : found.hits) input.add(hit.stored.chunk.text);
  }
  return input.hash();
}

Status ContestantRun::answer(const FoundPassages& found, RecordedAnswer& record) {
  if (!spec_.open) {
    record.searched_only = true;
    record.cost.total_seconds =
        (found.answer.timings.search_ms + found.answer.timings.context_ms) / 1000;
    return {};
  }
  SASEO_RETURN_IF_ERROR(open());
  (void)energy_.joules();
  Result<Answer> answered = answerer().write(found, {}, stop_);
  if (stop_.stop_requested())  // Half an answer would count as one.
    return make_error(ErrorCode::kCancelled, "stopped while it was answered",
                      "답하는 도중에 멈췄습니다");
  if (!answered.ok()) return answered.error();
  add_answer(record, *answered);
  record.product = answerer().product();
  record.cost.joules = energy_.joules();
  record.cost.peak_memory_bytes = peak_memory_bytes();
  return {};
}

Status ContestantRun::record_failure(RecordedAnswer record, const Error& error,
                                     std::string_view hash) {
  if (observer_.on_failure)
    observer_.on_failure(record.contestant + ", " + record.question_id, error);
  record.error = error.message;
  ++report_.failed;
  ++report_.computed;
  return run_.put(record, hash);
}

Status ContestantRun::settle(const Question& question) {
  Status settled = try_to_settle(question);
  const bool not_opened = spec_.open && !opened_;
  if (settled.ok() || not_opened || ends_the_run(settled.error().code)) return settled;
  // Before it was asked: an earlier turn of its conversation failed.
  RecordedAnswer record;
  record.question_id = question.id;
  record.contestant = spec_.stored.name;
  return record_failure(std::move(record), settled.error(), "");
}

Status ContestantRun::try_to_settle(const Question& question) {
  SASEO_RETURN_IF_ERROR(tell_history(question));
  std::string plan_hash;
  const Clock::time_point start = Clock::now();
  SASEO_ASSIGN_OR_RETURN(PlannedQuestion planned, plan(question, plan_hash));
  SASEO_ASSIGN_OR_RETURN(const FoundPassages* shared, find(planned));
  const std::string hash = input_hash(question, *shared);
  SASEO_ASSIGN_OR_RETURN(const bool there, run_.has(question.id, spec_.stored.name, hash));
  if (there) {
    ++report_.reused;
    return {};
  }
  FoundPassages found = *shared;
  found.answer.rewriting = planned.answer.rewriting;
  found.answer.rewritten_by_model = planned.answer.rewritten_by_model;
  found.answer.timings.plan_ms = planned.answer.timings.plan_ms;
  RecordedAnswer record = record_of(found, answerer().searcher().library());
  record.question_id = question.id;
  record.contestant = spec_.stored.name;
  record.plan_hash = plan_hash;
  if (Status answered = answer(found, record); !answered.ok()) {
    if (ends_the_run(answered.error().code) || (spec_.open && !opened_)) return answered;
    return record_failure(std::move(record), answered.error(), hash);
  }
  SASEO_RETURN_IF_ERROR(run_.put(record, hash));
  ++report_.computed;
  seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  return {};
}

void ContestantRun::tell(std::size_t done) {
  if (!observer_.on_progress) return;
  RunProgress progress{spec_.stored.name, done,           questions_.size(),
                       report_.computed,  report_.failed, std::nullopt};
  if (report_.computed > 0) {
    progress.seconds_left = seconds_ / static_cast<double>(report_.computed) *
                            static_cast<double>(questions_.size() - done);
  }
  observer_.on_progress(progress);
}

Result<RunReport> ContestantRun::run() {
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    tell(i);
    if (stop_.stop_requested())
      return make_error(ErrorCode::kCancelled,
                        "stopped; run the same command again to go on where it was",
                        "멈췄습니다. 같은 명령을 다시 실행하면 이어서 합니다");
    SASEO_RETURN_IF_ERROR(settle(questions_[i]));
  }
  tell(questions_.size());
  return report_;
}

}  // namespace

Result<RunReport> run_questions(RunStore& run, std::span<const Question> questions,
                                std::span<const ContestantSpec> contestants,
                                const std::filesystem::path& library, const RunObserver& observer,
                                std::stop_token stop) {
  SASEO_RETURN_IF_ERROR(run.set_questions({questions.begin(), questions.end()}));
  std::vector<StoredContestant> stored;
  for (const ContestantSpec& spec : contestants) stored.push_back(spec.stored);
  SASEO_RETURN_IF_ERROR(run.set_contestants(stored));

  std::map<std::string, AnswerFinder> finders;  // By setting.
  RunReport whole;
  for (const ContestantSpec& spec : contestants) {
    AnswerFinder& finder = finders[spec.search.description];
    if (!finder.answerer) {
      SASEO_ASSIGN_OR_RETURN(Searcher searcher, Searcher::open(library, spec.search.ranking));
      finder.answerer = std::make_unique<Answerer>(std::move(searcher), make_extractive_model(),
                                                   spec.search.answering);
    }
    ContestantRun contestant(run, questions, spec, finder, observer, stop);
    SASEO_ASSIGN_OR_RETURN(const RunReport report, contestant.run());
    whole.computed += report.computed;
    whole.reused += report.reused;
    whole.failed += report.failed;
  }
  return whole;
}

Result<std::string> index_hash(const Library& library) {
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents, library.documents());
  HashInput input;
  for (const StoredDocument& document : documents)
    input.add(document.path.filename().string())
        .add(document.content_hash)
        .add(document.settings_hash);
  SASEO_ASSIGN_OR_RETURN(const LibraryStats stats, library.stats());
  return input.add(stats.embedder).hash();
}

}  // namespace saseo::eval
