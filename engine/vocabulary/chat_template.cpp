#include "engine/vocabulary/chat_template.h"

#include <optional>

#include "base/message.h"
#include "base/utf8.h"

namespace saseo {
namespace {

// Checks the order of the roles.
Status check_order(std::span<const ChatTurn> turns) {
  ChatRole expected = ChatRole::kUser;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const ChatRole role = turns[i].role;
    if (role == ChatRole::kSystem && i == 0) continue;
    if (role == ChatRole::kSystem) {
      return make_error(
          ErrorCode::kInvalidArgument, "Turn {} is a system text; only the first turn may be one.",
          "{}번째 차례가 시스템 글입니다. 시스템 글은 맨 앞에만 올 수 있습니다.", i + 1);
    }
    if (role != expected) {
      const bool user = expected == ChatRole::kUser;
      return make_error(ErrorCode::kInvalidArgument,
                        "Turn {} must be the {}'s: user and model speak in turn.",
                        "{0}번째 차례는 {2}의 것이어야 합니다. 사용자와 모델이 번갈아 말합니다.",
                        i + 1, user ? "user" : "model", user ? "사용자" : "모델");
    }
    expected = role == ChatRole::kUser ? ChatRole::kModel : ChatRole::kUser;
  }
  if (turns.empty() || turns.back().role == ChatRole::kSystem) {
    return make_error(ErrorCode::kInvalidArgument, "The conversation has no turn of the user.",
                      "대화에 사용자의 차례가 없습니다.");
  }
  return {};
}

}  // namespace

Result<ChatTemplate> ChatTemplate::create(const Tokenizer& tokenizer) {
  const std::optional<TokenId> start = tokenizer.find("<start_of_turn>");
  std::optional<TokenId> end = tokenizer.find("<end_of_turn>");
  if (!end) end = tokenizer.vocabulary().end_of_turn;
  if (!start || !end) {
    return make_error(
               ErrorCode::kUnsupported,
               "The model's vocabulary has no {}: it is no Gemma 1-3 model for conversations.",
               "모델 어휘에 {} 토큰이 없습니다. 대화용 Gemma 1-3 모델이 아닙니다.",
               !start ? "<start_of_turn>" : "<end_of_turn>")
        .advise(AdviceKind::kChooseTunedModel);
  }
  return ChatTemplate(tokenizer, *start, *end);
}

ChatTemplate::ChatTemplate(const Tokenizer& tokenizer, TokenId start_of_turn, TokenId end_of_turn)
    : tokenizer_(&tokenizer),
      start_of_turn_(start_of_turn),
      end_of_turn_(end_of_turn),
      stop_tokens_{end_of_turn} {
  const TokenId eos = tokenizer.vocabulary().eos;
  if (eos != end_of_turn) stop_tokens_.push_back(eos);
}

void ChatTemplate::append(std::string_view text, std::vector<TokenId>& ids) const {
  const std::vector<TokenId> more = tokenizer_->encode(text);
  ids.insert(ids.end(), more.begin(), more.end());
}

// Texts that may repeat from one conversation to the next are encoded apart from what follows them,
// so that their ids do not depend on it.
Result<std::vector<TokenId>> ChatTemplate::encode(std::span<const ChatTurn> turns) const {
  SASEO_RETURN_IF_ERROR(check_order(turns));
  std::vector<TokenId> ids = {tokenizer_->vocabulary().bos};
  const auto open = [&](std::string_view role) {
    ids.push_back(start_of_turn_);
    append(role, ids);
  };
  std::string_view system;
  if (turns.front().role == ChatRole::kSystem) {
    system = trim(turns.front().text);
    turns = turns.subspan(1);
  }
  for (const ChatTurn& turn : turns) {
    open(turn.role == ChatRole::kUser ? "user\n" : "model\n");
    if (!system.empty()) append(std::string(system) + "\n\n", ids);
    system = {};
    append(trim(turn.text), ids);
    ids.push_back(end_of_turn_);
    append("\n", ids);
  }
  if (turns.back().role == ChatRole::kUser) open("model\n");
  return ids;
}

}  // namespace saseo
