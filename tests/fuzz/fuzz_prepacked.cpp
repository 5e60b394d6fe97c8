// Any bytes as prepacked weights of a small model: the input lies over a file that fits, at a place
// that it names, with or without a header that agrees with itself again. What is taken must be read
// like memory.
#include <cstring>

#include "base/hash.h"
#include "engine/model/model_panels.h"
#include "engine/model/panels.h"
#include "engine/model/prepacked.h"
#include "engine/model/prepacked_header.h"
#include "tests/engine/random_model.h"
#include "tests/fuzz/memory_file.h"

namespace saseo {
namespace {

Model small_model() { return random_model({.layers = 1, .type = TensorType::kQ4_0, .vocab = 40}); }

// The whole file of that model.
std::vector<std::uint8_t> sound_file(const Model& model) {
  const PanelPlan plan = plan_panels(model);
  const std::size_t data = prepacked_data_offset(plan.places.size());
  std::vector<std::uint8_t> bytes(data + plan.bytes);
  std::vector<std::uint64_t> checksums;
  for (const PanelPlace& place : plan.places) {
    auto* out = reinterpret_cast<std::byte*>(bytes.data() + data + place.offset);
    make_panels(model, place.matrix, 0, panel_count(place.matrix.rows), out);
    checksums.push_back(checksum({out, place.bytes}));
  }
  const std::string header = prepacked_header(model, plan, checksums);
  std::memcpy(bytes.data(), header.data(), header.size());
  return bytes;
}

}  // namespace
}  // namespace saseo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::uint8_t> sound = saseo::sound_file(saseo::small_model());
  if (size < 6) return 0;
  saseo::Model model = saseo::small_model();
  std::vector<std::uint8_t> bytes = sound;
  std::uint32_t place = 0;
  std::memcpy(&place, data + 1, sizeof place);
  const std::size_t header = saseo::prepacked_header_bytes(saseo::plan_panels(model).places.size());
  // Mostly within the header, where the decisions are.
  place %= (data[0] & 1) != 0 ? header : bytes.size();
  const std::size_t count = std::min(size - 5, bytes.size() - place);
  std::memcpy(bytes.data() + place, data + 5, count);
  if ((data[0] & 2) != 0) {
    const auto head = std::as_bytes(std::span(bytes)).first(header - 8);
    const std::uint64_t sum = saseo::checksum(head);
    std::memcpy(bytes.data() + header - 8, &sum, sizeof sum);
  }
  if ((data[0] & 4) != 0) bytes.resize(place);
  const saseo::Status used =
      saseo::use_prepacked(model, saseo::memory_file(bytes.data(), bytes.size()), "fuzz.panels");
  if (!used.ok()) return 0;
  unsigned sum = 0;
  for (const saseo::WeightMatrix* w : {&model.embedding, &model.layers[0].down}) {
    for (std::size_t i = 0; i < w->bytes(); ++i) sum += static_cast<unsigned>(w->data[i]);
  }
  static volatile unsigned sink;
  sink = sum;
  return 0;
}
