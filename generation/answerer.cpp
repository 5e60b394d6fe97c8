#include "generation/answerer.h"

#include <algorithm>
#include <chrono>

#include "generation/citations.h"
#include "generation/followup.h"
#include "generation/replies.h"

namespace saseo {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Language answer_language(std::string_view question) {
  return language_of_question(question) == Language::kEnglish ? Language::kEnglish
                                                              : Language::kKorean;
}

constexpr std::size_t kMaxTurns = 20;  // Remembered; older ones are forgotten.

bool keeps_to_one(ProductDecision decision) {
  return decision == ProductDecision::kNamed || decision == ProductDecision::kWins ||
         decision == ProductDecision::kFiltered;
}

// More products than this are not answered for side by side: the asker is asked back.
constexpr std::size_t kMostSideBySide = 3;

// The passages of other products leave; numbers count anew.
void keep_products(Context& context, std::span<const std::string> products) {
  const auto other = [&](const Passage& passage) {
    return !passage.info.product.empty() &&
           std::ranges::find(products, passage.info.product) == products.end();
  };
  if (products.empty() || std::ranges::all_of(context.passages, other)) return;
  std::erase_if(context.passages, other);
  context.tokens = 0;
  for (std::size_t i = 0; i < context.passages.size(); ++i) {
    context.passages[i].number = static_cast<int>(i) + 1;
    context.tokens += context.passages[i].tokens;
  }
}

}  // namespace

struct Answerer::State {
  State(Searcher s, std::unique_ptr<LanguageModel> m, const AnswererOptions& o)
      : searcher(std::move(s)), model(std::move(m)), options(o) {}

  Searcher searcher;
  std::unique_ptr<LanguageModel> model;
  AnswererOptions options;
  std::vector<Turn> history;
  std::string product;  // Of the last answer; empty before one.

  Result<std::string> rewrite(const Query& query, Query& search, Answer& answer,
                              std::stop_token stop);
  void remember(const Answer& answer);
};

// Puts the subject and the product of the conversation back into `search`.
Result<std::string> Answerer::State::rewrite(const Query& query, Query& search, Answer& answer,
                                             std::stop_token stop) {
  SASEO_ASSIGN_OR_RETURN(const std::string question, checked_question(query.text));
  search = query;
  search.text = question;
  search.talked_about = product;
  search.limit = std::max(query.limit, options.hits);
  if (history.empty()) return question;
  Followup followup = put_subject_back(question, history.back().question, searcher.analyzer());
  if (followup.follows) {
    const AnswerRequest request{question, answer_language(question), nullptr, history,
                                &searcher.analyzer()};
    SASEO_ASSIGN_OR_RETURN(const std::optional<Rewriting> rewriting,
                           model->rewrite_followup(request, stop));
    if (rewriting) answer.rewriting = rewriting->usage;
    if (rewriting && !rewriting->question.empty()) {
      followup.question = rewriting->question;
      answer.rewritten_by_model = true;
    }
  }
  search.text = followup.question;
  if (followup.follows && !product.empty() && query.filter.product.empty() &&
      query.filter.documents.empty()) {
    SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents,
                           searcher.library().documents());
    if (products_named(question, documents).empty()) search.filter.product = product;
  }
  return question;
}

void Answerer::State::remember(const Answer& answer) {
  if (history.size() == kMaxTurns) history.erase(history.begin());
  history.push_back({answer.question, answer.text});
  if (keeps_to_one(answer.product.decision)) {
    product = answer.product.product;
  } else if (answer.found && !answer.citations.empty()) {
    product = answer.citations.front().info.product;
  }
}

Answerer::Answerer(Searcher searcher, std::unique_ptr<LanguageModel> model,
                   const AnswererOptions& options)
    : state_(std::make_unique<State>(std::move(searcher), std::move(model), options)) {}
Answerer::Answerer(Answerer&&) noexcept = default;
Answerer& Answerer::operator=(Answerer&&) noexcept = default;
Answerer::~Answerer() = default;

