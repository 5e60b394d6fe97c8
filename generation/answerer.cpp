#include "generation/answerer.h"

#include <algorithm>
#include <chrono>
#include <functional>

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

bool keeps_to_one(ProductDecision decision) {
  return decision == ProductDecision::kNamed || decision == ProductDecision::kWins ||
         decision == ProductDecision::kFiltered;
}

// More products than this are not answered for side by side: the asker is asked back.
constexpr std::size_t kMaxSideBySide = 3;

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

// Leaves the passages of the products that answer, each by its own confidence.
void keep_answering(Answer& answer, std::span<const PassageEvidence> evidence,
                    const std::function<float(std::span<const PassageEvidence>)>& confidence_of,
                    float threshold) {
  std::vector<std::string> answering;
  for (const std::string& candidate : answer.product.candidates) {
    const auto first = std::ranges::find_if(
        evidence, [&](const PassageEvidence& e) { return e.passage->info.product == candidate; });
    if (first == evidence.end()) continue;
    const float confidence = confidence_of(std::span(&*first, 1));
    answer.confidence = std::max(answer.confidence, confidence);
    if (confidence >= threshold) answering.push_back(candidate);
  }
  keep_products(answer.context, answering);
  if (answering.empty()) answer.product = {};
  if (answering.size() == 1) answer.product = {ProductDecision::kWins, answering.front(), {}};
}

}  // namespace

Result<Answer> Answerer::answer(const Conversation& conversation, const Query& query,
                                const TextSink& sink, std::stop_token stop) const {
  SASEO_ASSIGN_OR_RETURN(const PlannedQuestion planned, plan(conversation, query, stop));
  SASEO_ASSIGN_OR_RETURN(const FoundPassages found, find(planned));
  return write(conversation, found, sink, stop);
}

// Puts the subject and the product of the conversation back.
Result<PlannedQuestion> Answerer::plan(const Conversation& conversation, const Query& query,
                                       std::stop_token stop) const {
  const Clock::time_point start = Clock::now();
  PlannedQuestion planned;
  Query& search = planned.search;
  Answer& answer = planned.answer;
  SASEO_ASSIGN_OR_RETURN(answer.asked, checked_question(query.text));
  answer.question = answer.asked;
  answer.language = answer_language(answer.asked);
  search = query;
  search.talked_about = conversation.product;
  search.limit = std::max(query.limit, options_.hits);
  if (!conversation.turns.empty()) {
    Analyzer& analyzer = searcher_.analyzer();
    Followup followup =
        put_subject_back(answer.asked, conversation.turns.back().question, analyzer);
    if (followup.follows) {
      const AnswerRequest request{.question = answer.asked,
                                  .language = answer.language,
                                  .history = conversation.turns,
                                  .read = conversation.read,
                                  .analyzer = &analyzer,
                                  .weights = &searcher_.weights()};
      SASEO_ASSIGN_OR_RETURN(const std::optional<Rewriting> rewriting,
                             model_.rewrite_followup(request, stop));
      if (rewriting) answer.rewriting = rewriting->usage;
      if (rewriting && !rewriting->question.empty()) {
        followup.question = rewriting->question;
        answer.rewritten_by_model = true;
      }
    }
    answer.question = followup.question;
    if (followup.follows && !conversation.product.empty() && query.filter.product.empty() &&
        query.filter.documents.empty() &&
        products_named(answer.asked, *searcher_.snapshot().documents).empty())
      search.filter.product = conversation.product;
  }
  search.text = answer.question;
  answer.timings.plan_ms = milliseconds_since(start);
  return planned;
}

Result<FoundPassages> Answerer::find(const PlannedQuestion& planned) const {
  const Clock::time_point start = Clock::now();
  SASEO_ASSIGN_OR_RETURN(SearchResult result, searcher_.search(planned.search));
  const double search_ms = milliseconds_since(start);
  SASEO_ASSIGN_OR_RETURN(FoundPassages found, find_in(planned, std::move(result)));
  found.answer.timings.search_ms += search_ms;
  return found;
}

