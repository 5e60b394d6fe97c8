#include "eval/tune/settings_scorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <unordered_map>
#include <utility>

#include "base/message.h"
#include "eval/metrics/fact_recall.h"
#include "eval/metrics/finding_metrics.h"
#include "eval/metrics/squad_score.h"
#include "eval/metrics/trust_metrics.h"
#include "eval/records/recording.h"
#include "generation/answerer.h"
#include "generation/extractive_model.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kWaysKept = 3;  // Of searching.

double weight_of(const Credits& credits, std::optional<double> refusal_weight) {
  const auto answerable = static_cast<double>(credits.answerable.size());
  const auto unanswerable = static_cast<double>(credits.unanswerable.size());
  if (unanswerable == 0) return 0;
  return answerable == 0 ? 1 : refusal_weight.value_or(unanswerable / (answerable + unanswerable));
}

std::vector<double> differences(std::span<const double> first, std::span<const double> second) {
  std::vector<double> values;
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i)
    values.push_back(second[i] - first[i]);
  return values;
}

// A search is told apart by the state of the library, what was searched for and what was talked
// about before.
std::string search_key(std::int64_t generation, const Query& search) {
  return fmt::format("{}\n{}\n{}\n{}\n{}", generation, search.limit, search.filter.product,
                     search.talked_about, search.text);
}

// One way to search: a library and its weights.
struct KeptSearches {
  std::string key;
  LibraryHost library;
  RankingOptions ranking;
  std::unordered_map<std::string, SearchResult> found;
};

}  // namespace

std::optional<double> credit_of(const Question& question, const RecordedAnswer& answer) {
  if (question.unanswerable) return answer.refused ? 1 : 0;
  if (question.facts.empty() && !question.has_gold() && question.references.empty())
    return std::nullopt;
  if (answer.refused) return 0;
  if (!question.facts.empty()) return fact_recall(answer.plain_text, question.facts);
  const auto value_of = [](const std::map<std::string, double>& values, const char* name) {
    const auto value = values.find(name);
    return value == values.end() ? 0.0 : value->second;
  };
  if (!question.gold.empty()) return value_of(trust_metrics(question, answer), "citation-recall");
  if (question.has_gold()) return value_of(finding_metrics(question, answer), "context-recall");
  return question.language == Language::kKorean
             ? korquad_score(answer.plain_text, question.references).f1
             : squad_score(answer.plain_text, question.references).f1;
}

ScoreFigures figures_of(const Credits& credits, std::optional<double> refusal_weight) {
  ScoreFigures figures;
  const double weight = weight_of(credits, refusal_weight);
  figures.answered = mean_of(credits.answerable);
  figures.refused = mean_of(credits.unanswerable);
  figures.answerable = credits.answerable.size();
  figures.unanswerable = credits.unanswerable.size();
  figures.score = (1 - weight) * figures.answered + weight * figures.refused;
  return figures;
}

// The score is the mean, over all n questions, of credit * (1 - w) n / answerable and of
// credit * w n / unanswerable: so its difference has the interval of a mean of differences.
ScoreGain gain_of(const Credits& first, const Credits& second, std::optional<double> refusal_weight,
                  const IntervalOptions& options) {
  ScoreGain gain;
  const double weight = weight_of(first, refusal_weight);
  const std::vector<double> answered = differences(first.answerable, second.answerable);
  const std::vector<double> refused = differences(first.unanswerable, second.unanswerable);
  const auto n = static_cast<double>(answered.size() + refused.size());
  IntervalOptions of_share = options;
  of_share.range = {-1, 1};
  gain.answered = mean_of(answered);
  gain.answered_interval = difference_interval(answered, of_share);
  gain.refused = mean_of(refused);
  gain.refused_interval = tango_interval(
      static_cast<std::size_t>(std::ranges::count_if(refused, [](double d) { return d < 0; })),
      static_cast<std::size_t>(std::ranges::count_if(refused, [](double d) { return d > 0; })),
      refused.size(), options.level);
  std::vector<double> shares;
  double most = 0;
  const auto add = [&](const std::vector<double>& values, double of_all) {
    if (values.empty()) return;
    const double scale = of_all * n / static_cast<double>(values.size());
    most = std::max(most, scale);
    for (const double value : values) shares.push_back(scale * value);
  };
  add(answered, 1 - weight);
  add(refused, weight);
  IntervalOptions of_score = options;
  of_score.range = {-most, most};
  gain.score = mean_of(shares);
  gain.score_interval = difference_interval(shares, of_score);
  return gain;
}

struct SettingsScorer::State {
  std::span<const Question> questions;
  RechunkedLibraries* libraries = nullptr;
  std::list<KeptSearches> kept;  // The last used first.
  std::unique_ptr<LanguageModel> model;

  Result<KeptSearches*> searches_of(const AnswerSettings& settings, const Observer& observer,
                                    std::stop_token stop);
  Result<RecordedAnswer> ask(KeptSearches& searches, const AnswererOptions& options,
                             const Question& question, std::stop_token stop) const;
};

