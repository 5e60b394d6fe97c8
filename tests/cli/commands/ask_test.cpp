// saseo ask and search, as another program sees them.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/cli/saseo_process.h"

namespace saseo::cli {
namespace {

using nlohmann::json;

class AskTest : public ::testing::Test {
 protected:
  AskTest() {
    place_.write("m/kettle.md", kKettle);
    place_.write("m/lamp.md", kLamp);
    const Finished ingest = place_.run({"ingest", (place_.folder() / "m").string()});
    EXPECT_EQ(ingest.exit_code, 0) << ingest.err;
  }
  Finished ask_json(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"ask", "--json"});
    return place_.run(arguments);
  }
  Workplace place_;
};

TEST_F(AskTest, GivesOneObjectWithTheFieldsOfTheContract) {
  const Finished asked = ask_json({"물때 제거하는 방법"});
  ASSERT_EQ(asked.exit_code, 0) << asked.err;
  const json answer = asked.json();
  EXPECT_EQ(answer["version"], 1);
  EXPECT_EQ(answer["found"], true);
  EXPECT_EQ(answer["model"], "extractive");
  EXPECT_EQ(answer["language"], "ko");
  EXPECT_NE(answer["answer"].get<std::string>().find("구연산"), std::string::npos);
  EXPECT_GT(answer["confidence"].get<double>(), 0.5);
  for (const char* key : {"decision", "product", "candidates"})
    EXPECT_TRUE(answer["product"].contains(key)) << key;
  for (const char* key : {"search_ms", "context_ms", "first_text_ms", "total_ms"})
    EXPECT_TRUE(answer["timings"][key].is_number()) << key;
  ASSERT_FALSE(answer["citations"].empty());
  const json& citation = answer["citations"][0];
  EXPECT_TRUE(citation["number"].is_number_integer());
  EXPECT_TRUE(citation["document"]["id"].is_number_integer());
  EXPECT_EQ(citation["document"]["product"], "다온포트 K1");
  EXPECT_TRUE(citation["document"]["path"].get<std::string>().ends_with("/m/kettle.md"));
  EXPECT_TRUE(citation["page"].is_null());
  EXPECT_TRUE(citation["page_label"].is_null());
  EXPECT_EQ(citation["heading_path"], json({"물 끓이기", "물때 제거"}));
  EXPECT_TRUE(citation["boxes"].empty());
  EXPECT_NE(std::string(kKettle).find(citation["text"].get<std::string>()), std::string::npos);
  ASSERT_FALSE(answer["passages"].empty());
  for (const char* key :
       {"number", "document", "page", "page_label", "heading_path", "text", "tokens", "score"})
    EXPECT_TRUE(answer["passages"][0].contains(key)) << key;
}

TEST_F(AskTest, TheSpanOfACitationIsTheSentenceInTheAnswer) {
  const json answer = ask_json({"물때 제거하는 방법"}).json();
  const std::string text = answer["answer"];
  for (const json& citation : answer["citations"]) {
    const std::size_t begin = citation["answer_span"]["begin"],
                      end = citation["answer_span"]["end"];
    ASSERT_LE(end, text.size());
    EXPECT_EQ(text.substr(end, 2), " [");
    EXPECT_LT(begin, end);
  }
}

TEST_F(AskTest, PrintsTheAnswerThenItsSources) {
  const Finished asked = place_.run({"ask", "--lang", "ko", "물때", "제거하는", "방법"});
  EXPECT_EQ(asked.exit_code, 0);
  const std::size_t answer = asked.out.find("구연산"), sources = asked.out.find("출처");
  ASSERT_NE(answer, std::string::npos) << asked.out;
  ASSERT_NE(sources, std::string::npos) << asked.out;
  EXPECT_LT(answer, sources);
  EXPECT_NE(asked.out.find("다온포트 K1 사용 설명서", sources), std::string::npos) << asked.out;
  EXPECT_NE(asked.out.find("물 끓이기 > 물때 제거", sources), std::string::npos) << asked.out;
  EXPECT_EQ(asked.out.find('\x1b'), std::string::npos);  // No colours in a pipe.
}

TEST_F(AskTest, QuoteAndExplainShowPassagesAndReasons) {
  const Finished asked = place_.run({"ask", "물때 제거하는 방법", "--quote", "--explain"});
  EXPECT_EQ(asked.exit_code, 0);
  EXPECT_NE(asked.out.find("한 달에 한 번 하세요."), std::string::npos) << asked.out;
  EXPECT_NE(asked.out.find("confidence"), std::string::npos) << asked.out;
  EXPECT_NE(asked.out.find("coverage"), std::string::npos) << asked.out;
}

