#include "generation/citations.h"

#include <algorithm>
#include <map>

namespace saseo {
namespace {

Error bad_citation(int number) {
  return make_error(ErrorCode::kDamaged, "citation [{}] points outside its document",
                    "인용 [{}]이(가) 문서 밖을 가리킵니다", number);
}

// The page on which the span begins.
Result<int> page_of(const Citation& citation, const Library& library) {
  if (!citation.boxes.empty()) return citation.boxes.front().page;
  SASEO_ASSIGN_OR_RETURN(const std::vector<Library::StoredBlock> blocks,
                         library.blocks_in(citation.document, citation.span));
  return blocks.empty() ? 0 : blocks.front().block.first_page;
}

}  // namespace

Status complete_citations(std::span<Citation> citations, const Context& context,
                          const Library& library) {
  std::map<DocumentId, std::string> texts;
  for (Citation& citation : citations) {
    const auto passage = std::ranges::find(context.passages, citation.number, &Passage::number);
    if (passage == context.passages.end() || passage->document != citation.document) {
      return bad_citation(citation.number);
    }
    if (!texts.contains(citation.document)) {
      SASEO_ASSIGN_OR_RETURN(texts[citation.document], library.document_text(citation.document));
    }
    const std::string& text = texts[citation.document];
    if (citation.span.begin > citation.span.end || citation.span.end > text.size()) {
      return bad_citation(citation.number);
    }
    citation.path = passage->path;
    citation.info = passage->info;
    citation.heading_path = passage->heading_path;
    citation.text = text.substr(citation.span.begin, citation.span.size());
    SASEO_ASSIGN_OR_RETURN(citation.boxes, library.boxes_of(citation.document, citation.span));
    SASEO_ASSIGN_OR_RETURN(citation.page, page_of(citation, library));
    if (citation.page > 0) {
      SASEO_ASSIGN_OR_RETURN(const Page page, library.page(citation.document, citation.page));
      citation.page_label = page.label;
    }
  }
  return {};
}

}  // namespace saseo
