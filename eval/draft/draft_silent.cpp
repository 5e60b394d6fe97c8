// Questions on which a manual is silent: neighbours of what it tells.
#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "eval/draft/draft_candidates.h"
#include "eval/report/korean_particles.h"

namespace saseo::eval {
namespace {

struct Neighbour {
  std::string_view question;  // "{}": the product; "{은}", "{을}": with its particle.
  std::string_view present;   // Asked only where the manual holds this; empty: always.
  std::array<std::string_view, 4> absent;  // And none of these.
};

constexpr auto kKorean = std::to_array<Neighbour>({
    {"{}의 판매 가격은 얼마인가요?", "", {"판매 가격", "소비자 가격", "판매가"}},
    {"{} 배터리를 바꾸는 비용은 얼마인가요?", "배터리", {"교체 비용", "수리비", "가격"}},
    {"{은} 몇 가지 색상으로 나오나요?", "", {"색상", "컬러"}},
    {"{은} 어느 나라에서 만들었나요?", "", {"제조국", "원산지", "만든 나라"}},
    {"{을} 스마트 스피커에 말로 시켜서 움직일 수 있나요?", "앱", {"스마트 스피커", "음성 비서"}},
    {"{}에 달린 카메라는 몇 화소인가요?", "카메라", {"화소", "픽셀"}},
    {"{}의 방수 등급은 무엇인가요?", "물", {"방수", "IPX", "IP6"}},
    {"{} 보증 기간을 돈을 내고 늘릴 수 있나요?", "보증", {"보증 연장", "연장 보증"}},
    {"{을} 한 달 동안 쓰면 전기 요금이 얼마나 나오나요?", "전원", {"전기 요금", "전기료"}},
    {"펌웨어 업데이트는 몇 년 동안 제공되나요?", "업데이트", {"지원 기간", "년 동안 업데이트"}},
    {"{}에 이어폰을 꽂을 수 있나요?", "스피커", {"이어폰", "헤드폰"}},
});

constexpr auto kEnglish = std::to_array<Neighbour>({
    {"How much does the {} cost?", "", {"price", "costs"}},
    {"How much does it cost to replace the battery of the {}?",
     "battery",
     {"replacement cost", "price"}},
    {"In how many colours is the {} sold?", "", {"colours", "colors"}},
    {"In which country is the {} made?", "", {"made in", "country of origin"}},
    {"Can I control the {} by talking to a smart speaker?",
     "app",
     {"smart speaker", "voice assistant"}},
    {"How many megapixels does the camera of the {} have?", "camera", {"megapixel", "pixels"}},
    {"What is the water resistance rating of the {}?",
     "water",
     {"ipx", "ip6", "water resistance", "waterproof"}},
    {"Can I pay to extend the warranty of the {}?",
     "warranty",
     {"extended warranty", "extend the warranty"}},
    {"How much does the electricity for the {} cost a month?", "power", {"electricity"}},
    {"For how many years does the {} get updates?",
     "update",
     {"years of updates", "support period"}},
    {"Can I plug headphones into the {}?", "speaker", {"headphone", "earphone"}},
});

std::string filled(std::string_view pattern, std::string_view product) {
  std::string text(pattern);
  const auto put = [&](std::string_view mark, const std::string& word) {
    if (const std::size_t at = text.find(mark); at != std::string::npos) {
      text.replace(at, mark.size(), word);
    }
  };
  put("{}", std::string(product));
  put("{은}", with_particle(product, Particle::kTopic));
  put("{을}", with_particle(product, Particle::kObject));
  return text;
}

}  // namespace

std::vector<SilentQuestion> silent_questions(std::string_view manual_text, std::string_view product,
                                             Language language) {
  const std::string manual = fold_without_spaces(manual_text);
  const auto holds = [&](std::string_view word) {
    return manual.find(fold_without_spaces(word)) != std::string::npos;
  };
  std::vector<SilentQuestion> questions;
  const auto ask = [&](const Neighbour& neighbour) {
    if (!neighbour.present.empty() && !holds(neighbour.present)) return;
    SilentQuestion silent{filled(neighbour.question, product), {}};
    for (const std::string_view word : neighbour.absent) {
      if (word.empty()) continue;
      if (holds(word)) return;
      silent.absent.emplace_back(word);
    }
    questions.push_back(std::move(silent));
  };
  if (language == Language::kKorean) {
    std::ranges::for_each(kKorean, ask);
  } else {
    std::ranges::for_each(kEnglish, ask);
  }
  return questions;
}

}  // namespace saseo::eval
