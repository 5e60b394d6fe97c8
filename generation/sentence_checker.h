// SentenceChecker: what of the shown passages a written sentence rests on. A sentence is held by
// the sentences, steps and table rows of the manual that share its words, each weighed by how
// telling it is:
//
//   share = sum over the sentence's subjects s of weight(s) * max over the units u of match(s, u)
//           / sum over s of weight(s)
//
// with match() of evidence.h, which knows endings, other words for the same thing and quantities.
// It tells copying and rewording from making up; it does not understand: a sentence that denies
// what the manual says with the manual's words passes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "generation/answer.h"
#include "index/library.h"
#include "retrieval/context.h"
#include "retrieval/evidence.h"

namespace saseo {

struct SupportSpan {
  int number = 0;  // Of the passage.
  DocumentId document{};
  ByteSpan span;  // In the document's text.
  friend bool operator==(const SupportSpan&, const SupportSpan&) = default;
};

struct SentenceVerdict {
  CitationBasis basis = CitationBasis::kNothingSaid;
  std::vector<SupportSpan> spans;  // By number, then by place. Empty unless a passage holds it.
  // Quantities and names that no passage cited for it has, as written.
  std::vector<std::string> unverified;
  std::size_t invented = 0;  // Numbers cited that no passage shown has.
  float share = 0;           // 0 to 1: of the sentence in what is cited, or in the nearest passage.
};

struct SentenceCheckOptions {
  float cited_share = 0.40f;  // Least share for a passage that the model cited itself.
  float found_share = 0.55f;  // Least share for one that it did not.
};

// Thread-compatible. Borrows all that it is made of.
class SentenceChecker {
 public:
  static Result<SentenceChecker> over(std::span<const Passage> passages, const Library& library,
                                      Analyzer& analyzer, const TermWeights& weights,
                                      const SentenceCheckOptions& options = {});

  // `cited`: the numbers written beside the sentence. The beginning of a sentence may be checked.
  SentenceVerdict check(std::string_view sentence, std::span<const int> cited) const;

 private:
  struct ShownUnit {
    std::size_t passage = 0;
    ByteSpan span;
    TextTerms terms, header;  // Of the row's table.
  };
  struct ShownPassage {
    int number = 0;
    DocumentId document{};
    Language language = Language::kUnknown;
    TextTerms headings;
    std::string squeezed;  // All of its text, for names.
  };
  struct Held {
    float share = 0;
    std::vector<std::size_t> units;
  };

  SentenceChecker(Analyzer& analyzer, const TermWeights& weights,
                  const SentenceCheckOptions& options)
      : analyzer_(&analyzer), weights_(&weights), options_(options) {}

  Status add_passage(const Passage& passage, const PassageEvidence& evidence);
  float match_in(const Subject& subject, const ShownUnit& unit) const;
  // In these passages together.
  Held hold(const ParsedQuestion& sentence, std::span<const int> numbers) const;
  // In the passage that holds most.
  Held hold_in_best(const ParsedQuestion& sentence) const;
  // The cited passages when none is in the sentence's language; empty otherwise.
  Held hold_in_other_language(std::string_view sentence, const ParsedQuestion& parsed,
                              std::span<const int> numbers) const;
  void add_also_cited(const ParsedQuestion& sentence, std::span<const int> numbers,
                      Held& held) const;
  void verify(std::string_view sentence, const ParsedQuestion& parsed, Held& held,
              SentenceVerdict& verdict) const;
  bool holds_quantity(std::size_t passage, const Quantity& quantity) const;
  std::vector<std::size_t> passages_of(const Held& held) const;
  std::vector<SupportSpan> spans_of(const Held& held) const;

  Analyzer* analyzer_;
  const TermWeights* weights_;
  SentenceCheckOptions options_;
  std::vector<ShownPassage> passages_;
  std::vector<ShownUnit> units_;
};

}  // namespace saseo
