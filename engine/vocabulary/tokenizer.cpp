#include "engine/vocabulary/tokenizer.h"

#include <algorithm>
#include <cassert>

#include "engine/vocabulary/piece_merger.h"

namespace saseo {
namespace {

// Tokens that must not come from text although files list them as ordinary ones: what stands for a
// turn, a sequence end of any family or a place without meaning.
bool looks_like_control(std::string_view piece) {
  for (const std::string_view name :
       {"<start_of_turn>", "<end_of_turn>", "</s>", "<pad>", "<mask>", "<2mass>", "[@BOS@]",
        "[multimodal]", "<start_of_image>", "<end_of_image>", "<image_soft_token>"}) {
    if (piece == name) return true;
  }
  return (piece.starts_with("<unused") && piece.ends_with(">")) ||
         (piece.starts_with("<|") && piece.ends_with("|>"));
}

std::string with_spaces(std::string_view piece) {
  std::string text;
  for (std::size_t i = 0; i < piece.size();) {
    const bool space = piece.substr(i).starts_with(kSpaceMark);
    text += space ? ' ' : piece[i];
    i += space ? kSpaceMark.size() : 1;
  }
  return text;
}

}  // namespace

Tokenizer::Tokenizer(Vocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {
  assert(vocabulary_.scores.size() == vocabulary_.pieces.size());
  assert(vocabulary_.kinds.size() == vocabulary_.pieces.size());
  std::vector<TokenMatcher::Token> user_defined;
  std::vector<TokenMatcher::Token> control;
  for (std::size_t i = 0; i < size(); ++i) {
    const std::string& piece = vocabulary_.pieces[i];
    const auto id = static_cast<TokenId>(i);
    TokenKind& kind = vocabulary_.kinds[i];
    if ((kind == TokenKind::kNormal || kind == TokenKind::kUserDefined) &&
        looks_like_control(piece)) {
      kind = TokenKind::kControl;
    }
    if (kind == TokenKind::kUserDefined) user_defined.push_back({with_spaces(piece), id});
    if (kind == TokenKind::kControl || kind == TokenKind::kUnknown) control.push_back({piece, id});
  }
  control.insert(control.end(), user_defined.begin(), user_defined.end());
  user_defined_ = TokenMatcher(std::move(user_defined));
  user_defined_and_control_ = TokenMatcher(std::move(control));
  pieces_.emplace(vocabulary_);
}

std::vector<TokenId> Tokenizer::encode(std::string_view text, const EncodeOptions& options) const {
  const TokenMatcher& matcher = options.parse_control ? user_defined_and_control_ : user_defined_;
  std::vector<TokenId> ids;
  std::string prefixed;
  if (vocabulary_.add_space_prefix && !text.empty()) {
    prefixed = " ";
    prefixed += text;
    text = prefixed;
  }
  PieceMerger merger(*pieces_, text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const TokenMatcher::Match match = matcher.find(text, offset);
    merger.append(text.substr(offset, match.offset - offset), ids);
    if (match.length != 0) ids.push_back(match.id);
    offset = match.offset + match.length;
  }
  if (options.add_bos && (ids.empty() || ids.front() != vocabulary_.bos)) {
    ids.insert(ids.begin(), vocabulary_.bos);
  }
  return ids;
}

std::string Tokenizer::bytes_of(TokenId id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= size()) return {};
  const std::string& piece = vocabulary_.pieces[id];
  switch (vocabulary_.kinds[id]) {
    case TokenKind::kControl:
      return {};
    case TokenKind::kUnknown:
      return "\uFFFD";
    case TokenKind::kByte:
      if (const std::optional<std::uint8_t> byte = byte_of_piece(piece)) {
        return std::string(1, static_cast<char>(*byte));
      }
      return {};
    case TokenKind::kNormal:
    case TokenKind::kUserDefined:
    case TokenKind::kUnused:
      break;
  }
  return with_spaces(piece);
}

std::string Tokenizer::decode(std::span<const TokenId> ids) const {
  std::string text;
  for (const TokenId id : ids) text += bytes_of(id);
  // The space that the vocabulary had encode() put in front.
  if (vocabulary_.add_space_prefix && text.starts_with(' ')) text.erase(0, 1);
  return text;
}

std::string_view Tokenizer::piece_of(TokenId id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= size()) return {};
  return vocabulary_.pieces[id];
}

std::optional<TokenId> Tokenizer::find(std::string_view piece) const {
  const auto found = std::ranges::find(vocabulary_.pieces, piece);
  if (found == vocabulary_.pieces.end()) return std::nullopt;
  return static_cast<TokenId>(found - vocabulary_.pieces.begin());
}

bool Tokenizer::is_control(TokenId id) const {
  return id >= 0 && static_cast<std::size_t>(id) < size() &&
         vocabulary_.kinds[id] == TokenKind::kControl;
}

}  // namespace saseo
