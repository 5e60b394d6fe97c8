// The extractive model: the best sentences, or the whole numbered procedure, of the passages,
// verbatim and in reading order, warnings kept with their steps. Nothing is made up because nothing
// is written.
#pragma once

#include <memory>

#include "generation/language_model.h"
#include "generation/selection.h"

namespace saseo {

// What is printed:
//   a step or list item   "2. 전원을 켜세요. [1]"        nested ones indented by three spaces a
//   level its warning           "   경고: 젖은 손으로 만지지 마세요. [1]" a sentence "지문은
//   4개까지 등록할 수 있습니다. [1]", those of a paragraph on one line a table row           "무게:
//   189 g [1]" (two columns), "종류: 고속 충전 | 최대 출력: 25 W [1]"
// Control characters and direction marks of the document are left out of the text, so that nothing
// in a document can steer a terminal; the citation's `text` is the document's, byte for byte.
//
// Thread-safe.
std::unique_ptr<LanguageModel> make_extractive_model(const SelectionOptions& options = {});

}  // namespace saseo
