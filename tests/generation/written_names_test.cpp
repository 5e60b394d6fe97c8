#include "generation/written_names.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace saseo {
namespace {

using Names = std::vector<std::string>;

TEST(WrittenNames, AreWhatASentenceQuotes) {
  EXPECT_EQ(find_written_names("'확인'을 누르고 “다음”을 누르세요."), (Names{"확인", "다음"}));
  EXPECT_EQ(find_written_names("[전원] 버튼과 「설정」 메뉴"), (Names{"전원", "설정"}));
  EXPECT_EQ(find_written_names("It doesn't move; press 'Start'."), (Names{"Start"}));
}

TEST(WrittenNames, AreThePartsOfAPath) {
  EXPECT_EQ(find_written_names("먼저 설정 → 배터리 관리 → 절전을 누르세요."),
            (Names{"설정", "배터리 관리", "절전을"}));
  EXPECT_EQ(find_written_names("설정 > 연결"), (Names{"설정", "연결"}));
}

TEST(WrittenNames, AreLatinWordsAndCodesInKorean) {
  EXPECT_EQ(find_written_names("NFC를 켜고 E-21이 나오면 Wi-Fi를 끄세요."),
            (Names{"NFC", "E-21", "Wi-Fi"}));
}

TEST(WrittenNames, AreNotQuantities) {
  EXPECT_EQ(find_written_names("25 W나 45W로, 3.5mm 단자에 꽂으세요."), Names{});
}

TEST(WrittenNames, InEnglishHaveACapitalInsideTheSentence) {
  EXPECT_EQ(find_written_names("Press the Power button, then open Quick settings."),
            (Names{"Power", "Quick"}));
  EXPECT_EQ(find_written_names("1. Hold the button until it shows E-21."), (Names{"E-21"}));
}

TEST(WrittenNames, AreHeldWhateverTheSpacesAndTheParticle) {
  const std::string text =
      fold_letters_and_digits("Wi-Fi 설정에서 [고급 설정]을 여세요. 절전 모드");
  for (const char* name : {"WiFi", "wi-fi", "고급설정", "절전을", "절전 모드"})
    EXPECT_TRUE(holds_name(text, name)) << name;
  for (const char* name : {"NFC", "블루투스", "절약 모드"})
    EXPECT_FALSE(holds_name(text, name)) << name;
}

}  // namespace
}  // namespace saseo
