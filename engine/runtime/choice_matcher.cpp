#include "engine/runtime/choice_matcher.h"

#include <algorithm>
#include <cassert>

namespace saseo {

ChoiceMatcher::ChoiceMatcher(const Tokenizer& tokenizer, std::vector<std::string> choices,
                             std::vector<TokenId> stops)
    : choices_(std::move(choices)),
      stops_(std::move(stops)),
      space_prefix_(tokenizer.vocabulary().add_space_prefix) {
  for (TokenId id = 0; static_cast<std::size_t>(id) < tokenizer.size(); ++id) {
    if (tokenizer.vocabulary().kinds[id] == TokenKind::kUnknown) continue;
    std::string bytes = tokenizer.bytes_of(id);
    if (bytes.empty()) continue;
    std::string_view seen = bytes;
    if (space_prefix_ && seen.size() > 1 && seen.starts_with(' ')) seen.remove_prefix(1);
    const bool part = std::ranges::any_of(choices_, [&](const std::string& choice) {
      return choice.find(seen) != std::string::npos;
    });
    if (part) parts_.push_back({id, std::move(bytes)});
  }
  look_ahead();
}

void ChoiceMatcher::look_ahead() {
  allowed_.clear();
  bool whole = false, more = false;
  for (const std::string& choice : choices_) {
    if (!choice.starts_with(text_)) continue;
    (choice.size() == text_.size() ? whole : more) = true;
  }
  finished_ = whole && !more;
  for (const Part& part : parts_) {
    std::string_view bytes = part.bytes;
    if (!begun_ && space_prefix_ && bytes.starts_with(' ')) bytes.remove_prefix(1);
    if (bytes.empty()) continue;
    const bool leads_on = std::ranges::any_of(choices_, [&](const std::string& choice) {
      return choice.starts_with(text_) &&
             std::string_view(choice).substr(text_.size()).starts_with(bytes);
    });
    if (leads_on) allowed_.push_back(part.token);
  }
  if (whole) allowed_.insert(allowed_.end(), stops_.begin(), stops_.end());
}

void ChoiceMatcher::push(TokenId token) {
  const auto part = std::ranges::find(parts_, token, &Part::token);
  assert(part != parts_.end());
  std::string_view bytes = part->bytes;
  if (!begun_ && space_prefix_ && bytes.starts_with(' ')) bytes.remove_prefix(1);
  text_ += bytes;
  begun_ = true;
  look_ahead();
}

}  // namespace saseo
