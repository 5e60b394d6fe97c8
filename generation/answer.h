// Answer: sentences, each with the passages it rests on.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/message.h"
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

struct AnswerTimings {
  double search_ms = 0, context_ms = 0, first_text_ms = 0, total_ms = 0;
};

struct Answer {
  std::string text;    // Streamed form: sentences with " [1]" after each; lines ended by '\n'.
  bool found = false;  // False: the manuals are silent; text then says so.
  std::string model;   // "extractive", or a model's name.
  Language language = Language::kKorean;  // Of the answer.
  std::string question;                   // As searched: a follow-up has its subject put back.
  std::vector<Citation> citations;        // In order of the answer.
  Context context;
  ProductChoice product;  // kAmbiguous: text asks which one; found is false.
  float confidence = 0;   // 0 to 1: that the manuals answer the question.
  AnswerTimings timings;
};

}  // namespace saseo
