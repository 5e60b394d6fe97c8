// Collects blocks in reading order into a Document and keeps its promises: text in NFC, one '\n'
// after each block, spans that fit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/document.h"

namespace saseo {

// What a block is told beside its kind and text; see Block.
struct BlockTraits {
  int level = 1;
  std::string marker;
  int parent = -1;
  int table = -1;
};

// Text without what no reader shows: soft hyphens, zero-width and direction marks, the invisible
// tag characters that smuggle instructions, and control characters, which become spaces. '\n' and
// '\t' stay. The result is NFC and valid UTF-8.
std::string visible_text(std::string_view text);

class DocumentBuilder {
 public:
  explicit DocumentBuilder(DocumentKind kind) { document_.kind = kind; }

  // Appends a block and returns its index, or -1 when its text is blank and nothing was added.
  // White space is collapsed except in code, where '\n' and indentation stay.
  int add(BlockKind kind, std::string_view text, BlockTraits traits = {});

  // Appends a row of cells as "a | b | c"; a '|' within a cell becomes '¦', so cells stay
  // countable. -1 when all cells are blank.
  int add_row(BlockKind kind, const std::vector<std::string>& cells, BlockTraits traits);

  int new_table() { return tables_++; }
  DocumentInfo& info() { return document_.info; }
  void warn(std::string code, Message message);

  // A warning that stands between two steps of one numbering belongs to the step before it.
  Document finish() &&;

 private:
  int append(BlockKind kind, std::string_view text, BlockTraits traits);

  Document document_;
  int tables_ = 0;
};

}  // namespace saseo
