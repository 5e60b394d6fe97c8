#include "eval/draft/draft_candidates.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/utf8.h"
#include "eval/draft/draft_wording.h"
#include "generation/procedure.h"
#include "retrieval/sentences.h"

namespace saseo::eval {
namespace {

using Blocks = std::vector<Library::StoredBlock>;

constexpr std::size_t kMaxFacts = 3;
constexpr std::size_t kMaxCells = 12;          // Columns of a table that is worth asking about.
constexpr std::size_t kLongestKey = 40;        // Code points of a row's name.
constexpr std::size_t kLongestValue = 160;     // And of a value.
constexpr std::size_t kLongestPassage = 4000;  // Bytes.

std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  for (std::size_t at = 0; at <= row.size();) {
    const std::size_t end = std::min(row.find(" | ", at), row.size());
    cells.emplace_back(trim(row.substr(at, end - at)));
    at = end + 3;
  }
  return cells;
}

bool is_blank(std::string_view cell) {
  return cell.empty() || cell == "-" || cell == "–" || cell == "—" || cell == "×" || cell == "○";
}

template <std::size_t kCount>
bool holds_any(std::string_view text, const std::array<std::string_view, kCount>& words) {
  const std::string folded = fold_for_matching(text);
  return std::ranges::any_of(
      words, [&](std::string_view word) { return folded.find(word) != std::string::npos; });
}

// Names of columns and sections.
constexpr auto kRemedies = std::to_array<std::string_view>(
    {"해결", "조치", "대처", "처리 방법", "remedy", "solution", "action", "what to do"});
constexpr auto kCauses =
    std::to_array<std::string_view>({"원인", "증상", "문제", "cause", "symptom", "problem"});
constexpr auto kTold = std::to_array<std::string_view>({"말", "메시지", "표시", "message"});
constexpr auto kGenericValues =
    std::to_array<std::string_view>({"내용", "값", "사양", "규격", "설명", "상세", "value",
                                     "specification", "description", "detail"});
constexpr auto kSpecifications =
    std::to_array<std::string_view>({"사양", "규격", "제원", "specification", "technical data"});

class Finder {
 public:
  Finder(const std::vector<ManualSection>& sections, const DocumentInfo& info, Language language)
      : sections_(sections), info_(info), language_(language) {}

  std::vector<DraftCandidate> find() {
    for (at_ = 0; at_ < sections_.size(); ++at_) {
      if (sections_[at_].path.empty()) continue;  // The cover.
      find_procedures_here();
      find_tables();
      find_trouble();
      find_statements();
    }
    find_silence();
    return std::move(candidates_);
  }

 private:
  const ManualSection& section() const { return sections_[at_]; }

  void add(std::string type, std::string question, std::string reference,
           std::vector<std::vector<std::string>> facts, std::string passage,
           const std::vector<const Library::StoredBlock*>& rests_on,
           std::vector<std::string> must_hold = {}) {
    DraftCandidate candidate;
    candidate.question.type = std::move(type);
    candidate.question.text = collapse_spaces(question);
    candidate.question.language = language_;
    candidate.question.references = {std::move(reference)};
    candidate.question.facts = std::move(facts);
    GoldSection gold{info_.title, section().path, {}};
    if (section().first_page > 0) gold.pages.push_back(section().first_page);
    for (const Library::StoredBlock* block : rests_on) {
      for (const int page : {block->block.first_page, block->block.last_page}) {
        if (page > 0) gold.pages.push_back(page);
      }
    }
    std::ranges::sort(gold.pages);
    gold.pages.erase(std::unique(gold.pages.begin(), gold.pages.end()), gold.pages.end());
    candidate.question.gold = {std::move(gold)};
    passage.resize(floor_to_code_point(passage, kLongestPassage));
    candidate.passage = std::move(passage);
    candidate.must_hold = std::move(must_hold);
    candidate.section = at_;
    candidates_.push_back(std::move(candidate));
  }

  // The first procedure of a section that no heading of trouble stands over.
  void find_procedures_here() {
    if (tells_trouble(language_, section().path)) return;
    for (const BlockRange& range : find_procedures(section().blocks)) {
      if (range.steps < 2) continue;
      std::string text, bare;
      std::vector<const Library::StoredBlock*> used;
      for (std::size_t i = range.begin; i < range.end; ++i) {
        const Library::StoredBlock& block = section().blocks[i];
        if (block.block.kind == BlockKind::kCaption || block.block.kind == BlockKind::kWarning) {
          continue;
        }
        text += text.empty() ? "" : "\n";
        text += block.block.marker.empty() ? block.text : block.block.marker + " " + block.text;
        bare += block.text + "\n";
        used.push_back(&block);
      }
      add("how-to", how_to_question(language_, section().path), text, facts_of(bare, kMaxFacts),
          text, used);
      return;
    }
  }