namespace {

// Asks one question and the turns before it, all of one state of the library.
class ScoredConversation {
 public:
  // Borrows all.
  ScoredConversation(KeptSearches& searches, const Searcher& searcher, const Answerer& answerer)
      : searches_(searches), searcher_(searcher), answerer_(answerer) {}

  // `record` may be null: the answer is a part of the conversation only.
  Status ask(const Query& query, std::stop_token stop, RecordedAnswer* record);
  void remember(const Turn& turn, std::string_view product) {
    conversation_.remember(turn, product);
  }

 private:
  Result<FoundPassages> find(const PlannedQuestion& planned);

  KeptSearches& searches_;
  const Searcher& searcher_;
  const Answerer& answerer_;
  Conversation conversation_;
};

Result<FoundPassages> ScoredConversation::find(const PlannedQuestion& planned) {
  const std::string key = search_key(searcher_.snapshot().generation, planned.search);
  auto found = searches_.found.find(key);
  if (found == searches_.found.end()) {
    SASEO_ASSIGN_OR_RETURN(SearchResult result, searcher_.search(planned.search));
    found = searches_.found.emplace(key, std::move(result)).first;
  }
  return answerer_.find_in(planned, found->second);
}

Status ScoredConversation::ask(const Query& query, std::stop_token stop, RecordedAnswer* record) {
  SASEO_ASSIGN_OR_RETURN(const PlannedQuestion planned, answerer_.plan(conversation_, query, stop));
  SASEO_ASSIGN_OR_RETURN(const FoundPassages found, find(planned));
  SASEO_ASSIGN_OR_RETURN(const Answer answered, answerer_.write(conversation_, found, {}, stop));
  conversation_.remember(answered);
  if (record != nullptr) {
    *record = record_of(found, searcher_.library());
    add_answer(*record, answered);
  }
  return {};
}

}  // namespace

Result<KeptSearches*> SettingsScorer::State::searches_of(const AnswerSettings& settings,
                                                         const Observer& observer,
                                                         std::stop_token stop) {
  const std::string key =
      fmt::format("{} {}", settings.chunk_tokens, search_words(settings.ranking, {}));
  const auto known = std::ranges::find(kept, key, &KeptSearches::key);
  if (known != kept.end()) {
    kept.splice(kept.begin(), kept, known);
  } else {
    SASEO_ASSIGN_OR_RETURN(const std::filesystem::path folder,
                           libraries->of_size(settings.chunk_tokens, observer.on_rechunking, stop));
    SASEO_ASSIGN_OR_RETURN(LibraryHost library, LibraryHost::open(folder));
    kept.push_front({key, std::move(library), settings.ranking, {}});
    if (kept.size() > kWaysKept) kept.pop_back();
  }
  return &kept.front();
}

Result<RecordedAnswer> SettingsScorer::State::ask(KeptSearches& searches,
                                                  const AnswererOptions& options,
                                                  const Question& question,
                                                  std::stop_token stop) const {
  SASEO_ASSIGN_OR_RETURN(const Searcher searcher,
                         Searcher::open(searches.library, searches.ranking));
  const Answerer answerer(searcher, *model, options);
  ScoredConversation conversation(searches, searcher, answerer);
  Query query;
  query.filter.product = question.product;
  for (const EarlierTurn& turn : question.history) {
    if (!turn.answer.empty()) {
      conversation.remember({turn.question, turn.answer}, question.product);
      continue;
    }
    query.text = turn.question;
    SASEO_RETURN_IF_ERROR(conversation.ask(query, stop, nullptr));
  }
  query.text = question.text;
  RecordedAnswer record;
  SASEO_RETURN_IF_ERROR(conversation.ask(query, stop, &record));
  return record;
}

SettingsScorer::SettingsScorer(std::span<const Question> questions, RechunkedLibraries& libraries)
    : state_(std::make_unique<State>(State{questions, &libraries, {}, make_extractive_model()})) {}
SettingsScorer::SettingsScorer(SettingsScorer&&) noexcept = default;
SettingsScorer& SettingsScorer::operator=(SettingsScorer&&) noexcept = default;
SettingsScorer::~SettingsScorer() = default;

Result<Credits> SettingsScorer::score(const AnswerSettings& settings,
                                      std::span<const std::size_t> which, const Observer& observer,
                                      std::stop_token stop) {
  SASEO_ASSIGN_OR_RETURN(KeptSearches * searches, state_->searches_of(settings, observer, stop));
  Credits credits;
  for (std::size_t i = 0; i < which.size(); ++i) {
    if (observer.on_question) observer.on_question(i);
    if (stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "stopped before the search was over",
                        "찾기가 끝나기 전에 멈췄습니다");
    const Question& question = state_->questions[which[i]];
    SASEO_ASSIGN_OR_RETURN(const RecordedAnswer record,
                           state_->ask(*searches, settings.answering, question, stop));
    const std::optional<double> credit = credit_of(question, record);
    if (credit)
      (question.unanswerable ? credits.unanswerable : credits.answerable).push_back(*credit);
  }
  return credits;
}

}  // namespace saseo::eval
