#include "retrieval/evidence.h"

#include <algorithm>

#include "base/utf8.h"
#include "retrieval/sentences.h"

namespace saseo {
namespace {

constexpr float kBigramShare = 0.8f;  // All syllable pairs found, no stem: 무선충전 / 무선 충전.
constexpr float kSameWordShare = 1.0f;  // A synonym (thesaurus.h): 블루투스, Bluetooth.
constexpr float kHintShare = 0.85f;     // A word that hints at the subject.
constexpr float kHeaderShare = 0.7f;    // A column's name, for a row of its table.
constexpr float kHeadingShare = 0.6f;   // A heading names the subject of every unit below it.
constexpr float kPassageShare = 0.35f;  // Somewhere else in the passage.
constexpr float kKeyBonus = 0.15f;      // The question names the row's first cell.
constexpr float kToldQuantity = 0.25f;  // Of a unit that tells such a quantity and nothing else.
constexpr float kNamesCounted = 0.5f;   // Of a subject, in the words before a count.
constexpr float kAskedBonus = 0.12f;    // The unit holds a quantity of the kind asked for.

float share(const ParsedQuestion& question, const std::vector<float>& matches) {
  if (question.total_weight <= 0) return 0;
  float sum = 0;
  for (std::size_t i = 0; i < matches.size(); ++i) sum += question.subjects[i].weight * matches[i];
  return sum / question.total_weight;
}

std::vector<float> matches_of(const ParsedQuestion& question, const TextTerms& terms) {
  std::vector<float> matches;
  matches.reserve(question.subjects.size());
  for (const Subject& subject : question.subjects) matches.push_back(match(subject, terms));
  return matches;
}

// Stands between what is counted and its number: "지문은 최대 4개".
bool is_measuring_word(std::string_view stem) {
  constexpr std::string_view kWords[] = {"최대", "최소",   "최고", "약",   "모두", "총",    "각",
                                         "각각", "한꺼번", "한번", "동시", "단",   "적어도"};
  return std::ranges::find(kWords, stem) != std::end(kWords);
}

// The last words before text[end] that may name what is counted there: "나노 sim 카드 1장" ->
// "나노 sim 카드". Empty at the beginning of a sentence or a cell.
std::string_view counted_words(std::string_view text, std::size_t end) {
  constexpr std::size_t kMost = 3;
  std::string_view before = text.substr(0, end);
  if (const std::size_t bar = before.rfind('|'); bar != std::string_view::npos)
    before.remove_prefix(bar + 1);
  std::size_t begin = before.size();
  for (std::size_t words = 0; words < kMost && begin > 0;) {
    const std::size_t word_end = before.find_last_not_of(' ', begin - 1);
    if (word_end == std::string_view::npos) break;
    const std::size_t space = before.rfind(' ', word_end);
    begin = space == std::string_view::npos ? 0 : space + 1;
    ++words;
  }
  return before.substr(begin);
}

// What a bare number counts: "up to 4 fingerprints" -> "fingerprints".
std::string_view words_after(std::string_view text, std::size_t begin) {
  constexpr std::size_t kMost = 2;
  std::size_t end = std::min(begin, text.size());
  for (std::size_t words = 0; words < kMost && end < text.size(); ++words) {
    end = std::min(text.find(' ', text.find_first_not_of(' ', end)), text.size());
  }
  return text.substr(std::min(begin, text.size()), end - std::min(begin, text.size()));
}

// The block's text with its heading-like marker, as the terms see it.
class Gatherer {
 public:
  Gatherer(const ParsedQuestion& question, const Library& library, Analyzer& analyzer)
      : question_(question), library_(library), analyzer_(analyzer) {}