TEST_F(AskTest, SaysThatTheManualsAreSilent) {
  const Finished asked = ask_json({"양자 컴퓨터의 가격은 얼마인가요?"});
  EXPECT_EQ(asked.exit_code, 4);
  const json answer = asked.json();
  EXPECT_EQ(answer["found"], false);
  EXPECT_TRUE(answer["citations"].empty());
  EXPECT_FALSE(answer["answer"].get<std::string>().empty());
}

TEST_F(AskTest, AnswersForEachProductWhereTwoFit) {
  const Finished asked = ask_json({"보증 기간은 얼마나 되나요?"});
  EXPECT_EQ(asked.exit_code, 0);
  const json answer = asked.json();
  EXPECT_EQ(answer["found"], true);
  EXPECT_EQ(answer["product"]["decision"], "ambiguous");
  EXPECT_EQ(answer["product"]["candidates"].size(), 2u);

  const Finished told = ask_json({"보증 기간은 얼마나 되나요?", "--product", "dl 200"});
  EXPECT_EQ(told.exit_code, 0);
  EXPECT_NE(told.json()["answer"].get<std::string>().find("1년"), std::string::npos);
  EXPECT_EQ(told.json()["product"]["decision"], "filtered");
}

TEST_F(AskTest, AFilterThatFitsNothingIsAnErrorAndNoEmptyAnswer) {
  EXPECT_EQ(ask_json({"물때", "--product", "없는 제품"}).exit_code, 3);
  EXPECT_EQ(ask_json({"물때", "--document", "없는 문서"}).exit_code, 3);
  EXPECT_EQ(ask_json({"물때", "--pages", "x"}).exit_code, 2);
  EXPECT_EQ(ask_json({"물때", "--language", "fr"}).exit_code, 2);
  EXPECT_EQ(ask_json({"물때", "--document", "lamp.md"}).json()["found"], false);
}

