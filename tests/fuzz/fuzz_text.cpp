#include <cstddef>
#include <cstdint>

#include "ingest/reader.h"
#include "ingest/text_readers.h"
#include "tests/fuzz/check_document.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)saseo::detect_kind("fuzz", bytes);
  saseo::require(saseo::is_valid_utf8(saseo::decode_text(bytes).text));
  saseo::Document document = saseo::read_text(bytes);
  saseo::infer_document_info(document, "fuzz");
  saseo::check_document(document);
  saseo::check_chunks(document);
  return 0;
}
