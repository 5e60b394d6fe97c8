#include "eval/report/report_junit.h"

#include <gtest/gtest.h>

#include "tests/eval/made_evaluation.h"
#include "tests/eval/xml.h"

namespace saseo::eval {
namespace {

TEST(JunitReport, HasACaseForEachGateAndEachFailedQuestion) {
  const Xml xml(junit_report(made_evaluation(),
                             {{"2B: facts=0.5", true, {"facts is 0.6", "facts 0.6"}},
                              {"2B: mrr=0.9", false, {"mrr is 0.7", "mrr 0.7"}}},
                             Language::kEnglish));
  ASSERT_TRUE(xml.well_formed());
  EXPECT_EQ(xml.texts("/testsuites/@tests"), std::vector<std::string>{"3"});
  EXPECT_EQ(xml.texts("/testsuites/@failures"), std::vector<std::string>{"1"});
  EXPECT_EQ(xml.texts("/testsuites/@errors"), std::vector<std::string>{"1"});
  EXPECT_EQ(xml.texts("//testcase/@name"),
            (std::vector<std::string>{"2B: facts=0.5", "2B: mrr=0.9", "phone-008"}));
  EXPECT_EQ(xml.texts("//failure/@message"), std::vector<std::string>{"mrr is 0.7"});
  EXPECT_EQ(xml.texts("//error/../@classname"), std::vector<std::string>{"question.gemma-2-2b-it"});
}

TEST(JunitReport, StaysWellFormedWithHostileTexts) {
  const std::string hostile = "]]>\x01\xFF\uFFFE\"'<error/>&x;";
  const Xml xml(junit_report(made_evaluation({.hostile = hostile}),
                             {{"gate" + hostile, false, untranslated(hostile)}},
                             Language::kEnglish));
  ASSERT_TRUE(xml.well_formed());
  EXPECT_EQ(xml.count("//error"), 1u);
  EXPECT_EQ(xml.texts("//failure/@message").at(0), "]]>\uFFFD\uFFFD\uFFFD\"'<error/>&x;");
}

TEST(JunitReport, OfNothingIsAnEmptySuite) {
  const Xml xml(junit_report({}, {}, Language::kEnglish));
  EXPECT_EQ(xml.texts("/testsuites/@tests"), std::vector<std::string>{"0"});
}

}  // namespace
}  // namespace saseo::eval
