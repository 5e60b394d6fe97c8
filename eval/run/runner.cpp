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

// What one setting finds, kept for the contestants that follow; by hash of what is searched for.
using KeptPassages = std::unordered_map<std::string, FoundPassages>;

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

// What was found in another state of the library is not what this one holds.
std::string search_key(const SnapshotKey& state, const Query& search, const Answer& planned) {
  HashInput key;
  key.add(search.text).add(search.filter.product).add(search.talked_about).add(planned.asked);
  for (const std::int64_t part : {state.generation, state.embedder, state.embedder_generation})
    key.add(std::to_string(part));
  return key.hash();
}

// A question as one contestant is asked it: of one state of the library, after its own earlier
// turns.
struct AskedQuestion {
  const Question& question;
  const Searcher& searcher;
  Conversation conversation;
};

class ContestantRun {
 public:
  ContestantRun(RunStore& run, std::span<const Question> questions, const ContestantSpec& spec,
                const LibraryHost& library, KeptPassages& kept_passages,
                const RunObserver& observer, std::stop_token stop)
      : run_(run),
        questions_(questions),
        spec_(spec),
        library_(library),
        kept_passages_(kept_passages),
        observer_(observer),
        stop_(std::move(stop)) {
    for (const Question& question : questions) {
      if (question.history.empty()) by_text_.try_emplace(question.text, &question);
    }
  }
  ContestantRun(const ContestantRun&) = delete;
  ContestantRun& operator=(const ContestantRun&) = delete;
  Result<RunReport> run();

 private:
  Answerer answerer(const AskedQuestion& asked) const {
    return Answerer(asked.searcher, *model_, spec_.search.answering);
  }
  Status open();
  Status tell_history(AskedQuestion& asked);
  Result<PlannedQuestion> plan(const AskedQuestion& asked, std::string& plan_hash);
  Result<const FoundPassages*> find(const AskedQuestion& asked, const PlannedQuestion& planned);
  std::string input_hash(const AskedQuestion& asked, const FoundPassages& found) const;
  Status answer(AskedQuestion& asked, const FoundPassages& found, RecordedAnswer& record);
  // Answers unless the answer is there.
  Status settle(const Question& question);
  Status try_to_settle(AskedQuestion& asked);
  Status record_failure(RecordedAnswer record, const Error& error, std::string_view hash);
  void tell(std::size_t done);

  RunStore& run_;
  std::span<const Question> questions_;
  const ContestantSpec& spec_;
  const LibraryHost& library_;
  KeptPassages& kept_passages_;
  const RunObserver& observer_;
  std::stop_token stop_;
  std::unordered_map<std::string, const Question*> by_text_;
  // The contestant's once it is opened; before, one that has nothing to load.
  std::unique_ptr<LanguageModel> model_ = make_extractive_model();
  EnergyMeter energy_;
  bool opened_ = false;
  RunReport report_;
  double seconds_ = 0;  // Spent on what was computed.
};

Status ContestantRun::open() {
  if (opened_ || !spec_.open) return {};
  (void)reset_peak_memory();
  Result<std::unique_ptr<LanguageModel>> model = spec_.open(stop_);
  if (!model.ok()) {
    Error error = std::move(model).error();
    error.message = message("{}: {}", "{}: {}", spec_.stored.name, error.message);
    return error;
  }
  model_ = std::move(model).value();
  opened_ = true;
  return {};
}

// Earlier turns without an answer are answered by this contestant: with what the run has, if it was
// asked there, so that nothing is computed twice.
Status ContestantRun::tell_history(AskedQuestion& asked) {
  const Question& question = asked.question;
  Conversation& conversation = asked.conversation;
  for (const EarlierTurn& turn : question.history) {
    if (!turn.answer.empty()) {
      conversation.remember({turn.question, turn.answer}, question.product);
      continue;
    }
    if (conversation.turns.empty() && by_text_.contains(turn.question)) {
      SASEO_ASSIGN_OR_RETURN(const std::optional<RecordedAnswer> before,
                             run_.answer(by_text_.at(turn.question)->id, spec_.stored.name));
      if (before && !before->error) {
        conversation.remember({before->asked_as, before->text}, before->product);
        continue;
      }
    }
    SASEO_RETURN_IF_ERROR(open());
    Query query;
    query.text = turn.question;
    query.filter.product = question.product;
    SASEO_ASSIGN_OR_RETURN(const Answer said,
                           answerer(asked).answer(conversation, query, {}, stop_));
    conversation.remember(said);
  }
  return {};
}

