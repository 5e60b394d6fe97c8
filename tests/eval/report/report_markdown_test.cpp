#include "eval/report/report_markdown.h"

#include <gtest/gtest.h>

#include "tests/eval/made_evaluation.h"

namespace saseo::eval {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(MarkdownReport, HasVerdictsTablesAndTheWorstDisagreements) {
  const std::string text = markdown_report(made_evaluation(), {.max_questions = 2});
  EXPECT_TRUE(text.starts_with("# Evaluation of phone.jsonl\n\n**Korean**: On these 12 Korean"));
  EXPECT_TRUE(has(text, "| Metric | extractive | gemma-2-2b-it | gemma-2-9b-it |"));
  EXPECT_TRUE(has(text, "| Required facts, % ↑ | "));
  EXPECT_TRUE(has(text, "| All questions | "));
  EXPECT_TRUE(has(text, "## Worst disagreements\n\n### phone-"));
  EXPECT_TRUE(has(text, "- chrf: nrefs:1\\|case:mixed"));
  std::size_t questions = 0;
  for (std::size_t at = text.find("\n### "); at != std::string::npos;
       at = text.find("\n### ", at + 1)) {
    ++questions;
  }
  EXPECT_EQ(questions, 2u);
}

TEST(MarkdownReport, SpeaksKorean) {
  const std::string text = markdown_report(made_evaluation(), {.language = Language::kKorean});
  EXPECT_TRUE(text.starts_with("# phone.jsonl 평가\n\n**한국어**: 한국어 질문 12개에서"));
}

TEST(MarkdownReport, MarksWhatIsSignificant) {
  Evaluation evaluation;
  evaluation.contestants = {{.name = "2B"}, {.name = "9B"}};
  evaluation.metrics = {{.name = "facts", .label_en = "Facts"}};
  evaluation.summaries = {{"facts", {}, "2B", {0.5, 0.4, 0.6, 80}},
                          {"facts", {}, "9B", {0.56, 0.46, 0.66, 80}}};
  evaluation.comparisons = {{.metric = "facts",
                             .first = "2B",
                             .second = "9B",
                             .difference = {0.06, 0.02, 0.1, 80},
                             .p_adjusted = 0.004}};
  EXPECT_TRUE(has(markdown_report(evaluation),
                  "| Facts, % ↑ | 50.0 [40.0, 60.0] | 56.0 [46.0, 66.0] | +6.0 [2.0, 10.0] ▲ |\n"));
}

TEST(MarkdownReport, GivesHostileTextsNoMeaning) {
  const std::string text =
      markdown_report(made_evaluation({.hostile = " <img src=x> | [a](b) `c`\n# d\u202E"}));
  EXPECT_FALSE(has(text, " <img"));
  EXPECT_TRUE(has(text, "\\<img src=x\\> \\| \\[a\\](b) \\`c\\`"));
  EXPECT_FALSE(has(text, "\n# d"));
  EXPECT_FALSE(has(text, "\u202E"));
}

TEST(MarkdownReport, HoldsForNothing) { EXPECT_TRUE(has(markdown_report({}), "# Evaluation of")); }

}  // namespace
}  // namespace saseo::eval
