// What a manual's Markdown has beyond CommonMark: front matter, column fences, and nesting that no
// person writes.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace saseo {

struct MarkdownSource {
  std::map<std::string, std::string> front_matter;  // Keys in lower case; values unquoted.
  std::string body;
};

// Takes decoded text ('\n' line ends). A block of front matter counts only when it is closed and
// made of "key: value" lines. Lines such as "::: columns" outside code are blanked.
//
// What costs a parser quadratic time or memory is kept small: more than 24 list or quote marks on a
// line are dropped, a paragraph of more than 16 KiB is parted, and so is a table whose rows lack
// more than 100,000 cells.
MarkdownSource split_markdown(std::string_view text);

}  // namespace saseo
