// How plain text marks its headings.
#pragma once

#include <string_view>

namespace saseo {

// The level of a heading by its number: 1 for "제1장 안전", "Ⅱ. 설치", "Chapter 3 Setup", "부록 A";
// 2 for "제2절 ..."; the depth of "3.2 배터리" (2) or "3.2.1 ..." (3). With `alone` (blank lines
// around it) a lone number counts too: "3. 배터리" (1). 0 for anything else: sentences, long lines,
// steps.
int numbered_heading_level(std::string_view line, bool alone);

// 1 for a line underlined by "===", 2 by "---"; the underline must be about as wide as the text.
int underline_level(std::string_view line, std::string_view underline);

// A short line of at least two words or six letters, all in Latin capitals.
bool is_capital_heading(std::string_view line);

}  // namespace saseo
