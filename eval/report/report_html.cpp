#include "eval/report/report_html.h"

#include <array>
#include <string_view>

#include "eval/report/markup.h"
#include "eval/report/sections.h"

namespace saseo::eval {
namespace {

constexpr std::string_view kCss =
#include "eval/report/report.css.inc"
    ;
constexpr std::string_view kJs =
#include "eval/report/report.js.inc"
    ;

// Contestants are told apart by shape as well as by colour.
constexpr std::array<std::string_view, 6> kMarks = {
    "<circle cx=\"6\" cy=\"6\" r=\"5\"/>", "<rect x=\"1.5\" y=\"1.5\" width=\"9\" height=\"9\"/>",
    "<path d=\"M6 .5 11.5 10.5H.5Z\"/>",   "<path d=\"M6 0 12 6 6 12 0 6Z\"/>",
    "<path d=\"M.5 1.5H11.5L6 11.5Z\"/>",  "<path d=\"M4 .5H8V4H11.5V8H8V11.5H4V8H.5V4H4Z\"/>"};

std::string marks() {
  std::string svg = "<svg class=\"symbols\" aria-hidden=\"true\">";
  for (std::size_t i = 0; i < kMarks.size(); ++i) {
    svg += fmt::format("<symbol id=\"mark{}\" viewBox=\"0 0 12 12\">{}</symbol>", i, kMarks[i]);
  }
  return svg + "</svg>";
}

std::string title_of(const EvaluationView& view, const Words& words) {
  return words.format("Evaluation of {}", "{} 평가",
                      view->set_name.empty() ? words("a question set", "질문 묶음")
                                             : std::string_view(view->set_name));
}

std::string verdicts(const EvaluationView& view, const Words& words) {
  std::string html;
  for (const Verdict& verdict : view->verdicts) {
    const std::string& sentence = words.korean() ? verdict.sentence_ko : verdict.sentence_en;
    html += fmt::format("<p><span class=\"tag\">{}</span> {}</p>",
                        escape(words.language(verdict.language)), escape(sentence));
  }
  return html.empty() ? ""
                      : fmt::format(
                            "<section class=\"verdict\" id=\"verdict\"><h2>{}</h2>{}"
                            "</section>",
                            words("Verdict", "결론"), html);
}

std::string warnings(const EvaluationView& view, const Words& words) {
  std::string items;
  if (view->draft) {
    items += fmt::format("<li>{}</li>",
                         words("The questions are a draft that nobody has looked through: the "
                               "figures say little.",
                               "아무도 검토하지 않은 초안 질문입니다. 수치를 믿기 어렵습니다."));
  }
  for (const Message& warning : view->warnings) {
    items += fmt::format("<li>{}</li>", escape(words(warning)));
  }
  return items.empty() ? ""
                       : fmt::format(
                             "<section class=\"warnings\" id=\"warnings\"><h2>{}</h2>"
                             "<ul>{}</ul></section>",
                             words("Mind", "주의"), items);
}

// Links to the sections that are there.
std::string navigation(const Words& words, std::string_view body) {
  struct Entry {
    std::string_view id, name;
  };
  std::string links;
  for (const Entry& entry :
       {Entry{"metrics", words("Metrics", "지표")}, Entry{"cost", words("Cost", "비용")},
        Entry{"tradeoff", words("Quality and cost", "품질과 비용")},
        Entry{"slices", words("Language and type", "언어와 유형")},
        Entry{"distributions", words("Distributions", "분포")},
        Entry{"judge", words("Judge", "심사 모델")}, Entry{"questions", words("Questions", "질문")},
        Entry{"passages", words("Passages", "글")},
        Entry{"provenance", words("Provenance", "출처")}}) {
    if (body.find(fmt::format("<section id=\"{}\">", entry.id)) == std::string_view::npos) continue;
    links += fmt::format("<a href=\"#{}\">{}</a> ", entry.id, entry.name);
  }
  return fmt::format("<nav aria-label=\"{}\">{}</nav>", words("Sections", "차례"), links);
}

std::string passage_section(const Words& words, const PassageShelf& shelf, std::size_t max_bytes) {
  const std::string passages = shelf.html(words, max_bytes);
  if (passages.empty()) return "";
  return section("passages", words("Passages", "글"), passages) +
         fmt::format(
             "<dialog id=\"panel\" aria-label=\"{}\"><button type=\"button\" "
             "id=\"close\">{}</button><div id=\"panel-body\"></div></dialog>",
             words("Passage", "글"), words("Close", "닫기"));
}

std::string head(const EvaluationView& view, const Words& words) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\" xmlns=\"http://www.w3.org/1999/xhtml\"><head>"
      "<meta charset=\"utf-8\"/>"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; "
      "script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
      "<meta name=\"color-scheme\" content=\"light dark\"/>"
      "<meta name=\"referrer\" content=\"no-referrer\"/>"
      "<link rel=\"icon\" href=\"data:,\"/><title>{}</title><style>{}</style></head>\n",
      words.code(), content_security_hash(kCss), content_security_hash(kJs),
      escape(title_of(view, words)), kCss);
}

}  // namespace

std::string html_report(const Evaluation& evaluation, const HtmlReportOptions& options) {
  const EvaluationView view(evaluation);
  const Words words(options.language);
  PassageShelf shelf;
  std::string body = contestant_cards(view, words) + metric_section(view, words) +
                     cost_section(view, words) + tradeoff_section(view, words) +
                     slice_section(view, words) + distribution_section(view, words) +
                     judge_section(view, words) + question_section(view, words, shelf);
  body += passage_section(words, shelf, options.max_passage_bytes);
  body += provenance_section(view, words);
  const std::string subtitle =
      words.format("{} questions, {} models, {}", "질문 {}개, 모델 {}개, {}",
                   evaluation.outcomes.size(), evaluation.contestants.size(), evaluation.created);
  return head(view, words) +
         fmt::format(
             "<body>{}<header class=\"page\"><p class=\"note\">Saseo</p><h1>{}</h1>"
             "<p class=\"note\">{}</p></header>{}<main>{}{}{}</main><script>{}</script>"
             "</body></html>\n",
             marks(), escape(title_of(view, words)), escape(subtitle), navigation(words, body),
             verdicts(view, words), warnings(view, words), body, kJs);
}

}  // namespace saseo::eval
