// An answer as people read it: sources below the text, passages, and why.
#pragma once

#include <string>

#include "cli/terminal/terminal.h"
#include "generation/answer.h"

namespace saseo::cli {

// "16쪽(파일 22쪽)": the printed label, with the position in the file where that differs.
std::string page_words(int page, const std::string& label);
// "다온폰 X1 사용 설명서": the title, else the file's name.
std::string document_words(const std::filesystem::path& path, const DocumentInfo& info);

// One entry a passage that the answer cites: number, document, pages, heading path.
std::string sources_view(const Answer& answer, const Console& console);
// The text of the passages that the answer cites; of all when it cites none.
std::string quotes_view(const Answer& answer, const Console& console);
std::string quote_view(const Passage& passage, const Console& console);
// Product decision, confidence, what was found, token plan, timings.
std::string explain_view(const Answer& answer, const Console& console);

std::string product_words(const ProductChoice& choice);

}  // namespace saseo::cli
