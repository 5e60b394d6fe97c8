#include "generation/selection.h"

#include <algorithm>
#include <array>
#include <optional>

#include "generation/procedure.h"
#include "retrieval/sentences.h"

namespace saseo {
namespace {

constexpr float kNearBest = 0.88f;     // Of the best unit's score: also printed.
constexpr float kRowOverSteps = 1.1f;  // A row must fit this much better than the steps.
// A further passage is cited when it scores nearly as well as the best, or when it scores well
// enough and the best one lacks much of the question or something that this one holds.
constexpr float kNearlyAsGood = 0.85f;
constexpr float kGoodEnough = 0.64f;
constexpr float kSure = 0.85f;         // Share of the subjects in the best passage.
constexpr float kNewSubjects = 0.06f;  // Share of the question's weight.
constexpr std::size_t kLongList = 10;  // Items; of a longer list only the fitting ones.

using Blocks = std::vector<Library::StoredBlock>;

// One passage's extracts.
class Selector {
 public:
  Selector(const ParsedQuestion& question, const PassageEvidence& evidence, const Library& library,
           const SelectionOptions& options)
      : question_(question),
        evidence_(evidence),
        passage_(*evidence.passage),
        library_(library),
        options_(options) {}

  // Brief: what supports another passage's answer.
  Result<std::vector<Extract>> select(bool brief) {
    if (evidence_.units.empty()) return std::vector<Extract>{};
    SASEO_RETURN_IF_ERROR(read_section());
    const QuestionKinds& kinds = question_.kinds;
    const EvidenceUnit& best = best_unit();
    const bool row = kind_of(best) == BlockKind::kTableRow;
    const bool wants_all = !kinds.quantity && (kinds.how_to || kinds.trouble || !kinds.yes_no);

    const std::optional<BlockRange> procedure = best_range(find_procedures(section_), 2);
    const float procedure_score = procedure ? score_of(*procedure) : 0;
    if (row && (!procedure || !wants_all || best.score > kRowOverSteps * procedure_score)) {
      add_rows(brief ? 2 : options_.max_rows);
    } else if (procedure && wants_all && procedure->steps <= options_.max_steps) {
      add_range(*procedure);
      if (!brief) add_fitting_sentences(*procedure);
    } else if (const auto list = list_with(best); list && wants_all && list->steps <= kLongList) {
      add_range(*list);
    } else if (brief || !wants_all) {
      add_deciding_units(brief ? 2 : 3);
    } else {
      add_paragraph(best);
    }
    std::ranges::sort(
        extracts_, [](const Extract& a, const Extract& b) { return a.span.begin < b.span.begin; });
    return std::move(extracts_);
  }

 private:
  Status read_section() {
    ByteSpan span = evidence_.blocks.front().block.span;
    SASEO_ASSIGN_OR_RETURN(const std::vector<StoredChunk> chunks,
                           library_.section_of(passage_.document, passage_.section));
    for (const StoredChunk& chunk : chunks) {
      for (const ByteSpan& segment : chunk.chunk.segments) {
        span.begin = std::min(span.begin, segment.begin);
        span.end = std::max(span.end, segment.end);
      }
    }
    SASEO_ASSIGN_OR_RETURN(section_, library_.blocks_in(passage_.document, span));
    return {};
  }

  BlockKind kind_of(const EvidenceUnit& unit) const {
    return evidence_.blocks[unit.block].block.kind;
  }
  int ordinal_of(const EvidenceUnit& unit) const { return evidence_.blocks[unit.block].ordinal; }

  const EvidenceUnit& best_unit() const {
    return *std::ranges::max_element(evidence_.units, {}, &EvidenceUnit::score);
  }

  bool range_holds(const BlockRange& range, int ordinal) const {
    return section_[range.begin].ordinal <= ordinal && ordinal <= section_[range.end - 1].ordinal;
  }

  float score_of(const BlockRange& range) const {
    float score = 0;
    for (const EvidenceUnit& unit : evidence_.units) {
      if (range_holds(range, ordinal_of(unit))) score = std::max(score, unit.score);
    }
    return score;
  }

  std::optional<BlockRange> best_range(const std::vector<BlockRange>& ranges,
                                       std::size_t least_steps) const {
    std::optional<BlockRange> best;
    for (const BlockRange& range : ranges) {
      if (range.steps < least_steps) continue;
      if (!best || score_of(range) > score_of(*best)) best = range;
    }
    return best;
  }

  std::optional<BlockRange> list_with(const EvidenceUnit& unit) const {
    for (const BlockRange& range : find_lists(section_)) {
      if (range_holds(range, ordinal_of(unit))) return range;
    }
    return std::nullopt;
  }

  // Blocks are printed whole but for captions, which name figures that are not shown.
  void add_range(const BlockRange& range) {
    if (range.begin > 0) add_introduction(section_[range.begin - 1]);
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (section_[i].block.kind != BlockKind::kCaption) add_block(section_[i]);
    }
  }