// A model words a follow-up anew; how it did so before holds while nothing of it changed.
Result<PlannedQuestion> ContestantRun::plan(const AskedQuestion& asked, std::string& plan_hash) {
  const Question& question = asked.question;
  const Conversation& conversation = asked.conversation;
  Query query;
  query.text = question.text;
  query.filter.product = question.product;
  if (question.history.empty()) return answerer(asked).plan(conversation, query, stop_);
  HashInput input;
  input.add(spec_.stored.identity).add(question.text).add(question.product);
  for (const Turn& turn : conversation.turns) input.add(turn.question).add(turn.answer);
  input.add(conversation.product);
  plan_hash = input.hash();
  SASEO_ASSIGN_OR_RETURN(const std::optional<RecordedAnswer> before,
                         run_.answer(question.id, spec_.stored.name));
  if (before && !before->error && before->plan_hash == plan_hash) {
    SASEO_ASSIGN_OR_RETURN(PlannedQuestion planned,
                           answerer(asked).plan(conversation, query, stop_));
    planned.search.text = planned.answer.question = before->asked_as;
    return planned;
  }
  SASEO_RETURN_IF_ERROR(open());
  return answerer(asked).plan(conversation, query, stop_);
}

Result<const FoundPassages*> ContestantRun::find(const AskedQuestion& asked,
                                                 const PlannedQuestion& planned) {
  const std::string key =
      search_key(asked.searcher.snapshot().key(), planned.search, planned.answer);
  auto found = kept_passages_.find(key);
  if (found == kept_passages_.end()) {
    SASEO_ASSIGN_OR_RETURN(FoundPassages passages, answerer(asked).find(planned));
    if (passages.hits.size() > kRecordedHits)
      passages.hits.erase(passages.hits.begin() + kRecordedHits, passages.hits.end());
    found = kept_passages_.emplace(key, std::move(passages)).first;
  }
  return &found->second;
}

std::string ContestantRun::input_hash(const AskedQuestion& asked,
                                      const FoundPassages& found) const {
  const Question& question = asked.question;
  HashInput input;
  input.add("1").add(spec_.stored.identity).add(spec_.search.description);
  input.add(question.text).add(question.product).add(found.answer.question);
  for (const Turn& turn : asked.conversation.turns) input.add(turn.question).add(turn.answer);
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

Status ContestantRun::answer(AskedQuestion& asked, const FoundPassages& found,
                             RecordedAnswer& record) {
  if (!spec_.open) {
    record.searched_only = true;
    record.cost.total_seconds =
        (found.answer.timings.search_ms + found.answer.timings.context_ms) / 1000;
    return {};
  }
  SASEO_RETURN_IF_ERROR(open());
  (void)energy_.joules();
  Result<Answer> answered = answerer(asked).write(asked.conversation, found, {}, stop_);
  if (stop_.stop_requested())  // Half an answer would count as one.
    return make_error(ErrorCode::kCancelled, "stopped while it was answered",
                      "답하는 도중에 멈췄습니다");
  if (!answered.ok()) return answered.error();
  add_answer(record, *answered);
  asked.conversation.remember(*answered);
  record.product = asked.conversation.product;
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
  // The lease ends with the question, so that a long run does not keep the library's log growing.
  SASEO_ASSIGN_OR_RETURN(const Searcher searcher, Searcher::open(library_, spec_.search.ranking));
  AskedQuestion asked{question, searcher, {}};
  Status settled = try_to_settle(asked);
  const bool not_opened = spec_.open && !opened_;
  if (settled.ok() || not_opened || ends_the_run(settled.error().code)) return settled;
  // Before it was asked: an earlier turn of its conversation failed.
  RecordedAnswer record;
  record.question_id = question.id;
  record.contestant = spec_.stored.name;
  return record_failure(std::move(record), settled.error(), "");
}

Status ContestantRun::try_to_settle(AskedQuestion& asked) {
  const Question& question = asked.question;
  SASEO_RETURN_IF_ERROR(tell_history(asked));
  std::string plan_hash;
  const Clock::time_point start = Clock::now();
  SASEO_ASSIGN_OR_RETURN(PlannedQuestion planned, plan(asked, plan_hash));
  SASEO_ASSIGN_OR_RETURN(const FoundPassages* shared, find(asked, planned));
  const std::string hash = input_hash(asked, *shared);
  SASEO_ASSIGN_OR_RETURN(const bool there, run_.has(question.id, spec_.stored.name, hash));
  if (there) {
    ++report_.reused;
    return {};
  }
  FoundPassages found = *shared;
  found.answer.rewriting = planned.answer.rewriting;
  found.answer.rewritten_by_model = planned.answer.rewritten_by_model;
  found.answer.timings.plan_ms = planned.answer.timings.plan_ms;
  RecordedAnswer record = record_of(found, asked.searcher.library());
  record.question_id = question.id;
  record.contestant = spec_.stored.name;
  record.plan_hash = plan_hash;
  if (Status answered = answer(asked, found, record); !answered.ok()) {
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

  SASEO_ASSIGN_OR_RETURN(const LibraryHost host, LibraryHost::open(library));
  std::map<std::string, KeptPassages> found;  // By setting.
  RunReport whole;
  for (const ContestantSpec& spec : contestants) {
    ContestantRun contestant(run, questions, spec, host, found[spec.search.description], observer,
                             stop);
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
