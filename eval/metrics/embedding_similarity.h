// Embedding similarity: the cosine of the answer's vector and a reference's, the largest over the
// references.
//
//   cos(a, r) = a . r      (unit vectors; -1 to 1, 0 when either holds nothing the embedder knows)
//
// It is worth what its embedder is: latent semantic analysis (the library's default) sees shared
// and related words of that library, not whether a sentence is denied or a number changed. Values
// of different embedders, or of libraries fitted apart, do not compare.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "index/embedder.h"

namespace saseo::eval {

// nullopt without references; 0 for an empty answer, which is not embedded. An error is the
// embedder's.
Result<std::optional<double>> embedding_similarity(std::string_view answer,
                                                   std::span<const std::string> references,
                                                   Embedder& embedder);

}  // namespace saseo::eval
