// Lists of words that stand in text files beside the code (*/data/*.txt) and are built into the
// program (saseo_embed_texts() of cmake/options.cmake), so that nothing is read at run time:
//
//   # A comment has a line of its own; empty lines part nothing.
//   [trouble]                       begins a list
//   error, stuck, "why "            entries, one or several a line; in quotes where a space at an
//                                   end counts
//   wifi/wi-fi/무선 네트워크          an entry of several words
//   get rid of = remove delete      an entry with a meaning
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace saseo {

struct WordEntry {
  std::vector<std::string_view> words;  // One at least.
  std::string_view meaning;             // What stands after '='; else empty.
};

// Thread-safe once made.
class WordLists {
 public:
  // Borrows the text, which is a part of the program.
  explicit WordLists(std::string_view text);

  // What is wrong with the text, for whoever changed it: "line 12: an empty word". Words that
  // are empty, entries that stand twice in a list, lists that do. The program's own texts have none,
  // which the tests check: where a list is used, this is not asked.
  const std::vector<std::string>& faults() const { return faults_; }

  // The entries of a list, in the order of the file; none where there is no such list.
  std::span<const WordEntry> list(std::string_view name) const;
  // The first word of each entry.
  std::vector<std::string_view> words(std::string_view name) const;
  std::unordered_set<std::string_view> word_set(std::string_view name) const;

  std::vector<std::string_view> names() const;

 private:
  void begin_list(std::string_view line);
  void add_entries(std::string_view line);
  void add_entry(std::string_view text);
  void fault(std::string_view what);

  std::vector<std::pair<std::string_view, std::vector<WordEntry>>> lists_;
  std::vector<std::string> faults_;
  std::size_t line_ = 0;                       // That is being read, from 1.
  std::unordered_set<std::string_view> seen_;  // Entries of its list.
};

// A file of word lists as a part of the program has it: for the tests, which look at all of them.
struct WordFile {
  std::string_view name, text;
};

}  // namespace saseo
