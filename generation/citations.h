// Completes citations: the page, the boxes to highlight and the document's own text at the span.
#pragma once

#include <span>

#include "base/result.h"
#include "generation/answer.h"
#include "index/library.h"

namespace saseo {

// Needs number, document and span of each; fills the rest. A citation whose number is no passage
// of the context, or whose span is not in the document, fails with kDamaged.
Status complete_citations(std::span<Citation> citations, const Context& context,
                          const Library& library);

}  // namespace saseo
