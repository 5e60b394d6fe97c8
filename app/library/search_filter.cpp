#include "app/library/search_filter.h"

#include <charconv>
#include <set>

#include "base/message.h"
#include "base/utf8.h"

namespace saseo::app {
namespace {

Error bad_pages(const std::string& text) {
  return make_error(ErrorCode::kInvalidArgument,
                    "\"{}\" is no range of pages; write 12, 10-20, 10- or -20",
                    "\"{}\"은(는) 쪽 범위가 아닙니다. 12, 10-20, 10-, -20처럼 적으세요", text);
}

// 0 when the text is empty, -1 when it is no page number.
int page_number(std::string_view text) {
  if (text.empty()) return 0;
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size() && number >= 1 ? number : -1;
}

// Compared as the search does: without case, spaces, '-' and '_'.
bool is_same_name(std::string_view a, std::string_view b) {
  const auto folded = [](std::string_view text) {
    std::string out;
    for (const char c : fold_for_matching(text))
      if (c != ' ' && c != '-' && c != '_') out += c;
    return out;
  };
  return folded(a) == folded(b);
}

Status check_product(const std::string& product, const Library& library) {
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents, library.documents());
  std::set<std::string> known;
  for (const StoredDocument& document : documents) {
    if (is_same_name(product, document.info.product) ||
        is_same_name(product, document.info.model_number))
      return {};
    if (!document.info.product.empty()) known.insert(document.info.product);
  }
  std::string names;
  for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
  return make_error(ErrorCode::kNotFound, "no manual of \"{}\" in the library; it has: {}",
                    "라이브러리에 \"{}\" 설명서가 없습니다. 있는 제품: {}", product,
                    names.empty() ? "-" : names);
}

}  // namespace

Result<std::pair<int, int>> parse_pages(const std::string& text) {
  const std::size_t dash = text.find('-');
  const std::string_view view = text;
  const int first = page_number(view.substr(0, dash));
  const int last = dash == std::string::npos ? first : page_number(view.substr(dash + 1));
  if (first < 0 || last < 0 || (first == 0 && last == 0) || (last != 0 && last < first))
    return bad_pages(text);
  return std::pair(first, last);
}

Result<Language> parse_language(const std::string& text) {
  if (text == "ko") return Language::kKorean;
  if (text == "en") return Language::kEnglish;
  return make_error(ErrorCode::kInvalidArgument, "\"{}\" is no language of manuals; use ko or en",
                    "\"{}\"은(는) 설명서 언어가 아닙니다. ko 또는 en을 쓰세요", text);
}

Result<Filter> filter_of(const FilterChoice& choice, const Library& library) {
  Filter filter;
  for (const std::string& name : choice.documents) {
    SASEO_ASSIGN_OR_RETURN(const DocumentId id, library.find_document(name));
    filter.documents.push_back(id);
  }
  if (!choice.product.empty()) {
    SASEO_RETURN_IF_ERROR(check_product(choice.product, library));
    filter.product = choice.product;
  }
  if (!choice.language.empty()) {
    SASEO_ASSIGN_OR_RETURN(filter.language, parse_language(choice.language));
  }
  if (!choice.pages.empty()) {
    SASEO_ASSIGN_OR_RETURN(const auto pages, parse_pages(choice.pages));
    filter.first_page = pages.first;
    filter.last_page = pages.second;
  }
  return filter;
}

}  // namespace saseo::app
