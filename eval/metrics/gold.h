// Whether a place of a manual is one that the question's set names as answering it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eval/questions/question_set.h"
#include "eval/records/recorded_answer.h"
#include "index/library.h"

namespace saseo::eval {

// Borrows all of it.
struct Place {
  std::string_view document, file, product;
  std::span<const std::string> heading_path;
  int first_page = 0, last_page = 0;  // 1-based; 0 without pages.
};
Place place_of(const RecordedHit& hit);
Place place_of(const RecordedPassage& passage);
Place place_of(const RecordedCitation& citation);

// The first of question.gold that holds the place; nullopt: none does. A gold section holds what
// stands under its headings, however deep; headings are compared without regard to case and spaces,
// and may be named from the chapter down or by the last ones alone. Where the section or the place
// has no headings, pages are compared. A gold section that names a document (title, product or
// file, with or without ".pdf") holds only places of that document, and all
// of them where it names nothing else.
std::optional<std::size_t> gold_section_of(const Place& place, const Question& question);

// Relevance of the place, for ranking: of its file, named without its ending, where the question
// has relevant_documents, else 1 in a gold section; 0: none.
int relevance_of(const Place& place, const Question& question);

// Where the gold sections are that no part of the library meets, as "id: section": not misses of a
// model, but of the set or of what was ingested. Reads every chunk's headings once.
Result<std::vector<std::string>> missing_gold(std::span<const Question> questions,
                                              const Library& library);

}  // namespace saseo::eval
