// vocabulary_of_sentencepiece(): a protobuf message, of which these fields are read:
//
//   ModelProto       1 pieces (repeated SentencePiece)  2 trainer_spec  3 normalizer_spec
//   SentencePiece    1 piece  2 score (float)  3 type (1 normal ... 6 byte, as TokenKind)
//   TrainerSpec      3 model_type (2: BPE)  35 byte_fallback  40 unk_id  41 bos_id  42 eos_id
//                    43 pad_id
//   NormalizerSpec   3 add_dummy_prefix (default true)
//
// A protobuf message is a sequence of fields: a varint of number * 8 + wire type, then a varint
// (0), 8 bytes (1), a length and that many bytes (2) or 4 bytes (5).
//
// Sources: sentencepiece_model.proto of the SentencePiece project; the protobuf encoding.
#include <algorithm>
#include <cstring>
#include <optional>

#include "base/message.h"
#include "engine/vocabulary/vocabulary_files.h"

namespace saseo {
namespace {

constexpr std::size_t kMaxPieces = 1 << 22;

struct ProtobufField {
  std::uint64_t number = 0;
  std::uint64_t value = 0;  // Of wire types 0, 1 and 5.
  std::string_view bytes;   // Of wire type 2.
};

// Walks the fields of one message. After the last, or where the message is broken, next() gives
// nothing; broken() tells which.
class ProtobufFields {
 public:
  explicit ProtobufFields(std::string_view message) : left_(message) {}

  std::optional<ProtobufField> next() {
    if (left_.empty() || broken_) return std::nullopt;
    ProtobufField field;
    const std::uint64_t key = varint();
    field.number = key / 8;
    switch (key % 8) {
      case 0:
        field.value = varint();
        break;
      case 1:
        field.value = fixed(8);
        break;
      case 2:
        field.bytes = take(varint());
        break;
      case 5:
        field.value = fixed(4);
        break;
      default:
        broken_ = true;
    }
    if (field.number == 0) broken_ = true;
    if (broken_) return std::nullopt;
    return field;
  }
  bool broken() const { return broken_; }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = take(1);
      if (byte.empty()) return 0;
      const auto bits = static_cast<unsigned char>(byte[0]);
      value |= std::uint64_t{bits & 0x7Fu} << shift;
      if (bits < 0x80) return value;
    }
    broken_ = true;  // More than ten bytes.
    return 0;
  }
  std::uint64_t fixed(std::size_t size) {
    std::uint64_t value = 0;
    take(size).copy(reinterpret_cast<char*>(&value), size);
    return value;
  }
  std::string_view take(std::uint64_t size) {
    if (size > left_.size()) {
      broken_ = true;
      left_ = {};
      return {};
    }
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  std::string_view left_;
  bool broken_ = false;
};

// False when the message is broken.
bool add_piece(std::string_view message, Vocabulary& v) {
  std::string_view piece;
  float score = 0;
  TokenKind kind = TokenKind::kNormal;
  ProtobufFields fields(message);
  while (const auto field = fields.next()) {
    if (field->number == 1) piece = field->bytes;
    if (field->number == 2) {
      const auto bits = static_cast<std::uint32_t>(field->value);
      std::memcpy(&score, &bits, 4);
    }
    if (field->number == 3 && field->value >= 1 && field->value <= 6) {
      kind = static_cast<TokenKind>(field->value);
    }
  }
  v.pieces.emplace_back(piece);
  v.scores.push_back(score);
  v.kinds.push_back(kind);
  return !fields.broken() && v.pieces.size() <= kMaxPieces;
}

struct TrainerSpec {
  std::uint64_t model_type = 1;
  bool byte_fallback = false;
};

// An id that the model has not is -1.
TokenId id_of(std::uint64_t value, TokenId otherwise) {
  const auto id = static_cast<std::int64_t>(value);
  return id < 0 ? otherwise : static_cast<TokenId>(std::min<std::int64_t>(id, INT32_MAX));
}

bool read_trainer(std::string_view message, TrainerSpec& spec, Vocabulary& v) {
  ProtobufFields fields(message);
  while (const auto field = fields.next()) {
    if (field->number == 3) spec.model_type = field->value;
    if (field->number == 35) spec.byte_fallback = field->value != 0;
    if (field->number == 40) v.unknown = id_of(field->value, v.unknown);
    if (field->number == 41) v.bos = id_of(field->value, v.bos);
    if (field->number == 42) v.eos = id_of(field->value, v.eos);
    if (field->number == 43) v.padding = id_of(field->value, v.padding);
  }
  return !fields.broken();
}

bool read_normalizer(std::string_view message, Vocabulary& v) {
  v.add_space_prefix = true;
  ProtobufFields fields(message);
  while (const auto field = fields.next()) {
    if (field->number == 3) v.add_space_prefix = field->value != 0;
  }
  return !fields.broken();
}

}  // namespace

Result<Vocabulary> vocabulary_of_sentencepiece(std::string_view bytes,
                                               const std::filesystem::path& path) {
  Vocabulary v;
  // What SentencePiece takes for a model that does not say.
  v.unknown = 0;
  v.bos = 1;
  v.eos = 2;
  TrainerSpec spec;
  bool sound = true;
  ProtobufFields fields(bytes);
  while (const auto field = fields.next()) {
    if (field->number == 1) sound = sound && add_piece(field->bytes, v);
    if (field->number == 2) sound = sound && read_trainer(field->bytes, spec, v);
    if (field->number == 3) sound = sound && read_normalizer(field->bytes, v);
  }
  if (!sound || fields.broken() || v.pieces.empty()) {
    return make_error(ErrorCode::kBadInput,
                      "{}: no SentencePiece model, or an incomplete one. Download it again.",
                      "{}: SentencePiece 모델이 아니거나 덜 내려받았습니다. 다시 내려받으세요.",
                      path.string());
  }
  if (spec.model_type != 2 || !spec.byte_fallback) {
    return make_error(
        ErrorCode::kUnsupported,
        "{}: a SentencePiece model that is not BPE with byte fallback, as Gemma's is. "
        "Take the model as its makers published it.",
        "{}: Gemma와 같은 바이트 대체 BPE 방식의 SentencePiece 모델이 아닙니다. "
        "제작자가 공개한 원본 모델을 쓰세요.",
        path.string());
  }
  const auto turn = std::ranges::find(v.pieces, "<end_of_turn>");
  if (turn != v.pieces.end()) v.end_of_turn = static_cast<TokenId>(turn - v.pieces.begin());
  return v;
}

}  // namespace saseo
