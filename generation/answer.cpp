#include "generation/answer.h"

namespace saseo {

std::string_view name_of(CitationBasis basis) {
  switch (basis) {
    case CitationBasis::kNothingSaid:
      return "nothing-said";
    case CitationBasis::kCited:
      return "cited";
    case CitationBasis::kFound:
      return "found";
    case CitationBasis::kCorrected:
      return "corrected";
    case CitationBasis::kOtherLanguage:
      return "other-language";
    case CitationBasis::kUnsupported:
      return "unsupported";
  }
  return "unsupported";
}

}  // namespace saseo
