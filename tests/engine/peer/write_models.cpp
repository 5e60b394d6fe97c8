// Writes small models of the shapes that real ones have, by seed:  write_models OUT_DIR
// Each name ends in what an independent engine's own rounding may cost.
#include <fmt/format.h>

#include <cstdio>

#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"

namespace {

using saseo::Architecture;
using saseo::RandomModelShape;
using saseo::TensorType;

struct Case {
  const char* name;
  RandomModelShape shape;
};

constexpr Case kCases[] = {
    {"gemma-one-kv-head",
     {.architecture = Architecture::kGemma, .kv_heads = 1, .type = TensorType::kF32}},
    {"gemma-kv-heads-as-heads",
     {.architecture = Architecture::kGemma,
      .kv_heads = 4,
      .head_dim = 128,
      .type = TensorType::kF32}},
    {"gemma2-window-shorter", {.layers = 4, .window = 16, .type = TensorType::kF32}},
    {"gemma2-window-longer",
     {.layers = 4, .head_dim = 256, .window = 300, .type = TensorType::kF32}},
    {"gemma3-window-shorter",
     {.architecture = Architecture::kGemma3, .layers = 8, .window = 16, .type = TensorType::kF32}},
    {"gemma3-window-longer",
     {.architecture = Architecture::kGemma3,
      .layers = 7,
      .kv_heads = 1,
      .head_dim = 256,
      .window = 300,
      .type = TensorType::kF16}},
    {"gemma3-untied",
     {.architecture = Architecture::kGemma3,
      .layers = 6,
      .kv_heads = 4,
      .head_dim = 128,
      .type = TensorType::kF32,
      .tied_head = false}},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  unsigned seed = 100;
  const auto write = [&](const std::string& name, RandomModelShape shape) {
    shape.vocab = 512;
    shape.seed = ++seed;
    saseo::Model model = saseo::random_model(shape);
    model.name = name;
    const auto status = saseo::write_gguf(model, fmt::format("{}/{}.gguf", argv[1], name));
    if (!status.ok()) fmt::print(stderr, "{}\n", status.error().message.english);
    return status.ok();
  };
  for (const auto& [name, shape] : kCases) {
    if (!write(fmt::format("{}-0.003", name), shape)) return 1;
  }
  for (const TensorType type : saseo::kQuantizedTypes) {
    const std::string name = fmt::format("gemma2-{}-0.15", saseo::tensor_type_info(type).name);
    if (!write(name, {.type = type, .d = 256})) return 1;
  }
  return write("gemma2-BF16-0.03", {.type = TensorType::kBF16, .d = 256}) ? 0 : 1;
}