Result<Answer> Answerer::answer(const Query& query, const TextSink& sink, std::stop_token stop) {
  State& state = *state_;
  const Clock::time_point start = Clock::now();
  Answer answer;
  answer.model = state.model->name();
  Query search;
  SASEO_ASSIGN_OR_RETURN(const std::string asked, state.rewrite(query, search, answer, stop));
  answer.asked = asked;
  answer.question = search.text;
  const Language language = language_of_question(asked);
  answer.language = answer_language(asked);

  Analyzer& analyzer = state.searcher.analyzer();
  const Library& library = state.searcher.library();
  SASEO_ASSIGN_OR_RETURN(const SearchResult result, state.searcher.search(search));
  const ParsedQuestion& question = result.parsed;
  answer.product = result.product;
  answer.timings.search_ms = milliseconds_since(start);

  const auto reply = [&](std::string text) {
    answer.text = std::move(text);
    if (sink) sink(answer.text);
    answer.timings.first_text_ms = answer.timings.total_ms = milliseconds_since(start);
    state.remember(answer);
    return std::move(answer);
  };
  const bool side_by_side = result.product.decision == ProductDecision::kAmbiguous;
  if (side_by_side && result.product.candidates.size() > kMostSideBySide) {
    return reply(which_product_reply(answer.language, result.product.candidates));
  }
  if (result.candidates == 0) return reply(nothing_to_search_reply(answer.language));

  SASEO_ASSIGN_OR_RETURN(answer.context,
                         build_context(state.searcher.library(), result, state.options.context));
  if (keeps_to_one(result.product.decision)) {
    keep_products(answer.context, std::span(&result.product.product, 1));
  }
  answer.timings.context_ms = milliseconds_since(start) - answer.timings.search_ms;

  SASEO_ASSIGN_OR_RETURN(const std::vector<PassageEvidence> evidence,
                         gather_evidence(question, answer.context, library, analyzer));
  const auto confidence_of = [&](std::span<const PassageEvidence> shown) {
    const RefusalFeatures features =
        refusal_features(question, result, shown, state.searcher.weights());
    if (state.options.refusal.observe) state.options.refusal.observe(features);
    return answer_confidence(features);
  };
  if (side_by_side) {
    std::vector<std::string> answering;
    for (const std::string& product : result.product.candidates) {
      const auto first = std::ranges::find_if(
          evidence, [&](const PassageEvidence& e) { return e.passage->info.product == product; });
      if (first == evidence.end()) continue;
      const float confidence = confidence_of(std::span(&*first, 1));
      answer.confidence = std::max(answer.confidence, confidence);
      if (confidence >= state.options.refusal.threshold) answering.push_back(product);
    }
    keep_products(answer.context, answering);
    if (answering.empty()) answer.product = {};
    if (answering.size() == 1) answer.product = {ProductDecision::kWins, answering.front(), {}};
  } else {
    answer.confidence = confidence_of(evidence);
  }
  if (answer.context.passages.empty() || answer.confidence < state.options.refusal.threshold) {
    return reply(language == Language::kOther ? other_language_reply()
                                              : silent_reply(answer.language, answer.context));
  }

  const TextSink timed = [&](std::string_view piece) {
    if (answer.timings.first_text_ms == 0) answer.timings.first_text_ms = milliseconds_since(start);
    if (sink) sink(piece);
  };
  const AnswerRequest request{answer.question, answer.language, &answer.context, state.history,
                              &analyzer};
  SASEO_ASSIGN_OR_RETURN(Generated generated, state.model->generate(request, library, timed, stop));
  if (generated.by_chat_model) answer.generation = std::move(generated.report);
  if (generated.text.empty() && !stop.stop_requested()) {
    return reply(silent_reply(answer.language, answer.context));
  }
  answer.text = std::move(generated.text);
  answer.citations = std::move(generated.citations);
  answer.sentences = std::move(generated.sentences);
  SASEO_RETURN_IF_ERROR(complete_citations(answer.citations, answer.context, library));
  answer.found = !answer.citations.empty();
  answer.timings.total_ms = milliseconds_since(start);
  state.remember(answer);
  return answer;
}

void Answerer::reset() {
  state_->history.clear();
  state_->product.clear();
}
std::span<const Turn> Answerer::history() const { return state_->history; }
Searcher& Answerer::searcher() { return state_->searcher; }
LanguageModel& Answerer::model() { return *state_->model; }
void Answerer::set_model(std::unique_ptr<LanguageModel> model) { state_->model = std::move(model); }

}  // namespace saseo
