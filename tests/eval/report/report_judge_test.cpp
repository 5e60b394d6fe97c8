// The judge in every form of the report.
#include <gtest/gtest.h>

#include "eval/report/judge_lines.h"
#include "eval/report/report_html.h"
#include "eval/report/report_json.h"
#include "eval/report/report_markdown.h"
#include "tests/eval/made_evaluation.h"

namespace saseo::eval {
namespace {

Evaluation judged_evaluation() {
  Evaluation evaluation = made_evaluation({.questions = 4});
  JudgeSummary judge;
  judge.judge = "gemma<9b>";
  judge.pairs = 80;
  judge.judged = 71;
  judge.settled = 8;
  judge.failed = 1;
  judge.malformed = 3;
  judge.position_bias = {-0.031, -0.08, 0.02, 75};
  judge.agreement = {0.85, 0.76, 0.92, 75};
  evaluation.judge = judge;
  return evaluation;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(JudgeReport, TellsBiasAgreementAndWhatWasNotJudged) {
  const std::string text = markdown_report(judged_evaluation());
  EXPECT_TRUE(has(text, "\n## Judge\n")) << text;
  EXPECT_TRUE(has(text, "\u22123.1 points")) << text;
  EXPECT_TRUE(has(text, "- the judge failed: 1\n"));
  EXPECT_FALSE(has(text, "not judged:")) << "there are none";
  const std::string html = html_report(judged_evaluation());
  EXPECT_TRUE(has(html, "<section id=\"judge\">"));
  EXPECT_TRUE(has(html, "<a href=\"#judge\">"));
  EXPECT_TRUE(has(html, "gemma&lt;9b&gt;"));
  EXPECT_TRUE(has(html, "85.0 % [76.0, 92.0]"));
  EXPECT_FALSE(has(html_report(made_evaluation({.questions = 4})), "id=\"judge\""));
}

TEST(JudgeReport, JsonGivesTheJudgeBack) {
  const std::string text = json_report(judged_evaluation());
  const Result<Evaluation> read = parse_json_report(text, "run.json");
  ASSERT_TRUE(read.ok()) << read.error().message.english;
  ASSERT_TRUE(read->judge.has_value());
  EXPECT_EQ(read->judge->judged, 71U);
  EXPECT_EQ(read->judge->agreement.low, 0.76);
  EXPECT_EQ(json_report(*read), text);
  EXPECT_FALSE(parse_json_report(json_report(made_evaluation({.questions = 1})), "run.json")
                   ->judge.has_value());
}

TEST(JudgeLines, OfAJudgeThatJudgedNothingSayNoShares) {
  JudgeSummary judge;
  judge.judge = "j";
  judge.pairs = judge.settled = 2;
  EXPECT_EQ(judge_lines(judge, Words(Language::kKorean)).size(), 3U);
}

}  // namespace
}  // namespace saseo::eval
