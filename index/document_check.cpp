#include "index/document_check.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/utf8.h"
#include "index/check_list.h"
#include "index/stored_form.h"
#include "ingest/chunker.h"

namespace saseo {
namespace {

bool is_boundary(std::string_view text, std::size_t offset) {
  return offset == text.size() || (static_cast<unsigned char>(text[offset]) & 0xC0) != 0x80;
}

bool fits(std::string_view text, const ByteSpan& span) {
  return span.begin <= span.end && span.end <= text.size() && is_boundary(text, span.begin) &&
         is_boundary(text, span.end);
}

// Checks the rows of one document.
class DocumentCheck {
 public:
  DocumentCheck(const Database& database, std::int64_t id, DocumentChecks checks)
      : database_(database), id_(id), checks_(checks) {}

  Status run() {
    SASEO_ASSIGN_OR_RETURN(const bool present, check_text());
    if (!present) return {};
    SASEO_RETURN_IF_ERROR(check_pages());
    SASEO_RETURN_IF_ERROR(check_blocks());
    return check_chunks();
  }

 private:
  Result<bool> check_text();
  Status check_pages();
  void check_lines(std::int64_t page, std::span<const std::byte> blob);
  Status check_blocks();
  Status check_chunks();
  void check_chunk(const Statement& row);
  bool has_pages(std::int64_t first, std::int64_t last) const {
    if (page_count_ == 0) return first == 0 && last == 0;
    return first >= 1 && first <= last && last <= page_count_;
  }
  Result<Statement> rows(std::string_view sql) const {
    SASEO_ASSIGN_OR_RETURN(Statement statement, database_.prepare(sql));
    statement.bind(1, id_);
    return statement;
  }

  const Database& database_;
  std::int64_t id_;
  DocumentChecks checks_;
  std::string text_;
  std::int64_t page_count_ = 0;
};

Result<bool> DocumentCheck::check_text() {
  SASEO_ASSIGN_OR_RETURN(Statement row,
                         rows("SELECT text, characters, page_count FROM documents WHERE id = ?"));
  SASEO_ASSIGN_OR_RETURN(const bool present, row.step());
  if (!present) return false;
  ++checks_.documents.checked;
  text_ = row.text(0);
  page_count_ = row.integer(2);
  if (!is_valid_utf8(text_))
    add_fault(checks_.documents, "document {}: its text is not UTF-8",
              "문서 {}: 본문이 UTF-8이 아닙니다", id_);
  const auto characters = static_cast<std::int64_t>(count_code_points(text_));
  if (characters != row.integer(1))
    add_fault(checks_.documents, "document {}: {} characters where {} were stored",
              "문서 {}: 본문이 {}자인데 저장할 때는 {}자였습니다", id_, characters, row.integer(1));
  return true;
}

Status DocumentCheck::check_pages() {
  SASEO_ASSIGN_OR_RETURN(
      Statement pages,
      rows("SELECT number, lines FROM pages WHERE document_id = ? ORDER BY number"));
  std::int64_t expected = 0;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, pages.step());
    if (!row) break;
    if (pages.integer(0) != ++expected)
      add_fault(checks_.documents, "document {}: page {} where page {} is expected",
                "문서 {}: {}쪽이 있을 자리가 아닙니다({}쪽 자리)", id_, pages.integer(0), expected);
    check_lines(pages.integer(0), pages.blob(1));
  }
  if (expected != page_count_)
    add_fault(checks_.documents, "document {}: {} pages where {} were stored",
              "문서 {}: {}쪽인데 저장할 때는 {}쪽이었습니다", id_, expected, page_count_);
  return {};
}

void DocumentCheck::check_lines(std::int64_t page, std::span<const std::byte> blob) {
  const auto lines = lines_from_blob(blob, static_cast<int>(page));
  if (!lines.ok())
    return add_fault(checks_.lines, "document {}, page {}: unreadable lines",
                     "문서 {} {}쪽: 줄 위치를 읽을 수 없습니다", id_, page);
  for (const TextLine& line : *lines) {
    ++checks_.lines.checked;
    const Box& box = line.box;
    const bool finite = std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) &&
                        std::isfinite(box.height) && box.width >= 0 && box.height >= 0;
    if (!fits(text_, line.span))
      add_fault(checks_.lines, "document {}, page {}: a line lies outside the text ({} to {})",
                "문서 {} {}쪽: 본문 밖의 줄이 있습니다({}~{})", id_, page, line.span.begin,
                line.span.end);
    else if (!finite)
      add_fault(checks_.lines, "document {}, page {}: a line has no place on the page",
                "문서 {} {}쪽: 위치가 잘못된 줄이 있습니다", id_, page);
  }
}

