#include "engine/model/weight_scan.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/engine/has_text.h"
#include "tests/engine/random_model.h"

namespace saseo {
namespace {

std::vector<TensorType> every_type() {
  std::vector<TensorType> types = {TensorType::kF32, TensorType::kF16, TensorType::kBF16};
  types.insert(types.end(), std::begin(kQuantizedTypes), std::end(kQuantizedTypes));
  return types;
}

// Bits of infinity where the type keeps a number, in the last block of a row.
void damage(const WeightMatrix& w, std::size_t row, std::size_t offset_in_block) {
  const std::size_t size = tensor_type_info(w.type).block_bytes;
  auto* block = const_cast<std::byte*>(w.row(row)) + row_bytes(w.type, w.cols) - size;
  const std::uint32_t infinity = w.type == TensorType::kF32 ? 0x7F800000u : 0;
  const std::uint16_t half = w.type == TensorType::kBF16 ? 0x7F80 : 0xFC00;
  if (w.type == TensorType::kF32) {
    std::memcpy(block, &infinity, 4);
  } else {
    std::memcpy(block + offset_in_block, &half, 2);
  }
}

TEST(ScanWeights, FindsNothingInSoundModelsOfAnyType) {
  for (const TensorType type : every_type()) {
    const Model model = random_model({.layers = 1, .type = type, .d = 256});
    const Status status = scan_weights(model);
    EXPECT_TRUE(status.ok()) << status.error().message.english;
  }
}

TEST(ScanWeights, FindsAnInfiniteNumberWhereverATypeKeepsOne) {
  for (const TensorType type : every_type()) {
    std::vector<BlockScale> scales = block_scales(type);
    if (scales.empty()) scales = {{0, 1}};
    for (const BlockScale& scale : scales) {
      const Model model = random_model({.layers = 2, .type = type, .d = 256});
      damage(model.layers[1].down, 7, scale.offset);
      const Status status = scan_weights(model);
      ASSERT_FALSE(status.ok()) << tensor_type_info(type).name;
      EXPECT_EQ(status.error().code, ErrorCode::kDamaged);
      EXPECT_TRUE(
          has_text(status.error().message.english, "row 7 of tensor blk.1.ffn_down.weight"));
    }
  }
}

TEST(ScanWeights, LooksAtAHeadOfItsOwn) {
  const Model model = random_model({.tied_head = false});
  damage(model.output, 0, 0);
  EXPECT_FALSE(scan_weights(model).ok());
}

TEST(ScanWeights, TellsEveryByteOnceAndStops) {
  const Model model = random_model({.layers = 1, .tied_head = false});
  std::uint64_t expected = model.embedding.bytes() + model.output.bytes();
  const LayerWeights& layer = model.layers[0];
  for (const WeightMatrix* w :
       {&layer.q, &layer.k, &layer.v, &layer.attention_output, &layer.gate, &layer.up, &layer.down})
    expected += w->bytes();
  std::uint64_t told = 0;
  std::stop_source source;
  const LongRead read = {.stop = source.get_token(),
                         .on_bytes = [&](std::uint64_t bytes) { told += bytes; }};
  ASSERT_TRUE(scan_weights(model, read).ok());
  EXPECT_EQ(told, expected);
  source.request_stop();
  EXPECT_EQ(scan_weights(model, read).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace saseo
