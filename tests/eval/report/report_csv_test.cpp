#include "eval/report/report_csv.h"

#include <gtest/gtest.h>

#include "tests/eval/made_evaluation.h"

namespace saseo::eval {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// RFC 4180, section 2; fails the test on anything else.
Rows rows_of(const std::string& csv) {
  Rows rows(1, {""});
  bool inside = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    std::string& cell = rows.back().back();
    if (inside) {
      if (csv[i] != '"') {
        cell += csv[i];
      } else if (i + 1 < csv.size() && csv[i + 1] == '"') {
        cell += csv[++i];
      } else {
        inside = false;
      }
    } else if (csv[i] == '"') {
      EXPECT_TRUE(cell.empty()) << "a quote within a cell";
      inside = true;
    } else if (csv[i] == ',') {
      rows.back().emplace_back();
    } else if (csv[i] == '\r') {
      EXPECT_EQ(csv.substr(i++, 2), "\r\n");
      rows.push_back({""});
    } else {
      EXPECT_NE(csv[i], '\n') << "a bare line end";
      cell += csv[i];
    }
  }
  EXPECT_FALSE(inside);
  rows.pop_back();
  return rows;
}

TEST(CsvReport, HasARowForEachQuestionAndContestantAndAColumnForEachMetric) {
  const Evaluation evaluation = made_evaluation({.questions = 10});
  const Rows rows = rows_of(csv_report(evaluation, Language::kEnglish));
  ASSERT_EQ(rows.size(), 1 + 10 * 3u);
  for (const auto& row : rows) ASSERT_EQ(row.size(), 9 + evaluation.metrics.size());
  EXPECT_EQ(rows[0][9], "facts");
  EXPECT_EQ(rows[1][0], "phone-001");
  EXPECT_EQ(rows[1][1], "extractive");
  EXPECT_EQ(rows[1][6], evaluation.outcomes[0].answers.at("extractive").text);
  EXPECT_EQ(std::stod(rows[2][10]),
            evaluation.outcomes[0].values.at("gemma-2-2b-it").at("rouge-l"));
  // The failed one has its error and no value.
  EXPECT_EQ(rows[1 + 7 * 3 + 1][8], "the model's process ended (out of memory)");
  EXPECT_EQ(rows[1 + 7 * 3 + 1][9], "");
}

TEST(CsvReport, QuotesWhatWouldEndACell) {
  Evaluation evaluation = made_evaluation({.questions = 1});
  const std::string text = "one, \"two\"\r\nthree\n";
  evaluation.outcomes[0].question.text = text;
  EXPECT_EQ(rows_of(csv_report(evaluation, Language::kEnglish))[1][5], text);
}

TEST(CsvReport, DefusesTextsThatASpreadsheetWouldRun) {
  Evaluation evaluation = made_evaluation({.questions = 1});
  evaluation.metrics = {{.name = "facts"}};
  evaluation.outcomes[0].values["extractive"]["facts"] = -0.5;
  for (const std::string text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1"}) {
    evaluation.outcomes[0].question.text = text;
    const Rows rows = rows_of(csv_report(evaluation, Language::kEnglish));
    EXPECT_EQ(rows[1][5], "'" + text);
    EXPECT_EQ(rows[1][9], "-0.5");
  }
}

}  // namespace
}  // namespace saseo::eval
