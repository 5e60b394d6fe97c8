#include "ingest/document.h"

namespace saseo {

std::string_view name_of(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kPdf:
      return "pdf";
    case DocumentKind::kMarkdown:
      return "markdown";
    case DocumentKind::kHtml:
      return "html";
    case DocumentKind::kText:
      return "text";
  }
  return "text";
}

std::string_view name_of(BlockKind kind) {
  switch (kind) {
    case BlockKind::kHeading:
      return "heading";
    case BlockKind::kParagraph:
      return "paragraph";
    case BlockKind::kListItem:
      return "list-item";
    case BlockKind::kStep:
      return "step";
    case BlockKind::kWarning:
      return "warning";
    case BlockKind::kTableHeader:
      return "table-header";
    case BlockKind::kTableRow:
      return "table-row";
    case BlockKind::kCaption:
      return "caption";
    case BlockKind::kCode:
      return "code";
  }
  return "paragraph";
}

}  // namespace saseo
