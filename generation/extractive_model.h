// The extractive model: the best sentences, or the whole numbered procedure, of the passages,
// verbatim and in reading order, warnings kept with their steps. Nothing is made up because nothing
// is written.
#pragma once

#include <memory>

#include "generation/language_model.h"
#include "index/analyzer.h"

namespace saseo {

struct ExtractiveOptions {
  std::size_t max_sentences = 6;  // Of prose; a procedure is never cut.
  std::size_t max_steps = 30;
};

// Owns its analyzer (the Korean dictionary is loaded once a process and shared).
std::unique_ptr<LanguageModel> make_extractive_model(const ExtractiveOptions& options = {});

}  // namespace saseo
