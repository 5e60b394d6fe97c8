// Selection: which stretches of the passages answer the question. A procedure is taken whole with
// its warnings; a table row alone; of prose the sentences that decide.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "retrieval/evidence.h"

namespace saseo {

struct SelectionOptions {
  std::size_t max_sentences = 6;  // Of prose; a procedure is never cut.
  std::size_t max_rows = 4;       // Of a table.
  std::size_t max_steps = 60;     // Beyond this a list is no procedure.
};

// A stretch of one block to print, verbatim.
struct Extract {
  const Passage* passage = nullptr;
  Library::StoredBlock block;
  ByteSpan span;             // In the document's text; inside the block.
  bool starts_block = true;  // Print the block's marker in front.
  std::string table_header;  // Of a table row: the header row's text; empty when it has none.
};

// In the order to print. Empty when no passage holds anything of the question.
Result<std::vector<Extract>> select_extracts(const ParsedQuestion& question,
                                             const std::vector<PassageEvidence>& evidence,
                                             const Library& library,
                                             const SelectionOptions& options = {});

}  // namespace saseo