  Result<PassageEvidence> gather(const Passage& passage) {
    PassageEvidence evidence;
    evidence.passage = &passage;
    SASEO_RETURN_IF_ERROR(read_blocks(passage, evidence));

    TextTerms heading_terms;
    for (const std::string& heading : passage.heading_path) {
      add_terms(heading_terms, heading, analyzer_);
    }
    evidence.heading_matches = matches_of(question_, heading_terms);
    evidence.heading = share(question_, evidence.heading_matches);
    evidence.matches = evidence.heading_matches;
    for (std::size_t b = 0; b < evidence.blocks.size(); ++b) add_units(passage, evidence, b);
    for (const EvidenceUnit& unit : evidence.units) {
      for (std::size_t s = 0; s < unit.matches.size(); ++s) {
        evidence.matches[s] = std::max(evidence.matches[s], unit.matches[s]);
      }
    }
    evidence.coverage = share(question_, evidence.matches);
    evidence.has_steps = has_steps(evidence);
    for (EvidenceUnit& unit : evidence.units) {
      score_unit(evidence, unit);
      evidence.best_own = std::max(evidence.best_own, unit.own);
      if (unit.has_asked_quantity) {
        evidence.quantity =
            std::max(evidence.quantity, kToldQuantity + (1 - kToldQuantity) * unit.own);
      }
    }
    if (!passage.heading_path.empty()) {
      evidence.heading_fit = heading_fit(passage.heading_path.back());
    }
    return evidence;
  }

 private:
  Status read_blocks(const Passage& passage, PassageEvidence& evidence) {
    for (std::size_t i = 0; i < passage.segments.size();) {
      // Neighbouring segments are read at once.
      ByteSpan span = passage.segments[i];
      for (++i; i < passage.segments.size() && passage.segments[i].begin <= span.end + 2; ++i) {
        span.end = std::max(span.end, passage.segments[i].end);
      }
      SASEO_ASSIGN_OR_RETURN(std::vector<Library::StoredBlock> blocks,
                             library_.blocks_in(passage.document, span));
      for (Library::StoredBlock& block : blocks) {
        if (block.block.kind == BlockKind::kHeading && blocks.size() > 1) continue;
        const bool seen = std::ranges::any_of(
            evidence.blocks, [&](const auto& other) { return other.ordinal == block.ordinal; });
        if (!seen) evidence.blocks.push_back(std::move(block));
      }
    }
    std::ranges::sort(evidence.blocks, {}, &Library::StoredBlock::ordinal);
    return {};
  }

  // The share of the heading's words that the question says, in these or the same words.
  float heading_fit(std::string_view heading) {
    float sum = 0, words = 0;
    const std::string folded = fold_for_matching(heading);
    for (std::size_t begin = 0; begin < folded.size();) {
      const std::size_t end = std::min(folded.find(' ', begin), folded.size());
      const Terms word = analyzer_.analyze(std::string_view(folded).substr(begin, end - begin));
      begin = end + 1;
      if (word.stems.empty() || std::ranges::all_of(word.stems, is_asking_word)) continue;
      words += 1;
      sum += said(word);
    }
    return words > 0 ? sum / words : 0;
  }

  float said(const Terms& word) const {
    float best = 0;
    for (const Subject& subject : question_.subjects) {
      const auto in = [](const std::vector<std::string>& terms) {
        return [&terms](const std::string& term) {
          return std::ranges::find(terms, term) != terms.end();
        };
      };
      if (std::ranges::any_of(word.stems, in(subject.stems))) return 1;
      for (const SubjectWord& other : subject.others) {
        if (std::ranges::any_of(word.stems, in(other.stems)))
          best = std::max(best, other.same ? kSameWordShare : kHintShare);
      }
      if (word.bigrams.empty()) continue;
      const auto found = std::ranges::count_if(word.bigrams, in(subject.bigrams));
      best = std::max(
          best, kBigramShare * static_cast<float>(found) / static_cast<float>(word.bigrams.size()));
    }
    return best;
  }

