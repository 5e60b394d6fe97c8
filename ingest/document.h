// A document as every reader gives it: its text, and what each part of the text is.
//
//   text    UTF-8, NFC; the blocks' texts in reading order, each ended by '\n'
//   blocks  what each stretch of text is: heading, paragraph, step, table row, ...
//   lines   where each stretch of text stands on a page (PDF only), in order of the text
//   pages   number, label, size
//
// Spans are byte offsets into `text` and stay unchanged from the reader to the citation in an
// answer: that is what makes a citation checkable and a page highlight exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/message.h"

namespace saseo {

// Half-open range of bytes [begin, end).
struct ByteSpan {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
  bool overlaps(const ByteSpan& other) const { return begin < other.end && other.begin < end; }
  friend bool operator==(const ByteSpan&, const ByteSpan&) = default;
};

// A rectangle on a page, in points (1/72 inch) from the top left corner of the page as displayed.
struct Box {
  int page = 0;  // 1-based.
  float x = 0, y = 0, width = 0, height = 0;
  friend bool operator==(const Box&, const Box&) = default;
};

// One line of text on a page.
struct TextLine {
  ByteSpan span;
  Box box;
};

struct Page {
  int number = 0;     // 1-based position in the file.
  std::string label;  // As printed or named by the file ("iv", "12"); the number when it has none.
  float width = 0, height = 0;  // Points.
  std::size_t characters = 0;   // Code points of text kept from the page.
};

enum class BlockKind : std::uint8_t {
  kHeading,
  kParagraph,
  kListItem,
  kStep,     // An item of a numbered procedure; `marker` is its number as printed, "1.", "②".
  kWarning,  // Warning, caution, note; `marker` is the word that names it ("경고", "Caution").
  kTableHeader,  // The row of column names; cells separated by " | ".
  kTableRow,     // A row of the table that the nearest kTableHeader before it with the same `table`
                 // names.
  kCaption,
  kCode,
};

struct Block {
  BlockKind kind = BlockKind::kParagraph;
  // kHeading: 1 is the highest. Lists and steps: nesting, 1 is the outermost.
  int level = 1;
  std::string marker;                 // "1.", "•", "경고"; it is NOT part of the span's text.
  ByteSpan span;                      // The block's text, without the '\n' that ends it.
  int first_page = 0, last_page = 0;  // 1-based; 0 when the document has no pages.
  // The step or list item that this block belongs to (its warning, its second paragraph, its
  // table, its nested steps), as an index into Document::blocks; -1 when it stands alone.
  int parent = -1;
  // Rows of one table share a number, counted from 0 in the document; -1 outside tables.
  int table = -1;
};

enum class DocumentKind { kPdf, kMarkdown, kHtml, kText };

// What is told of a document beside its text. Found on the cover and in the metadata; a user can
// correct it (IngestOptions, `saseo library set`). Empty when unknown.
struct DocumentInfo {
  std::string title;
  std::string product;       // "다온폰 X1"
  std::string model_number;  // "DP-X100"
  std::string edition;       // "제4판", "Rev. 2.1"
  Language language = Language::kUnknown;
};

// Something a person should know about what was read: never lost, shown in the report.
struct ReadWarning {
  int page = 0;      // 1-based; 0 when it is about the whole document.
  std::string code;  // Stable and short, for programs: "no-text", "hidden-text", "time-limit".
  Message message;
};

struct Document {
  DocumentKind kind = DocumentKind::kText;
  DocumentInfo info;
  std::string text;
  std::vector<Block> blocks;
  std::vector<TextLine> lines;
  std::vector<Page> pages;  // Empty for kinds without pages.
  std::vector<ReadWarning> warnings;

  std::string_view text_of(const ByteSpan& span) const {
    return std::string_view(text).substr(span.begin, span.size());
  }
};

// Words of a kind in reports and JSON: "pdf", "markdown", "html", "text".
std::string_view name_of(DocumentKind kind);
std::string_view name_of(BlockKind kind);  // "heading", "paragraph", "list-item", ...

}  // namespace saseo
