#include "generation/sentence_checker.h"

#include <algorithm>

#include "base/utf8.h"
#include "generation/prompt.h"
#include "generation/written_names.h"

namespace saseo {
namespace {

constexpr float kHeadingShare = 0.6f;  // As evidence.cpp has it.
constexpr float kHeaderShare = 0.7f;
constexpr float kMinGain = 0.12f;  // Of a further unit: less is chance.
constexpr std::size_t kMaxUnits = 4;
constexpr float kMinAlone = 0.3f;  // Of a second passage that the model cited beside another.

// "2시간 30분" is one quantity.
std::vector<Quantity> joined(const std::vector<Quantity>& quantities) {
  std::vector<Quantity> joined;
  for (const Quantity& quantity : quantities) {
    Quantity* last = joined.empty() ? nullptr : &joined.back();
    const bool goes_on = last != nullptr && last->unit == Unit::kTime &&
                         quantity.unit == Unit::kTime && quantity.most < last->least &&
                         quantity.span.begin >= last->span.end &&
                         quantity.span.begin <= last->span.end + 1;
    if (!goes_on) {
      joined.push_back(quantity);
      continue;
    }
    last->least += quantity.least;
    last->most += quantity.most;
    last->span.end = quantity.span.end;
  }
  return joined;
}

bool has_letter(std::string_view text) {
  return std::ranges::any_of(
      to_utf32(text), [](char32_t c) { return is_letter_or_digit(c) && (c < U'0' || c > U'9'); });
}

bool is_lead_in(std::string_view sentence) {
  return sentence.ends_with(':') || sentence.ends_with("：");
}

}  // namespace

Result<SentenceChecker> SentenceChecker::over(std::span<const Passage> passages,
                                              const Library& library, Analyzer& analyzer,
                                              const TermWeights& weights,
                                              const SentenceCheckOptions& options) {
  SentenceChecker checker(analyzer, weights, options);
  const ParsedQuestion nothing;  // Units are wanted here, not how they meet a question.
  for (const Passage& passage : passages) {
    SASEO_ASSIGN_OR_RETURN(const PassageEvidence evidence,
                           gather_evidence(nothing, passage, library, analyzer));
    SASEO_RETURN_IF_ERROR(checker.add_passage(passage, evidence));
  }
  return checker;
}

Status SentenceChecker::add_passage(const Passage& passage, const PassageEvidence& evidence) {
  ShownPassage shown;
  shown.number = passage.number;
  shown.document = passage.document;
  shown.language = language_of_question(passage.text);
  std::string all = passage.text + "\n" + passage.info.title + "\n" + passage.info.product + "\n" +
                    passage.info.model_number;
  for (const std::string& heading : passage.heading_path) {
    add_terms(shown.headings, heading, *analyzer_);
    all += "\n" + heading;
  }
  TextTerms header;
  int header_table = -1;
  std::size_t next = 0;
  for (std::size_t b = 0; b < evidence.blocks.size(); ++b) {
    const Library::StoredBlock& block = evidence.blocks[b];
    all += "\n" + block.text;
    if (block.block.kind == BlockKind::kTableHeader) {
      header = terms_of(block.text, *analyzer_);
      header_table = block.block.table;
    }
    for (; next < evidence.units.size() && evidence.units[next].block == b; ++next) {
      ShownUnit unit;
      unit.passage = passages_.size();
      unit.span = evidence.units[next].span;
      unit.terms = terms_of(std::string_view(block.text)
                                .substr(unit.span.begin - block.block.span.begin, unit.span.size()),
                            *analyzer_);
      for (const Quantity& quantity : joined(unit.terms.quantities))
        unit.terms.quantities.push_back(quantity);
      if (block.block.kind == BlockKind::kTableRow && block.block.table == header_table)
        unit.header = header;
      units_.push_back(std::move(unit));
    }
  }
  shown.squeezed = fold_letters_and_digits(all);
  passages_.push_back(std::move(shown));
  return {};
}

float SentenceChecker::match_in(const Subject& subject, const ShownUnit& unit) const {
  const float own = saseo::match(subject, unit.terms);
  if (own >= 1) return own;
  return std::max({own, kHeaderShare * saseo::match(subject, unit.header),
                   kHeadingShare * saseo::match(subject, passages_[unit.passage].headings)});
}

// Takes the unit that holds most, then those that hold what is missing.
SentenceChecker::Held SentenceChecker::hold(const ParsedQuestion& sentence,
                                            std::span<const int> numbers) const {
  Held held;
  if (sentence.total_weight <= 0) return held;
  std::vector<std::vector<float>> matches(units_.size());  // (units, subjects)
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const int number = passages_[units_[u].passage].number;
    if (std::ranges::find(numbers, number) == numbers.end()) continue;
    for (const Subject& subject : sentence.subjects)
      matches[u].push_back(match_in(subject, units_[u]));
  }
  std::vector<float> best(sentence.subjects.size(), 0.0f);
  while (held.units.size() < kMaxUnits) {
    float most = 0;
    std::size_t which = units_.size();
    for (std::size_t u = 0; u < units_.size(); ++u) {
      float gain = 0;
      for (std::size_t s = 0; s < matches[u].size(); ++s)
        gain += sentence.subjects[s].weight * std::max(0.0f, matches[u][s] - best[s]);
      if (gain > most + 1e-6f) {
        most = gain;
        which = u;
      }
    }
    const float gained = most / sentence.total_weight;
    if (which == units_.size() || (!held.units.empty() && gained < kMinGain)) break;
    held.units.push_back(which);
    held.share += gained;
    for (std::size_t s = 0; s < best.size(); ++s) best[s] = std::max(best[s], matches[which][s]);
  }
  return held;
}

