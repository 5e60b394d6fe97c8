#include "generation/rendering.h"

#include <algorithm>
#include <vector>

#include "base/utf8.h"

namespace saseo {
namespace {

constexpr std::string_view kCellSeparator = " | ";

bool is_direction_mark(char32_t c) {
  return c == 0x061C || (c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::vector<std::string_view> cells_of(std::string_view row) {
  std::vector<std::string_view> cells;
  for (;;) {
    const std::size_t at = row.find(kCellSeparator);
    cells.push_back(trim(row.substr(0, at)));
    if (at == std::string_view::npos) return cells;
    row.remove_prefix(at + kCellSeparator.size());
  }
}

std::string indent_of(const Block& block) {
  const int depth = std::clamp(
      block.level - 1 + (block.kind == BlockKind::kWarning && block.parent >= 0 ? 1 : 0), 0, 8);
  return std::string(static_cast<std::size_t>(depth) * 3, ' ');
}

std::string prefix_of_line(const Block& block, bool starts_block) {
  const std::string marker = printable(block.marker);
  switch (block.kind) {
    case BlockKind::kStep:
    case BlockKind::kListItem:
      if (!starts_block || marker.empty()) return {};
      return indent_of(block) + marker + ' ';
    case BlockKind::kWarning:
      if (!starts_block || marker.empty()) return {};
      return indent_of(block) + marker + ": ";
    default:
      return block.parent >= 0 ? "   " : "";
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCodePoint decoded = decode_utf8(text, i);
    const char32_t c = decoded.code_point;
    if (c == U'\n' || c == U'\t' || c == U'\r' || c == 0x2028 || c == 0x2029) {
      out.push_back(' ');
    } else if (decoded.valid && c >= 0x20 && !(c >= 0x7F && c < 0xA0) && !is_direction_mark(c)) {
      out += text.substr(i, decoded.length);
    }
    i += decoded.length;
  }
  return out;
}

std::string render_row(std::string_view row, std::string_view header) {
  const std::vector<std::string_view> cells = cells_of(row), names = cells_of(header);
  if (header.empty() || cells.size() != names.size() || cells.size() < 2) return printable(row);
  if (cells.size() == 2) return printable(cells[0]) + ": " + printable(cells[1]);
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += kCellSeparator;
    if (!names[i].empty()) out += printable(names[i]) + ": ";
    out += printable(cells[i]);
  }
  return out;
}

void Renderer::name_product(std::string_view product) {
  if (!generated_.text.empty()) put("\n\n");
  put("■ " + printable(product));
  named_product_ = true;
}

void Renderer::print(const Extract& extract) {
  const Block& block = extract.block.block;
  const bool same_line =
      last_document_ == extract.passage->document && last_block_ == extract.block.ordinal;
  if (!generated_.text.empty() || named_product_) put(same_line && !named_product_ ? " " : "\n");
  named_product_ = false;
  put(prefix_of_line(block, extract.starts_block));
  const std::string_view text =
      std::string_view(extract.block.text)
          .substr(extract.span.begin - block.span.begin, extract.span.size());
  Citation citation;
  citation.number = extract.passage->number;
  citation.document = extract.passage->document;
  citation.span = extract.span;
  citation.answer_span.begin = generated_.text.size() + pending_.size();
  put(block.kind == BlockKind::kTableRow ? render_row(text, extract.table_header)
                                         : printable(text));
  citation.answer_span.end = generated_.text.size() + pending_.size();
  put(" [" + std::to_string(citation.number) + "]");
  generated_.citations.push_back(std::move(citation));
  last_document_ = extract.passage->document;
  last_block_ = extract.block.ordinal;
  flush();
}

void Renderer::finish() {
  if (generated_.text.empty()) return;
  put("\n");
  flush();
}

void Renderer::flush() {
  generated_.text += pending_;
  if (sink_) sink_(pending_);
  pending_.clear();
}

}  // namespace saseo
