// vocabulary_of_tokenizer_json(). The file has tens of megabytes, so it is read as a stream of
// events (SAX), keeping what the vocabulary takes:
//
//   added_tokens: [{"id": 2, "content": "<bos>", "special": true, ...}, ...]
//   normalizer:   {"type": "Prepend", ...} somewhere in it: a space is put in front of texts
//   model:        {"type": "BPE", "unk_token": "<unk>", "byte_fallback": true,
//                  "vocab": {PIECE: ID, ...}, "merges": ["A B", ...] or [["A", "B"], ...]}
//
// Source: the file format of Hugging Face's tokenizers library.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "base/message.h"
#include "engine/files/gguf_value.h"
#include "engine/vocabulary/vocabulary_files.h"

namespace saseo {
namespace {

using Json = nlohmann::json;

// Ids above are read as this one, which no vocabulary reaches.
constexpr std::uint64_t kNoId = UINT32_MAX;

struct AddedToken {
  std::string content;
  std::uint64_t id = kNoId;
  bool special = false;
};

struct TokenizerFile {
  std::string model_type;
  std::string unknown;
  bool byte_fallback = false;
  bool prepends = false;
  std::vector<std::pair<std::string, std::uint64_t>> vocabulary;
  std::vector<std::string> merged;  // What each merge makes, in their order.
  std::vector<AddedToken> added;
};

// Where in the file the reader stands, by the names of the objects around it.
enum class Place {
  kOther,
  kRoot,
  kModel,
  kVocabulary,
  kMerges,
  kMerge,
  kAddedTokens,
  kAdded,
  kRules
};

class TokenizerHandler final : public nlohmann::json_sax<Json> {
 public:
  explicit TokenizerHandler(TokenizerFile& out) : out_(out) {}
  const Message& fault() const { return fault_; }

  bool start_object(std::size_t) override {
    const Place at = places_.empty() ? Place::kOther : places_.back();
    Place next = Place::kOther;
    if (places_.empty()) next = Place::kRoot;
    if (at == Place::kRoot && key_ == "model") next = Place::kModel;
    if (at == Place::kRoot && (key_ == "normalizer" || key_ == "pre_tokenizer")) {
      next = Place::kRules;
    }
    if (at == Place::kRules) next = Place::kRules;
    if (at == Place::kModel && key_ == "vocab") next = Place::kVocabulary;
    if (at == Place::kAddedTokens) {
      next = Place::kAdded;
      out_.added.emplace_back();
    }
    return enter(next);
  }
  bool start_array(std::size_t) override {
    const Place at = places_.empty() ? Place::kOther : places_.back();
    Place next = Place::kOther;
    if (at == Place::kRoot && key_ == "added_tokens") next = Place::kAddedTokens;
    if (at == Place::kModel && key_ == "merges") next = Place::kMerges;
    if (at == Place::kRules) next = Place::kRules;
    if (at == Place::kMerges) {
      next = Place::kMerge;
      out_.merged.emplace_back();
    }
    return enter(next);
  }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }

  bool key(std::string& name) override {
    std::swap(key_, name);
    return true;
  }
  bool string(std::string& text) override {
    switch (place()) {
      case Place::kModel:
        if (key_ == "type") out_.model_type = text;
        if (key_ == "unk_token") out_.unknown = text;
        break;
      case Place::kMerges: {
        const std::size_t space = text.find(' ', 1);
        if (space != std::string::npos) text.erase(space, 1);
        out_.merged.push_back(std::move(text));
        break;
      }
      case Place::kMerge:
        out_.merged.back() += text;
        break;
      case Place::kAdded:
        if (key_ == "content") out_.added.back().content = std::move(text);
        break;
      case Place::kRules:
        if (key_ == "type" && text == "Prepend") out_.prepends = true;
        if (key_ == "prepend_scheme" && text != "never") out_.prepends = true;
        break;
      default:
        break;
    }
    return true;
  }
  bool boolean(bool value) override {
    if (place() == Place::kModel && key_ == "byte_fallback") out_.byte_fallback = value;
    if (place() == Place::kAdded && key_ == "special") out_.added.back().special = value;
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (place() == Place::kVocabulary)
      out_.vocabulary.emplace_back(std::move(key_), std::min(value, kNoId));
    if (place() == Place::kAdded && key_ == "id") out_.added.back().id = std::min(value, kNoId);
    return true;
  }
  bool number_integer(number_integer_t) override { return true; }
  bool number_float(number_float_t, const std::string&) override { return true; }
  bool null() override { return true; }
  bool binary(Json::binary_t&) override { return true; }
  bool parse_error(std::size_t at, const std::string&, const Json::exception&) override {
    fault_ = message("no JSON at byte {}", "{}바이트에서 JSON이 아님", at);
    return false;
  }

 private:
  static constexpr std::size_t kMaxDepth = 32;
  // Beyond any model; empty entries would take ten times the file's bytes.
  static constexpr std::size_t kMaxTokens = 1 << 22;
  static constexpr std::size_t kMaxMerges = 1 << 23;

