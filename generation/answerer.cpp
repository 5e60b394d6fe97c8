#include "generation/answerer.h"

#include <algorithm>
#include <chrono>

#include "generation/citations.h"
#include "generation/followup.h"
#include "generation/replies.h"
#include "generation/rerank.h"
#include "generation/search_text.h"

namespace saseo {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

constexpr std::size_t kMaxTurns = 20;  // Remembered; older ones are forgotten.

bool keeps_to_one(ProductDecision decision) {
  return decision == ProductDecision::kNamed || decision == ProductDecision::kWins ||
         decision == ProductDecision::kFiltered;
}

// More products than this are told apart by the search alone.
constexpr std::size_t kMaxProductsAsked = 6;

std::vector<std::string> products_of(const std::vector<StoredDocument>& documents) {
  std::vector<std::string> products;
  for (const StoredDocument& document : documents) {
    const std::string& product = document.info.product;
    if (!product.empty() && std::ranges::find(products, product) == products.end()) {
      products.push_back(product);
    }
  }
  return products;
}

void merge_hits(SearchResult& result, SearchResult more) {
  for (RankedChunk& hit : more.hits) {
    const bool there = std::ranges::any_of(
        result.hits, [&](const RankedChunk& other) { return other.hit.chunk == hit.hit.chunk; });
    if (!there) result.hits.push_back(std::move(hit));
  }
}

// Another product's passages leave; numbers count anew.
void keep_product(Context& context, const std::string& product) {
  const auto other = [&](const Passage& passage) {
    return !passage.info.product.empty() && passage.info.product != product;
  };
  if (product.empty() || std::ranges::all_of(context.passages, other)) return;
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
  TermWeightsCache weights;
  std::vector<Turn> history;
  std::string product;  // Of the last answer; empty before one.

  Result<std::string> rewrite(const Query& query, Query& search);
  Result<SearchResult> search(const Query& query, const ParsedQuestion& question);
  void remember(const Answer& answer);
};

// Puts the subject and the product of the conversation back into `search`.
Result<std::string> Answerer::State::rewrite(const Query& query, Query& search) {
  SASEO_ASSIGN_OR_RETURN(const std::string question, checked_question(query.text));
  search = query;
  search.text = question;
  search.limit = std::max(query.limit, options.hits);
  if (history.empty()) return question;
  const Followup followup =
      put_subject_back(question, history.back().question, searcher.analyzer());
  search.text = followup.question;
  if (followup.follows && !product.empty() && query.filter.product.empty() &&
      query.filter.documents.empty()) {
    SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents,
                           searcher.library().documents());
    if (products_named(question, documents).empty()) search.filter.product = product;
  }
  return question;
}

// Where nothing names the product, every product's manuals are searched, so that the words of one
// do not hide the other's: the better answer decides, not the better match of words.
Result<SearchResult> Answerer::State::search(const Query& query, const ParsedQuestion& question) {
  const Library& library = searcher.library();
  SASEO_ASSIGN_OR_RETURN(SearchResult result, searcher.search(query));
  const bool open = result.product.decision == ProductDecision::kWins ||
                    result.product.decision == ProductDecision::kAmbiguous;
  if (!open) {
    SASEO_RETURN_IF_ERROR(rerank_hits(result, question, library, searcher.analyzer()));
    return result;
  }
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents, library.documents());
  const std::vector<std::string> products = products_of(documents);
  if (products.size() <= kMaxProductsAsked) {
    for (const std::string& other : products) {
      Query narrowed = query;
      narrowed.filter.product = other;
      SASEO_ASSIGN_OR_RETURN(SearchResult more, searcher.search(narrowed));
      merge_hits(result, std::move(more));
    }
  }
  SASEO_RETURN_IF_ERROR(rerank_hits(result, question, library, searcher.analyzer()));
  settle_product(result, question, documents, weights.of(library));
  const bool talked_about =
      std::ranges::find(result.product.candidates, product) != result.product.candidates.end();
  if (talked_about) keep_product(result, documents, product);
  return result;
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
  SASEO_ASSIGN_OR_RETURN(const std::string asked, state.rewrite(query, search));
  answer.question = search.text;
  const Language language = language_of_question(asked);
  answer.language = language == Language::kEnglish ? Language::kEnglish : Language::kKorean;

  Analyzer& analyzer = state.searcher.analyzer();
  const Library& library = state.searcher.library();
  const ParsedQuestion question =
      parse_question(answer.question, analyzer, state.weights.of(library));
  search.text = search_text(question);
  SASEO_ASSIGN_OR_RETURN(SearchResult result, state.search(search, question));
  answer.product = result.product;
  answer.timings.search_ms = milliseconds_since(start);

  const auto reply = [&](std::string text) {
    answer.text = std::move(text);
    if (sink) sink(answer.text);
    answer.timings.first_text_ms = answer.timings.total_ms = milliseconds_since(start);
    state.remember(answer);
    return std::move(answer);
  };
  if (result.product.decision == ProductDecision::kAmbiguous) {
    return reply(which_product_reply(answer.language, result.product.candidates));
  }
  if (result.candidates == 0) return reply(nothing_to_search_reply(answer.language));

  SASEO_ASSIGN_OR_RETURN(answer.context,
                         build_context(state.searcher.library(), result, state.options.context));
  if (keeps_to_one(result.product.decision)) keep_product(answer.context, result.product.product);
  answer.timings.context_ms = milliseconds_since(start) - answer.timings.search_ms;

  SASEO_ASSIGN_OR_RETURN(const std::vector<PassageEvidence> evidence,
                         gather_evidence(question, answer.context, library, analyzer));
  const RefusalFeatures features =
      refusal_features(question, result, evidence, state.weights.of(library));
  if (state.options.refusal.observe) state.options.refusal.observe(features);
  answer.confidence = answer_confidence(features);
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
  if (generated.text.empty() && !stop.stop_requested()) {
    return reply(silent_reply(answer.language, answer.context));
  }
  answer.text = std::move(generated.text);
  answer.citations = std::move(generated.citations);
  SASEO_RETURN_IF_ERROR(complete_citations(answer.citations, answer.context, library));
  answer.found = !answer.text.empty();
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