Result<FoundPassages> Answerer::find_in(const PlannedQuestion& planned, SearchResult result) const {
  const Language other_language = result.other_language;
  SASEO_ASSIGN_OR_RETURN(FoundPassages found, decide(planned, std::move(result)));
  if (!found.silent || other_language == Language::kUnknown) return found;
  // The manuals in the question's language are silent; those in the other one may not be.
  const Clock::time_point start = Clock::now();
  Query query = planned.search;
  query.filter.language = other_language;
  SASEO_ASSIGN_OR_RETURN(SearchResult elsewhere, searcher_.search(query));
  const double search_ms = milliseconds_since(start);
  SASEO_ASSIGN_OR_RETURN(FoundPassages found_there, decide(planned, std::move(elsewhere)));
  FoundPassages& shown = found_there.decided ? found : found_there;
  shown.answer.timings.search_ms += search_ms;
  return std::move(shown);
}

Result<FoundPassages> Answerer::decide(const PlannedQuestion& planned, SearchResult result) const {
  const Clock::time_point start = Clock::now();
  FoundPassages found;
  Answer& answer = found.answer;
  answer = planned.answer;
  Analyzer& analyzer = searcher_.analyzer();
  const Library& library = searcher_.library();
  const ParsedQuestion& question = result.parsed;
  answer.product = result.product;

  const auto reply = [&](std::string text) {
    answer.text = std::move(text);
    found.decided = true;
    found.hits = std::move(result.hits);
    return std::move(found);
  };
  const bool side_by_side = result.product.decision == ProductDecision::kAmbiguous;
  if (side_by_side && result.product.candidates.size() > kMaxSideBySide)
    return reply(which_product_reply(answer.language, result.product.candidates));
  if (result.candidates == 0) return reply(nothing_to_search_reply(answer.language));

  SASEO_ASSIGN_OR_RETURN(answer.context, build_context(library, result, options_.context));
  if (keeps_to_one(result.product.decision))
    keep_products(answer.context, std::span(&result.product.product, 1));
  answer.timings.context_ms = milliseconds_since(start);

  SASEO_ASSIGN_OR_RETURN(const std::vector<PassageEvidence> evidence,
                         gather_evidence(question, answer.context, library, analyzer));
  const auto confidence_of = [&](std::span<const PassageEvidence> shown) {
    const RefusalFeatures features = refusal_features(question, result, shown, searcher_.weights());
    if (options_.refusal.observe) options_.refusal.observe(features);
    return answer_confidence(features);
  };
  if (side_by_side) {
    keep_answering(answer, evidence, confidence_of, options_.refusal.threshold);
  } else {
    answer.confidence = confidence_of(evidence);
  }
  if (answer.context.passages.empty() || answer.confidence < options_.refusal.threshold) {
    found.silent = true;
    return reply(language_of_question(answer.asked) == Language::kOther
                     ? other_language_reply()
                     : silent_reply(answer.language, answer.context));
  }
  found.hits = std::move(result.hits);
  return found;
}

Result<Answer> Answerer::write(const Conversation& conversation, const FoundPassages& found,
                               const TextSink& sink, std::stop_token stop) const {
  const Clock::time_point start = Clock::now();
  Answer answer = found.answer;
  answer.model = model_.name();
  const double before =
      answer.timings.plan_ms + answer.timings.search_ms + answer.timings.context_ms;
  const auto reply = [&](std::string text) {
    answer.text = std::move(text);
    if (sink) sink(answer.text);
    answer.timings.first_text_ms = answer.timings.total_ms = before + milliseconds_since(start);
    return std::move(answer);
  };
  if (found.decided) return reply(std::move(answer.text));

  const TextSink timed = [&](std::string_view piece) {
    if (answer.timings.first_text_ms == 0)
      answer.timings.first_text_ms = before + milliseconds_since(start);
    if (sink) sink(piece);
  };
  const Library& library = searcher_.library();
  const AnswerRequest request{.question = answer.question,
                              .language = answer.language,
                              .context = &answer.context,
                              .history = conversation.turns,
                              .read = conversation.read,
                              .analyzer = &searcher_.analyzer(),
                              .weights = &searcher_.weights()};
  SASEO_ASSIGN_OR_RETURN(Generated generated, model_.generate(request, library, timed, stop));
  if (generated.by_chat_model) answer.generation = std::move(generated.report);
  if (generated.text.empty() && !stop.stop_requested())
    return reply(silent_reply(answer.language, answer.context));
  answer.text = std::move(generated.text);
  answer.citations = std::move(generated.citations);
  answer.sentences = std::move(generated.sentences);
  SASEO_RETURN_IF_ERROR(complete_citations(answer.citations, answer.context, library));
  answer.found = !answer.citations.empty();
  answer.timings.total_ms = before + milliseconds_since(start);
  return answer;
}

}  // namespace saseo
