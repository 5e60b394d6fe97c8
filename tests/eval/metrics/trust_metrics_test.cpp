#include "eval/metrics/trust_metrics.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "eval/metrics/finding_metrics.h"
#include "eval/metrics/gold.h"
#include "eval/run/resources.h"
#include "tests/generation/made_library.h"
#include "tests/temporary_folder.h"

namespace saseo::eval {
namespace {

Question about_charging() {
  Question question;
  question.id = "q";
  question.text = "무선 충전은 어떻게 하나요?";
  question.language = Language::kKorean;
  question.gold = {{"", {"충전", "무선 충전"}, {22}}, {"", {"안전"}, {5}}};
  return question;
}

RecordedCitation cited(std::vector<std::string> path, int page) {
  RecordedCitation citation;
  citation.heading_path = std::move(path);
  citation.page = page;
  return citation;
}

TEST(GoldSection, HoldsWhatStandsUnderItsHeadings) {
  const Question question = about_charging();
  const std::vector<std::string> below = {"충전", "무선 충전", "주의"},
                                 spaced = {"충전", "무선충전"}, above = {"충전"},
                                 other = {"충전", "유선 충전"};
  EXPECT_EQ(gold_section_of({"", "", "", below, 0, 0}, question), 0U);
  EXPECT_EQ(gold_section_of({"", "", "", spaced, 0, 0}, question), 0U);
  EXPECT_FALSE(gold_section_of({"", "", "", above, 22, 22}, question).has_value());
  EXPECT_FALSE(gold_section_of({"", "", "", other, 22, 22}, question).has_value());
}

TEST(GoldSection, MayBeNamedByItsLastHeadingAlone) {
  Question question = about_charging();
  question.gold = {{"", {"무선 충전"}, {}}};
  const std::vector<std::string> path = {"충전", "무선 충전"};
  EXPECT_EQ(gold_section_of({"", "", "", path, 0, 0}, question), 0U);
}

TEST(GoldSection, IsMetByPageWhereHeadingsAreMissing) {
  const Question question = about_charging();
  EXPECT_EQ(gold_section_of({"", "", "", {}, 4, 6}, question), 1U);
  EXPECT_EQ(gold_section_of({"", "", "", {}, 22, 22}, question), 0U);
  EXPECT_FALSE(gold_section_of({"", "", "", {}, 6, 7}, question).has_value());
}

TEST(GoldSection, OfANamedDocumentIsInNoOther) {
  Question question = about_charging();
  question.gold = {{"x1-en.pdf", {"충전"}, {}}};
  const std::vector<std::string> path = {"충전"};
  EXPECT_TRUE(gold_section_of({"제목", "x1-en.pdf", "", path, 0, 0}, question).has_value());
  EXPECT_FALSE(gold_section_of({"제목", "x1.pdf", "", path, 0, 0}, question).has_value());
  question.gold[0].document = "X1 EN";
  EXPECT_TRUE(gold_section_of({"x1 en", "a.pdf", "", path, 0, 0}, question).has_value());
}

TEST(MissingGold, NamesWhatTheLibraryLacks) {
  const MadeLibrary made(std::vector<MadeLibrary::Manual>{{"k3.md", kPhoneManual}});
  ASSERT_TRUE(made.made());
  const Library library = Library::open(made.folder()).value();
  Question question = about_charging();
  question.gold = {{"", {"충전", "무선 충전하기"}, {}}, {"", {"없는 장"}, {}}};
  EXPECT_EQ(missing_gold(std::vector{question}, library).value(),
            std::vector<std::string>{"q: 없는 장"});
}

TEST(TrustMetrics, CountCitationsAgainstGold) {
  RecordedAnswer answer;
  answer.plain_text = "충전기에 올리세요.";
  answer.citations = {cited({"충전", "무선 충전"}, 22), cited({"화면"}, 30)};
  const auto values = trust_metrics(about_charging(), answer);
  EXPECT_EQ(values.at("citation-precision"), 0.5);
  EXPECT_EQ(values.at("citation-recall"), 1);
  EXPECT_EQ(values.at("wrongly-refused"), 0);
  EXPECT_EQ(values.at("answer-language"), 1);
  EXPECT_EQ(values.at("supported"), 1);
  EXPECT_FALSE(values.contains("refusal-recall"));
}

TEST(TrustMetrics, AnAnswerInAnotherLanguageIsSeen) {
  RecordedAnswer answer;
  answer.plain_text = "Put it on the charger.";
  EXPECT_EQ(trust_metrics(about_charging(), answer).at("answer-language"), 0);
}

TEST(TrustMetrics, SentencesThatClaimNothingCountForNothing) {
  RecordedAnswer answer;
  answer.plain_text = "네. 켜세요. 끄세요.";
  answer.sentences = {
      {{}, "nothing-said", {}, false}, {{}, "cited", {1}, false}, {{}, "unsupported", {}, true}};
  EXPECT_EQ(trust_metrics(about_charging(), answer).at("supported"), 0.5);
}

TEST(TrustMetrics, RefusalsAreRightOrWrong) {
  RecordedAnswer refusal;
  refusal.refused = true;
  Question silent;
  silent.unanswerable = true;
  auto values = trust_metrics(silent, refusal);
  EXPECT_EQ(values.at("refusal-recall"), 1);
  EXPECT_EQ(values.at("refusal-precision"), 1);
  values = trust_metrics(about_charging(), refusal);
  EXPECT_EQ(values.at("refusal-precision"), 0);
  EXPECT_EQ(values.at("wrongly-refused"), 1);
  EXPECT_EQ(values.at("citation-recall"), 0);
  EXPECT_FALSE(values.contains("citation-precision"));
  RecordedAnswer answer;
  answer.plain_text = "답";
  EXPECT_EQ(trust_metrics(silent, answer).at("refusal-recall"), 0);
}

TEST(TrustMetrics, AFailureHasNone) {
  RecordedAnswer failed;
  failed.error = untranslated("no memory");
  EXPECT_TRUE(trust_metrics(about_charging(), failed).empty());
  EXPECT_TRUE(finding_metrics(about_charging(), failed).empty());
}

TEST(CostMetrics, RatesLeaveOutWhatWasComputedBefore) {
  Cost cost;
  cost.prompt_tokens = 1000;
  cost.reused_prompt_tokens = 400;
  cost.prefill_seconds = 3;
  cost.completion_tokens = 101;
  cost.decode_seconds = 10;
  const auto values = cost_metrics(cost);
  EXPECT_DOUBLE_EQ(values.at("prefill-rate"), 200);
  EXPECT_DOUBLE_EQ(values.at("decode-rate"), 10);
  EXPECT_FALSE(values.contains("joules"));
  EXPECT_FALSE(values.contains("total-seconds"));
}

RecordedHit hit(std::vector<std::string> path) { return {"m", "m.pdf", std::move(path), 0, 0}; }

TEST(FindingMetrics, RankSectionsOnceEach) {
  RecordedAnswer answer;
  answer.hits = {hit({"화면"}), hit({"화면"}), hit({"충전", "무선 충전"}),
                 hit({"충전", "무선 충전"})};
  answer.passages = {{1, "m", "m.pdf", "", {"화면"}, 0, 0, "", 0},
                     {2, "m", "m.pdf", "", {"안전"}, 0, 0, "", 0}};
  const auto values = finding_metrics(about_charging(), answer);
  EXPECT_EQ(values.at("hit@1"), 0);
  EXPECT_EQ(values.at("hit@3"), 1);
  EXPECT_EQ(values.at("mrr@10"), 0.5) << "two chunks of a section are one place";
  EXPECT_EQ(values.at("recall@10"), 0.5);
  EXPECT_EQ(values.at("context-precision"), 0.5);
  EXPECT_EQ(values.at("context-recall"), 0.5);
}

TEST(FindingMetrics, HeedTheGradesOfDocuments) {
  Question question;
  question.relevant_documents = {{"d1", 1}, {"d2", 2}, {"d3", 0}};
  RecordedAnswer answer;
  for (const char* file : {"d3.md", "d1.md", "d1.md", "d2.md"})
    answer.hits.push_back({"", file, {}, 0, 0});
  const auto values = finding_metrics(question, answer);
  EXPECT_EQ(values.at("hit@1"), 0);
  EXPECT_EQ(values.at("mrr@10"), 0.5);
  EXPECT_EQ(values.at("recall@10"), 1);
  // (1 / log2 3 + 2 / log2 4) / (2 / log2 2 + 1 / log2 3)
  EXPECT_NEAR(values.at("ndcg@10"), 0.6199, 1e-4);
}

TEST(EnergyMeter, AddsThePackagesAndHeedsTheirRange) {
  const TemporaryFolder folder;
  const auto set = [&](const std::string& package, const char* file, long value) {
    std::filesystem::create_directories(folder / package);
    std::ofstream(folder / package / file) << value << "\n";
  };
  for (const char* package : {"intel-rapl:0", "intel-rapl:1", "intel-rapl:0:0"}) {
    set(package, "energy_uj", 900'000);
    set(package, "max_energy_range_uj", 1'000'000);
  }
  EnergyMeter meter(folder.path());
  ASSERT_TRUE(meter.available());
  set("intel-rapl:0", "energy_uj", 950'000);
  set("intel-rapl:1", "energy_uj", 100'000);  // Wrapped around.
  set("intel-rapl:0:0", "energy_uj", 999'000);
  EXPECT_NEAR(meter.joules().value(), 0.05 + 0.2, 1e-9);
  EXPECT_NEAR(meter.joules().value(), 0, 1e-9);
  EXPECT_FALSE(EnergyMeter(folder / "none").joules().has_value());
}

TEST(TrustMetrics, TellAnAnswerThatMixesProducts) {
  const Question question = about_charging();
  RecordedAnswer answer;
  answer.passages.resize(2);
  answer.passages[0].number = 1;
  answer.passages[0].product = "다온폰 X1";
  answer.passages[1].number = 2;
  answer.passages[1].product = "다온봇 R1";
  answer.citations = {cited({"충전"}, 22), cited({"충전"}, 7)};
  answer.citations[0].number = 1;
  answer.citations[1].number = 2;
  EXPECT_EQ(trust_metrics(question, answer).at("mixed-products"), 1);
  answer.side_by_side = true;
  EXPECT_EQ(trust_metrics(question, answer).at("mixed-products"), 0);
  answer.side_by_side = false;
  answer.passages[1].product = "다온폰 X1";
  EXPECT_EQ(trust_metrics(question, answer).at("mixed-products"), 0);
}

}  // namespace
}  // namespace saseo::eval
