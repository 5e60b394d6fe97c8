// The facts of a text: what a right answer could hardly leave out, quantities first.
#include <algorithm>

#include "base/utf8.h"
#include "eval/draft/draft_candidates.h"
#include "generation/written_names.h"
#include "retrieval/quantities.h"

namespace saseo::eval {
namespace {

// As written, without the space before a unit, without commas in numbers.
std::vector<std::string> spellings_of(std::string_view fact) {
  std::vector<std::string> spellings = {std::string(fact)};
  const auto add = [&](std::string spelling) {
    if (std::ranges::find(spellings, spelling) == spellings.end()) {
      spellings.push_back(std::move(spelling));
    }
  };
  const auto without = [](std::string_view text, char sign, auto&& fits) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool drop = text[i] == sign && i > 0 && is_ascii_digit(text[i - 1]) &&
                        i + 1 < text.size() && fits(text[i + 1]);
      if (!drop) out.push_back(text[i]);
    }
    return out;
  };
  const auto not_digit = [](char c) { return !is_ascii_digit(c); };
  add(without(fact, ' ', not_digit));
  for (std::size_t i = 0, count = spellings.size(); i < count; ++i) {
    add(without(spellings[i], ',', is_ascii_digit));
  }
  return spellings;
}

// Steps of a menu's path ("설정 > 알림에서") are cut at spaces, what a quotation says is a
// sentence, and a heading in corner brackets refers elsewhere: none of them must stand in an
// answer.
bool may_be_fact(std::string_view text, std::string_view name) {
  if (name.ends_with("다")) return false;
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + name.size())) {
    const std::string_view before = trim(text.substr(0, at));
    const std::string_view after = trim(text.substr(at + name.size()));
    for (const std::string_view mark : {">", "→", "「"}) {
      if (before.ends_with(mark)) return false;
    }
    if (after.starts_with(">") || after.starts_with("→")) return false;
  }
  return true;
}

}  // namespace

std::vector<std::vector<std::string>> facts_of(std::string_view text, std::size_t most) {
  std::vector<std::string> found;
  const auto add = [&](std::string_view fact) {
    const bool held = std::ranges::any_of(
        found, [&](const std::string& other) { return other.find(fact) != std::string::npos; });
    if (!held && !fact.empty() && found.size() < most) found.emplace_back(fact);
  };
  ByteSpan open;
  const auto close = [&] {
    if (open.size() > 0) add(trim(text.substr(open.begin, open.size())));
    open = {};
  };
  for (const Quantity& quantity : find_quantities(text)) {
    if (quantity.unit == Unit::kNone || quantity.unit == Unit::kCount) continue;
    // "4시간 30분" is one fact.
    if (open.size() > 0 && quantity.unit == Unit::kTime && quantity.span.begin >= open.end &&
        trim(text.substr(open.end, quantity.span.begin - open.end)).empty()) {
      open.end = quantity.span.end;
      continue;
    }
    close();
    open = quantity.span;
  }
  close();
  for (const std::string& name : find_written_names(text)) {
    if (may_be_fact(text, name)) add(name);
  }
  std::vector<std::vector<std::string>> facts;
  facts.reserve(found.size());
  for (const std::string& fact : found) facts.push_back(spellings_of(fact));
  return facts;
}

}  // namespace saseo::eval
