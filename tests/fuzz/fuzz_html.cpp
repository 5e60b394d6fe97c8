#include <cstddef>
#include <cstdint>

#include "ingest/reader.h"
#include "ingest/text_readers.h"
#include "tests/fuzz/check_document.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  saseo::Document document = saseo::read_html(bytes);
  saseo::infer_document_info(document, "fuzz");
  saseo::check_document(document);
  saseo::check_chunks(document);
  return 0;
}
