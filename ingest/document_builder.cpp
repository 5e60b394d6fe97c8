#include "ingest/document_builder.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "ingest/block_markers.h"

namespace saseo {
namespace {

bool is_invisible(char32_t c) {
  return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E || c == 0x200B || c == 0x200C ||
         c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

bool is_control(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0x2028 ||
         c == 0x2029;
}

bool is_plain_ascii(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\t'; });
}

// Code keeps its lines and indentation; blank lines at both ends and spaces at line ends go.
std::string tidy_code(std::string_view text) {
  std::string out;
  std::size_t blank_lines = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    if (line.empty()) {
      ++blank_lines;
    } else {
      if (!out.empty()) out.append(blank_lines + 1, '\n');
      blank_lines = 0;
      out.append(line);
    }
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string visible_text(std::string_view text) {
  if (is_plain_ascii(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCodePoint decoded = decode_utf8(text, i);
    if (is_control(decoded.code_point)) {
      out.push_back(' ');
    } else if (!is_invisible(decoded.code_point)) {
      append_utf8(out, decoded.code_point);
    }
    i += decoded.length;
  }
  return to_nfc(out);
}

int DocumentBuilder::append(BlockKind kind, std::string_view text, BlockTraits traits) {
  Block block;
  block.kind = kind;
  block.level = traits.level;
  block.marker = collapse_spaces(visible_text(traits.marker));
  block.parent = traits.parent;
  block.table = traits.table;
  block.span.begin = document_.text.size();
  document_.text.append(text);
  block.span.end = document_.text.size();
  document_.text.push_back('\n');
  document_.blocks.push_back(std::move(block));
  return static_cast<int>(document_.blocks.size()) - 1;
}

int DocumentBuilder::add(BlockKind kind, std::string_view text, BlockTraits traits) {
  const std::string visible = visible_text(text);
  const std::string tidy = kind == BlockKind::kCode ? tidy_code(visible) : collapse_spaces(visible);
  if (tidy.empty()) return -1;
  return append(kind, tidy, std::move(traits));
}

int DocumentBuilder::add_row(BlockKind kind, const std::vector<std::string>& cells,
                             BlockTraits traits) {
  std::string row;
  bool blank = true;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) row.append(" | ");
    std::string cell = collapse_spaces(visible_text(cells[i]));
    blank = blank && cell.empty();
    for (std::size_t bar; (bar = cell.find('|')) != std::string::npos;) cell.replace(bar, 1, "¦");
    row.append(cell);
  }
  return blank ? -1 : append(kind, row, std::move(traits));
}

void DocumentBuilder::warn(std::string code, Message message) {
  document_.warnings.push_back({.code = std::move(code), .message = std::move(message)});
}

Document DocumentBuilder::finish() && {
  std::vector<Block>& blocks = document_.blocks;
  for (std::size_t i = 1; i < blocks.size(); ++i) {
    if (blocks[i].kind != BlockKind::kWarning || blocks[i].parent != -1) continue;
    std::size_t next = i + 1;
    while (next < blocks.size() && blocks[next].kind == BlockKind::kWarning &&
           blocks[next].parent == -1) {
      ++next;
    }
    // The step before: the warning's neighbour, or the step that the neighbour belongs to.
    int step = static_cast<int>(i) - 1;
    while (step >= 0 && blocks[step].kind != BlockKind::kStep) step = blocks[step].parent;
    if (next < blocks.size() && step >= 0 && blocks[next].kind == BlockKind::kStep &&
        blocks[next].level == blocks[step].level &&
        step_follows(blocks[step].marker, blocks[next].marker)) {
      for (std::size_t w = i; w < next; ++w) blocks[w].parent = step;
    }
    i = next - 1;
  }
  return std::move(document_);
}

}  // namespace saseo
