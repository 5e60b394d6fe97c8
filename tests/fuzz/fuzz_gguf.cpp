// Any bytes as a GGUF file, and what it holds as a model. What opens must lie within the file.
#include "engine/files/gguf.h"
#include "engine/model/model_gguf.h"
#include "engine/model/weight_scan.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto file = saseo::GgufFile::parse(saseo::memory_file(data, size), "fuzz.gguf");
  if (!file.ok()) return 0;
  unsigned sum = 0;
  for (const saseo::GgufTensor& tensor : file->tensors()) {
    sum += static_cast<unsigned>(tensor.data[0]) +
           static_cast<unsigned>(tensor.data[tensor.bytes - 1]);
  }
  static volatile unsigned sink;
  sink = sum;
  std::vector<saseo::GgufFile> parts;
  parts.push_back(std::move(file).value());
  const auto model = saseo::model_from_gguf(std::move(parts), {"fuzz.gguf"});
  if (model.ok()) (void)saseo::scan_weights(*model);
  return 0;
}
