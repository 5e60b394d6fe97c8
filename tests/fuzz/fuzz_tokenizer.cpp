// A vocabulary of any pieces, kinds and scores, then a text. Nothing crashes, every id is a token,
// and where the vocabulary has all bytes the text comes back.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/utf8.h"
#include "engine/vocabulary/chat_template.h"
#include "engine/vocabulary/streaming_decoder.h"
#include "tests/fuzz/require.h"

namespace saseo {
namespace {

// Takes bytes from the front: a piece is a length, a kind, a score and its text.
Vocabulary take_vocabulary(std::string_view& bytes, bool all_bytes) {
  Vocabulary vocabulary;
  const auto add = [&](std::string piece, TokenKind kind, float score) {
    vocabulary.pieces.push_back(std::move(piece));
    vocabulary.kinds.push_back(kind);
    vocabulary.scores.push_back(score);
  };
  for (const char* name : {"<pad>", "<eos>", "<bos>"}) add(name, TokenKind::kControl, 0);
  add("<unk>", TokenKind::kUnknown, 0);
  add("<start_of_turn>", TokenKind::kUserDefined, 0);
  add("<end_of_turn>", TokenKind::kUserDefined, 0);
  for (int byte = 0; all_bytes && byte < 256; ++byte) {
    add(fmt::format("<0x{:02X}>", byte), TokenKind::kByte, 0);
  }
  while (bytes.size() > 2 && bytes[0] != '\0') {
    const std::size_t length = std::min<std::size_t>(bytes[0] & 15, bytes.size() - 2);
    auto kind = static_cast<TokenKind>(1 + (static_cast<std::uint8_t>(bytes[0]) >> 4) % 6);
    if (bytes[1] & 1)  // Half of them, for pieces that merge are what matters.
      kind = TokenKind::kNormal;
    float score = static_cast<float>(static_cast<std::int8_t>(bytes[1]) / 4);
    if (bytes[1] == 127) score = std::nanf("");
    add(std::string(bytes.substr(2, length)), kind, score);
    bytes.remove_prefix(2 + length);
  }
  return vocabulary;
}

void check(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::uint8_t flags = static_cast<std::uint8_t>(bytes[0]);
  bytes.remove_prefix(1);
  const bool all_bytes = (flags & 1) != 0;
  Vocabulary vocabulary = take_vocabulary(bytes, all_bytes);
  vocabulary.add_space_prefix = (flags & 2) != 0;
  const Tokenizer tokenizer(std::move(vocabulary));

  const auto check_ids = [&](const std::vector<TokenId>& ids) {
    StreamingDecoder decoder(tokenizer);
    std::string streamed;
    for (const TokenId id : ids) {
      require(id >= 0 && static_cast<std::size_t>(id) < tokenizer.size());
      const std::string step = decoder.push(id);
      require(is_valid_utf8(step));
      streamed += step;
    }
    streamed += decoder.flush();
    require(streamed == repair_utf8(tokenizer.decode(ids)));
  };
  const std::vector<TokenId> ids = tokenizer.encode(bytes);
  check_ids(ids);
  for (const TokenId id : ids) require(!tokenizer.is_control(id));
  if (all_bytes && bytes.find("\u2581") == std::string_view::npos) {
    require(tokenizer.decode(ids) == bytes);
  }
  check_ids(tokenizer.encode(bytes, {.parse_control = true, .add_bos = true}));

  const Result<ChatTemplate> chat = ChatTemplate::create(tokenizer);
  require(chat.ok());
  const std::string text(bytes);
  const std::vector<ChatTurn> turns = {{ChatRole::kSystem, text},
                                       {ChatRole::kUser, text},
                                       {ChatRole::kModel, text},
                                       {ChatRole::kUser, text}};
  const std::vector<TokenId> shorter = chat->encode(std::span(turns).first(2)).value();
  const std::vector<TokenId> longer = chat->encode(turns).value();
  require(longer.size() > shorter.size() &&
          std::equal(shorter.begin(), shorter.end(), longer.begin()));
}

}  // namespace
}  // namespace saseo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  saseo::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