TEST_F(AskTest, TellsBadQuestionsApart) {
  const auto code_of = [](const Finished& finished) -> std::string {
    return finished.json()["error"]["code"];
  };
  const Finished empty = ask_json({""}), blank = ask_json({" \t"}), none = ask_json({});
  const Finished invalid = ask_json({"\xFF\xFE"}), longest = ask_json({std::string(100'000, 'a')});
  for (const Finished* usage : {&empty, &blank, &none}) {
    EXPECT_EQ(usage->exit_code, 2);
    EXPECT_EQ(code_of(*usage), "invalid-argument");
  }
  EXPECT_EQ(invalid.exit_code, 3);
  EXPECT_EQ(longest.exit_code, 3);
  EXPECT_EQ(code_of(invalid), "bad-input");
  EXPECT_EQ(code_of(longest), "bad-input");
}

TEST_F(AskTest, AnUnknownModelIsNamed) {
  const Finished asked = ask_json({"물때", "--model", "gemma-2-2b-it"});
  EXPECT_EQ(asked.exit_code, 3);
  EXPECT_NE(asked.json()["error"]["message"].get<std::string>().find("gemma-2-2b-it"),
            std::string::npos);
}

TEST_F(AskTest, ABatchAnswersEveryLineInOrderAndGoesOnAfterABadOne) {
  const std::string lines =
      "{\"id\": 1, \"question\": \"물때 제거하는 방법\"}\n"
      "no json\n\n"
      "{\"id\": \"b\", \"question\": \"보증 기간은?\", \"product\": \"다온램프 L2\"}\n"
      "{\"id\": {\"k\": 1}, \"question\": \"\"}\n";
  const Finished asked = place_.run({"ask", "--batch", "-"}, lines);
  EXPECT_EQ(asked.exit_code, 3);
  const std::vector<json> answers = asked.json_lines();
  ASSERT_EQ(answers.size(), 4u) << asked.out;
  EXPECT_EQ(answers[0]["id"], 1);
  EXPECT_EQ(answers[0]["found"], true);
  EXPECT_TRUE(answers[1]["id"].is_null());
  EXPECT_EQ(answers[1]["error"]["code"], "bad-input");
  EXPECT_EQ(answers[2]["id"], "b");
  EXPECT_NE(answers[2]["answer"].get<std::string>().find("1년"), std::string::npos);
  EXPECT_EQ(answers[3]["id"]["k"], 1);
  EXPECT_EQ(answers[3]["error"]["code"], "invalid-argument");

  const std::filesystem::path file = place_.write("q.jsonl", lines.substr(0, lines.find('\n')));
  EXPECT_EQ(place_.run({"ask", "--batch", file.string()}).exit_code, 0);
  EXPECT_EQ(place_.run({"ask", "--batch", "/nowhere.jsonl"}).exit_code, 3);
}

TEST_F(AskTest, SearchGivesHitsInRankOrder) {
  const Finished searched = place_.run({"search", "전원 버튼", "--json"});
  ASSERT_EQ(searched.exit_code, 0) << searched.err;
  const json found = searched.json();
  ASSERT_GE(found["hits"].size(), 2u);
  double before = 1e9;
  int rank = 0;
  for (const json& hit : found["hits"]) {
    EXPECT_EQ(hit["rank"], ++rank);
    EXPECT_LE(hit["score"].get<double>(), before);
    before = hit["score"];
    for (const char* key :
         {"chunk", "document", "page", "page_label", "heading_path", "text", "boxes"})
      EXPECT_TRUE(hit.contains(key)) << key;
  }
  EXPECT_EQ(place_.run({"search", "전원 버튼", "--json", "-n", "1"}).json()["hits"].size(), 1u);
  EXPECT_EQ(place_.run({"search", "전원", "--mode", "lexical", "--json"}).exit_code, 0);
  EXPECT_EQ(place_.run({"search", "전원", "--mode", "magic"}).exit_code, 2);
}

TEST_F(AskTest, SearchFindsNothingWithItsOwnExitCode) {
  const Finished searched = place_.run({"search", "\"이런 말은 없다\"", "--json"});
  EXPECT_EQ(searched.exit_code, 4);
  EXPECT_TRUE(searched.json()["hits"].empty());
}

TEST_F(AskTest, ExplainShowsEachStage) {
  const Finished searched = place_.run({"search", "전원 버튼", "--explain"});
  for (const char* word : {"lexical #1", "dense", "fused #1", "coverage", "total"})
    EXPECT_NE(searched.out.find(word), std::string::npos) << word << "\n" << searched.out;
}

TEST_F(AskTest, AReaderThatLeavesIsNoErrorAndAFullDiskIs) {
  const Finished left = place_.run_shell("$SASEO search 전원 | true");
  EXPECT_EQ(left.exit_code, 0) << left.err;
  EXPECT_EQ(left.err, "");
  const Finished full = place_.run_shell("$SASEO search 전원 > /dev/full");
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_FALSE(full.err.empty());
}

TEST(AskPdf, CitesThePageWithBoxesAndDrawsIt) {
  Workplace place;
  ASSERT_EQ(place.run({"ingest", "--quiet", phone_pdf().string()}).exit_code, 0);
  const std::string picture = (place.folder() / "page.png").string();
  const Finished asked = place.run(
      {"ask", "--json", "무선 충전기에 올리는 방법", "--page-image", picture, "--dpi", "72"});
  ASSERT_EQ(asked.exit_code, 0) << asked.err;
  const json answer = asked.json();
  const json& citation = answer["citations"][0];
  EXPECT_GE(citation["page"].get<int>(), 1);
  EXPECT_FALSE(citation["page_label"].get<std::string>().empty());
  ASSERT_FALSE(citation["boxes"].empty());
  for (const json& box : citation["boxes"]) {
    for (const char* key : {"x", "y", "width", "height"}) EXPECT_GE(box[key].get<double>(), 0);
    EXPECT_GE(box["page"].get<int>(), 1);
  }
  EXPECT_EQ(answer["page_image"]["page"], citation["page"]);
  EXPECT_GE(answer["page_image"]["boxes"].get<int>(), 1);
  EXPECT_EQ(answer["page_image"]["file_changed"], false);
  std::ifstream png(picture, std::ios::binary);
  std::string magic(8, '\0');
  png.read(magic.data(), 8);
  EXPECT_EQ(magic, "\x89PNG\r\n\x1a\n");
}

TEST_F(AskTest, ThereIsNoPageToDrawInMarkdown) {
  const Finished asked = place_.run(
      {"ask", "물때 제거하는 방법", "--page-image", (place_.folder() / "p.png").string()});
  EXPECT_EQ(asked.exit_code, 3);
  EXPECT_NE(asked.out.find("구연산"), std::string::npos);
  EXPECT_FALSE(asked.err.empty());
}

}  // namespace
}  // namespace saseo::cli
