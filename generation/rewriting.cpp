#include "generation/rewriting.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "generation/rendering.h"
#include "retrieval/evidence.h"

namespace saseo {
namespace {

constexpr std::size_t kMaxCodePoints = 200;

// The first line, without the label and the quotes that models put around it.
std::string first_line(std::string_view written) {
  std::string_view text = trim(written);
  constexpr std::array<std::string_view, 5> kQuestionLabels = {
      "고친 질문:", "질문:", "Rewritten:", "Rewritten question:", "Question:"};
  for (const std::string_view label : kQuestionLabels) {
    if (text.starts_with(label)) text = trim(text.substr(label.size()));
  }
  text = trim(text.substr(0, text.find('\n')));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kQuotes = {
      {{"\"", "\""}, {"'", "'"}, {"“", "”"}, {"‘", "’"}}};
  for (const auto& [open, close] : kQuotes) {
    if (text.size() > open.size() + close.size() && text.starts_with(open) && text.ends_with(close))
      text = trim(text.substr(open.size(), text.size() - open.size() - close.size()));
  }
  return printable(text);
}

bool holds(const Subject& subject, const TextTerms& text) { return match(subject, text) >= 0.5f; }

}  // namespace

std::string checked_rewriting(std::string_view written, std::string_view followup,
                              const Turn& before, Analyzer& analyzer) {
  const std::string question = first_line(written);
  if (question.empty() || count_code_points(question) > kMaxCodePoints) return {};
  const TermWeights flat;
  const ParsedQuestion now = parse_question(question, analyzer, flat);
  const TextTerms now_terms = terms_of(question, analyzer);
  for (const Subject& subject : parse_question(followup, analyzer, flat).subjects) {
    if (!subject.verb && !holds(subject, now_terms)) return {};
  }
  const TextTerms earlier = terms_of(before.question, analyzer);
  TextTerms known = earlier;
  add_terms(known, before.answer, analyzer);
  add_terms(known, followup, analyzer);
  const std::string folded = fold_for_matching(question);
  bool of_before = false;
  for (const Subject& subject : now.subjects) {
    // What "몇 W" asks for is a subject too, though nobody says it.
    const bool written_there = folded.find(subject.word) != std::string::npos;
    if (!subject.verb && written_there && !holds(subject, known)) return {};
    of_before = of_before || holds(subject, earlier);
  }
  return of_before ? question : std::string();
}

}  // namespace saseo
