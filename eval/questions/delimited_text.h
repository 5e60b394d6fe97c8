// Tables as text (RFC 4180): fields between separators, a field in quotes holds separators, line
// ends and doubled quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eval/questions/faults.h"

namespace saseo::eval {

struct DelimitedRow {
  std::size_t line = 0;  // On which it begins, from 1.
  std::vector<std::string> fields;
};

// Blank lines are no rows. Quotes that do not fit are faults, and the table ends at one that is
// never closed. A quote inside a field that did not begin with one is a fault where the separator
// is a comma or semicolon, and stands for itself where it is a tab.
std::vector<DelimitedRow> parse_delimited(std::string_view text, char separator, Faults& faults);

// ',', ';' or '\t': the one that the first line has most of.
char separator_of(std::string_view text);

// A table under a row of column names. Names are compared folded; each has Korean ones beside it.
class DelimitedTable {
 public:
  // `columns`: the names that are known: each first in its group, then its synonyms.
  DelimitedTable(std::string_view text, char separator,
                 const std::vector<std::vector<std::string>>& columns, Faults& faults);

  const std::vector<DelimitedRow>& rows() const { return rows_; }  // Without the names.
  bool has(std::string_view column) const { return column_of(column) >= 0; }
  // Trimmed; empty where the table has no such column. NUL-free, as decode_set() gives text.
  std::string cell(const DelimitedRow& row, std::string_view column) const;
  const std::vector<std::string>& unknown_columns() const { return unknown_; }

 private:
  int column_of(std::string_view name) const;
  std::vector<std::string> names_;  // Of each column; empty when unknown.
  std::vector<DelimitedRow> rows_;
  std::vector<std::string> unknown_;
};

}  // namespace saseo::eval
