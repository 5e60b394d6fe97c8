#include "cli/views/answer_view.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/message.h"
#include "cli/terminal/say.h"
#include "cli/views/generation_view.h"
#include "index/stored_form.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kQuoteIndent = 4;

std::string heading_words(std::span<const std::string> path) {
  return without_controls(join_heading_path(path));
}

// Pages in order, each once: "16쪽(파일 22쪽), 17쪽(파일 23쪽)".
std::string pages_words(const std::map<int, std::string>& pages) {
  std::string words;
  for (const auto& [page, label] : pages)
    words += (words.empty() ? "" : ", ") + page_words(page, label);
  return words;
}

std::set<int> cited_numbers(const Answer& answer) {
  std::set<int> numbers;
  for (const Citation& citation : answer.citations) numbers.insert(citation.number);
  return numbers;
}

std::string indented(const std::string& text, const Console& console) {
  return std::string(kQuoteIndent, ' ') + wrap_text(text, console.width, kQuoteIndent) + "\n";
}

}  // namespace

std::string page_words(int page, const std::string& label) {
  if (page <= 0) return "";
  if (label.empty() || label == std::to_string(page)) return say("p. {0}", "{0}쪽", page);
  return say("p. {0} (page {1} of the file)", "{0}쪽(파일 {1}쪽)", without_controls(label), page);
}

std::string document_words(const std::filesystem::path& path, const DocumentInfo& info) {
  const std::string name = info.title.empty() ? path.filename().string() : info.title;
  return without_controls(name);
}

std::string product_words(const ProductChoice& choice) {
  std::string candidates;
  for (const std::string& name : choice.candidates)
    candidates += (candidates.empty() ? "" : ", ") + without_controls(name);
  const std::string product = without_controls(choice.product);
  switch (choice.decision) {
    case ProductDecision::kNone:
      return say("one product or none known: nothing to choose", "고를 제품이 없음");
    case ProductDecision::kFiltered:
      return say("{} (given)", "{} (지정됨)", product);
    case ProductDecision::kNamed:
      return say("{} (the question names it)", "{} (질문에 나옴)", product);
    case ProductDecision::kWins:
      return say("{} (its manual fits clearly better)", "{} (내용이 뚜렷이 더 맞음)", product);
    case ProductDecision::kAmbiguous:
      return say("unclear: {}", "어느 제품인지 불분명: {}", candidates);
  }
  return "";
}

std::string sources_view(const Answer& answer, const Console& console) {
  std::string view;
  for (const int number : cited_numbers(answer)) {
    std::map<int, std::string> pages;
    const Citation* first = nullptr;
    for (const Citation& citation : answer.citations) {
      if (citation.number != number) continue;
      if (first == nullptr) first = &citation;
      if (citation.page > 0) pages.emplace(citation.page, citation.page_label);
    }
    const std::string mark = "[" + std::to_string(number) + "] ";
    std::string line = document_words(first->path, first->info);
    if (!pages.empty()) line += " · " + pages_words(pages);
    view += " " + console.out_style(Style::kAccent, mark) +
            wrap_text(line, console.width, mark.size() + 1) + "\n";
    if (!first->heading_path.empty()) {
      const std::string path =
          wrap_text(heading_words(first->heading_path), console.width, mark.size() + 1);
      view += std::string(mark.size() + 1, ' ') + console.out_style(Style::kDim, path) + "\n";
    }
  }
  if (view.empty()) return view;
  return console.out_style(Style::kBold, say("Sources", "출처")) + "\n" + view;
}

std::string quote_view(const Passage& passage, const Console& console) {
  std::string title =
      "[" + std::to_string(passage.number) + "] " + document_words(passage.path, passage.info);
  if (passage.first_page > 0)
    title += " · " + page_words(passage.first_page, passage.first_page_label);
  std::string view = console.out_style(Style::kAccent, title) + "\n";
  if (!passage.heading_path.empty())
    view += console.out_style(Style::kDim, indented(heading_words(passage.heading_path), console));
  return view + indented(without_controls(passage.text), console);
}

std::string quotes_view(const Answer& answer, const Console& console) {
  const std::set<int> cited = cited_numbers(answer);
  std::string view;
  for (const Passage& passage : answer.context.passages) {
    if (!cited.empty() && !cited.contains(passage.number)) continue;
    view += (view.empty() ? "" : "\n") + quote_view(passage, console);
  }
  return view;
}

std::string explain_view(const Answer& answer, const Console& console) {
  std::string view = console.out_style(Style::kBold, say("Why", "판단 근거")) + "\n";
  const auto line = [&](std::string_view name, const std::string& value) {
    const std::size_t width = display_width(name);
    view += "  " + console.out_style(Style::kDim, name) +
            std::string(width < 12 ? 12 - width : 1, ' ') + value + "\n";
  };
  if (answer.question != answer.asked)
    line(say("asked", "물은 말"), without_controls(answer.asked));
  line(say("searched", "찾은 말"), without_controls(answer.question));
  line(say("product", "제품"), product_words(answer.product));
  line(say("confidence", "확신도"),
       fmt::format("{:.2f}{}", answer.confidence,
                   answer.found ? "" : say(" (no answer)", " (답하지 않음)")));
  line(say("tokens", "토큰"),
       say("{} of {} used, {} further hits not read", "{}/{} 사용, 더 읽지 않은 결과 {}개",
           answer.context.tokens, answer.context.budget, answer.context.left_out));
  line(say("model", "모델"), without_controls(answer.model));
  explain_generation(answer, line);
  line(say("time", "시간"),
       say("search {:.1f} ms, context {:.1f} ms, first text {:.1f} ms, total {:.1f} ms",
           "검색 {:.1f} ms, 문맥 {:.1f} ms, 첫 글자 {:.1f} ms, 모두 {:.1f} ms",
           answer.timings.search_ms, answer.timings.context_ms, answer.timings.first_text_ms,
           answer.timings.total_ms));
  view += console.out_style(Style::kBold, say("Passages", "읽은 대목")) + "\n";
  for (const Passage& passage : answer.context.passages) {
    view += fmt::format(
        "  [{}] {} · {}{}{}\n", passage.number,
        say("score {:.3f} · coverage {:.2f} · {} tokens", "점수 {:.3f} · 일치 {:.2f} · {}토큰",
            passage.score, passage.coverage, passage.tokens),
        document_words(passage.path, passage.info),
        passage.first_page > 0 ? " · " + page_words(passage.first_page, passage.first_page_label)
                               : "",
        passage.heading_path.empty()
            ? ""
            : "\n      " + console.out_style(Style::kDim, heading_words(passage.heading_path)));
  }
  return view;
}

}  // namespace saseo::cli
