// What could be asked of a manual: a question with its gold section, facts and reference for each
// procedure, table row, trouble and plain statement, worded by patterns (draft_wording.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eval/questions/question_set.h"
#include "index/library.h"

namespace saseo::eval {

// A manual's text under one heading.
struct ManualSection {
  std::vector<std::string> path;  // Headings from the chapter down; may be empty.
  std::vector<Library::StoredBlock> blocks;
  int first_page = 0;  // 0 without pages.
};
// In reading order.
Result<std::vector<ManualSection>> read_sections(const Library& library,
                                                 const StoredDocument& document);

struct DraftCandidate {
  Question question;    // Without id and split.
  std::string passage;  // What the answer rests on.
  // What the question must hold, however it is worded: an error code.
  std::vector<std::string> must_hold;
  std::vector<std::string> absent;  // Of unanswerable ones: what the manual does not hold.
  std::size_t section = 0;          // In which it stands.
};

// In reading order; the unanswerable ones last. Korean patterns for kKorean, else English.
std::vector<DraftCandidate> find_candidates(const std::vector<ManualSection>& sections,
                                            const DocumentInfo& info, Language language);

// The quantities of the text, then the names it quotes and its codes, each as a fact with
// its spellings ("8 mm", "8mm"); at most `most`.
std::vector<std::vector<std::string>> facts_of(std::string_view text, std::size_t most);

// What a manual of a device may well be asked but this one does not hold.
struct SilentQuestion {
  std::string text;
  std::vector<std::string> absent;
};
std::vector<SilentQuestion> silent_questions(std::string_view manual_text, std::string_view product,
                                             Language language);

}  // namespace saseo::eval
