// Text for people at a terminal: columns (a Korean syllable takes two), wrapping, colours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/terminal/writer.h"

namespace saseo::cli {

// Columns that a terminal gives the text: 2 for wide East Asian characters, 0 for marks.
std::size_t display_width(char32_t c);
std::size_t display_width(std::string_view text);

// With spaces up to `columns`; at least one.
std::string padded(std::string_view text, std::size_t columns);

// The beginning of one line of text, at most `width` columns, "…" where something was cut.
std::string clip(std::string_view text, std::size_t width);

// Breaks at spaces, and inside words wider than a line, so that no line is wider than `width`
// columns. The first line begins at column `indent` (what stands there is the caller's), the others
// with that many spaces. Line ends stay. Width 0: nothing is broken, lines are indented.
std::string wrap_text(std::string_view text, std::size_t width, std::size_t indent = 0);

// Wraps text that arrives in pieces, for an answer as it is written. A word is held back until it
// is whole. Escape sequences in the pieces are not understood.
class StreamWrapper {
 public:
  StreamWrapper(Writer& out, std::size_t width) : out_(out), width_(width) {}
  void write(std::string_view piece);
  void finish();  // Gives out the last word.

 private:
  void put_word();

  Writer& out_;
  std::size_t width_;  // 0: as it comes.
  std::size_t column_ = 0;
  std::size_t spaces_ = 0;  // Before the word that is held back.
  std::string word_;
};

enum class Style { kBold, kDim, kAccent, kGood, kWarning, kError };

// Text without the control characters by which a document could command the terminal (escape
// sequences, bells); '\n' and '\t' stay.
std::string without_controls(std::string_view text);

// The text on one line: control characters as C writes them ("\\n", "\\x1b").
std::string with_escapes(std::string_view text);

// Standard output and error, and how to write to them.
struct Console {
  Writer out{1};
  Writer err{2};
  bool colour_out = false, colour_err = false;
  std::size_t width = 0;  // Columns to wrap at; 0: standard output is no terminal, no wrapping.

  std::string out_style(Style style, std::string_view text) const;
  std::string err_style(Style style, std::string_view text) const;
};

enum class ColourChoice { kAuto, kAlways, kNever };
// Of "auto", "always" or "never".
ColourChoice colour_choice_of(std::string_view name);
// kAuto: on a terminal, unless NO_COLOR is set (no-color.org) or TERM is "dumb".
void set_up_console(Console& console, ColourChoice choice);

}  // namespace saseo::cli
