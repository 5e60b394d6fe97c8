// Answer: sentences, each with the passages it rests on.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"
#include "generation/chat_model.h"
#include "generation/token_plan.h"
#include "index/ids.h"
#include "ingest/document.h"
#include "retrieval/context.h"

namespace saseo {

// What one sentence, step or table row of the answer rests on.
struct Citation {
  int number = 0;        // Of the passage, as printed: [1].
  ByteSpan answer_span;  // In Answer::text, without the "[1]".
  DocumentId document{};
  std::filesystem::path path;
  DocumentInfo info;
  int page = 0;  // 1-based; 0 without pages.
  std::string page_label;
  std::vector<std::string> heading_path;
  ByteSpan span;           // In the document's text.
  std::string text;        // The document's text at `span`.
  std::vector<Box> boxes;  // One a line; empty without pages.
};

// How a sentence that a model wrote came to what is cited for it.
enum class CitationBasis {
  kNothingSaid,  // It claims nothing: "네.", "다음과 같이 하세요:", that the manual is silent.
  kCited,        // The model cited, and the passage holds it.
  kFound,        // The model cited nothing; a passage that holds it was found.
  kCorrected,      // What the model cited does not hold it; another passage does.
  kOtherLanguage,  // Cited in another language than the passage's: only numbers and names compared.
  kUnsupported,    // No passage shown holds it.
};
std::string_view name_of(CitationBasis basis);  // "nothing-said", "cited", ...

// A sentence, step or line that a model wrote, as it was checked. What the extractive model prints
// is the manual's own and is not.
struct CheckedSentence {
  ByteSpan answer_span;  // In Answer::text, without citations and the step's number.
  CitationBasis basis = CitationBasis::kNothingSaid;
  std::vector<int> numbers;  // Of the passages cited after it.
  // Quantities and names that no passage cited for it has, as written.
  std::vector<std::string> unverified;
  float share = 0;  // 0 to 1: of it in what is cited, or in the nearest passage.

  // Printed with "[?]".
  bool doubtful() const { return basis == CitationBasis::kUnsupported || !unverified.empty(); }
};

// How a chat model came to the answer.
struct GenerationReport {
  TokenPlan plan;
  TokenUsage usage;
  CompletionEnd end = CompletionEnd::kStop;
  std::string prompt;                  // What the model read, without turn markers.
  std::vector<int> passage_order;      // Numbers of those shown, as they stood in the prompt.
  std::vector<int> passages_left_out;  // Numbers of those the plan had no room for.
  std::size_t invented_citations = 0;  // Numbers of no passage, dropped from the text.
  bool said_silent = false;            // The model itself said that the manuals are silent.
};

struct AnswerTimings {
  // plan_ms: putting the subject of a follow-up back. The last two count from the question.
  double plan_ms = 0, search_ms = 0, context_ms = 0, first_text_ms = 0, total_ms = 0;
};

struct Answer {
  std::string text;    // Streamed form: sentences with " [1]" after each; lines ended by '\n'.
  bool found = false;  // False: the manuals are silent; text then says so.
  std::string model;   // "extractive", or a model's name.
  Language language = Language::kKorean;       // Of the answer.
  std::string asked;                           // As typed.
  std::string question;                        // As searched: a follow-up has its subject put back.
  std::vector<Citation> citations;             // In order of the answer.
  std::vector<CheckedSentence> sentences;      // Likewise; empty of the extractive model's.
  std::optional<GenerationReport> generation;  // Empty where no chat model was asked.
  std::optional<TokenUsage> rewriting;         // Of a follow-up by a chat model ...
  bool rewritten_by_model = false;             // ... whose question was taken, not the rules'.
  Context context;
  ProductChoice product;  // kAmbiguous: a part from each, or (found is false) asks which.
  float confidence = 0;   // 0 to 1: that the manuals answer the question.
  AnswerTimings timings;
};

}  // namespace saseo
