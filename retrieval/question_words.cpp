#include "retrieval/question_words.h"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_set>

#include "retrieval/english_words.h"

namespace saseo {
namespace {

constexpr auto kTopicParticles = std::to_array<std::string_view>(
    {"은", "는", "이", "가", "을", "를", "도", "만", "예요", "이에요", "인가요"});

bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Words and lemmas (hunspell) that say how one asks. Beside index/analyzer's stop words, which are
// forms; these are lemmas too, so that every ending is met.
constexpr std::string_view kKoreanAskingWords =
    "하다 되다 있다 없다 주다 싶다 보다 알다 알리다 어떻다 이다 아니다 그렇다 말다 이렇다 저렇다 "
    "가능하다 괜찮다 어떡하다 궁금하다 "
    "모르다 말하다 두다 버리다 놓다 같다 좋다 나오다 오다 가다 나다 생기다 그러다 어쩌다 필요하다 "
    "걱정하다 뭐 뭘 뭔 뭔데 뭐가 "
    "뭐부터 자꾸 너무 아예 그냥 더 다 잘 못 안 혹시 만약 계속 이게 이거 이건 이걸 그거 그건 그게 "
    "저거 근데 그런데 정도 경우 "
    "때 땐 때문 것 걸 건 게 거 좀 요 왜 왜케 어디 언제 누가 누구 무슨 무엇 어느 어떤 얼마 얼마나 "
    "얼만데 몇 방법 부터 나 내 "
    "내가 제 제가 저 우리 줄 수 네 예 아니 아니요 가지 되나 되나요 돼 돼요 되죠 해야 해야돼 "
    "어떡하죠 어떡해 뭐예요 뭐야 뭔가요 "
    "건가요 거예요 인가요 있나요 있어요 하나요 하려면 하려고 하고 해도 싶어요 싶은데 알려줘 지금 "
    "바로 도 만 그럼 그러면 그리고 "
    "그때 아까 나요 걱정되다 걱정 봐 봐도 설명서 제품 매뉴얼 새 번 번에 한 두 세 같이 제일 가장 "
    "모두 다시 "
    "먼저 나중 "
    "나중에 이제 아직 이미 아무 아무것 아무것도 아무도 조금 많이 별로 진짜 정말 완전 완전히 "
    "어디엔가 얼마만에 싹 쭉 막 꼭 "
    "대체 도대체 미리 갑자기 가끔 항상 스스로 일단 혹은 또는 만에 걸로 그대로 한참 오래 "
    "잠깐 말 쪽 쪽은 데 지 채 "
    "며칠 기능 사이 동안 대신 앞 뒤 옆 밖 윙 삐 "
    "꽉 잔뜩 통째 몰래 얼마쯤 잘못되다 문제없다 도중 챙기다 "
    "대로 뿐 듯 김 만큼 누르면 관련 대해 대한 위해 통해 따라";

const std::unordered_set<std::string_view>& asking_words() {
  static const std::unordered_set<std::string_view> words = [] {
    std::unordered_set<std::string_view> set;
    for (std::size_t begin = 0; begin < kKoreanAskingWords.size();) {
      const std::size_t end =
          std::min(kKoreanAskingWords.find(' ', begin), kKoreanAskingWords.size());
      set.insert(kKoreanAskingWords.substr(begin, end - begin));
      begin = end + 1;
    }
    return set;
  }();
  return words;
}

constexpr std::array kHowToWords = {
    std::string_view{"어떻게"},        std::string_view{"방법"},
    std::string_view{"려면"},          std::string_view{"어디서"},
    std::string_view{"어디로"},        std::string_view{"하는 법"},
    std::string_view{"는 법"},         std::string_view{"뭐부터"},
    std::string_view{"뭘 해야"},       std::string_view{"뭘 눌러"},
    std::string_view{"싶어요"},        std::string_view{"싶은데"},
    std::string_view{"싶습니다"},      std::string_view{"순서"},
    std::string_view{"절차"},          std::string_view{"하는법"},
    std::string_view{"how do"},        std::string_view{"how to"},
    std::string_view{"how can"},       std::string_view{"how should"},
    std::string_view{"steps"},         std::string_view{"where do"},
    std::string_view{"where can"},     std::string_view{"set up"},
    std::string_view{"알려줘"},        std::string_view{"알려 줘"},
    std::string_view{"how would"},     std::string_view{"how could"},
    std::string_view{"what should i"}, std::string_view{"what do i do"},
    std::string_view{"want to"},       std::string_view{"i'd like"},
    std::string_view{"any way to"},    std::string_view{"a way to"},
    std::string_view{"what now"},      std::string_view{"help me"}};

constexpr std::array kTroubleWords = {
    std::string_view{"어떡"},    std::string_view{"안 돼"},    std::string_view{"안돼"},
    std::string_view{"안 되"},   std::string_view{"안되"},     std::string_view{"안 켜"},
    std::string_view{"안 먹"},   std::string_view{"안 나"},    std::string_view{"안 들"},
    std::string_view{"안 눌"},   std::string_view{"안 붙"},    std::string_view{"안 잡"},
    std::string_view{"안 올라"}, std::string_view{"안 울"},    std::string_view{"못 "},
    std::string_view{"자꾸"},    std::string_view{"고장"},     std::string_view{"이상"},
    std::string_view{"오류"},    std::string_view{"에러"},     std::string_view{"멈춰"},
    std::string_view{"멈췄"},    std::string_view{"끊"},       std::string_view{"왜"},
    std::string_view{"뜨거"},    std::string_view{"느려"},     std::string_view{"ㅠ"},
    std::string_view{"실패"},    std::string_view{"not work"}, std::string_view{"n't"},
    std::string_view{"why "},    std::string_view{"error"},    std::string_view{"problem"},
    std::string_view{"fail"},    std::string_view{"stuck"},    std::string_view{"cannot"},
    std::string_view{"broke"},   std::string_view{"keeps "},   std::string_view{"suddenly"},
    std::string_view{"slow"},    std::string_view{"freez"},    std::string_view{"crash"},
    std::string_view{"stutter"}, std::string_view{"wrong"},    std::string_view{"dont "},
    std::string_view{"doesnt "}, std::string_view{"wont "},    std::string_view{" dead"},
    std::string_view{"too hot"}, std::string_view{"burning"},  std::string_view{"cuts out"},
    std::string_view{"drains"},  std::string_view{"by itself"}};

constexpr std::array kYesNoWords = {
    std::string_view{"되나"},   std::string_view{"돼요?"},   std::string_view{"돼?"},
    std::string_view{"될까"},   std::string_view{"있나"},    std::string_view{"있어요?"},
    std::string_view{"있어?"},  std::string_view{"있을까"},  std::string_view{"괜찮"},
    std::string_view{"가능"},   std::string_view{"인가요?"}, std::string_view{"나요?"},
    std::string_view{"날아가"}, std::string_view{"해도 "},   std::string_view{"아닌가"}};

constexpr std::array kEnglishYesNoStarts = {
    std::string_view{"can "},   std::string_view{"does "},   std::string_view{"do "},
    std::string_view{"is "},    std::string_view{"are "},    std::string_view{"will "},
    std::string_view{"may "},   std::string_view{"should "}, std::string_view{"could "},
    std::string_view{"would "}, std::string_view{"has "},    std::string_view{"have "},
    std::string_view{"am "},    std::string_view{"must "},   std::string_view{"was "}};

constexpr std::array kWhatWords = {std::string_view{"어떻게"}, std::string_view{"뭐"},
                                   std::string_view{"뭘"},     std::string_view{"무엇"},
                                   std::string_view{"몇"},     std::string_view{"얼마"},
                                   std::string_view{"어디"},   std::string_view{"언제"},
                                   std::string_view{"왜"},     std::string_view{"무슨"}};

// Endings after a Latin word or a number and its unit: "E-72라고", "USB를", "25와트로".
const std::unordered_set<std::string_view>& endings() {
  static const std::unordered_set<std::string_view> words = {
      "은",     "는",     "이",     "가",   "을",     "를",     "로",     "으로",   "에",
      "에서",   "의",     "도",     "만",   "와",     "과",     "라고",   "이라고", "라",
      "이라",   "라는",   "이라는", "이면", "면",     "인데",   "이래요", "래요",   "예요",
      "이에요", "야",     "이야",   "란",   "이란",   "로만",   "으로만", "까지",   "부터",
      "보다",   "에는",   "에도",   "로는", "으로는", "랑",     "이랑",   "하고",   "나",
      "이나",   "든",     "이든",   "요",   "이요",   "인가요", "이고",   "고",     "짜리",
      "짜리가", "쯤",     "말고",   "대",   "이죠",   "죠",     "은요",   "는요",   "인지",
      "이라도", "으로도", "로도",   "한테", "에게",   "처럼",   "한테는", "에게도", "에서는",
      "에서도", "까지는", "까지도"};
  return words;
}

bool ends_with_any(std::string_view word, std::span<const std::string_view> particles) {
  constexpr std::size_t kSyllable = 3;  // Bytes: a noun stays.
  return std::ranges::any_of(particles, [&](std::string_view particle) {
    return word.size() > particle.size() + kSyllable && word.ends_with(particle);
  });
}

}  // namespace

bool is_ending(std::string_view text) { return endings().contains(text); }

bool ends_with_topic_particle(std::string_view word) {
  return ends_with_any(word, kTopicParticles);
}

std::string_view without_ending(std::string_view word) {
  for (std::size_t cut = 3; cut < word.size(); cut += 3) {
    const std::string_view ending = word.substr(cut);
    if (endings().contains(ending)) return word.substr(0, cut);
  }
  return word;
}

bool ends_like_verb(std::string_view word) {
  static constexpr auto kVerbEndings = std::to_array<std::string_view>(
      {"요",   "니다", "는데", "은데", "던데", "다가", "어서", "아서", "해서", "려고",
       "지만", "거든", "네요", "까요", "대요", "래요", "었다", "았다", "였다", "니까",
       "면서", "잖아", "구요", "어도", "아도", "해도", "고서", "는지", "을지"});
  return std::ranges::any_of(kVerbEndings, [&](std::string_view ending) {
    return word.size() > ending.size() + 3 && word.ends_with(ending);
  });
}

std::string_view measured_by(Unit unit) {
  switch (unit) {
    case Unit::kDegree:
      return "온도";
    case Unit::kMass:
      return "무게";
    case Unit::kVolume:
      return "용량";
    case Unit::kWatt:
      return "출력";
    case Unit::kVolt:
      return "전압";
    case Unit::kSound:
      return "소음";
    case Unit::kBrightness:
      return "밝기";
    case Unit::kPixels:
      return "화소";
    case Unit::kArea:
      return "면적";
    case Unit::kTime:
      return "시간";
    default:
      return {};
  }
}

std::string as_manuals_write(const Quantity& quantity, std::string_view said) {
  std::string text;
  for (const char c : said) {
    if ((c >= '0' && c <= '9') || c == '.' || c == ',') text.push_back(c);
  }
  switch (quantity.unit) {
    case Unit::kPercent:
      return text + " %";
    case Unit::kDegree:
      return text + " °c 온도";
    case Unit::kWatt:
      return text + " w 출력";
    default:
      return text;
  }
}

QuestionKinds kinds_of(std::string_view text, const AskedQuantity& asked) {
  QuestionKinds kinds;
  kinds.quantity = asked.asked;
  kinds.how_to = contains_any(text, kHowToWords);
  kinds.trouble = contains_any(text, kTroubleWords);
  kinds.yes_no = (contains_any(text, kYesNoWords) && !contains_any(text, kWhatWords)) ||
                 std::ranges::any_of(kEnglishYesNoStarts, [&](std::string_view start) {
                   return text.starts_with(start);
                 });
  return kinds;
}

bool is_spoken(std::string_view folded) {
  if (folded.find('?') != std::string_view::npos) return true;
  static constexpr auto kStarts = std::to_array<std::string_view>(
      {"what ", "what's ", "which ", "who ",  "when ", "where ", "why ",  "how ",
       "i ",    "i'm ",    "i've ",  "i'd ",  "my ",   "it ",    "it's ", "there's ",
       "is ",   "are ",    "do ",    "does ", "can ",  "tell "});
  const auto starts = [&](std::string_view word) { return folded.starts_with(word); };
  while (!folded.empty() && (folded.back() == '.' || folded.back() == '!' || folded.back() == ' '))
    folded.remove_suffix(1);
  static constexpr auto kSpokenEnds =
      std::to_array<std::string_view>({"요", "까", "죠", "지", "데", "야", "줘", "어", "아"});
  const auto ends = [&](std::string_view ending) { return folded.ends_with(ending); };
  return std::ranges::any_of(kStarts, starts) || std::ranges::any_of(kSpokenEnds, ends) ||
         speaks_of_self(folded);
}

bool is_goal(std::u32string_view word, std::u32string_view rest) {
  const auto follows = [&](std::u32string_view start) { return rest.starts_with(start); };
  return word.ends_with(U"려면") || word.ends_with(U"려고") || follows(U"수 있") ||
         follows(U"방법") || follows(U"법") || follows(U"싶");
}

bool is_asking_word(std::string_view word) {
  return asking_words().contains(word) || is_korean_stop_word(word) ||
         is_english_asking_word(word) || is_english_stop_word(word);
}

}  // namespace saseo