  // "아래 방법을 차례로 해 보세요": the sentence that leads to the list.
  void add_introduction(const Library::StoredBlock& block) {
    if (block.block.kind != BlockKind::kParagraph) return;
    const std::vector<ByteSpan> sentences = split_sentences(block.text);
    for (const ByteSpan& sentence : sentences) {
      const std::string_view text =
          std::string_view(block.text).substr(sentence.begin, sentence.size());
      const bool leads = text.find("아래") != std::string_view::npos ||
                         text.find("다음") != std::string_view::npos ||
                         text.find("following") != std::string_view::npos ||
                         text.find("below") != std::string_view::npos || text.ends_with(":");
      if (leads) add_span(block, sentence);
    }
  }

  void add_block(const Library::StoredBlock& block) {
    if (block.text.empty()) return;
    add_span(block, {0, block.text.size()});
  }

  // `span` within the block's text.
  void add_span(const Library::StoredBlock& block, const ByteSpan& span) {
    Extract extract;
    extract.passage = &passage_;
    extract.block = block;
    extract.span = {block.block.span.begin + span.begin, block.block.span.begin + span.end};
    extract.starts_block = span.begin == 0;
    if (block.block.kind == BlockKind::kTableRow) extract.table_header = header_of(block);
    for (const Extract& other : extracts_) {
      if (other.span.overlaps(extract.span)) return;
    }
    extracts_.push_back(std::move(extract));
  }

  void add_unit(const EvidenceUnit& unit) {
    const Library::StoredBlock& block = evidence_.blocks[unit.block];
    add_span(block,
             {unit.span.begin - block.block.span.begin, unit.span.end - block.block.span.begin});
  }

  std::string header_of(const Library::StoredBlock& row) const {
    for (const Library::StoredBlock& block : section_) {
      if (block.block.kind == BlockKind::kTableHeader && block.block.table == row.block.table) {
        return block.text;
      }
    }
    return {};
  }

  // The best rows of the best row's table.
  void add_rows(std::size_t limit) {
    const EvidenceUnit& best = best_unit();
    const int table = evidence_.blocks[best.block].block.table;
    std::vector<const EvidenceUnit*> rows;
    for (const EvidenceUnit& unit : evidence_.units) {
      if (evidence_.blocks[unit.block].block.table == table &&
          unit.score >= kNearBest * best.score) {
        rows.push_back(&unit);
      }
    }
    std::ranges::stable_sort(rows, std::ranges::greater{}, &EvidenceUnit::score);
    rows.resize(std::min(rows.size(), limit));
    for (const EvidenceUnit* row : rows) add_unit(*row);
  }

  void add_fitting_sentences(const BlockRange& range) {
    const float best = best_unit().score;
    std::size_t added = 0;
    for (const EvidenceUnit& unit : evidence_.units) {
      if (added == 2) return;
      const BlockKind kind = kind_of(unit);
      if (range_holds(range, ordinal_of(unit)) || kind == BlockKind::kTableRow ||
          kind == BlockKind::kCaption || unit.own <= 0 || unit.score < kNearBest * best) {
        continue;
      }
      add_unit(unit);
      ++added;
    }
  }

  // The units that fit best, each with the sentence after it when that goes on ("그래서 ...").
  void add_deciding_units(std::size_t limit) {
    const float best = best_unit().score;
    std::vector<const EvidenceUnit*> units;
    for (const EvidenceUnit& unit : evidence_.units) {
      if (kind_of(unit) != BlockKind::kCaption && unit.score >= kNearBest * best)
        units.push_back(&unit);
    }
    std::ranges::stable_sort(units, std::ranges::greater{}, &EvidenceUnit::score);
    units.resize(std::min(units.size(), limit));
    for (const EvidenceUnit* unit : units) {
      if (goes_on(*unit)) add_previous_sentence(*unit);
      add_unit(*unit);
      if (question_.kinds.yes_no) add_next_sentence(*unit);
    }
  }

  // "그래서 쓸 수 없습니다" says nothing without the sentence before.
  bool goes_on(const EvidenceUnit& unit) const {
    const Library::StoredBlock& block = evidence_.blocks[unit.block];
    const std::string_view text =
        std::string_view(block.text).substr(unit.span.begin - block.block.span.begin);
    static constexpr auto kAnswerConnectives = std::to_array<std::string_view>(
        {"그래서", "따라서", "그러므로", "하지만", "그러나", "다만", "이때", "그러면", "이 ", "그 ",
         "이를", "이것", "그래도", "However", "Therefore", "This ", "It "});
    return std::ranges::any_of(kAnswerConnectives,
                               [&](std::string_view start) { return text.starts_with(start); });
  }

  void add_previous_sentence(const EvidenceUnit& unit) {
    const EvidenceUnit* before = nullptr;
    for (const EvidenceUnit& other : evidence_.units) {
      if (other.block == unit.block && other.span.end <= unit.span.begin) before = &other;
    }
    if (before != nullptr) add_unit(*before);
  }