  void find_tables() {
    const Blocks& blocks = section().blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (blocks[i].block.kind != BlockKind::kTableHeader) continue;
      const bool titled = i > 0 && blocks[i - 1].block.kind == BlockKind::kCaption;
      std::vector<const Library::StoredBlock*> rows;
      for (std::size_t row = i + 1; row < blocks.size(); ++row) {
        if (blocks[row].block.kind == BlockKind::kTableRow &&
            blocks[row].block.table == blocks[i].block.table) {
          rows.push_back(&blocks[row]);
        }
      }
      find_rows(blocks[i], rows, titled ? blocks[i - 1].text : section().path.back());
    }
  }

  void find_rows(const Library::StoredBlock& header_block,
                 const std::vector<const Library::StoredBlock*>& rows, const std::string& about) {
    const std::vector<std::string> header = cells_of(header_block.text);
    if (header.size() < 2 || header.size() > kMaxCells) return;
    std::map<std::string, std::size_t> keys;
    for (const Library::StoredBlock* row : rows) ++keys[cells_of(row->text).front()];
    std::size_t remedy = 0, cause = 0;
    for (std::size_t column = 1; column < header.size(); ++column) {
      if (holds_any(header[column], kRemedies)) remedy = column;
      if (holds_any(header[column], kCauses)) cause = column;
    }
    std::size_t turn = 0;  // Rows take turns at the columns.
    for (const Library::StoredBlock* row : rows) {
      const std::vector<std::string> cells = cells_of(row->text);
      // A name that two rows have would not tell which is asked about.
      if (cells.size() != header.size() || is_blank(cells[0]) || keys[cells[0]] > 1) continue;
      if (count_code_points(cells[0]) > kLongestKey) continue;
      if (remedy > 0 || is_error_code(cells[0])) {
        add_trouble_row(header, cells, remedy > 0 ? remedy : cells.size() - 1, cause, *row);
      } else {
        add_look_up(header, cells, 1 + turn++ % (header.size() - 1), about, *row);
      }
    }
  }

  void add_trouble_row(const std::vector<std::string>& header,
                       const std::vector<std::string>& cells, std::size_t remedy, std::size_t cause,
                       const Library::StoredBlock& row) {
    if (is_blank(cells[remedy])) return;
    const std::string& key = cells[0];
    std::string reference = cells[remedy];
    const std::size_t before = cause > 0 && cause != remedy ? cause : remedy > 1 ? 1 : 0;
    if (before > 0 && !is_blank(cells[before])) {
      const bool ends = cells[before].ends_with(".");
      reference = cells[before] + (ends ? " " : ": ") + reference;
    }
    std::vector<std::string> must_hold;
    if (is_error_code(key)) must_hold.push_back(key);
    add("troubleshooting", symptom_question(language_, key, holds_any(header[0], kTold)), reference,
        facts_of(cells[remedy], kMaxFacts), render(header, cells), {&row}, must_hold);
  }

  void add_look_up(const std::vector<std::string>& header, const std::vector<std::string>& cells,
                   std::size_t column, const std::string& about, const Library::StoredBlock& row) {
    // The next column with a value.
    for (std::size_t tried = 1; is_blank(cells[column]) && tried < cells.size(); ++tried) {
      column = column + 1 < cells.size() ? column + 1 : 1;
    }
    const std::string& value = cells[column];
    if (is_blank(value) || is_blank(header[column])) return;
    if (count_code_points(value) > kLongestValue) return;
    LookUp cell{about, cells[0], header[column], value};
    if (header.size() == 2 && holds_any(header[1], kGenericValues)) {
      cell.column.clear();
      cell.about = section().path.back();
    }
    const bool specification = std::ranges::any_of(section().path, [](const std::string& heading) {
      return holds_any(heading, kSpecifications);
    });
    constexpr std::size_t kShort = 20;  // Code points: the value is itself the fact.
    std::vector<std::vector<std::string>> facts = facts_of(value, kMaxFacts);
    if (facts.empty() && count_code_points(value) <= kShort) facts = {{value}};
    add(specification ? "specification" : "table", look_up_question(language_, cell),
        look_up_answer(language_, cell), std::move(facts), render(header, cells), {&row});
  }