  Place place() const { return places_.empty() ? Place::kOther : places_.back(); }
  bool enter(Place next) {
    places_.push_back(next);
    if (places_.size() <= kMaxDepth) return true;
    fault_ = message("nested too deeply", "너무 깊이 중첩됨");
    return false;
  }
  bool leave() {
    places_.pop_back();
    if (out_.vocabulary.size() <= kMaxTokens && out_.added.size() <= kMaxTokens &&
        out_.merged.size() <= kMaxMerges) {
      return true;
    }
    fault_ = message("too many tokens", "토큰이 너무 많음");
    return false;
  }

  TokenizerFile& out_;
  std::vector<Place> places_;
  std::string key_;
  Message fault_;
};

bool is_byte_piece(std::string_view piece) {
  return piece.size() == 6 && piece.starts_with("<0x") && piece.ends_with('>') &&
         piece.find_first_not_of("0123456789ABCDEF", 3) == 5;
}

// Scores of the normal pieces; see the header.
void set_scores(const TokenizerFile& file, Vocabulary& v) {
  std::unordered_map<std::string_view, std::size_t> ids;
  ids.reserve(v.pieces.size());
  for (std::size_t i = 0; i < v.pieces.size(); ++i) {
    if (v.kinds[i] == TokenKind::kNormal) ids.emplace(v.pieces[i], i);
  }
  const auto first = std::ranges::find(v.kinds, TokenKind::kNormal);
  const auto base = static_cast<float>(first - v.kinds.begin());
  std::vector<bool> made(v.pieces.size());
  std::vector<std::size_t> order;  // Of the merges' pieces.
  std::string_view previous;       // The merges that make one piece mostly follow each other.
  for (const std::string& piece : file.merged) {
    if (std::exchange(previous, piece) == piece) continue;
    const auto found = ids.find(piece);
    if (found == ids.end() || made[found->second]) continue;
    made[found->second] = true;
    order.push_back(found->second);
  }
  const bool by_id = std::ranges::is_sorted(order);
  for (const auto& [piece, id] : ids) v.scores[id] = base - static_cast<float>(id);
  if (by_id) return;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    v.scores[order[rank]] = -static_cast<float>(rank);
  }
}

std::optional<TokenId> find_piece(const Vocabulary& v, std::string_view piece) {
  const auto found = std::ranges::find(v.pieces, piece);
  if (found == v.pieces.end()) return std::nullopt;
  return static_cast<TokenId>(found - v.pieces.begin());
}

}  // namespace

Result<Vocabulary> vocabulary_of_tokenizer_json(std::string_view text,
                                                const std::filesystem::path& path) {
  const auto wrong = [&](const Message& reason) {
    return make_error(
        ErrorCode::kBadInput, "{}: no tokenizer that can be read ({}). Download the file again.",
        "{}: 읽을 수 없는 토크나이저입니다({}). 파일을 다시 내려받으세요.", path.string(), reason);
  };
  TokenizerFile file;
  TokenizerHandler handler(file);
  if (!Json::sax_parse(text, &handler)) return wrong(handler.fault());
  if (file.model_type != "BPE" || !file.byte_fallback) {
    return make_error(
        ErrorCode::kUnsupported,
        "{}: a tokenizer of the kind \"{}\" without byte fallback or not BPE; Gemma's "
        "is BPE with byte fallback. Take the model as its makers published it.",
        "{}: \"{}\" 방식이거나 바이트 대체가 없는 토크나이저입니다. Gemma는 바이트 "
        "대체가 있는 BPE입니다. 제작자가 공개한 원본 모델을 쓰세요.",
        path.string(), text_for_message(file.model_type));
  }
  std::uint64_t size = 0;
  for (const auto& [piece, id] : file.vocabulary) size = std::max(size, id + 1);
  for (const AddedToken& token : file.added) size = std::max(size, token.id + 1);
  // Room for ids that no token has, yet not more than the file can account for.
  if (size == 0 || size > 2 * (file.vocabulary.size() + file.added.size()) + 4096) {
    return wrong(message("its ids reach to {}, with {} tokens", "번호가 {}까지인데 토큰은 {}개임",
                         size, file.vocabulary.size()));
  }
  Vocabulary v;
  v.pieces.resize(size);
  v.scores.resize(size);
  v.kinds.resize(size, TokenKind::kUnused);
  for (auto& [piece, id] : file.vocabulary) {
    if (v.kinds[id] != TokenKind::kUnused) return wrong(message("id {} twice", "번호 {} 중복", id));
    v.kinds[id] = is_byte_piece(piece)    ? TokenKind::kByte
                  : piece == file.unknown ? TokenKind::kUnknown
                                          : TokenKind::kNormal;
    v.pieces[id] = std::move(piece);
  }
  for (AddedToken& token : file.added) {
    TokenKind& kind = v.kinds[token.id];
    if (kind != TokenKind::kUnknown) {
      kind = token.special ? TokenKind::kControl : TokenKind::kUserDefined;
    }
    v.pieces[token.id] = std::move(token.content);
  }
  set_scores(file, v);
  v.unknown = find_piece(v, file.unknown).value_or(3);
  v.bos = find_piece(v, "<bos>").value_or(2);
  v.eos = find_piece(v, "<eos>").value_or(1);
  v.padding = find_piece(v, "<pad>").value_or(0);
  v.end_of_turn = find_piece(v, "<end_of_turn>");
  v.add_space_prefix = file.prepends;
  return v;
}

}  // namespace saseo
