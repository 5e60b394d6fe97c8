// What the published Gemma models take, as the memory plan counts it, in Markdown:
//
//   memory_table    sizes of files, keys and values; what fits into how much free memory
//
// No file is read or written: sizes of files are those of hollow_model()'s tensors and of a
// vocabulary of real length, to a percent those of published files.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "bench/gemma_shapes.h"
#include "engine/runtime/memory_plan.h"
#include "engine/runtime/session.h"
#include "tests/engine/model_files.h"

namespace {

using saseo::KvType;
using saseo::MemoryNeed;

constexpr double kGibi = 1024.0 * 1024 * 1024;
constexpr std::uint64_t kBytesPerToken = 24;  // Piece with its length, score, kind.

saseo::Model model_of(const saseo::GemmaShape& shape, std::string_view type) {
  std::mt19937 random(1);
  saseo::Model model = saseo::hollow_model(shape.config, type, random);
  model.file_bytes = model.config.vocab * kBytesPerToken;
  for (const saseo::FileTensor& tensor : saseo::tensors_of(model)) {
    std::uint64_t rows = 1;
    for (std::size_t i = 1; i < tensor.shape.size(); ++i) rows *= tensor.shape[i];
    model.file_bytes += rows * saseo::row_bytes(tensor.type, tensor.shape[0]);
  }
  return model;
}

MemoryNeed need_of(const saseo::Model& model, std::uint32_t context, KvType type) {
  const saseo::SessionOptions options = {.context = context, .kv_type = type};
  return saseo::memory_need(model, saseo::kv_options(options), {.max_batch = options.max_batch});
}

std::string gibi(std::uint64_t bytes) { return fmt::format("{:.2f}", double(bytes) / kGibi); }

void print_sizes() {
  fmt::print("| model | context |");
  for (const std::string_view type : saseo::gemma_file_types()) fmt::print(" {} |", type);
  fmt::print(" KV 4k | KV 8k | KV 8k q8_0 | working |\n|---|---|");
  for (std::size_t i = 0; i < saseo::gemma_file_types().size() + 4; ++i) fmt::print("---|");
  fmt::print("\n");
  for (const saseo::GemmaShape& shape : saseo::gemma_shapes()) {
    fmt::print("| {} | {}k |", shape.published, shape.config.context / 1024);
    for (const std::string_view type : saseo::gemma_file_types())
      fmt::print(" {} |", gibi(model_of(shape, type).file_bytes));
    const saseo::Model model = model_of(shape, "q4_k_m");
    const MemoryNeed half = need_of(model, 8192, KvType::kF16);
    fmt::print(" {} | {} | {} | {} |\n", gibi(need_of(model, 4096, KvType::kF16).cache),
               gibi(half.cache), gibi(need_of(model, 8192, KvType::kQ8_0).cache),
               gibi(half.scratch));
  }
}

// "8k", "3k q8_0", or "-": the largest context that fits, by whole Ki.
std::string largest(const saseo::Model& model, double free_bytes) {
  for (const KvType type : {KvType::kF16, KvType::kQ8_0}) {
    for (std::uint32_t ki = std::min(32u, model.config.context / 1024); ki >= 2; --ki) {
      if (double(need_of(model, ki * 1024, type).total()) <= free_bytes)
        return fmt::format("{}k{}", ki, type == KvType::kQ8_0 ? " q8_0" : "");
    }
  }
  return "-";
}

void print_fits() {
  const std::vector<double> free_gibi = {1, 1.5, 3, 6, 6.5, 14, 22, 30};
  fmt::print("\n| largest context (32k at most) with GiB free |");
  for (const double free : free_gibi) fmt::print(" {} |", free);
  fmt::print("\n|---|");
  for (std::size_t i = 0; i < free_gibi.size(); ++i) fmt::print("---|");
  fmt::print("\n");
  for (const saseo::GemmaShape& shape : saseo::gemma_shapes()) {
    for (const std::string_view type : {"q4_k_m", "q8_0"}) {
      const saseo::Model model = model_of(shape, type);
      fmt::print("| {} {} |", shape.published, type);
      for (const double free : free_gibi) fmt::print(" {} |", largest(model, free * kGibi));
      fmt::print("\n");
    }
  }
}

}  // namespace

int main() {
  fmt::print("GiB, of files and of keys and values (f16 where nothing is said):\n\n");
  print_sizes();
  print_fits();
}
