#include "eval/report/report_html.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/eval/made_evaluation.h"
#include "tests/eval/xml.h"

namespace saseo::eval {
namespace {

constexpr std::string_view kHostile =
    " <img src=x onerror=alert(1)></script><script>alert(2)</script><!-- ]]> \"'` onclick=alert(3) "
    "\u202Etxt\x01\x1B[31m\xFF";

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(HtmlReport, IsWellFormedWithEachSectionOnce) {
  const Xml page = xml_of_html(html_report(made_evaluation()));
  ASSERT_TRUE(page.well_formed());
  for (const char* id : {"verdict", "warnings", "models", "metrics", "cost", "tradeoff", "slices",
                         "distributions", "questions", "passages", "provenance"}) {
    EXPECT_EQ(page.count(("//h:section[@id='" + std::string(id) + "']").c_str()), 1u) << id;
  }
  EXPECT_EQ(page.count("//h:article[@data-i]"), 24u);
  EXPECT_EQ(page.count("//h:nav/h:a"), 8u);
}

TEST(HtmlReport, SpeaksTheLanguageThatIsAskedFor) {
  const Evaluation evaluation = made_evaluation();
  const Xml korean = xml_of_html(html_report(evaluation, {.language = Language::kKorean}));
  const Xml english = xml_of_html(html_report(evaluation));
  EXPECT_EQ(korean.texts("/*/@lang"), std::vector<std::string>{"ko"});
  EXPECT_EQ(english.texts("/*/@lang"), std::vector<std::string>{"en"});
  EXPECT_EQ(korean.texts("//h:h1"), std::vector<std::string>{"phone.jsonl 평가"});
  EXPECT_EQ(english.texts("//h:h1"), std::vector<std::string>{"Evaluation of phone.jsonl"});
  EXPECT_TRUE(has(korean.texts("//h:section[@id='verdict']/h:p").at(0), "한국어 질문 12개에서"));
  EXPECT_TRUE(has(english.texts("//h:section[@id='verdict']/h:p").at(0), "On these 12 Korean"));
}

TEST(HtmlReport, KeepsHostileTextsTexts) {
  const Evaluation evaluation = made_evaluation({.hostile = std::string(kHostile)});
  const std::string html = html_report(evaluation);
  const Xml page = xml_of_html(html);
  ASSERT_TRUE(page.well_formed());
  EXPECT_EQ(page.count("//h:img"), 0u);
  EXPECT_EQ(page.count("//h:script"), 2u);
  EXPECT_EQ(page.count("//@*[starts-with(local-name(), 'on')]"), 0u);
  EXPECT_EQ(page.count("//@style"), 0u);
  EXPECT_TRUE(has(page.texts("//h:h1").at(0), "<img src=x onerror=alert(1)></script>"));
  EXPECT_FALSE(has(html, "\u202E"));
  EXPECT_FALSE(has(html, "\x1B"));
  EXPECT_FALSE(has(html, "<img"));
  EXPECT_EQ(count_of(html, "</script"), 2u);
}

TEST(HtmlReport, AllowsItsOwnStyleAndScriptAndNothingElse) {
  const std::string html = html_report(made_evaluation());
  EXPECT_TRUE(has(html, "default-src 'none'; style-src 'sha256-"));
  EXPECT_FALSE(has(html, "unsafe-inline"));
  EXPECT_FALSE(has(html, " style="));
  // Addresses in the page: its own parts, names of XML and the empty picture.
  EXPECT_EQ(count_of(html, "http"), count_of(html, "http-equiv") + 1);
  EXPECT_EQ(count_of(html, "href=\""), count_of(html, "href=\"#") + 1);
}

TEST(HtmlReport, ShowsIntervalsAndMarksWhatIsSignificant) {
  Evaluation evaluation;
  evaluation.contestants = {{.name = "2B"}, {.name = "9B"}};
  evaluation.metrics = {{.name = "facts", .label_en = "Facts"},
                        {.name = "mrr", .group = MetricGroup::kFinding, .label_en = "MRR"}};
  evaluation.summaries = {{"facts", {}, "2B", {0.5, 0.401, 0.6, 80}},
                          {"facts", {}, "9B", {0.56, 0.46, 0.66, 80}},
                          {"mrr", {}, "2B", {0.7, 0.6, 0.8, 80}}};
  evaluation.comparisons = {{.metric = "facts",
                             .first = "2B",
                             .second = "9B",
                             .difference = {0.06, 0.02, 0.1, 80},
                             .test = "permutation",
                             .p = 0.001,
                             .p_adjusted = 0.004}};
  const std::string html = html_report(evaluation);
  EXPECT_TRUE(has(html, "<b>50.0</b><br/><small>[40.1, 60.0]</small>"));
  EXPECT_TRUE(
      has(html,
          "<b>+6.0</b><br/><span class=\"sig better\" title=\"p = 0.004 (permutation, after "
          "Holm)\">▲ better **</span> <small>[2.0, 10.0]</small>"));

  evaluation.comparisons[0].p_adjusted = 0.2;
  EXPECT_TRUE(has(html_report(evaluation), "not significant</span>"));
  evaluation.comparisons[0].p_adjusted = 0.004;
  evaluation.metrics[0].higher_is_better = false;
  EXPECT_TRUE(has(html_report(evaluation), "▼ worse **</span>"));
}

// Two answers to one question.
Evaluation of_answers(const std::string& first, const std::string& second) {
  Evaluation evaluation;
  evaluation.contestants = {{.name = "2B"}, {.name = "9B"}};
  QuestionOutcome outcome;
  outcome.question = {.id = "q1", .text = "How?", .facts = {{"45 W", "45 watts"}, {"38 min"}}};
  outcome.answers["2B"] = {.text = first, .plain_text = first};
  outcome.answers["9B"] = {.text = second, .plain_text = second};
  evaluation.outcomes = {outcome};
  return evaluation;
}

TEST(HtmlReport, MarksTheWordsThatTheOtherAnswerLacks) {
  const std::string html =
      html_report(of_answers("Charge at 45 W now.", "Charge slowly at 15 W now."));
  EXPECT_TRUE(has(html, "Charge at <mark>45</mark> W now."));
  EXPECT_TRUE(has(html, "Charge <mark>slowly</mark> at <mark>15</mark> W now."));
}

TEST(HtmlReport, MarksNothingWhereAnswersShareNearlyNothing) {
  const Evaluation evaluation = of_answers("One two three.", "Vier fünf.");
  EXPECT_EQ(xml_of_html(html_report(evaluation)).count("//h:mark"), 0u);
}

TEST(HtmlReport, ComparesNoWordsWithARefusal) {
  Evaluation evaluation = of_answers("Charge at 45 W now.", "Charge slowly at 15 W now.");
  evaluation.outcomes[0].answers["9B"].refused = true;
  EXPECT_EQ(xml_of_html(html_report(evaluation)).count("//h:mark"), 0u);
}

TEST(HtmlReport, ShowsWhichFactsAnAnswerHoldsInAnySpelling) {
  const Xml page = xml_of_html(html_report(of_answers("It takes 45WATTS.", "In 38 min.")));
  const auto held = page.texts("//h:li[@class='held']"),
             missed = page.texts("//h:li[@class='missed']");
  EXPECT_EQ(held, (std::vector<std::string>{"✓ held: 45 W", "✓ held: 38 min"}));
  EXPECT_EQ(missed, (std::vector<std::string>{"✗ missing: 38 min", "✗ missing: 45 W"}));
}

TEST(HtmlReport, LinksCitationsToTheirPassageWhichStandsThereOnce) {
  Evaluation evaluation = of_answers("It takes 45 W. [1] So [3].", "45 W. [1]");
  const RecordedPassage passage{.number = 1,
                                .document = "Phone",
                                .heading_path = {"Charging", "Chargers"},
                                .first_page = 22,
                                .last_page = 23,
                                .text = "😀 Fast: 45 W."};
  for (auto& [name, answer] : evaluation.outcomes[0].answers) {
    answer.passages = {passage};
    answer.citations = {{1, {0, 14}, "Phone", passage.heading_path, 22, "45 W."}};
  }
  const std::string html = html_report(evaluation);
  const Xml page = xml_of_html(html);
  EXPECT_EQ(page.count("//h:details[@class='passage']"), 1u);
  // Offsets count UTF-16 units: the emoji is two of them.
  EXPECT_TRUE(has(html, "<a class=\"cite\" href=\"#p0\" data-at=\"9-14\">[1]</a>"));
  // There is no passage 3.
  EXPECT_EQ(page.count("//h:a[starts-with(., '[3]')]"), 0u);
  EXPECT_EQ(page.texts("//h:details[@id='p0']/h:summary"),
            std::vector<std::string>{"Phone › Charging › Chargers, pp. 22–23"});
}

TEST(HtmlReport, LeavesOutTheTextOfUncitedPassagesWhenTheyAreTooMany) {
  Evaluation evaluation = of_answers("Cited. [1]", "");
  evaluation.outcomes[0].answers["2B"].passages = {{.number = 1, .text = "the cited one"},
                                                   {.number = 2, .text = "the other one"}};
  EXPECT_TRUE(has(html_report(evaluation), "the other one"));
  const std::string small = html_report(evaluation, {.max_passage_bytes = 10});
  EXPECT_TRUE(has(small, "the cited one"));
  EXPECT_FALSE(has(small, "the other one"));
}

TEST(HtmlReport, PutsTheLargestDisagreementFirst) {
  Evaluation evaluation = of_answers("a", "b");
  evaluation.metrics = {{.name = "facts"}};
  evaluation.outcomes.resize(3, evaluation.outcomes[0]);
  const double seconds[] = {0.5, 0.1, 0.9};
  for (std::size_t i = 0; i < 3; ++i) {
    evaluation.outcomes[i].question.id = "q" + std::to_string(i);
    evaluation.outcomes[i].values = {{"2B", {{"facts", 0.5}}}, {"9B", {{"facts", seconds[i]}}}};
  }
  const Xml page = xml_of_html(html_report(evaluation));
  // Equal disagreements keep the set's order.
  EXPECT_EQ(page.texts("//h:article[@data-i]/@data-i"), (std::vector<std::string>{"1", "2", "0"}));
}

TEST(HtmlReport, GivesTheScriptEveryValueByQuestion) {
  const std::string html = html_report(made_evaluation({.hostile = "</script>"}));
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = html.find(open) + open.size();
  const nlohmann::json data =
      nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
  EXPECT_EQ(data["questions"].size(), 24u);
  EXPECT_EQ(data["up"], nlohmann::json::parse("[true,true,true,true,true,true,false]"));
  EXPECT_EQ(data["questions"][7]["failed"], nlohmann::json::parse("[1]"));
  EXPECT_TRUE(data["questions"][7]["values"][1][0].is_null());
  EXPECT_EQ(data["questions"][0]["type"], "how-to</script>");
}

TEST(HtmlReport, HoldsForNothingAndForOneModel) {
  EXPECT_TRUE(xml_of_html(html_report({})).well_formed());
  Evaluation evaluation = of_answers("a [1]", "b");
  evaluation.contestants.resize(1);
  const Xml page = xml_of_html(html_report(evaluation));
  EXPECT_EQ(page.count("//h:section[contains(@class, 'answer')]"), 1u);
}

TEST(HtmlReport, Of300QuestionsAndThreeModelsIsUnder3Megabytes) {
  EXPECT_LT(html_report(made_evaluation({.questions = 300})).size(), 3u << 20);
}

}  // namespace
}  // namespace saseo::eval
