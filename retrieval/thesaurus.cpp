#include "retrieval/thesaurus.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "index/analyzer.h"
#include "retrieval/thesaurus_english.h"

namespace saseo {
namespace {

// Words that stand for one another, separated by '/'; each may hold spaces.
constexpr std::array kSame = std::to_array<std::string_view>({
    // Loanwords and short forms.
    "와이파이/wi-fi/wifi/무선 네트워크/무선랜",
    "블루투스/bluetooth",
    "유심/sim/심카드/sim 카드",
    "이심/esim",
    "큐알/qr/큐알코드",
    "램/ram/메모리",
    "유에스비/usb",
    "엔에프씨/nfc",
    "지피에스/gps",
    "브이피엔/vpn",
    "에스디카드/sd카드/microsd/마이크로sd/sd",
    "앱/어플/어플리케이션/애플리케이션",
    "피씨/pc/컴퓨터",
    "티비/tv/텔레비전",
    "비번/비밀번호/암호/패스워드",
    "핀/pin",
    "오에스/os/운영 체제/운영체제",
    "엘이디/led/표시등",
    "씨피유/cpu/프로세서",
    "테더링/핫스팟/모바일 핫스팟",
    "데이터통신/모바일 데이터",
    "배터리/밧데리/빠떼리/건전지",
    "케이블/충전선/코드선",
    "어댑터/아답터/충전기",
    "리셋/초기화",
    "포맷/공장 초기화/초기화",
    "업뎃/업데이트",
    "펌웨어/소프트웨어/프로그램",
    "로그인/접속",
    "캡처/캡쳐/스크린샷",
    "줌/확대",
    "셀카/셀피/셀프 촬영",
    "동영상/비디오/영상",
    "플래시/후레쉬/손전등",
    "폰/핸드폰/휴대폰/휴대전화/스마트폰/전화기",
    "노트북/랩톱",
    "리모컨/리모콘",
    "스피커/소리",
    "마이크/마이크로폰",
    "이어폰/이어버드/헤드폰",
    "화소/해상도/화질",
    "메신저/메시지",
    "문자/메시지/sms",
    "벨소리/착신음",
    "진동/바이브",
    "백업/복사해 두기",
    "클라우드/온라인 저장소",
    "공유기/라우터",

    "계정/아이디",
    "매뉴얼/설명서",
});

// The first word asks for the others.
constexpr std::array kAsks = std::to_array<std::string_view>({
    // Parts and states.
    "불빛/표시등/led/램프/빛",
    "램프/표시등",
    "디스플레이/화면/액정",
    "액정/화면",
    "버튼/단추/키",
    "전원버튼/측면 버튼/전원 버튼",
    "단자/포트/구멍/잭",
    "뚜껑/덮개/커버",
    "솔/브러시",
    "메인브러시/메인 브러시",
    "걸레/물걸레/걸레판",
    "먼지봉투/먼지 봉투",
    "먼지통/먼지 통",
    "통/먼지통/물통",
    "거치대/스테이션/받침대",
    "충전대/스테이션/충전 스테이션",
    "바퀴/휠",
    "유리/글라스",
    "본체/기기",
    "콘센트/전원",
    "전선/전원 코드/코드",
    "호스/관",
    "받침/받침판",
    "스위치/버튼",
    "선/케이블",
    "패드/무선 충전기/충전기",
    // Measures.
    "용량/저장 공간/크기",
    "수명/사용 시간",
    "무게/중량",
    "두께/크기",
    "속도/시간",
    "전압/정격",
    "주기/간격",
    "기간/동안",
    "소음/소리",
    "흡입력/세기",
    "온도/도",
    "가격/비용/요금",
    "값/수치",
    // Deeds.
    "충전/충전하다/충전되다",
    "교체/교환/교체하다/바꾸다",
    "갈다/교체/바꾸다",
    "갈아/교체",
    "바꾸다/변경/교체",
    "고치다/수리/고장",
    "수리/점검/as/에이에스",
    "등록/추가/등록하다",
    "삭제/지우다/제거",
    "설치/깔다/설치하다",
    "깔다/설치/다운로드/추가",
    "연결/접속/연결하다",
    "붙다/연결",
    "붙이다/연결",
    "잇다/연결",
    "잡히다/연결/신호",
    "끊기다/끊김/연결",
    "켜다/전원/사용",
    "끄다/해제",
    "잠그다/잠금",
    "풀다/해제",
    "막다/차단/방지/잠금",
    "숨기다/감추다",
    "옮기다/이동/가져오다",
    "가져오다/옮기다/복원",
    "나누다/공유",
    "보내다/전송",
    "찍다/촬영",
    "찾다/찾기/위치",
    "잃다/분실/잃어버리다",
    "잃어버리다/분실/찾기/잃다",
    "도둑맞다/분실/도난",
    "도난/분실",
    "훔치다/도난/분실",
    "팔다/판매/팔기",
    "중고/팔다/팔기",
    "버리다/폐기",
    "넘기다/팔다/남에게/양도",
    "씻다/세척/청소",
    "닦다/청소",
    "닦이다/청소",
    "빨다/씻다/세탁",
    "말리다/건조/마르다",
    "식히다/온도/과열",
    "뜨겁다/발열/과열/온도/열",
    "차갑다/온도/추위",
    "느리다/느림/속도",
    "빠르다/속도",
    "멈추다/정지/멈춤/반응하지 않다",
    "얼다/멈추다/반응하지 않다",
    "먹통/멈추다/반응하지 않다",
    "부팅/전원/켜기/다시 시작",
    "재부팅/다시 시작",
    "재시작/다시 시작",
    "꺼지다/전원/종료",
    "깨지다/파손/금",
    "빠지다/빠뜨리다",
    "젖다/물기/방수",
    "닳다/소모/방전/줄어들다",
    "방전/닳다",
    "버티다/사용 시간/대기",
    "먹다/사용",
    "먹히다/인식",
    "읽히다/인식",
    "눌리다/터치/누르다/반응",
    "껌벅거리다/깜박이다",
    "껌뻑거리다/깜박이다",
    "깜빡이다/깜박이다",
    "깜빡거리다/깜박이다",
    "울리다/소리/벨소리",
    "흐리다/흐릿하다",
    "뿌옇다/흐리다/흐림",
    "뿌옇게/흐릴/흐리다",
    "번지다/흐리다",
    "어둡다/밝기",
    "밝다/밝기",
    "밝아지다/밝기",
    "시끄럽다/소음",
    "무겁다/무게",
    "가볍다/무게",
    "크다/크기",
    "굵다/두께",
    "걸리다/시간",
    "감기다/걸리다",
    "엉키다/감기다",
    "새다/누출",
    "맴돌다/돌다",
    "돌다/회전",
    "돌리다/청소/작동",
    "빨아들이다/흡입",
    "잡다/인식",
    "알리다/알림",
    "울다/소리",
    "쏘다/전송",
    "틀다/켜다/재생",
    "띄우다/표시",
    "미러링/화면 공유/무선 디스플레이",
    "쓰다/사용",
    "사용/쓰다",
    "망가지다/고장",
    "이상하다/문제/이상",
    "완충/충전/100 %까지",
    "꽂다/연결",
    "고정/멈춤",
    "위험/긴급",
    "비상/긴급",
    "구조/긴급",
    "가족/연락처",
    "연락처/전화번호",
    "어린이/아이/자녀",
    "아이/어린이",
    "잠금/보호",
    "정보/개인정보",
    "공짜/무상/보증",
    "무상/보증",
    "무료/보증",
    "수리비/유상/비용",
    "새것/교체",
    "에러/오류",
    "에러코드/오류 코드",
    "햇볕/햇빛/직사광선",
    "수영/물/방수",
    "바다/물/방수",
    "목욕/물/방수",
    "샤워/물/방수",
    "비/물/방수",
    "침수/물/방수",
    "얼굴/얼굴 인식",
    "지문/지문 인식",
    "결제/월렛/카드",
    "버벅거리다/느리다",
    "버벅이다/느리다",
    "튕기다/멈추다/종료",
    "튕겨/멈추다/종료",
    "까먹다/잊다",
    "잊어버리다/잊다",
    "쪼개다/나누다",
    "뜨끈하다/뜨겁다/발열",
    "뜨끈뜨끈하다/뜨겁다/발열",
    "야경/야간",
    "밤하늘/야간",
    "침침하다/보기/확대",
    "링크/스팸",
    "헤매다/찾지 못하다",
    "애기/아기",
    "떠들다/소음/음성",
    "치우다/청소",
    "찝찝하다/개인정보",
    "주문하다/부품 번호",
    "담기다/용량",
    "비우다/지우다",
    "저장하다/저장",
    "날아가다/지우다/삭제",
    "사라지다/지우다",
    "없애다/지우다/삭제",
    "업그레이드/업데이트",
    "켜지다/켜다",
    "물놀이/방수",
    "빗물/방수/물기",
    "더럽다/닦다/청소",
    "냄새나다/냄새",
    "늘리다/확장/추가",
    "줄이다/낮추다",
    "키우다/크기/확대",
    "높이다/올리다",
    "터지다/신호",
    "원격/멀리서",
    "초/간격",
    "벌레/이물질",
    "먼지/이물질",
    "보푸라기/먼지",
    "머리카락/털",
    "애완동물/반려동물",
    "강아지/반려동물",
    "고양이/반려동물",
    "계단/낭떠러지",
    "문턱/턱",
    "집/실내",
    "밤/야간",
    "밤중/야간/새벽/밤",
    "새벽/야간",
    "자동차/차량",
    "비행기/항공기",
    "해외/로밍/외국",
    "외국/해외/로밍",
    "언어/한국어",
    "글씨/글자",
    "글자/글꼴",
    "배경/배경 화면",
});

// Phrases -> words.
struct Phrase {
  std::string_view phrase, words;
};
constexpr std::array kPhrases = std::to_array<Phrase>({
    {"안 먹", "인식"},
    {"안 켜", "켜지지 않음 전원"},
    {"안 돼", "안 됨 되지 않음 실패"},
    {"안 되", "안 됨 되지 않음 실패"},
    {"안 나", "나지 않음"},
    {"안 들", "들리지 않음"},
    {"안 보", "보이지 않음"},
    {"안 눌", "반응하지 않음 터치"},
    {"정보가 새", "개인정보 보호 보안"},
    {"선 없이", "무선"},
    {"줄 없이", "무선"},
    {"못 쓰게", "잠금 차단"},
    {"못 누르게", "잠금 버튼"},
    {"갈아 끼", "교체"},
    {"갈아끼", "교체"},
    {"새 폰", "새 기기 옮기기"},
    {"쓰던 폰", "이전 기기 옮기기"},
    {"옛날 폰", "이전 기기 옮기기"},
    {"제일 세", "최대 강력"},
    {"가장 세", "최대 강력"},
    {"저절로", "자동 스스로"},
    {"알아서", "자동"},
    {"한꺼번에", "동시에 최대"},
    {"언제까지", "기간"},
});

using Table = std::unordered_map<std::string, std::vector<OtherWord>>;

std::vector<std::string_view> split(std::string_view group) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin <= group.size();) {
    const std::size_t end = std::min(group.find('/', begin), group.size());
    words.push_back(group.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

bool is_latin(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// English words are looked up by their stems, Korean ones by lemmas.
std::string key_of(std::string_view word) {
  return is_latin(word) ? english_stem(word) : std::string(word);
}

class TableMaker {
 public:
  void add_same(std::string_view group) {
    const std::vector<std::string_view> words = split(group);
    for (const std::string_view word : words) {
      for (const std::string_view other : words) add(word, other, true);
    }
  }
  void add_hints(std::string_view group) {
    const std::vector<std::string_view> words = split(group);
    for (const std::string_view other : words) add(words.front(), other, false);
  }
  // Not between two words of one language.
  void add_translations(std::string_view group) {
    const std::vector<std::string_view> words = split(group);
    for (const std::string_view word : words) {
      for (const std::string_view other : words) {
        if (is_latin(word) != is_latin(other)) add(word, other, true, true);
      }
    }
  }
  Table take() { return std::move(table_); }

 private:
  void add(std::string_view word, std::string_view other, bool same, bool translation = false) {
    std::vector<OtherWord>& held = table_[key_of(word)];
    if (other != word && std::ranges::find(held, other, &OtherWord::word) == held.end()) {
      held.push_back({other, same, translation});
    }
  }

  Table table_;
};

Table make_table() {
  TableMaker maker;
  for (const std::string_view group : kSame) maker.add_same(group);
  for (const std::string_view group : english_synonyms()) maker.add_same(group);
  for (const std::string_view group : kAsks) maker.add_hints(group);
  for (const std::string_view group : english_hints()) maker.add_hints(group);
  for (const std::string_view group : translations()) maker.add_translations(group);
  return maker.take();
}

}  // namespace

std::vector<OtherWord> other_words_for(std::string_view word) {
  static const Table table = make_table();
  const auto found = table.find(std::string(word));
  return found == table.end() ? std::vector<OtherWord>{} : found->second;
}

std::vector<std::string_view> other_words_for_phrases(std::string_view folded) {
  std::vector<std::string_view> words;
  for (const Phrase& entry : kPhrases) {
    if (folded.find(entry.phrase) != std::string_view::npos) words.push_back(entry.words);
  }
  return words;
}

std::vector<std::pair<std::string_view, std::string_view>> english_phrases_in(
    std::string_view folded) {
  const auto is_letter = [&](std::size_t at) {
    return at < folded.size() && folded[at] >= 'a' && folded[at] <= 'z';
  };
  std::vector<std::pair<std::string_view, std::string_view>> found;
  for (const auto& [phrase, words] : english_phrases()) {
    const std::size_t at = folded.find(phrase);
    if (at == std::string_view::npos || is_letter(at + phrase.size())) continue;
    if (at == 0 || !is_letter(at - 1)) found.emplace_back(phrase, words);
  }
  return found;
}

bool is_device_word(std::string_view word) {
  static constexpr auto kDevices = std::to_array<std::string_view>(
      {"폰",         "핸드폰", "휴대폰",  "휴대전화",   "스마트폰", "전화기",     "청소기",
       "로봇청소기", "티비",   "tv",      "텔레비전",   "노트북",   "랩톱",       "태블릿",
       "워치",       "냉장고", "세탁기",  "건조기",     "에어컨",   "공기청정기", "정수기",
       "프린터",     "복합기", "캠코더",  "전자레인지", "오븐",     "밥솥",       "가습기",
       "제습기",     "선풍기", "비데",    "식기세척기", "phone",    "smartphone", "vacuum",
       "laptop",     "tablet", "printer", "fridge",     "washer"});
  return std::ranges::find(kDevices, word) != kDevices.end();
}

}  // namespace saseo
