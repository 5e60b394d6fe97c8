#include "eval/questions/delimited_text.h"

#include <algorithm>

#include "base/utf8.h"
#include "eval/questions/set_builder.h"

namespace saseo::eval {
namespace {

class Parser {
 public:
  Parser(std::string_view text, char separator, Faults& faults)
      : text_(text), separator_(separator), faults_(faults) {}

  std::vector<DelimitedRow> parse() {
    while (at_ < text_.size()) {
      DelimitedRow row{line_, {}};
      bool ended = false;
      while (!ended) {
        row.fields.push_back(field());
        ended = at_ >= text_.size() || text_[at_] == '\n';
        ++at_;  // The separator or the line end.
      }
      ++line_;
      const bool blank = row.fields.size() == 1 && trim(row.fields[0]).empty();
      if (!blank) rows_.push_back(std::move(row));
    }
    return std::move(rows_);
  }

 private:
  bool ends_field(std::size_t at) const {
    return at >= text_.size() || text_[at] == separator_ || text_[at] == '\n';
  }

  std::string field() {
    const std::size_t line = line_;
    std::string out = at_ < text_.size() && text_[at_] == '"' ? quoted() : plain();
    if (out.size() > kMaxLineBytes) {
      faults_.add(place_of_line(line), "a field of {} bytes; {} are read at most",
                  "한 칸이 {}바이트입니다. {}바이트까지 읽습니다", out.size(), kMaxLineBytes);
      out.clear();
    }
    return out;
  }

  std::string plain() {
    const std::size_t begin = at_;
    while (!ends_field(at_)) ++at_;
    const std::string_view field = text_.substr(begin, at_ - begin);
    if (separator_ != '\t' && field.find('"') != std::string_view::npos) {
      faults_.add(
          place_of_line(line_),
          "a quote inside a field that does not begin with one (\"{}\"); put the field in "
          "quotes and write the quote twice",
          "따옴표로 시작하지 않은 칸에 따옴표가 있습니다(\"{}\"). 칸 전체를 따옴표로 감싸고 "
          "안의 따옴표는 두 번 적으세요",
          clipped(field));
    }
    return std::string(field);
  }

  std::string quoted() {
    const std::size_t opened = line_;
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
        ++at_;
      }
      line_ += text_[at_] == '\n';
      out.push_back(text_[at_]);
    }
    if (at_ >= text_.size()) {
      faults_.add(place_of_line(opened), "a field begins with a quote that is never closed",
                  "따옴표로 시작한 칸이 닫히지 않았습니다");
      return {};
    }
    ++at_;  // The closing quote.
    const std::size_t rest = at_;
    while (!ends_field(at_)) ++at_;
    if (!trim(text_.substr(rest, at_ - rest)).empty()) {
      faults_.add(place_of_line(line_),
                  "text behind a closing quote (\"{}\"); write a quote inside a field twice",
                  "닫는 따옴표 뒤에 글이 있습니다(\"{}\"). 칸 안의 따옴표는 두 번 적으세요",
                  clipped(text_.substr(rest, at_ - rest)));
    }
    return out;
  }

  std::string_view text_;
  char separator_;
  Faults& faults_;
  std::size_t at_ = 0, line_ = 1;
  std::vector<DelimitedRow> rows_;
};

}  // namespace

std::vector<DelimitedRow> parse_delimited(std::string_view text, char separator, Faults& faults) {
  return Parser(text, separator, faults).parse();
}

char separator_of(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  char best = ',';
  for (const char separator : {';', '\t'}) {
    if (std::ranges::count(line, separator) > std::ranges::count(line, best)) best = separator;
  }
  return best;
}

DelimitedTable::DelimitedTable(std::string_view text, char separator,
                               const std::vector<std::vector<std::string>>& columns,
                               Faults& faults) {
  rows_ = parse_delimited(text, separator, faults);
  if (rows_.empty()) return;
  const DelimitedRow header = std::move(rows_.front());
  rows_.erase(rows_.begin());
  for (const std::string& written : header.fields) {
    const std::string folded = fold_for_matching(collapse_spaces(written));
    const auto known = std::ranges::find_if(columns, [&](const std::vector<std::string>& names) {
      return std::ranges::find(names, folded) != names.end();
    });
    std::string name = known == columns.end() ? "" : known->front();
    if (name.empty() && !folded.empty()) unknown_.push_back(written);
    if (!name.empty() && has(name)) {
      faults.add(place_of_line(header.line), "two columns are called \"{}\"; leave one",
                 "\"{}\" 열이 둘입니다. 하나만 남기세요", name);
      name.clear();
    }
    names_.push_back(std::move(name));
  }
  for (DelimitedRow& row : rows_) {
    // Spreadsheets write the empty cells behind a table, too.
    while (row.fields.size() > names_.size() && trim(row.fields.back()).empty()) {
      row.fields.pop_back();
    }
    if (row.fields.size() != names_.size()) {
      faults.add(place_of_line(row.line), "expected {} fields, as the first line has, found {}",
                 "첫 행처럼 {}칸이어야 하는데 {}칸입니다", names_.size(), row.fields.size());
      row.fields.resize(names_.size());
    }
  }
}

int DelimitedTable::column_of(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  return found == names_.end() ? -1 : static_cast<int>(found - names_.begin());
}

std::string DelimitedTable::cell(const DelimitedRow& row, std::string_view column) const {
  const int at = column_of(column);
  return at < 0 ? std::string() : std::string(trim(row.fields[static_cast<std::size_t>(at)]));
}

}  // namespace saseo::eval