  void add_next_sentence(const EvidenceUnit& unit) {
    for (const EvidenceUnit& other : evidence_.units) {
      if (other.block != unit.block || other.span.begin < unit.span.end) continue;
      add_unit(other);
      return;
    }
  }

  // The paragraph of the best sentence, cut to max_sentences around it, and near-best sentences
  // elsewhere in the passage.
  void add_paragraph(const EvidenceUnit& best) {
    std::vector<const EvidenceUnit*> paragraph;
    std::size_t at = 0;
    for (const EvidenceUnit& unit : evidence_.units) {
      if (unit.block != best.block) continue;
      if (&unit == &best) at = paragraph.size();
      paragraph.push_back(&unit);
    }
    const std::size_t count = std::min(paragraph.size(), options_.max_sentences);
    const std::size_t first = std::min(at > 1 ? at - 1 : 0, paragraph.size() - count);
    for (std::size_t i = first; i < first + count; ++i) add_unit(*paragraph[i]);
    for (const EvidenceUnit& unit : evidence_.units) {
      if (extracts_.size() >= options_.max_sentences) break;
      if (unit.block != best.block && unit.own > 0 && unit.score >= kNearBest * best.score &&
          kind_of(unit) != BlockKind::kCaption) {
        add_unit(unit);
      }
    }
    for (std::size_t i = 1; i < section_.size(); ++i) {
      if (section_[i - 1].ordinal == ordinal_of(best) &&
          section_[i].block.kind == BlockKind::kWarning) {
        add_block(section_[i]);
      }
    }
  }

  const ParsedQuestion& question_;
  const PassageEvidence& evidence_;
  const Passage& passage_;
  const Library& library_;
  const SelectionOptions& options_;
  Blocks section_;
  std::vector<Extract> extracts_;
};

// What the passage holds of the question that the best one does not.
float new_share(const ParsedQuestion& question, const PassageEvidence& best,
                const PassageEvidence& passage) {
  if (question.total_weight <= 0) return 0;
  float sum = 0;
  for (std::size_t s = 0; s < question.subjects.size(); ++s) {
    sum += question.subjects[s].weight * std::max(0.0f, passage.matches[s] - best.matches[s]);
  }
  return sum / question.total_weight;
}

bool adds_to(const ParsedQuestion& question, const PassageEvidence& best,
             const PassageEvidence& passage, float ratio) {
  return ratio >= kGoodEnough &&
         (best.coverage < kSure || new_share(question, best, passage) >= kNewSubjects);
}

// The best passage's extracts, and those of further passages that add to it.
Result<std::vector<Extract>> extracts_of_product(const ParsedQuestion& question,
                                                 const std::vector<const PassageEvidence*>& order,
                                                 const Library& library,
                                                 const SelectionOptions& options) {
  SASEO_ASSIGN_OR_RETURN(std::vector<Extract> extracts,
                         Selector(question, *order[0], library, options).select(false));
  for (std::size_t i = 1; i < std::min<std::size_t>(order.size(), 3); ++i) {
    const float ratio = order[i]->passage->score / std::max(order[0]->passage->score, 1e-6f);
    if (ratio < kNearlyAsGood && (i > 1 || !adds_to(question, *order[0], *order[i], ratio))) {
      continue;
    }
    SASEO_ASSIGN_OR_RETURN(const std::vector<Extract> more,
                           Selector(question, *order[i], library, options).select(true));
    extracts.insert(extracts.end(), more.begin(), more.end());
  }
  return extracts;
}

}  // namespace

Result<std::vector<Extract>> select_extracts(const ParsedQuestion& question,
                                             const std::vector<PassageEvidence>& evidence,
                                             const Library& library,
                                             const SelectionOptions& options) {
  std::vector<const PassageEvidence*> order;
  for (const PassageEvidence& passage : evidence) {
    if (!passage.units.empty()) order.push_back(&passage);
  }
  if (order.empty()) return std::vector<Extract>{};

  // Two products are never mixed: each that the context holds gets its own part.
  std::vector<std::string> products;
  for (const PassageEvidence* evidence_of : order) {
    const std::string& product = evidence_of->passage->info.product;
    if (products.empty() ||
        (!product.empty() && std::ranges::find(products, product) == products.end()))
      products.push_back(product);
  }
  std::vector<Extract> extracts;
  for (const std::string& product : products) {
    std::vector<const PassageEvidence*> of_product;
    std::ranges::copy_if(order, std::back_inserter(of_product), [&](const PassageEvidence* e) {
      return e->passage->info.product == product;
    });
    SASEO_ASSIGN_OR_RETURN(const std::vector<Extract> part,
                           extracts_of_product(question, of_product, library, options));
    extracts.insert(extracts.end(), part.begin(), part.end());
  }
  return extracts;
}

}  // namespace saseo
