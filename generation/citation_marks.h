// Citations as models write them: [1], [1, 2], [1-3], [출처 1], [Source 2], ［１］, 【1】, [^1].
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace saseo {

struct CitationMark {
  enum class Kind {
    kNone,     // The bracket begins something else: "[설정]".
    kPartial,  // It may become a citation: "[1".
    kWhole,
  };
  Kind kind = Kind::kNone;
  std::size_t size = 0;      // Bytes, brackets included; of a whole one.
  std::vector<int> numbers;  // In order, each once.
};

bool opens_citation(char32_t c);

// `text` begins with an opening bracket and holds all that has come of what follows it.
CitationMark read_citation_mark(std::string_view text);

// The text without its citations and the spaces before them.
std::string without_citations(std::string_view text);

}  // namespace saseo