  // The question says all of the row's first cell: the row is about what is asked.
  bool names_key(std::string_view row) {
    const TextTerms key = terms_of(row.substr(0, row.find(" | ")), analyzer_);
    if (key.stems.empty()) return false;
    return std::ranges::all_of(key.stems, [&](const std::string& stem) {
      return std::ranges::any_of(question_.subjects, [&](const Subject& subject) {
        const bool own = std::ranges::find(subject.stems, stem) != subject.stems.end();
        return own || std::ranges::any_of(subject.others, [&](const SubjectWord& other) {
                 return other.same && std::ranges::find(other.stems, stem) != other.stems.end();
               });
      });
    });
  }

  // A label of a figure that stands in the text of a page: "충전기", "0.5 m".
  static bool is_fragment(std::string_view text) {
    constexpr std::size_t kShort = 12;  // Code points.
    const bool ends = text.ends_with('.') || text.ends_with('?') || text.ends_with('!') ||
                      text.ends_with(':') || text.ends_with("다") || text.ends_with("요");
    return !ends && count_code_points(text) <= kShort;
  }

  static bool has_steps(const PassageEvidence& evidence) {
    return std::ranges::count_if(evidence.blocks, [](const Library::StoredBlock& block) {
             return block.block.kind == BlockKind::kStep;
           }) >= 2;
  }

  void add_units(const Passage& passage, PassageEvidence& evidence, std::size_t index) {
    const Library::StoredBlock& block = evidence.blocks[index];
    const std::size_t begin = block.block.span.begin;
    switch (block.block.kind) {
      case BlockKind::kTableHeader:
        header_ = block.text;
        header_table_ = block.block.table;
        return;
      case BlockKind::kTableRow: {
        EvidenceUnit unit = unit_of(block.text, index, block.block.span);
        unit.names_key = names_key(block.text);
        if (block.block.table == header_table_) {
          const std::vector<float> header = matches_of(question_, terms_of(header_, analyzer_));
          for (std::size_t s = 0; s < header.size(); ++s) {
            unit.matches[s] = std::max(unit.matches[s], kHeaderShare * header[s]);
          }
        }
        evidence.units.push_back(std::move(unit));
        return;
      }
      case BlockKind::kParagraph:
        if (is_fragment(block.text)) return;
        break;
      case BlockKind::kHeading:
        if (!passage.heading_path.empty()) return;
        break;
      default:
        break;
    }
    for (const ByteSpan& sentence : split_sentences(block.text)) {
      const std::string_view text =
          std::string_view(block.text).substr(sentence.begin, sentence.size());
      evidence.units.push_back(
          unit_of(text, index, {begin + sentence.begin, begin + sentence.end}));
    }
  }

  EvidenceUnit unit_of(std::string_view text, std::size_t block, const ByteSpan& span) {
    const TextTerms terms = terms_of(text, analyzer_);
    EvidenceUnit unit;
    unit.block = block;
    unit.span = span;
    unit.matches = matches_of(question_, terms);
    unit.has_asked_quantity = std::ranges::any_of(terms.quantities, [&](const Quantity& told) {
      return question_.asked.answered_by(told) && is_of_subject(text, told);
    });
    return unit;
  }

  // A count of things tells of what stands before it: "나노 SIM 카드 1장과 eSIM" does not say how
  // many eSIMs. Where nothing stands there, the headings or the sentence before name it.
  bool is_of_subject(std::string_view text, const Quantity& told) {
    if (told.unit != Unit::kCount && told.unit != Unit::kNone) return true;
    const std::string folded = fold_for_matching(text);
    if (told.unit == Unit::kNone) {
      const TextTerms things = terms_of(words_after(folded, told.span.end), analyzer_);
      return std::ranges::any_of(question_.subjects, [&](const Subject& subject) {
        return !subject.verb && match(subject, things) >= kNamesCounted;
      });
    }
    const std::string_view counted = std::string_view(folded).substr(
        told.span.begin, std::min(told.span.end, folded.size()) - told.span.begin);
    constexpr std::string_view kThings[] = {"개", "장", "대", "명"};
    if (std::ranges::none_of(kThings,
                             [&](std::string_view word) { return counted.ends_with(word); }))
      return true;
    const TextTerms words = terms_of(counted_words(folded, told.span.begin), analyzer_);
    const bool any_noun = std::ranges::any_of(
        words.stems, [](const std::string& stem) { return !is_measuring_word(stem); });
    return !any_noun || std::ranges::any_of(question_.subjects, [&](const Subject& subject) {
      return match(subject, words) >= kNamesCounted;
    });
  }

