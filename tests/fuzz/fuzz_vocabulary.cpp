// Any bytes as tokenizer.json and as tokenizer.model, and as the config.json beside them.
#include "engine/files/json_text.h"
#include "engine/model/model_hugging_face_config.h"
#include "engine/vocabulary/vocabulary_files.h"
#include "tests/fuzz/require.h"

namespace saseo {
namespace {

void check(const Result<Vocabulary>& vocabulary) {
  if (!vocabulary.ok()) return;
  const std::size_t size = vocabulary->pieces.size();
  require(vocabulary->scores.size() == size && vocabulary->kinds.size() == size);
  for (const TokenKind kind : vocabulary->kinds) {
    require(kind >= TokenKind::kNormal && kind <= TokenKind::kByte);
  }
}

}  // namespace
}  // namespace saseo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  saseo::check(saseo::vocabulary_of_tokenizer_json(bytes, "fuzz.json"));
  saseo::check(saseo::vocabulary_of_sentencepiece(bytes, "fuzz.model"));
  const auto config = saseo::parse_json_object(bytes, "fuzz.json");
  if (config.ok()) (void)saseo::read_hugging_face_config(*config, "config.json");
  return 0;
}
