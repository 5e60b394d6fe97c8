#include "base/word_lists.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace saseo {
namespace {

std::string_view without_end_spaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// What stands before the separator, which goes with it; the whole text where there is none.
std::string_view cut_off(std::string_view& text, std::string_view separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + separator.size(), text.size()));
  return part;
}

bool is_quoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"';
}

}  // namespace

WordLists::WordLists(std::string_view text) {
  while (!text.empty()) {
    ++line_;
    const std::string_view line = without_end_spaces(cut_off(text, "\n"));
    if (line.empty() || line.front() == '#') continue;
    line.front() == '[' ? begin_list(line) : add_entries(line);
  }
  for (const auto& [name, entries] : lists_) {
    if (entries.empty()) fault(fmt::format("the list [{}] is empty", name));
  }
}

std::span<const WordEntry> WordLists::list(std::string_view name) const {
  for (const auto& [other, entries] : lists_) {
    if (other == name) return entries;
  }
  assert(false && "no list of this name");
  return {};
}

std::vector<std::string_view> WordLists::words(std::string_view name) const {
  std::vector<std::string_view> words;
  for (const WordEntry& entry : list(name)) words.push_back(entry.words.front());
  return words;
}

std::unordered_set<std::string_view> WordLists::word_set(std::string_view name) const {
  std::unordered_set<std::string_view> words;
  for (const WordEntry& entry : list(name)) words.insert(entry.words.front());
  return words;
}

std::vector<std::string_view> WordLists::names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, entries] : lists_) names.push_back(name);
  return names;
}

void WordLists::begin_list(std::string_view line) {
  const std::string_view name = line.substr(1, line.size() - 2);
  if (line.back() != ']' || without_end_spaces(name).empty()) fault("expected [name of a list]");
  for (const auto& [other, entries] : lists_) {
    if (other == name) fault(fmt::format("a second list [{}]", name));
  }
  lists_.emplace_back(name, std::vector<WordEntry>());
  seen_.clear();
}

void WordLists::add_entries(std::string_view line) {
  if (lists_.empty()) return fault("an entry before the first list");
  while (!line.empty()) add_entry(without_end_spaces(cut_off(line, ",")));
}

void WordLists::add_entry(std::string_view text) {
  if (!seen_.insert(text).second)
    fault(fmt::format("{} stands twice in the list [{}]", text, lists_.back().first));
  WordEntry entry;
  if (const bool has_meaning = text.find(" = ") != std::string_view::npos || text.ends_with(" =");
      has_meaning) {
    std::string_view words = cut_off(text, " =");
    entry.meaning = without_end_spaces(text);
    if (entry.meaning.empty()) fault("an empty meaning");
    text = words;
  }
  if (is_quoted(text)) {
    entry.words = {text.substr(1, text.size() - 2)};
    if (entry.words.front().empty()) return fault("an empty word");
  } else {
    do {
      const std::string_view word = without_end_spaces(cut_off(text, "/"));
      if (word.empty()) return fault("an empty word");
      if (std::ranges::find(entry.words, word) != entry.words.end())
        fault(fmt::format("{} stands twice in an entry", word));
      entry.words.push_back(word);
    } while (!text.empty());
  }
  lists_.back().second.push_back(std::move(entry));
}

void WordLists::fault(std::string_view what) {
  faults_.push_back(fmt::format("line {}: {}", line_, what));
}

}  // namespace saseo