Status DocumentCheck::check_blocks() {
  SASEO_ASSIGN_OR_RETURN(
      Statement blocks,
      rows("SELECT ordinal, kind, span_begin, span_end, first_page, last_page, parent FROM blocks "
           "WHERE document_id = ? ORDER BY ordinal"));
  std::int64_t expected = 0;
  std::size_t before = 0;  // Where the block before began.
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, blocks.step());
    if (!row) return {};
    ++checks_.blocks.checked;
    const std::int64_t ordinal = blocks.integer(0);
    const std::int64_t parent = blocks.integer(6);
    const ByteSpan span = {static_cast<std::size_t>(blocks.integer(2)),
                           static_cast<std::size_t>(blocks.integer(3))};
    const bool known =
        blocks.integer(1) >= 0 && blocks.integer(1) <= static_cast<std::int64_t>(BlockKind::kCode);
    if (ordinal != expected || !known || parent < -1 || parent >= ordinal)
      add_fault(checks_.blocks, "document {}: block {} has a wrong number, kind or parent",
                "문서 {}: 블록 {}의 번호, 종류 또는 상위 블록이 잘못되었습니다", id_, ordinal);
    if (!fits(text_, span) || span.begin < before)
      add_fault(checks_.blocks, "document {}: block {} lies outside the text or out of order",
                "문서 {}: 블록 {}이(가) 본문 밖이거나 순서가 어긋납니다", id_, ordinal);
    if (!has_pages(blocks.integer(4), blocks.integer(5)))
      add_fault(checks_.blocks, "document {}: block {} names pages {} to {}, which do not exist",
                "문서 {}: 블록 {}의 쪽({}~{})이 없습니다", id_, ordinal, blocks.integer(4),
                blocks.integer(5));
    expected = ordinal + 1;
    before = span.begin;
  }
}

Status DocumentCheck::check_chunks() {
  SASEO_ASSIGN_OR_RETURN(
      Statement chunks,
      rows("SELECT id, ordinal, segments, heading_path, text, first_page, last_page, hash "
           "FROM chunks WHERE document_id = ? ORDER BY ordinal"));
  std::int64_t expected = 0;
  while (true) {
    SASEO_ASSIGN_OR_RETURN(const bool row, chunks.step());
    if (!row) return {};
    ++checks_.chunks.checked;
    if (chunks.integer(1) != expected)
      add_fault(checks_.chunks, "document {}: chunk {} has position {} where {} is expected",
                "문서 {}: 청크 {}의 순서가 {}인데 {}이어야 합니다", id_, chunks.integer(0),
                chunks.integer(1), expected);
    expected = chunks.integer(1) + 1;
    check_chunk(chunks);
  }
}

void DocumentCheck::check_chunk(const Statement& row) {
  const std::int64_t chunk = row.integer(0);
  const auto segments = segments_from_blob(row.blob(2));
  const bool inside = segments.ok() && !segments->empty() &&
                      std::all_of(segments->begin(), segments->end(),
                                  [&](const ByteSpan& span) { return fits(text_, span); });
  if (!inside)
    add_fault(checks_.chunks, "document {}: chunk {} has segments outside the text",
              "문서 {}: 청크 {}의 범위가 본문을 벗어납니다", id_, chunk);
  if (!has_pages(row.integer(5), row.integer(6)))
    add_fault(checks_.chunks, "document {}: chunk {} names pages {} to {}, which do not exist",
              "문서 {}: 청크 {}의 쪽({}~{})이 없습니다", id_, chunk, row.integer(5),
              row.integer(6));
  if (chunk_hash(heading_path_from_json(row.text(3)), row.text(4)) != row.text(7))
    add_fault(checks_.chunks, "document {}: chunk {} is not what was stored (its hash differs)",
              "문서 {}: 청크 {}의 내용이 저장한 것과 다릅니다(해시 불일치)", id_, chunk);
}

}  // namespace

Status check_document(const Database& database, std::int64_t document, DocumentChecks checks) {
  return DocumentCheck(database, document, checks).run();
}

}  // namespace saseo