SentenceChecker::Held SentenceChecker::hold_in_best(const ParsedQuestion& sentence) const {
  Held best;
  for (const ShownPassage& shown : passages_) {
    const int number[] = {shown.number};
    Held held = hold(sentence, number);
    if (held.share > best.share + 1e-6f) best = std::move(held);
  }
  return best;
}

SentenceChecker::Held SentenceChecker::hold_in_other_language(std::string_view sentence,
                                                              const ParsedQuestion& parsed,
                                                              std::span<const int> numbers) const {
  const Language language = language_of_question(sentence);
  Held held;
  for (std::size_t p = 0; p < passages_.size(); ++p) {
    if (std::ranges::find(numbers, passages_[p].number) == numbers.end()) continue;
    if (passages_[p].language == language) return {};
    const int number[] = {passages_[p].number};
    const Held own = hold(parsed, number);
    const auto first = std::ranges::find(units_, p, &ShownUnit::passage);
    if (!own.units.empty()) {
      held.units.push_back(own.units.front());
    } else if (first != units_.end()) {
      held.units.push_back(static_cast<std::size_t>(first - units_.begin()));
    }
    held.share = std::max(held.share, own.share);
  }
  return held;
}

void SentenceChecker::add_also_cited(const ParsedQuestion& sentence, std::span<const int> numbers,
                                     Held& held) const {
  for (const int number : numbers) {
    const bool there = std::ranges::any_of(held.units, [&](std::size_t unit) {
      return passages_[units_[unit].passage].number == number;
    });
    if (there) continue;
    const int alone[] = {number};
    const Held own = hold(sentence, alone);
    if (own.share >= kMinAlone) held.units.push_back(own.units.front());
  }
}

std::vector<std::size_t> SentenceChecker::passages_of(const Held& held) const {
  std::vector<std::size_t> passages;
  for (const std::size_t unit : held.units) {
    if (std::ranges::find(passages, units_[unit].passage) == passages.end())
      passages.push_back(units_[unit].passage);
  }
  return passages;
}

