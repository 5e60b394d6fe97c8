// Evidence: the sentences, steps, list items and table rows of a passage, each with how well it
// meets the question.
#pragma once

#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "index/library.h"
#include "retrieval/context.h"
#include "retrieval/question.h"

namespace saseo {

// The terms of a stretch of text.
struct TextTerms {
  std::unordered_set<std::string> stems, bigrams;
  std::vector<Quantity> quantities;
};
TextTerms terms_of(std::string_view text, Analyzer& analyzer);
void add_terms(TextTerms& terms, std::string_view text, Analyzer& analyzer);

// 0 to 1: how far the text holds the subject.
float match(const Subject& subject, const TextTerms& text);

// A sentence of a block, or a whole table row.
struct EvidenceUnit {
  std::size_t block = 0;       // In PassageEvidence::blocks.
  ByteSpan span;               // In the document's text.
  std::vector<float> matches;  // (subjects) In its own text, its table's header counted in part.
  bool has_asked_quantity = false;
  bool names_key = false;  // A row whose first cell the question says.
  float own = 0;           // Weighted share of the subjects in its own text, 0 to 1.
  float score = 0;  // With what its headings and neighbours hold, and the quantity asked for.
};

struct PassageEvidence {
  const Passage* passage = nullptr;
  std::vector<Library::StoredBlock> blocks;  // Of the passage, headings left out.
  std::vector<EvidenceUnit> units;           // In reading order.
  std::vector<float> heading_matches;        // (subjects)
  std::vector<float> matches;                // (subjects) In heading path and text together.
  bool has_steps = false;                    // A numbered procedure of two steps or more.
  float heading = 0;                         // Weighted share of the subjects in the heading path.
  float coverage = 0;                        // Weighted share of the subjects in the passage.
  float best_unit = 0;                       // Largest unit score.
  float best_own = 0;                        // Largest share in one unit alone.
  float quantity = 0;     // 0, or more where a unit tells a quantity of the kind asked for.
  float heading_fit = 0;  // Share of the last heading's words that the question says.
};

// Borrows the passage; needs its document, section, heading path and segments.
Result<PassageEvidence> gather_evidence(const ParsedQuestion& question, const Passage& passage,
                                        const Library& library, Analyzer& analyzer);

// Borrows the passages of the context. In the context's order.
Result<std::vector<PassageEvidence>> gather_evidence(const ParsedQuestion& question,
                                                     const Context& context, const Library& library,
                                                     Analyzer& analyzer);

}  // namespace saseo