  void score_unit(PassageEvidence& evidence, EvidenceUnit& unit) {
    unit.own = share(question_, unit.matches);
    std::vector<float> matches = unit.matches;
    for (std::size_t s = 0; s < matches.size(); ++s) {
      matches[s] = std::max({matches[s], kHeadingShare * evidence.heading_matches[s],
                             kPassageShare * evidence.matches[s]});
    }
    unit.score = share(question_, matches) + (unit.has_asked_quantity ? kAskedBonus : 0.0f) +
                 (unit.names_key ? kKeyBonus : 0.0f);
    evidence.best_unit = std::max(evidence.best_unit, unit.score);
  }

  const ParsedQuestion& question_;
  const Library& library_;
  Analyzer& analyzer_;
  std::string header_;
  int header_table_ = -1;
};

}  // namespace

void add_terms(TextTerms& terms, std::string_view text, Analyzer& analyzer) {
  Terms analyzed = analyzer.analyze(text);
  for (std::string& stem : analyzed.stems) terms.stems.insert(std::move(stem));
  for (std::string& bigram : analyzed.bigrams) terms.bigrams.insert(std::move(bigram));
  const std::vector<Quantity> quantities = find_quantities(fold_for_matching(text));
  terms.quantities.insert(terms.quantities.end(), quantities.begin(), quantities.end());
}

TextTerms terms_of(std::string_view text, Analyzer& analyzer) {
  TextTerms terms;
  add_terms(terms, text, analyzer);
  return terms;
}

float match(const Subject& subject, const TextTerms& text) {
  if (subject.quantity) {
    return std::ranges::any_of(text.quantities,
                               [&](const Quantity& told) { return fits(*subject.quantity, told); })
               ? 1.0f
               : 0.0f;
  }
  float other_match = 0;
  for (const std::string& stem : subject.stems) {
    if (!text.stems.contains(stem)) continue;
    if (!is_part(subject, stem)) return 1;
    other_match = std::max(
        other_match, static_cast<float>(stem.size()) / static_cast<float>(subject.noun.size()));
  }
  for (const SubjectWord& other : subject.others) {
    const bool holds = std::ranges::all_of(
        other.stems, [&](const std::string& stem) { return text.stems.contains(stem); });
    if (!holds) continue;
    // A hint tells no more than the word found does itself.
    const float hint = subject.idf > 0 ? std::min(1.0f, other.idf / subject.idf) : 1.0f;
    other_match = std::max(other_match, other.same ? kSameWordShare : kHintShare * hint);
  }
  if (subject.code || subject.bigrams.empty()) return other_match;
  const auto found = std::ranges::count_if(
      subject.bigrams, [&](const std::string& bigram) { return text.bigrams.contains(bigram); });
  const float needed = static_cast<float>(subject.bigrams.size());
  return std::max(other_match, kBigramShare * static_cast<float>(found) / needed);
}

Result<PassageEvidence> gather_evidence(const ParsedQuestion& question, const Passage& passage,
                                        const Library& library, Analyzer& analyzer) {
  SASEO_ASSIGN_OR_RETURN(PassageEvidence evidence,
                         Gatherer(question, library, analyzer).gather(passage));
  return evidence;
}

Result<std::vector<PassageEvidence>> gather_evidence(const ParsedQuestion& question,
                                                     const Context& context, const Library& library,
                                                     Analyzer& analyzer) {
  std::vector<PassageEvidence> all;
  for (const Passage& passage : context.passages) {
    SASEO_ASSIGN_OR_RETURN(PassageEvidence evidence,
                           Gatherer(question, library, analyzer).gather(passage));
    all.push_back(std::move(evidence));
  }
  return all;
}

}  // namespace saseo
