// Any bytes as a safetensors file. What opens must lie within the file.
#include "engine/files/safetensors.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file =
      saseo::SafetensorsFile::parse(saseo::memory_file(data, size), "fuzz.safetensors");
  if (!file.ok()) return 0;
  unsigned sum = 0;
  for (const saseo::SafetensorsTensor& tensor : file->tensors()) {
    if (tensor.bytes == 0) continue;
    sum += static_cast<unsigned>(tensor.data[0]) +
           static_cast<unsigned>(tensor.data[tensor.bytes - 1]);
  }
  static volatile unsigned sink;
  sink = sum;
  return 0;
}
