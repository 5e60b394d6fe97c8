#include "engine/vocabulary/piece_index.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <cstring>
#include <limits>
#include <thread>
#include <utility>

namespace saseo {
namespace {

// Bits for the pairs of neighbours per piece: 512 KiB for 262,144 pieces, which a second-level
// cache holds, with most bits off.
constexpr std::size_t kNeighbourBitsPerPiece = 16;
// From here on a thread more pays.
constexpr std::size_t kManyPieces = std::size_t{1} << 16;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const unsigned __int128 product =
      static_cast<unsigned __int128>(a ^ 0x9E3779B97F4A7C15u) * (b ^ 0xD1B54A32D192ED03u);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// The bytes as a number; texts of different lengths may collide.
std::uint64_t load(std::string_view text) {
  assert(text.size() <= 8);
  std::uint64_t value = 0;
  std::memcpy(&value, text.data(), text.size());
  return value;
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = text.size();
  for (; text.size() > 8; text.remove_prefix(8)) hash = mix(hash, load(text.substr(0, 8)));
  return mix(hash, load(text));
}

// Of the pieces that merges make: the best score has rank 0, equal scores have equal ranks; what is
// not a number goes last.
std::vector<std::uint32_t> ranks_of(const Vocabulary& vocabulary) {
  std::vector<std::pair<float, std::uint32_t>> sorted;  // score, id
  std::vector<std::uint32_t> ranks(vocabulary.scores.size());
  sorted.reserve(ranks.size());
  for (std::uint32_t id = 0; id < ranks.size(); ++id) {
    if (vocabulary.kinds[id] != TokenKind::kNormal) continue;
    const float score = vocabulary.scores[id];
    sorted.emplace_back(score == score ? score : -std::numeric_limits<float>::infinity(), id);
  }
  const auto better = [](const auto& a, const auto& b) { return a.first > b.first; };
  // As Gemma's are: their scores fall with the id.
  if (!std::ranges::is_sorted(sorted, better)) std::ranges::sort(sorted, better);
  std::uint32_t rank = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0 && better(sorted[i - 1], sorted[i])) ++rank;
    ranks[sorted[i].second] = rank;
  }
  return ranks;
}

}  // namespace

// The length that the first byte of a UTF-8 character announces, as far as the text goes. Broken
// characters are thus cut as the reference engines cut them.
std::size_t character_length(std::string_view text) {
  constexpr std::array<std::uint8_t, 16> kLengths = {1, 1, 1, 1, 1, 1, 1, 1,
                                                     1, 1, 1, 1, 2, 2, 3, 4};
  const std::size_t length = kLengths[static_cast<std::uint8_t>(text[0]) >> 4];
  return std::min(length, text.size());
}

// "<0x0A>" -> 10.
std::optional<std::uint8_t> byte_of_piece(std::string_view piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return std::nullopt;
  std::uint8_t value = 0;
  const char* end = piece.data() + 5;
  const auto [rest, error] = std::from_chars(piece.data() + 3, end, value, 16);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

PieceIndex::PieceIndex(const Vocabulary& vocabulary)
    : unknown_(vocabulary.unknown), ranks_(ranks_of(vocabulary)) {
  byte_tokens_.fill(kNoToken);
  const std::size_t count = vocabulary.pieces.size();
  slots_.resize(std::bit_ceil(2 * count + 2));
  neighbours_.resize(std::bit_ceil(kNeighbourBitsPerPiece * count / 64 + 1));
  std::size_t bytes = 0;
  for (const std::string& piece : vocabulary.pieces) bytes += piece.size();
  texts_.reserve(bytes);
  offsets_.reserve(count + 1);
  offsets_.push_back(0);
  for (const std::string& piece : vocabulary.pieces) {
    texts_ += piece;
    offsets_.push_back(static_cast<std::uint32_t>(texts_.size()));
  }
  const auto add_all_neighbours = [&] {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view piece = text_of(static_cast<TokenId>(i));
      if (vocabulary.kinds[i] == TokenKind::kNormal && !piece.empty()) add_neighbours(piece);
    }
  };
  // The two tables of a large vocabulary are filled side by side.
  std::thread neighbours;
  if (count >= kManyPieces) {
    neighbours = std::thread(add_all_neighbours);
  } else {
    add_all_neighbours();
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto id = static_cast<TokenId>(i);
    const std::string_view piece = text_of(id);
    if (vocabulary.kinds[i] == TokenKind::kByte) {
      const std::optional<std::uint8_t> byte = byte_of_piece(piece);
      if (byte && byte_tokens_[*byte] == kNoToken) byte_tokens_[*byte] = id;
    }
    if (vocabulary.kinds[i] != TokenKind::kNormal || piece.empty()) continue;
    longest_ = std::max(longest_, piece.size());
    const auto hash = static_cast<std::uint32_t>(hash_of(piece));
    Slot& slot = slots_[place_of(piece, hash)];
    if (slot.token != kNoToken) continue;  // Of a lower id.
    slot = {hash, id};
  }
  if (neighbours.joinable()) neighbours.join();
}

std::string_view PieceIndex::text_of(TokenId id) const {
  const auto i = static_cast<std::size_t>(id);
  return std::string_view(texts_).substr(offsets_[i], offsets_[i + 1] - offsets_[i]);
}

void PieceIndex::add_neighbours(std::string_view piece) {
  std::string_view left = piece.substr(0, character_length(piece));
  for (std::size_t at = left.size(); at < piece.size();) {
    const std::string_view right = piece.substr(at, character_length(piece.substr(at)));
    const std::uint64_t bit = mix(load(left), load(right)) & (neighbours_.size() * 64 - 1);
    neighbours_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    left = right;
    at += right.size();
  }
}

bool PieceIndex::may_join(std::string_view left, std::string_view right) const {
  const std::uint64_t bit = mix(load(left), load(right)) & (neighbours_.size() * 64 - 1);
  return (neighbours_[bit / 64] >> (bit % 64)) & 1;
}

std::size_t PieceIndex::place_of(std::string_view text, std::uint32_t hash) const {
  for (std::size_t place = hash & (slots_.size() - 1);; place = (place + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[place];
    if (slot.token == kNoToken || (slot.hash == hash && text_of(slot.token) == text)) return place;
  }
}

TokenId PieceIndex::find(std::string_view text) const {
  if (text.size() > longest_) return kNoToken;
  return slots_[place_of(text, static_cast<std::uint32_t>(hash_of(text)))].token;
}

void PieceIndex::append_bytes(std::string_view character, std::vector<TokenId>& ids) const {
  // The mark of a space is none of the text's own bytes.
  for (const char c : character == kSpaceMark ? std::string_view(" ") : character) {
    const TokenId byte = byte_tokens_[static_cast<std::uint8_t>(c)];
    ids.push_back(byte != kNoToken ? byte : unknown_);
  }
}

}  // namespace saseo
