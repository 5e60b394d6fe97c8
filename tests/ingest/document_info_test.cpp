#include <gtest/gtest.h>

#include "ingest/reader.h"
#include "ingest/text_readers.h"

namespace saseo {
namespace {

DocumentInfo info_of(std::string_view markdown, const char* path = "file.md") {
  Document document = read_markdown(markdown);
  infer_document_info(document, path);
  return document.info;
}

TEST(DocumentInfo, TakesTheProductFromTheTitleWithoutTheManualWords) {
  const std::pair<const char*, const char*> cases[] = {
      {"다온폰 X1 사용 설명서", "다온폰 X1"},
      {"다온봇 R1 사용자 매뉴얼", "다온봇 R1"},
      {"다온폰 X1 빠른 시작 안내서", "다온폰 X1"},
      {"Galaxy Tab S9 User Manual", "Galaxy Tab S9"},
      {"Daon Phone X1 – Quick Start Guide", "Daon Phone X1"},
      {"Daon X1 Owner’s Manual", "Daon X1"},
      {"다온폰 X1 사용설명서 제2판", "다온폰 X1"}};
  for (const auto& [title, product] : cases) {
    EXPECT_EQ(info_of(std::string("# ") + title + "\n\n글\n").product, product) << title;
  }
}

TEST(DocumentInfo, GuessesNoProductWhereTheTitleNamesNone) {
  for (const char* title :
       {"사용 설명서", "충전하기", "제품 사용 설명서", "이 제품의 사용 설명서", "User Manual",
        "탄력키 켜기", "Guide to everything you ever wanted to know about phones"}) {
    EXPECT_EQ(info_of(std::string("# ") + title + "\n\n글\n").product, "") << title;
  }
}

TEST(DocumentInfo, FindsTheModelNumberOnTheCover) {
  EXPECT_EQ(info_of("# 폰\n\n모델명: DP-X100\n").model_number, "DP-X100");
  EXPECT_EQ(info_of("# 폰\n\nModel No. SM-G991N\n").model_number, "SM-G991N");
  EXPECT_EQ(info_of("# 폰\n\nDR-R100\n").model_number, "DR-R100");
  EXPECT_EQ(info_of("# 다온폰 X1 사용 설명서\n\n다온폰 X1 DP-X100\n").model_number, "DP-X100");
  EXPECT_EQ(info_of("# 폰(모델명 DP-X100)\n").model_number, "DP-X100");
}

TEST(DocumentInfo, TakesNoPhoneNumberDateOrSentenceForAModelNumber) {
  for (const char* line :
       {"고객 센터 1588-1234", "02-123-4567", "2024-05-01", "2024.05", "모델에 따라 다릅니다",
        "model year 2024", "USB-C 단자를 씁니다", "- DP-X100 케이블"}) {
    EXPECT_EQ(info_of(std::string("# 폰\n\n") + line + "\n").model_number, "") << line;
  }
}

TEST(DocumentInfo, LooksForNothingBehindTheCover) {
  const DocumentInfo info = info_of("# 폰\n\n글\n\n## 규격\n\n모델명: DP-X100\n\n제2판\n");
  EXPECT_EQ(info.model_number, "");
  EXPECT_EQ(info.edition, "");
}

TEST(DocumentInfo, FindsTheEdition) {
  const std::pair<const char*, const char*> cases[] = {
      {"제4판", "제4판"},
      {"2024년 5월 제 2 판", "제 2 판"},
      {"개정 2판", "개정 2판"},
      {"Rev. 2.1", "Rev. 2.1"},
      {"4th edition", "4th edition"},
      {"Version 1.2, May 2024", "Version 1.2"},
      {"앱 버전 3.9.150 이상을 쓰는 기기에서만 이 기능을 사용할 수 있습니다.", ""}};
  for (const auto& [line, edition] : cases) {
    EXPECT_EQ(info_of(std::string("# 폰\n\n") + line + "\n").edition, edition) << line;
  }
}

TEST(DocumentInfo, PrefersFrontMatterAndDropsJunkTitles) {
  const DocumentInfo info = info_of(
      "---\ntitle: Microsoft Word - manual.doc\nproduct: 다온폰\nmodel: X\n---\n# 진짜 제목\n");
  EXPECT_EQ(info.title, "진짜 제목");
  EXPECT_EQ(info.product, "다온폰");
  EXPECT_EQ(info.model_number, "X");
  for (const char* junk : {"untitled", "제목 없음", "20240501_v2", "manual.indd"}) {
    EXPECT_EQ(info_of(std::string("---\ntitle: ") + junk + "\n---\n# 제목\n").title, "제목")
        << junk;
  }
}

TEST(DocumentInfo, FallsBackToTheFileNameComposed) {
  EXPECT_EQ(info_of("글\n", "/tmp/\u1112\u1161\u11AB.md").title, "한");
}

TEST(DocumentInfo, TellsTheLanguageByItsScript) {
  const auto language = [](std::string_view text) { return info_of(text).language; };
  EXPECT_EQ(language("배터리를 충전하려면 케이블을 단자에 꽂으세요.\n"), Language::kKorean);
  EXPECT_EQ(language("Wi-Fi와 Bluetooth를 켜려면 Settings에서 Network를 고르세요.\n"),
            Language::kKorean);
  EXPECT_EQ(language("Plug the cable into the port to charge the battery.\n"), Language::kEnglish);
  EXPECT_EQ(language("バッテリーを充電するにはケーブルを差し込んでください。\n"), Language::kOther);
  EXPECT_EQ(language("给电池充电时，请将充电线插入充电口，然后等待指示灯变绿。\n"),
            Language::kOther);
  EXPECT_EQ(language("1 2 3\n"), Language::kUnknown);
}

}  // namespace
}  // namespace saseo