  static std::string render(const std::vector<std::string>& header,
                            const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      text += fmt::format("{}{}: {}", i == 0 ? "" : " | ", header[i], cells[i]);
    }
    return text;
  }

  // A heading of trouble with prose under it; rows of a table speak for themselves.
  void find_trouble() {
    if (!tells_trouble(language_, section().path)) return;
    std::string text;
    std::vector<const Library::StoredBlock*> used;
    for (const Library::StoredBlock& block : section().blocks) {
      if (block.block.kind == BlockKind::kTableHeader) return;
      if (block.block.kind == BlockKind::kCaption) continue;
      text += (text.empty() ? "" : "\n") + block.text;
      used.push_back(&block);
    }
    if (text.empty()) return;
    add("troubleshooting", trouble_question(language_, section().path.back()), text,
        facts_of(text, kMaxFacts), text, used);
  }

  void find_statements() {
    for (const Library::StoredBlock& block : section().blocks) {
      const BlockKind kind = block.block.kind;
      if ((kind != BlockKind::kParagraph && kind != BlockKind::kListItem) ||
          block.block.parent >= 0) {
        continue;
      }
      for (const ByteSpan& span : split_sentences(block.text)) {
        const std::string sentence(std::string_view(block.text).substr(span.begin, span.size()));
        if (const auto asked = yes_no_question(language_, sentence)) {
          add("yes-no", asked->question, asked->answer, facts_of(sentence, kMaxFacts), block.text,
              {&block});
        }
      }
    }
  }

  void find_silence() {
    std::string text;
    for (const ManualSection& section : sections_) {
      for (const std::string& heading : section.path) text += heading + "\n";
      for (const Library::StoredBlock& block : section.blocks) text += block.text + "\n";
    }
    const std::string product = info_.product.empty() ? info_.title : info_.product;
    if (product.empty()) return;
    for (const SilentQuestion& silent : silent_questions(text, product, language_)) {
      DraftCandidate candidate;
      candidate.question.type = "unanswerable";
      candidate.question.text = silent.text;
      candidate.question.language = language_;
      candidate.question.unanswerable = true;
      candidate.question.references = {language_ == Language::kKorean
                                           ? "설명서에 나와 있지 않습니다."
                                           : "The manual does not say."};
      candidate.absent = silent.absent;
      candidate.section = sections_.size();
      candidates_.push_back(std::move(candidate));
    }
  }

  const std::vector<ManualSection>& sections_;
  const DocumentInfo& info_;
  Language language_;
  std::size_t at_ = 0;
  std::vector<DraftCandidate> candidates_;
};

}  // namespace

Result<std::vector<ManualSection>> read_sections(const Library& library,
                                                 const StoredDocument& document) {
  std::vector<ManualSection> sections;
  if (document.chunk_count == 0) return sections;
  SASEO_ASSIGN_OR_RETURN(
      const std::vector<StoredChunk> chunks,
      library.chunks_between(document.id, 0, static_cast<int>(document.chunk_count) - 1));
  for (std::size_t begin = 0; begin < chunks.size();) {
    std::size_t end = begin;
    ByteSpan span = chunks[begin].chunk.segments.front();
    for (; end < chunks.size() && chunks[end].chunk.section == chunks[begin].chunk.section; ++end) {
      for (const ByteSpan& segment : chunks[end].chunk.segments) {
        span.begin = std::min(span.begin, segment.begin);
        span.end = std::max(span.end, segment.end);
      }
    }
    ManualSection section{chunks[begin].chunk.heading_path, {}, chunks[begin].chunk.first_page};
    SASEO_ASSIGN_OR_RETURN(section.blocks, library.blocks_in(document.id, span));
    std::erase_if(section.blocks, [](const Library::StoredBlock& block) {
      return block.block.kind == BlockKind::kHeading;
    });
    sections.push_back(std::move(section));
    begin = end;
  }
  return sections;
}

std::vector<DraftCandidate> find_candidates(const std::vector<ManualSection>& sections,
                                            const DocumentInfo& info, Language language) {
  return Finder(sections, info, language).find();
}

}  // namespace saseo::eval
