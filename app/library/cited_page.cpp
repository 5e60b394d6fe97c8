#include "app/library/cited_page.h"

#include <algorithm>

#include "base/hash.h"
#include "ingest/pdf_reader.h"

namespace saseo::app {

Result<DrawnPage> draw_cited_page(const Application& application, const Library& library,
                                  const Answer& answer, int number,
                                  const PageImageRequest& request) {
  const auto cited = std::ranges::find_if(answer.citations, [&](const Citation& citation) {
    return citation.page > 0 && (number == 0 || citation.number == number);
  });
  if (cited == answer.citations.end())
    return make_error(ErrorCode::kUnsupported,
                      "no page to draw: only passages of PDF manuals stand on a page",
                      "그릴 쪽이 없습니다. PDF 설명서의 대목에만 쪽이 있습니다");
  std::vector<Box> boxes;
  for (const Citation& citation : answer.citations) {
    if (citation.document != cited->document) continue;
    for (const Box& box : citation.boxes)
      if (box.page == cited->page) boxes.push_back(box);
  }
  SASEO_ASSIGN_OR_RETURN(const StoredDocument document, library.document(cited->document));
  SASEO_ASSIGN_OR_RETURN(const std::string hash, content_hash_of_file(document.path));
  SASEO_ASSIGN_OR_RETURN(PageImage image, render_pdf_page(document.path, cited->page, request.dpi,
                                                          application.read_options(request.password)));
  highlight(image, boxes);
  SASEO_RETURN_IF_ERROR(write_png(image, request.file));
  return DrawnPage{cited->document, cited->page, boxes.size(), hash != document.content_hash};
}

}  // namespace saseo::app
