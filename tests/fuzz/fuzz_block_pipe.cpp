#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/block_pipe.h"
#include "tests/fuzz/check_document.h"

// The first byte is the size of the pieces in which the rest arrives. What is decoded must survive
// a second way through the encoder.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = std::size_t{1} + data[0];
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  saseo::PipeDecoder decoder;
  std::string copy = saseo::encode_pipe_start();
  std::size_t records = 0;
  while (!bytes.empty()) {
    const std::size_t length = std::min(step, bytes.size());
    decoder.feed(bytes.substr(0, length));
    bytes.remove_prefix(length);
    saseo::PipeRecord record;
    for (;;) {
      const saseo::Result<bool> more = decoder.next(record);
      if (!more.ok()) return 0;
      if (!*more) break;
      ++records;
      copy += std::visit([](const auto& value) { return saseo::encode(value); }, record);
    }
  }
  saseo::PipeDecoder again;
  again.feed(copy);
  saseo::PipeRecord record;
  for (std::size_t i = 0; i < records; ++i) {
    const saseo::Result<bool> more = again.next(record);
    saseo::require(more.ok() && *more);
  }
  return 0;
}