std::vector<SupportSpan> SentenceChecker::spans_of(const Held& held) const {
  std::vector<SupportSpan> spans;
  for (const std::size_t u : held.units) {
    const ShownPassage& shown = passages_[units_[u].passage];
    const SupportSpan span = {shown.number, shown.document, units_[u].span};
    if (std::ranges::find(spans, span) == spans.end()) spans.push_back(span);
  }
  std::ranges::sort(spans, [](const SupportSpan& a, const SupportSpan& b) {
    return std::pair(a.number, a.span.begin) < std::pair(b.number, b.span.begin);
  });
  return spans;
}

bool SentenceChecker::holds_quantity(std::size_t passage, const Quantity& quantity) const {
  const auto told = [&](const TextTerms& terms) {
    return std::ranges::any_of(terms.quantities, [&](const Quantity& other) {
      return other.unit == quantity.unit && fits(quantity, other);
    });
  };
  if (told(passages_[passage].headings)) return true;
  return std::ranges::any_of(units_, [&](const ShownUnit& unit) {
    return unit.passage == passage && (told(unit.terms) || told(unit.header));
  });
}

// What the cited passages lack is looked for in the others: one that has it and speaks of the
// sentence is cited too.
void SentenceChecker::verify(std::string_view sentence, const ParsedQuestion& parsed, Held& held,
                             SentenceVerdict& verdict) const {
  std::vector<std::size_t> cited = passages_of(held);
  if (cited.empty()) {
    for (std::size_t p = 0; p < passages_.size(); ++p) cited.push_back(p);
  }
  const auto check = [&](const std::string& written, const auto& is_in) {
    if (std::ranges::any_of(cited, is_in)) return;
    for (std::size_t p = 0; p < passages_.size(); ++p) {
      if (!is_in(p)) continue;
      const int number[] = {passages_[p].number};
      const Held other = hold(parsed, number);
      if (other.share < kMinAlone) continue;
      held.units.push_back(other.units.front());
      cited.push_back(p);
      return;
    }
    verdict.unverified.push_back(written);
  };
  const std::string folded = fold_for_matching(sentence);
  for (const Quantity& quantity : joined(find_quantities(folded))) {
    if (quantity.unit == Unit::kNone) continue;
    check(folded.substr(quantity.span.begin, quantity.span.size()),
          [&](std::size_t p) { return holds_quantity(p, quantity); });
  }
  for (const std::string& name : find_written_names(sentence)) {
    check(name, [&](std::size_t p) { return holds_name(passages_[p].squeezed, name); });
  }
}

SentenceVerdict SentenceChecker::check(std::string_view sentence,
                                       std::span<const int> cited) const {
  SentenceVerdict verdict;
  std::vector<int> valid;
  for (const int number : cited) {
    const bool shown =
        std::ranges::find(passages_, number, &ShownPassage::number) != passages_.end();
    if (shown) {
      valid.push_back(number);
    } else {
      ++verdict.invented;
    }
  }
  ParsedQuestion parsed = parse_question(sentence, *analyzer_, *weights_);
  drop_translations(parsed, *weights_);  // Across languages numbers and names are compared alone.
  if (parsed.subjects.empty() || !has_letter(sentence) || says_silent(sentence)) return verdict;

  Held held = hold(parsed, valid);
  if (!valid.empty() && held.share >= options_.cited_share) {
    verdict.basis = CitationBasis::kCited;
    add_also_cited(parsed, valid, held);
  } else if (Held best = hold_in_best(parsed); best.share >= options_.found_share) {
    held = std::move(best);
    verdict.basis = valid.empty() ? CitationBasis::kFound : CitationBasis::kCorrected;
  } else if (Held other = hold_in_other_language(sentence, parsed, valid); !other.units.empty()) {
    held = std::move(other);
    verdict.basis = CitationBasis::kOtherLanguage;
  } else {
    verdict.share = std::max(held.share, best.share);
    if (is_lead_in(sentence)) return verdict;
    held = {};
    verdict.basis = CitationBasis::kUnsupported;
  }
  verdict.share = std::max(verdict.share, held.share);
  verify(sentence, parsed, held, verdict);
  if (verdict.basis != CitationBasis::kUnsupported) verdict.spans = spans_of(held);
  return verdict;
}

}  // namespace saseo
