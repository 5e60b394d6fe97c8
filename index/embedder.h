// Embedder: text -> unit vector. The embedded default is latent semantic analysis (lsa.h); model
// files and remote services are further implementations. A library holds the vectors of several
// side by side (embedder_store.h).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace saseo {

// The name of the embedder that every library has once it holds enough text.
inline constexpr std::string_view kLsaName = "lsa";

// What is embedded of a chunk: the headings that it stands under ("Manual > Charging", may be
// empty), and its text.
struct PassageText {
  std::string_view heading;
  std::string_view body;
};

// Thread-compatible.
class Embedder {
 public:
  virtual ~Embedder() = default;

  // Names the vectors in the library; embedders with other vectors have other names.
  virtual std::string_view name() const = 0;
  virtual std::size_t dims() const = 0;
  // (dims) floats of unit length; all zeros when the text holds nothing that the embedder knows.
  virtual Result<std::vector<float>> embed_query(std::string_view question) = 0;
  // (passages.size(), dims): a row a passage, as above. What a passage gives does not depend on
  // those beside it.
  virtual Result<std::vector<float>> embed_passages(std::span<const PassageText> passages) = 0;
};

// Scales to unit length; leaves zeros alone.
void normalize(std::span<float> vector);

}  // namespace saseo
