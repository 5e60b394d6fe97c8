#include "cli/terminal/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/utf8.h"

namespace saseo::cli {
namespace {

// Long lines are hard to read: text is not wrapped wider, however wide the terminal is.
constexpr std::size_t kWidestText = 110;

std::string_view sequence_of(Style style) {
  switch (style) {
    case Style::kBold:
      return "\x1b[1m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kAccent:
      return "\x1b[36m";
    case Style::kGood:
      return "\x1b[32m";
    case Style::kWarning:
      return "\x1b[33m";
    case Style::kError:
      return "\x1b[31m";
  }
  return "";
}

std::string in_style(bool colour, Style style, std::string_view text) {
  if (!colour || text.empty()) return std::string(text);
  return std::string(sequence_of(style)) + std::string(text) + "\x1b[0m";
}

// Bytes of `text` that fit into `width` columns.
std::size_t fitting_bytes(std::string_view text, std::size_t width) {
  std::size_t used = 0, at = 0;
  while (at < text.size()) {
    const DecodedCodePoint c = decode_utf8(text, at);
    used += display_width(c.code_point);
    if (used > width) break;
    at += c.length;
  }
  return at;
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

std::size_t display_width(char32_t c) {
  const auto code = static_cast<UChar32>(c);
  switch (u_charType(code)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
      return 0;
    default:
      break;
  }
  if (c >= 0x1160 && c <= 0x11FF) return 0;  // Vowels and finals join the jamo before them.
  const int width = u_getIntPropertyValue(code, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, at);
    width += display_width(c.code_point);
    at += c.length;
  }
  return width;
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t width = display_width(text);
  return std::string(text) + std::string(width < columns ? columns - width : 1, ' ');
}

std::string with_escapes(std::string_view text) {
  std::string line;
  for (std::size_t offset = 0; offset < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, offset);
    if (c.code_point == '\n')
      line += "\\n";
    else if (c.code_point == '\t')
      line += "\\t";
    else if (c.valid && (c.code_point < 0x20 || (c.code_point >= 0x7F && c.code_point < 0xA0)))
      line += fmt::format("\\x{:02x}", static_cast<unsigned>(c.code_point));
    else
      append_utf8(line, c.code_point);
    offset += c.length;
  }
  return line;
}

std::string clip(std::string_view text, std::size_t width) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.size() == text.size() && display_width(line) <= width) return std::string(line);
  return std::string(line.substr(0, fitting_bytes(line, width - std::min<std::size_t>(width, 1)))) +
         "…";
}

std::string wrap_text(std::string_view text, std::size_t width, std::size_t indent) {
  width = width == 0 ? std::string::npos : std::max(width, indent + 8);
  std::string out;
  std::size_t column = indent;
  const auto new_line = [&] {
    out += '\n';
    out.append(indent, ' ');
    column = indent;
  };
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '\n') {
      new_line();
      ++at;
      continue;
    }
    const std::size_t word_begin = std::min(text.find_first_not_of(' ', at), text.size());
    const std::size_t word_end = std::min(text.find_first_of(" \n", word_begin), text.size());
    const std::size_t spaces = word_begin - at;
    std::string_view word = text.substr(word_begin, word_end - word_begin);
    at = word_end;
    if (word.empty()) continue;
    if (column > indent && column + spaces + display_width(word) > width) {
      new_line();
    } else {
      out.append(spaces, ' ');
      column += spaces;
    }
    while (column + display_width(word) > width && column < width) {
      const std::size_t fits = fitting_bytes(word, width - column);
      out += word.substr(0, fits);
      word.remove_prefix(fits);
      new_line();
    }
    out += word;
    column += display_width(word);
  }
  return out;
}

void StreamWrapper::write(std::string_view piece) {
  if (width_ == 0) {
    out_.write(piece);
    out_.flush();
    return;
  }
  for (const char c : piece) {
    if (c != ' ' && c != '\n') {
      word_ += c;
      continue;
    }
    put_word();
    if (c == ' ') {
      ++spaces_;
    } else {
      out_.write("\n");
      column_ = spaces_ = 0;
    }
  }
  out_.flush();
}

void StreamWrapper::put_word() {
  if (word_.empty()) return;
  const std::size_t width = display_width(word_);
  if (column_ > 0 && column_ + spaces_ + width > width_) {
    out_.write("\n");
    column_ = 0;
  } else {
    out_.write(std::string(spaces_, ' '));
    column_ += spaces_;
  }
  out_.write(word_);
  column_ += width;
  spaces_ = 0;
  word_.clear();
}

void StreamWrapper::finish() {
  put_word();
  out_.flush();
}

std::string without_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCodePoint c = decode_utf8(text, at);
    const bool control = (c.code_point < 0x20 && c.code_point != '\n' && c.code_point != '\t') ||
                         (c.code_point >= 0x7F && c.code_point < 0xA0) || !c.valid;
    if (control) {
      append_utf8(out, kReplacementCharacter);
    } else {
      out += text.substr(at, c.length);
    }
    at += c.length;
  }
  return out;
}

std::string Console::out_style(Style style, std::string_view text) const {
  return in_style(colour_out, style, text);
}
std::string Console::err_style(Style style, std::string_view text) const {
  return in_style(colour_err, style, text);
}

ColourChoice colour_choice_of(std::string_view name) {
  return name == "always"  ? ColourChoice::kAlways
         : name == "never" ? ColourChoice::kNever
                           : ColourChoice::kAuto;
}

void set_up_console(Console& console, ColourChoice choice) {
  const char* terminal = std::getenv("TERM");
  const bool plain =
      is_set("NO_COLOR") || (terminal != nullptr && std::string_view(terminal) == "dumb");
  const auto coloured = [&](const Writer& writer) {
    if (choice == ColourChoice::kAuto) return writer.is_terminal() && !plain;
    return choice == ColourChoice::kAlways;
  };
  console.colour_out = coloured(console.out);
  console.colour_err = coloured(console.err);
  console.width = 0;
  if (!console.out.is_terminal()) return;
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  console.width = std::min<std::size_t>(known ? size.ws_col : 80, kWidestText);
}

}  // namespace saseo::cli
