// Every question with the answers side by side.
#include <algorithm>

#include "eval/metrics/gold.h"
#include "eval/report/answer_text.h"
#include "eval/report/markup.h"
#include "eval/report/sections.h"

namespace saseo::eval {
namespace {

std::string tag(std::string_view text, std::string_view kind = "") {
  return fmt::format("<span class=\"tag{}{}\">{}</span>", kind.empty() ? "" : " ", kind,
                     escape(text));
}

std::string lang_attribute(const Question& question) {
  return question.language == Language::kUnknown
             ? ""
             : fmt::format(" lang=\"{}\"", language_code(question.language));
}

std::string tags(const EvaluationView& view, const Words& words, const QuestionOutcome& outcome) {
  const Question& question = outcome.question;
  std::string html = tag(words.language(language_code(question.language)));
  if (!question.type.empty()) html += tag(question.type);
  if (!question.split.empty()) html += tag(question.split);
  if (!question.product.empty()) html += tag(question.product);
  if (question.unanswerable) {
    html += tag(words("the manuals are silent: refusing is right", "설명서에 없음: 거절이 옳음"));
  }
  const double gap = view.disagreement(outcome);
  if (gap > 0) {
    const Scale scale = view.scale(*view.leading());
    html += tag(words.format("{}: {} apart", "{}: {} 벌어짐", words.label(*view.leading()),
                             figure(gap, scale)),
                "gap");
  }
  return html;
}

std::string list_of(std::string_view title, const std::vector<std::string>& items,
                    const std::string& lang) {
  if (items.empty()) return "";
  std::string html = fmt::format("<dt>{}</dt>", title);
  for (const std::string& item : items) {
    html += fmt::format("<dd{}>{}</dd>", lang, escape(item));
  }
  return html;
}

// What is known about good answers.
std::string expectation(const Words& words, const Question& question) {
  const std::string lang = lang_attribute(question);
  std::vector<std::string> facts, places;
  for (const std::vector<std::string>& spellings : question.facts) {
    facts.push_back(fmt::format("{}", fmt::join(spellings, " / ")));
  }
  for (const GoldSection& gold : question.gold) {
    places.push_back(place(words, gold.document, gold.path,
                           gold.pages.empty() ? 0 : std::ranges::min(gold.pages),
                           gold.pages.empty() ? 0 : std::ranges::max(gold.pages)));
  }
  const std::string html = list_of(words("Good answer", "모범 답변"), question.references, lang) +
                           list_of(words("Must hold", "들어 있어야 할 것"), facts, lang) +
                           list_of(words("Stands in", "답이 있는 곳"), places, lang);
  return html.empty() ? ""
                      : fmt::format(
                            "<details class=\"about\"><summary>{}</summary><dl>{}</dl>"
                            "</details>",
                            words("What is expected", "기대하는 답"), html);
}

std::string history(const Words& words, const Question& question) {
  std::string html;
  for (const EarlierTurn& turn : question.history) {
    html += fmt::format("<p>{}</p>", escape(turn.question));
    if (!turn.answer.empty())
      html += fmt::format("<p class=\"earlier\">{}</p>", escape(turn.answer));
  }
  return html.empty()
             ? ""
             : fmt::format("<div class=\"history\"{}><span class=\"note\">{}</span>{}</div>",
                           lang_attribute(question), words("Said before", "앞선 대화"), html);
}

std::string fact_list(const Words& words, const Question& question, const RecordedAnswer& answer) {
  std::string html;
  const std::vector<bool> held = facts_held(question, answer.plain_text);
  for (std::size_t i = 0; i < held.size(); ++i) {
    const std::string fact = question.facts[i].empty() ? "" : question.facts[i].front();
    html += fmt::format(
        "<li class=\"{}\"><span aria-hidden=\"true\">{}</span> "
        "<span class=\"spoken\">{}: </span>{}</li>",
        held[i] ? "held" : "missed", held[i] ? "✓" : "✗",
        held[i] ? words("held", "있음") : words("missing", "없음"), escape(fact));
  }
  return html.empty() ? "" : fmt::format("<ul class=\"facts\">{}</ul>", html);
}

std::string answer_column(const EvaluationView& view, const Words& words,
                          const QuestionOutcome& outcome, std::size_t i,
                          const std::vector<bool>& marked, PassageShelf& shelf) {
  const std::string& name = view->contestants[i].name;
  std::string html = fmt::format("<section class=\"answer c{}\"><h4>{}", i % 6, who(view, i));
  if (view.leading() != nullptr) {
    if (const auto value = EvaluationView::value(outcome, name, view.leading()->name)) {
      const Scale scale = view.scale(*view.leading());
      html += fmt::format(" <span class=\"score\"><span class=\"spoken\">{} </span>{}{}</span>",
                          escape(words.label(*view.leading())), figure(*value, scale),
                          scale.unit == "%" ? " %" : "");
    }
  }
  html += "</h4>";
  const RecordedAnswer* answer = EvaluationView::answer(outcome, name);
  if (answer == nullptr || answer->searched_only) {
    return html + fmt::format("<p class=\"note\">{}</p></section>",
                              words("Not asked.", "묻지 않았습니다."));
  }
  if (answer->error) {
    return html + fmt::format("<p>{}</p><p class=\"error\">{}</p></section>",
                              tag(words("failed", "실패"), "failed"),
                              escape(words(*answer->error)));
  }
  if (answer->refused) html += fmt::format("<p>{}</p>", tag(words("refused", "거절"), "refused"));
  if (answer->invented_citations > 0) {
    html += fmt::format("<p>{}</p>", tag(words.format("{} invented citations", "지어낸 인용 {}개",
                                                      answer->invented_citations),
                                         "failed"));
  }
  return html +
         fmt::format("<div class=\"text\"{}>{}</div>", lang_attribute(outcome.question),
                     answer_text(*answer, marked, shelf)) +
         fact_list(words, outcome.question, *answer) + source_list(*answer, words, shelf) +
         "</section>";
}

std::string value_table(const EvaluationView& view, const Words& words,
                        const QuestionOutcome& outcome) {
  std::string rows;
  for (const MetricDefinition& metric : view->metrics) {
    std::string cells;
    bool any = false;
    const Scale scale = view.scale(metric);
    for (const Contestant& contestant : view->contestants) {
      const auto value = EvaluationView::value(outcome, contestant.name, metric.name);
      any = any || value;
      cells += fmt::format("<td>{}</td>", value ? figure(*value, scale) : "–");
    }
    if (any) {
      rows += fmt::format("<tr><th>{}{}{}</th>{}</tr>", escape(words.label(metric)),
                          scale.unit.empty() ? "" : " ", scale.unit, cells);
    }
  }
  if (rows.empty()) return "";
  std::string head;
  for (std::size_t i = 0; i < view->contestants.size(); ++i) {
    head += fmt::format("<th>{}</th>", who(view, i));
  }
  return fmt::format(
      "<details><summary>{}</summary><div class=\"wide\"><table class=\"values\">"
      "<tr><td></td>{}</tr>{}</table></div></details>",
      words("All values", "모든 값"), head, rows);
}

// What retrieval found: the same for all contestants, or of the first that has passages.
std::string found_list(const EvaluationView& view, const Words& words,
                       const QuestionOutcome& outcome, PassageShelf& shelf) {
  for (const Contestant& contestant : view->contestants) {
    const RecordedAnswer* answer = EvaluationView::answer(outcome, contestant.name);
    if (answer == nullptr || answer->passages.empty()) continue;
    std::string items;
    for (const RecordedPassage& passage : answer->passages) {
      const bool gold = gold_section_of(place_of(passage), outcome.question).has_value();
      items += fmt::format(
          "<li><a class=\"cite\" href=\"#p{}\">{}</a>{}</li>", shelf.put(passage),
          escape(place(words, passage.document, passage.heading_path, passage.first_page,
                       passage.last_page)),
          gold ? " " + tag(words("the answer stands here", "답이 있는 곳"), "held") : "");
    }
    return fmt::format("<details><summary>{}</summary><ol class=\"sources\">{}</ol></details>",
                       words.format("Passages found ({})", "찾은 글 ({})", answer->passages.size()),
                       items);
  }
  return "";
}

std::string question_card(const EvaluationView& view, const Words& words, std::size_t index,
                          PassageShelf& shelf) {
  const QuestionOutcome& outcome = view->outcomes[index];
  const Question& question = outcome.question;
  std::vector<const RecordedAnswer*> answers;
  for (const Contestant& contestant : view->contestants) {
    answers.push_back(EvaluationView::answer(outcome, contestant.name));
  }
  const std::vector<std::vector<bool>> marked = marked_words(answers);
  std::string columns;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    columns += answer_column(view, words, outcome, i, marked[i], shelf);
  }
  return fmt::format(
      "<article class=\"question\" id=\"q{0}\" data-i=\"{0}\"><header><h3><a class=\"id\" "
      "href=\"#q{0}\">{1}</a> <span{2}>{3}</span></h3><p class=\"tags\">{4}</p>{5}</header>{6}"
      "<div class=\"answers\">{7}</div><footer>{8}{9}</footer></article>\n",
      index, escape(question.id), lang_attribute(question), escape(question.text),
      tags(view, words, outcome), history(words, question), expectation(words, question), columns,
      value_table(view, words, outcome), found_list(view, words, outcome, shelf));
}

}  // namespace

std::string question_section(const EvaluationView& view, const Words& words, PassageShelf& shelf) {
  if (view->outcomes.empty()) return "";
  std::string cards;
  for (const std::size_t index : view.worst_first()) {
    cards += question_card(view, words, index, shelf);
  }
  std::string note(words("Worst disagreements first. ", "가장 어긋난 질문부터 나옵니다. "));
  if (view->contestants.size() > 1) {
    note += words(
        "Marked: words that the first model's answer lacks (in its own: that all others "
        "lack). ",
        "표시한 낱말은 첫 모델의 답변에 없는 것입니다(첫 모델에서는 나머지 모두에 없는 것). ");
  }
  note +=
      words("Underlined with waves: no passage supports it. A citation opens its passage.",
            "물결 밑줄은 뒷받침하는 글이 없는 문장입니다. 인용 번호를 누르면 그 글이 열립니다.");
  return section("questions", words.format("Questions ({})", "질문 ({})", view->outcomes.size()),
                 fmt::format("<p class=\"note\">{}</p>{}<div id=\"cards\">{}</div>"
                             "<script type=\"application/json\" id=\"data\">{}</script>",
                             escape(note), filter_form(view, words), cards, filter_data(view)));
}

}  // namespace saseo::eval
