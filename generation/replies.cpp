#include "generation/replies.h"

#include <fmt/format.h>

#include <algorithm>

#include "generation/rendering.h"

namespace saseo {
namespace {

constexpr std::size_t kNearestSections = 3;

std::string describe(Language language, const Passage& passage) {
  std::string text;
  for (const std::string& heading : passage.heading_path) {
    if (!text.empty()) text += " > ";
    text += printable(heading);
  }
  if (text.empty()) text = printable(passage.info.title);
  if (passage.first_page > 0) {
    const std::string label = passage.first_page_label.empty()
                                  ? std::to_string(passage.first_page)
                                  : printable(passage.first_page_label);
    text += fmt::format(fmt::runtime(text_in(language, " (page {})", " ({}쪽)")), label);
  }
  if (!passage.info.product.empty()) text = printable(passage.info.product) + ": " + text;
  return text;
}

}  // namespace

std::string silent_reply(Language language, const Context& context) {
  std::string text(text_in(language, "I did not find an answer in the manuals.\n",
                           "설명서에서 답을 찾지 못했습니다.\n"));
  if (context.passages.empty()) return text;
  text += text_in(language, "The nearest sections are:\n", "가장 가까운 곳은 다음과 같습니다.\n");
  std::vector<std::string> lines;
  for (const Passage& passage : context.passages) {
    std::string line = "• " + describe(language, passage) + "\n";
    if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
    if (lines.size() == kNearestSections) break;
  }
  for (const std::string& line : lines) text += line;
  return text;
}

std::string which_product_reply(Language language, std::span<const std::string> candidates) {
  std::string text(
      text_in(language, "Which product do you mean? The manuals of several fit:\n",
              "어느 제품에 대한 질문인가요? 여러 제품의 설명서에 맞는 내용이 있습니다.\n"));
  for (const std::string& candidate : candidates) text += "• " + printable(candidate) + "\n";
  text += text_in(language, "Please ask again with the product's name.\n",
                  "제품 이름을 넣어 다시 물어보세요.\n");
  return text;
}

std::string other_language_reply() {
  return "질문은 한국어나 영어로 해 주세요. 설명서에서 이 질문의 답을 찾지 못했습니다.\n"
         "Please ask in Korean or English. I did not find an answer in the manuals.\n";
}

std::string nothing_to_search_reply(Language language) {
  return std::string(
      text_in(language, "There is no manual to search in.\n", "찾아볼 설명서가 없습니다.\n"));
}

}  // namespace saseo
