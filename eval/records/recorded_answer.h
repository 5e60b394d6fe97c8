// What one model answered to one question, as a run keeps it: all that metrics and the report read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/message.h"
#include "ingest/document.h"

namespace saseo::eval {

// A passage that was found, in order of relevance.
struct RecordedPassage {
  int number = 0;        // From 1, as cited.
  std::string document;  // Title of the manual.
  std::string file;      // Its file's name.
  std::string product;
  std::vector<std::string> heading_path;
  int first_page = 0, last_page = 0;  // 1-based; 0 without pages.
  std::string text;
  double score = 0;
};

// A hit of the search, whether or not a passage came of it.
struct RecordedHit {
  std::string document, file;
  std::vector<std::string> heading_path;
  int page = 0;  // 1-based; 0 without pages.
  double score = 0;
};

struct RecordedCitation {
  int number = 0;        // Of the passage.
  ByteSpan answer_span;  // In RecordedAnswer::text, without the "[1]".
  std::string document;
  std::vector<std::string> heading_path;
  int page = 0;      // 1-based; 0 without pages.
  std::string text;  // Of the manual, what the sentence rests on.
  std::string file;
};

// A sentence of the answer as it was checked against the passages (generation/answer.h).
struct RecordedSentence {
  ByteSpan answer_span;
  std::string basis;  // name_of(CitationBasis): "cited", "found", "unsupported", ...
  std::vector<int> numbers;
  bool doubtful = false;
};

// Where a figure was not measured it is absent, never 0.
struct Cost {
  std::optional<double> first_text_seconds;  // From the question to the first of the answer.
  std::optional<double> total_seconds;
  std::optional<double> prompt_tokens, completion_tokens;
  std::optional<double> reused_prompt_tokens;  // Of the prompt, computed for an earlier question.
  std::optional<double> prefill_seconds, decode_seconds;
  std::optional<double> peak_memory_bytes;  // Of the process, since the model was loaded.
  std::optional<double> joules;             // Of the processor's package.
};

inline constexpr std::size_t kRecordedHits = 20;

struct RecordedAnswer {
  std::string question_id;
  std::string contestant;
  std::string text;        // With " [1]" after sentences; lines ended by '\n'.
  std::string plain_text;  // Without citations.
  bool refused = false;    // The manuals are silent, it says.
  // Only the search was measured: nothing was to be answered.
  bool searched_only = false;
  std::string asked_as;   // The question as searched: a follow-up with its subject put back.
  std::string plan_hash;  // Of what `asked_as` was made from.
  std::string prompt;     // What a chat model read; empty of others.
  std::string product;    // That the answer was about; empty where none was chosen.
  // Products fit equally, and each answers in a part of its own.
  bool side_by_side = false;
  std::vector<RecordedHit> hits;  // Best first; at most kRecordedHits.
  std::vector<RecordedPassage> passages;
  std::vector<RecordedCitation> citations;
  std::vector<RecordedSentence> sentences;  // Empty where sentences were not checked.
  std::size_t invented_citations = 0;       // Numbers of no passage.
  Cost cost;
  std::optional<Message> error;  // The model failed on this question; the rest is empty then.
};

}  // namespace saseo::eval
