// Passages that answers rest on, each once in the report however many answers cite it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "eval/records/recorded_answer.h"
#include "eval/report/words.h"

namespace saseo::eval {

// A part of a passage's text, in UTF-16 units as scripts count them.
struct MarkedPart {
  std::size_t begin = 0, end = 0;
};

// Not thread-safe. Borrows the passages that are put on it until html() returns.
class PassageShelf {
 public:
  // The passage's number in the report, from 0; the same for the same text of the same manual.
  std::size_t put(const RecordedPassage& passage);
  // Likewise, and its text is shown even when there is no room for all.
  std::size_t put_cited(const RecordedPassage& passage);
  // Where the cited text stands in what is shown of the passage.
  std::optional<MarkedPart> find(std::size_t passage, const std::string& cited) const;

  // <details id="p0"> and so on; what is not cited loses its text once `max_bytes` are shown.
  std::string html(const Words& words, std::size_t max_bytes) const;

 private:
  struct Entry {
    const RecordedPassage* passage;
    std::string shown;  // Visible text, cut when very long.
    bool cited = false;
  };
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> numbers_;
  std::vector<Entry> entries_;
};

}  // namespace saseo::eval
