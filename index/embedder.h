// Embedder: text -> unit vector. The embedded default is latent semantic analysis (lsa.h); model
// files and remote services are further implementations.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace saseo {

// Thread-compatible.
class Embedder {
 public:
  virtual ~Embedder() = default;

  // Names the vectors in the library; embedders with other vectors have other names.
  virtual std::string_view name() const = 0;
  virtual std::size_t dims() const = 0;
  // (dims) floats of unit length; all zeros when the text holds nothing that the embedder knows.
  virtual Result<std::vector<float>> embed_query(std::string_view question) = 0;
  virtual Result<std::vector<float>> embed_passage(std::span<const std::string> heading_path,
                                                   std::string_view text) = 0;
};

// Scales to unit length; leaves zeros alone.
void normalize(std::span<float> vector);

}  // namespace saseo
