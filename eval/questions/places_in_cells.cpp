#include "eval/questions/places_in_cells.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/utf8.h"
#include "eval/questions/set_builder.h"

namespace saseo::eval {
namespace {

constexpr int kLastPage = 1'000'000;
constexpr int kMaxRange = 1000;

std::optional<int> page_number(std::string_view text) {
  text = trim(text);
  int page = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), page);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return page >= 1 && page <= kLastPage ? std::optional(page) : std::nullopt;
}

std::vector<int> page_numbers(std::string_view text, const Message& place, Faults& faults) {
  std::vector<int> pages;
  if (text.empty()) return pages;
  for (const std::string& part : split_on(text, ",")) {
    const std::size_t dash = part.find_first_of("-~");
    const std::optional<int> first = page_number(std::string_view(part).substr(0, dash));
    const std::optional<int> last =
        dash == std::string::npos ? first : page_number(std::string_view(part).substr(dash + 1));
    if (!first || !last || *last < *first || *last - *first > kMaxRange) {
      faults.add(place_of_field(place, "page"),
                 "expected page numbers from 1 (\"16, 18-20\"), found \"{}\"",
                 "1부터 세는 쪽 번호(\"16, 18-20\")가 아니라 \"{}\"입니다", clipped(part));
      return {};
    }
    for (int page = *first; page <= *last; ++page) pages.push_back(page);
  }
  std::ranges::sort(pages);
  pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
  return pages;
}

}  // namespace

std::vector<GoldSection> places_in_cells(std::string_view document, std::string_view section,
                                         std::string_view pages, const Message& place,
                                         Faults& faults) {
  const std::vector<std::string> parts[] = {split_on(document, "||"), split_on(section, "||"),
                                            split_on(pages, "||")};
  std::size_t count = 1;
  for (const auto& cell : parts) count = std::max(count, cell.size());
  for (const auto& cell : parts) {
    if (cell.size() != 1 && cell.size() != count) {
      faults.add(
          place_of_field(place, "section"),
          "document, section and page have {}, {} and {} parts between \"||\"; give one, or "
          "as many as the others",
          "문서, 절, 쪽에 \"||\"로 나눈 것이 {}, {}, {}개입니다. 하나만 적거나 개수를 맞추세요",
          parts[0].size(), parts[1].size(), parts[2].size());
      return {};
    }
  }
  std::vector<GoldSection> places;
  for (std::size_t i = 0; i < count; ++i) {
    const auto part = [&](std::size_t cell) {
      return parts[cell].size() == 1 ? parts[cell][0] : parts[cell][i];
    };
    GoldSection one{part(0), split_section(part(1)), page_numbers(part(2), place, faults)};
    if (one.document.empty() && one.path.empty() && one.pages.empty()) continue;
    places.push_back(std::move(one));
  }
  return places;
}

}  // namespace saseo::eval
