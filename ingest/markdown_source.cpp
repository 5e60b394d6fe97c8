#include "ingest/markdown_source.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/utf8.h"

namespace saseo {
namespace {

constexpr std::size_t kMaxFrontMatterLines = 500;
constexpr std::size_t kMaxMarksOnALine = 24;
constexpr std::size_t kMaxParagraph = 16 * 1024;  // Bytes; some ten pages without a blank line.
constexpr std::size_t kMaxFilledCells = 100'000;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string unquoted(std::string_view value) {
  value = trim(value);
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
      value.back() == value.front()) {
    return std::string(value.substr(1, value.size() - 2));
  }
  // An unquoted value ends before a comment.
  if (const std::size_t comment = value.find(" #"); comment != std::string_view::npos) {
    value = trim(value.substr(0, comment));
  }
  return std::string(value);
}

bool is_key(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    // Bytes beyond ASCII: keys in Korean.
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

// Reads the front matter and moves `text` behind it; leaves `text` alone when there is none.
std::map<std::string, std::string> take_front_matter(std::string_view& text) {
  std::string_view rest = text;
  if (trim(take_line(rest)) != "---") return {};
  std::map<std::string, std::string> values;
  for (std::size_t count = 0; count < kMaxFrontMatterLines && !rest.empty(); ++count) {
    const std::string_view line = take_line(rest);
    if (trim(line) == "---" || trim(line) == "...") {
      if (values.empty()) return {};
      text = rest;
      return values;
    }
    const bool nested = line.starts_with(" ") || line.starts_with("\t") || line.starts_with("-");
    if (trim(line).empty() || line.starts_with("#") || nested) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_key(trim(line.substr(0, colon)))) return {};
    std::string key(trim(line.substr(0, colon)));
    std::ranges::transform(key, key.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    values[key] = unquoted(line.substr(colon + 1));
  }
  return {};
}

// The length of a list or quote mark with the spaces after it at line[at]; 0 when there is none.
std::size_t mark_length(std::string_view line, std::size_t at) {
  const auto spaces_from = [&](std::size_t from) {
    std::size_t to = from;
    while (to < line.size() && (line[to] == ' ' || line[to] == '\t')) ++to;
    return to - from;
  };
  if (at >= line.size()) return 0;
  if (line[at] == '>') return 1 + spaces_from(at + 1);
  std::size_t end = at;
  if (line[at] == '-' || line[at] == '+' || line[at] == '*') {
    end = at + 1;
  } else {
    while (end < line.size() && std::isdigit(static_cast<unsigned char>(line[end]))) ++end;
    if (end == at || end >= line.size() || (line[end] != '.' && line[end] != ')')) return 0;
    ++end;
  }
  const std::size_t spaces = spaces_from(end);
  return spaces > 0 ? end - at + spaces : 0;
}

void append_with_fewer_marks(std::string& out, std::string_view line) {
  std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string_view::npos) at = line.size();
  std::size_t kept = line.size();
  for (std::size_t marks = 0;; ++marks) {
    const std::size_t length = mark_length(line, at);
    if (length == 0) break;
    if (marks == kMaxMarksOnALine) kept = at;
    at += length;
  }
  out.append(line.substr(0, std::min(kept, at)));
  out.append(line.substr(at));
}

// The length of the first part of a line that may be kMaxParagraph bytes long, cut after a space.
std::size_t part_length(std::string_view line) {
  if (line.size() <= kMaxParagraph) return line.size();
  const std::size_t space = line.rfind(' ', kMaxParagraph);
  return space == std::string_view::npos || space < kMaxParagraph / 2
             ? floor_to_code_point(line, kMaxParagraph)
             : space + 1;
}

// Counts the cells that a table's delimiter row asks for ("|---|:-:|" has 2); 0 for other lines.
std::size_t delimiter_columns(std::string_view line) {
  line = trim(line);
  if (line.find('-') == std::string_view::npos || line.find('|') == std::string_view::npos ||
      line.find_first_not_of("|-: \t>") != std::string_view::npos) {
    return 0;
  }
  return static_cast<std::size_t>(std::ranges::count(line, '|')) + 1;
}

// Keeps apart what would cost the parser quadratic time or memory: a paragraph's inlines are
// parsed together, and short table rows are filled up with cells.
class Limiter {
 public:
  // Whether a blank line must stand before this line.
  bool must_part(std::string_view line) {
    if (trim(line).empty()) {
      paragraph_ = columns_ = 0;
      return false;
    }
    if (const std::size_t columns = delimiter_columns(line); columns_ == 0) columns_ = columns;
    if (columns_ > 0) {
      const auto cells = static_cast<std::size_t>(std::ranges::count(line, '|'));
      filled_ += columns_ > cells ? columns_ - cells : 0;
      if (filled_ <= kMaxFilledCells) return false;
      columns_ = filled_ = 0;
      return true;
    }
    paragraph_ += line.size() + 1;
    if (paragraph_ <= kMaxParagraph) return false;
    paragraph_ = line.size();
    return true;
  }

 private:
  std::size_t paragraph_ = 0;  // Bytes since the last blank line.
  std::size_t columns_ = 0;    // Of the table that is open.
  std::size_t filled_ = 0;     // Cells that the parser had to add, in all tables so far.
};

void append_limited(std::string& out, std::string_view line, Limiter& limiter) {
  do {
    const std::string_view part = line.substr(0, part_length(line));
    line.remove_prefix(part.size());
    if (limiter.must_part(part)) out.push_back('\n');
    append_with_fewer_marks(out, part);
    if (!line.empty()) out.push_back('\n');
  } while (!line.empty());
}

// Counts the fence signs that open or close a code block; 0 when the line is no fence.
std::size_t fence_length(std::string_view line, char& sign) {
  line = trim(line);
  if (line.empty() || (line[0] != '`' && line[0] != '~')) return 0;
  std::size_t length = 0;
  while (length < line.size() && line[length] == line[0]) ++length;
  if (length < 3) return 0;
  sign = line[0];
  return length;
}

}  // namespace

MarkdownSource split_markdown(std::string_view text) {
  MarkdownSource source;
  source.front_matter = take_front_matter(text);
  source.body.reserve(text.size());
  char open_sign = 0;
  std::size_t open_length = 0;
  Limiter limiter;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    char sign = 0;
    const std::size_t fence = fence_length(line, sign);
    if (open_length == 0 && fence > 0) {
      open_sign = sign, open_length = fence;
    } else if (fence >= open_length && fence > 0 && sign == open_sign) {
      open_length = 0;
    }
    if (open_length > 0) {
      source.body.append(line);
    } else if (!trim(line).starts_with(":::")) {
      append_limited(source.body, line, limiter);
    }
    source.body.push_back('\n');
  }
  return source;
}

}  // namespace saseo
