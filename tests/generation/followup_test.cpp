#include "generation/followup.h"

#include <gtest/gtest.h>

namespace saseo {
namespace {

struct Case {
  const char *before, *now, *rewritten;
};

// The rewritten question is what is searched for; a question that stands alone is not touched.
class FollowupTable : public testing::TestWithParam<Case> {};

TEST_P(FollowupTable, PutsTheSubjectBack) {
  Analyzer analyzer;
  const Followup followup = put_subject_back(GetParam().now, GetParam().before, analyzer);
  EXPECT_EQ(followup.question, GetParam().rewritten);
  EXPECT_EQ(followup.follows, std::string(GetParam().now) != GetParam().rewritten);
}

INSTANTIATE_TEST_SUITE_P(
    Korean, FollowupTable,
    testing::Values(
        // One of an opposed pair.
        Case{"무선 충전은 몇 W까지 돼?", "그럼 유선은?", "유선 충전은 몇 W까지 돼?"},
        Case{"앞면 카메라는 몇 화소야?", "뒷면은?", "뒷면 카메라는 몇 화소야?"},
        Case{"왼쪽 버튼은 무슨 기능이야?", "그럼 오른쪽은요?", "오른쪽 버튼은 무슨 기능이야?"},
        // A quantity of the same unit.
        Case{"25와트로 꽂으면 완충까지 얼마나 걸려요?", "그럼 45와트로 꽂으면?",
             "45와트로 꽂으면 완충까지 얼마나 걸려요?"},
        Case{"배터리가 80 %면 정상이야?", "70 %는?", "배터리가 70 %면 정상이야?"},
        // A code.
        Case{"로봇청소기가 E-21이래요. 어떻게 하죠?", "E-33은?",
             "로봇청소기가 E-33이래요. 어떻게 하죠?"},
        Case{"E-21이 무슨 뜻이야?", "그럼 E-22는?", "E-22이 무슨 뜻이야?"},
        // A condition.
        Case{"제일 작은 소리로 돌리면 얼마나 오래 돌아요?", "그럼 제일 세게 하면요?",
             "제일 세게 하면 얼마나 오래 돌아요?"},
        Case{"와이파이 설정만 지우면 지도도 날아가요?", "그럼 공장 초기화까지 하면요?",
             "공장 초기화까지 하면 지도도 날아가요?"},
        // A topic.
        Case{"망원 렌즈는 몇 센티까지 찍을 수 있어요?", "그럼 초광각은요?",
             "초광각은 몇 센티까지 찍을 수 있어요?"},
        Case{"필터는 얼마 만에 바꿔야 해요?", "그럼 걸레는?", "걸레는 얼마 만에 바꿔야 해요?"},
        Case{"배터리 보증은 언제까지야?", "케이블은?", "케이블은 언제까지야?"},
        // Nothing of its own.
        Case{"지문이 잘 안 읽혀요.", "그건 왜?", "지문이 잘 안 읽혀요 왜?"},
        Case{"화면을 캡처하는 방법", "다른 방법은?", "화면을 캡처하는 다른 방법은?"},
        // A pronoun.
        Case{"절전 모드가 뭐예요?", "그거 어떻게 꺼요?", "절전 모드가 어떻게 꺼요?"},
        // Asks on.
        Case{"전자파 수치 얼마나 나와요?", "몸에 지니고 있을 땐 얼만데?",
             "전자파 수치 몸에 지니고 있을 땐 얼만데?"}));

INSTANTIATE_TEST_SUITE_P(English, FollowupTable,
                         testing::Values(Case{"How fast is wireless charging?", "What about wired?",
                                              "How fast is wired charging?"},
                                         Case{"How do I clean the filter?", "What about the brush?",
                                              "How do I clean the brush?"},
                                         Case{"What does E-21 mean?", "And E-33?",
                                              "What does E-33 mean?"}));

INSTANTIATE_TEST_SUITE_P(
    StandsAlone, FollowupTable,
    testing::Values(Case{"", "그럼 유선은?", "그럼 유선은?"},
                    Case{"지문은 몇 개까지 돼요?", "무선 충전하는 방법을 알려 주세요.",
                         "무선 충전하는 방법을 알려 주세요."},
                    Case{"지문은 몇 개까지 돼요?", "배터리 용량이 얼마나 되나요?",
                         "배터리 용량이 얼마나 되나요?"},
                    Case{"무선 충전이 안 돼요", "이거 무게가 몇 그램이에요?",
                         "이거 무게가 몇 그램이에요?"},
                    Case{"How do I reset the phone?", "How many fingerprints can I register?",
                         "How many fingerprints can I register?"}));

TEST(Followup, OfAFollowupKeepsTheSubject) {
  Analyzer analyzer;
  const Followup first =
      put_subject_back("그럼 걸레는?", "필터는 얼마 만에 바꿔야 해요?", analyzer);
  const Followup second = put_subject_back("브러시는?", first.question, analyzer);
  EXPECT_EQ(second.question, "브러시는 얼마 만에 바꿔야 해요?");
}

TEST(Followup, SurvivesAnyText) {
  Analyzer analyzer;
  for (const char* text :
       {"?", "그럼", "그럼 그럼", "은?", "면?", "요", "…", "E-", "the", "what about"}) {
    for (const char* before : {"?", "은", "면 면", "the", "E-21"}) {
      EXPECT_FALSE(put_subject_back(text, before, analyzer).question.empty());
    }
  }
}

}  // namespace
}  // namespace saseo
