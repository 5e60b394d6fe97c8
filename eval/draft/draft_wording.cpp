#include "eval/draft/draft_wording.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/utf8.h"
#include "eval/report/korean_particles.h"
#include "retrieval/quantities.h"

namespace saseo::eval {
namespace {

// Ends of headings that are verbs made nouns: "설치하기". Nouns end in 기, too: 공기, 청소기, 크기.
constexpr auto kVerbalEnds = std::to_array<std::string_view>(
    {"하기",   "되기",   "만들기", "찾기",   "고르기", "바꾸기", "나누기", "합치기", "지우기",
     "살리기", "씻기",   "갈기",   "쓰기",   "보기",   "켜기",   "끄기",   "넣기",   "빼기",
     "열기",   "닫기",   "걸기",   "받기",   "보내기", "옮기기", "맞추기", "끼우기", "채우기",
     "비우기", "높이기", "낮추기", "늘리기", "줄이기", "읽기",   "버리기", "풀기",   "잠그기",
     "시키기", "붙이기", "떼기",   "꽂기",   "뽑기",   "누르기", "돌리기", "고치기", "막기",
     "담기",   "말리기", "접기",   "펴기",   "달기",   "모으기", "가기",   "오기",   "세우기",
     "놓기",   "정하기", "숨기기", "띄우기", "그리기", "알리기", "찍기",   "남기기", "꾸미기"});

// Nouns of doing: "X는 어떻게 하나요?" is said of them.
constexpr auto kDoings = std::to_array<std::string_view>(
    {"설치", "교체", "초기화", "등록", "연결", "설정", "시작", "정지", "업데이트", "청소", "충전",
     "녹화", "저장", "삭제",   "복원", "분리", "조립", "세척", "손질", "관리",     "조정", "변경",
     "전환", "백업", "예약",   "공유", "해제", "인증", "신청", "조절", "보관",     "폐기", "사용"});

bool ends_with_any(std::string_view text, auto& ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return text.ends_with(end); });
}

// "설치하기" -> "설치하려면", "씻기" -> "씻으려면", "만들기" -> "만들려면".
std::string wish_of(std::string_view verbal) {
  constexpr std::string_view kNominal = "기";
  const std::string_view stem = verbal.substr(0, verbal.size() - kNominal.size());
  const bool vowel = with_particle(stem, Particle::kDirection).ends_with("으로") == false;
  return std::string(stem) + (vowel ? "려면" : "으려면");
}

std::string korean_how_to(const std::vector<std::string>& path) {
  const std::string heading(without_brackets(path.back()));
  const std::string parent(path.size() > 1 ? without_brackets(path[path.size() - 2]) : "");
  if (ends_with_any(heading, kVerbalEnds)) {
    const bool one_word = heading.find(' ') == std::string::npos;
    if (!one_word || parent.empty()) return wish_of(heading) + " 어떻게 해야 하나요?";
    constexpr std::string_view kDo = "하기";
    if (heading.ends_with(kDo)) {
      const std::string_view doing =
          std::string_view(heading).substr(0, heading.size() - kDo.size());
      if (!doing.empty() && parent.ends_with(doing)) {
        return with_particle(parent, Particle::kTopic) + " 어떻게 하나요?";
      }
    }
    return fmt::format("‘{}’에서 {} 어떻게 해야 하나요?", parent, wish_of(heading));
  }
  return with_particle(heading, Particle::kTopic) +
         (ends_with_any(heading, kDoings) ? " 어떻게 하나요?" : " 어떻게 다루나요?");
}

std::string lower_first(std::string_view text) {
  std::string out(text);
  // "USB" and "Wi-Fi settings" keep their capitals.
  const bool word = out.size() > 1 && std::isupper(static_cast<unsigned char>(out[0])) != 0 &&
                    std::islower(static_cast<unsigned char>(out[1])) != 0;
  if (word) out[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[0])));
  return out;
}

constexpr auto kEnglishVerbs = std::to_array<std::string_view>(
    {"add",     "adjust",   "attach", "change",  "charge",  "check",   "choose",   "clean",
     "connect", "copy",     "create", "delete",  "detach",  "disable", "download", "edit",
     "enable",  "enter",    "erase",  "find",    "format",  "insert",  "install",  "lock",
     "make",    "move",     "open",   "pair",    "play",    "print",   "record",   "register",
     "remove",  "replace",  "reset",  "restart", "restore", "save",    "scan",     "search",
     "select",  "send",     "set",    "share",   "start",   "stop",    "store",    "switch",
     "take",    "transfer", "turn",   "unlock",  "update",  "upgrade", "use",      "view",
     "wash",    "watch"});

std::string english_how_to(const std::vector<std::string>& path) {
  std::string_view heading = without_brackets(path.back());
  const std::string folded = fold_for_matching(heading);
  for (const std::string_view opening : {"how to ", "to "}) {
    if (folded.starts_with(opening)) {
      return fmt::format("How do I {}?", lower_first(heading.substr(opening.size())));
    }
  }
  const std::string_view first = std::string_view(folded).substr(0, folded.find(' '));
  if (std::ranges::find(kEnglishVerbs, first) != kEnglishVerbs.end()) {
    return fmt::format("How do I {}?", lower_first(heading));
  }
  if (first.ends_with("ing") && first.size() > 4) {
    return fmt::format("What are the steps for {}?", lower_first(heading));
  }
  return fmt::format("What are the steps for \"{}\"?", heading);
}

bool is_korean(Language language) { return language == Language::kKorean; }

bool is_sentence(std::string_view value) {
  return value.ends_with(".") || value.ends_with("다") || value.ends_with("요");
}

// A quantity at the value's beginning, but for "약", "최대".
bool begins_with_quantity(std::string_view value) {
  const std::vector<Quantity> found = find_quantities(value);
  constexpr std::size_t kOpening = 12;  // Bytes: "약 ", "최대 ", "up to ".
  return !found.empty() && found.front().span.begin <= kOpening;
}

}  // namespace

std::string_view without_brackets(std::string_view text) {
  text = trim(text);
  const std::size_t open = text.rfind('(');
  if (text.ends_with(")") && open != std::string_view::npos && open > 0) {
    return trim(text.substr(0, open));
  }
  return text;
}

std::string how_to_question(Language language, const std::vector<std::string>& path) {
  return is_korean(language) ? korean_how_to(path) : english_how_to(path);
}

bool tells_trouble(Language language, const std::vector<std::string>& path) {
  if (path.empty()) return false;
  const std::string& heading = path.back();
  if (is_korean(language)) {
    return heading.ends_with("요") || heading.ends_with(" 때") || heading.ends_with(" 경우");
  }
  const std::string chapter = fold_for_matching(path.front());
  const bool troubles = chapter.find("troubleshoot") != std::string::npos ||
                        chapter.find("problem") != std::string::npos;
  const std::string folded = fold_for_matching(heading);
  return folded.starts_with("if ") || folded.find("n't ") != std::string::npos ||
         folded.find("cannot ") != std::string::npos || (troubles && path.size() > 1);
}

std::string trouble_question(Language language, std::string_view heading) {
  if (!is_korean(language)) {
    const std::string folded = fold_for_matching(heading);
    if (folded.starts_with("if ") || folded.starts_with("when ")) {
      return fmt::format("What should I do {}?", lower_first(heading));
    }
    return fmt::format("{}. What should I do?", heading);
  }
  return heading.ends_with("요") ? fmt::format("{}. 어떻게 해야 하나요?", heading)
                                 : fmt::format("{} 어떻게 해야 하나요?", heading);
}

bool is_error_code(std::string_view text) {
  // One to three capitals, perhaps a dash, one to four digits.
  std::size_t at = 0;
  while (at < text.size() && text[at] >= 'A' && text[at] <= 'Z') ++at;
  if (at == 0 || at > 3) return false;
  if (at < text.size() && (text[at] == '-' || text[at] == ' ')) ++at;
  const std::string_view digits = text.substr(at);
  return !digits.empty() && digits.size() <= 4 &&
         std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

std::string symptom_question(Language language, std::string_view symptom, bool told) {
  if (is_error_code(symptom)) {
    return is_korean(language)
               ? fmt::format("오류 코드 {} 나오면 어떻게 해야 하나요?",
                             with_particle(symptom, Particle::kSubject))
               : fmt::format("What should I do when error code {} appears?", symptom);
  }
  if (told) {
    return is_korean(language) ? fmt::format("‘{}’라고 나오면 어떻게 해야 하나요?", symptom)
                               : fmt::format("What should I do when \"{}\" appears?", symptom);
  }
  return is_korean(language) ? fmt::format("‘{}’ 증상은 어떻게 해결하나요?", symptom)
                             : fmt::format("How do I solve this problem: {}?", symptom);
}

std::string look_up_question(Language language, const LookUp& cell) {
  const std::string column(without_brackets(cell.column));
  const std::string about(without_brackets(cell.about));
  if (!is_korean(language)) {
    return column.empty()
               ? fmt::format("What is the {} of the {}?", lower_first(cell.row), lower_first(about))
               : fmt::format("In \"{}\", what is the {} for {}?", about, lower_first(column),
                             cell.row);
  }
  const std::string asked = column.empty() ? cell.row : column;
  const bool when = asked.ends_with("시기") || asked.ends_with("날짜") || asked.ends_with("일자");
  const std::string_view wanted = when                               ? "언제인가요"
                                  : begins_with_quantity(cell.value) ? "얼마인가요"
                                                                     : "무엇인가요";
  if (column.empty()) {
    return fmt::format("{}의 {} {}?", about, with_particle(cell.row, Particle::kTopic), wanted);
  }
  return fmt::format("‘{}’에서 {}의 {} {}?", about, cell.row,
                     with_particle(column, Particle::kTopic), wanted);
}

std::string look_up_answer(Language language, const LookUp& cell) {
  if (is_sentence(cell.value)) return cell.value;
  const std::string column(without_brackets(cell.column));
  const std::string about(without_brackets(cell.about));
  const std::string& of = column.empty() ? about : cell.row;
  const std::string& what = column.empty() ? cell.row : column;
  if (!is_korean(language)) {
    return column.empty() ? fmt::format("The {} of the {} is {}.", lower_first(what),
                                        lower_first(of), cell.value)
                          : fmt::format("The {} for {} is {}.", lower_first(what), of, cell.value);
  }
  return fmt::format("{}의 {} {}입니다.", of, with_particle(what, Particle::kTopic), cell.value);
}

namespace {

std::optional<YesNo> korean_yes_no(std::string_view sentence) {
  struct Ending {
    std::string_view told, asked;
    bool yes;
  };
  constexpr auto kEndings = std::to_array<Ending>({{"수 있습니다.", "수 있나요?", true},
                                                   {"수 없습니다.", "수 있나요?", false},
                                                   {"지원합니다.", "지원하나요?", true},
                                                   {"지원하지 않습니다.", "지원하나요?", false}});
  // What may befall is no ability: "다칠 수 있습니다".
  constexpr auto kMishaps = std::to_array<std::string_view>(
      {"다칠",   "상할",   "날",     "어긋날", "멈출",   "떨어질", "늦어질", "걸릴",
       "막힐",   "생길",   "실패할", "젖을",   "나빠질", "들릴",   "다를",   "커질",
       "작아질", "줄어들", "남을",   "끼일",   "터질",   "손상될", "고장",   "달라질",
       "바뀔",   "베일",   "높아질", "낮아질", "사라질", "끊길",   "될"});
  constexpr auto kGoesOn =
      std::to_array<std::string_view>({"이 ", "그 ", "이때", "그래서", "하지만", "그러나", "다만",
                                       "따라서", "이를", "그러면", "이것", "또한", "그리고"});
  if (std::ranges::any_of(kGoesOn, [&](auto word) { return sentence.starts_with(word); })) {
    return std::nullopt;
  }
  for (const Ending& ending : kEndings) {
    if (!sentence.ends_with(ending.told)) continue;
    const std::string_view before = sentence.substr(0, sentence.size() - ending.told.size());
    if (trim(before).empty() || ends_with_any(trim(before), kMishaps)) return std::nullopt;
    return YesNo{std::string(before) + std::string(ending.asked),
                 fmt::format("{}. {}", ending.yes ? "네" : "아니요", sentence), ending.yes};
  }
  return std::nullopt;
}

std::optional<YesNo> english_yes_no(std::string_view sentence) {
  struct Opening {
    std::string_view told;
    bool yes;
  };
  constexpr auto kOpenings = std::to_array<Opening>(
      {{"You can not ", false}, {"You cannot ", false}, {"You can't ", false}, {"You can ", true}});
  if (!sentence.ends_with(".")) return std::nullopt;
  for (const Opening& opening : kOpenings) {
    if (!sentence.starts_with(opening.told)) continue;
    std::string asked = " " + std::string(sentence.substr(opening.told.size()));
    asked.back() = '?';
    for (const auto& [from, to] : {std::pair(" your ", " my "), std::pair(" you ", " I ")}) {
      for (std::size_t at; (at = asked.find(from)) != std::string::npos;) {
        asked.replace(at, std::string_view(from).size(), to);
      }
    }
    return YesNo{"Can I" + asked, fmt::format("{}. {}", opening.yes ? "Yes" : "No", sentence),
                 opening.yes};
  }
  return std::nullopt;
}

}  // namespace

std::optional<YesNo> yes_no_question(Language language, std::string_view sentence) {
  constexpr std::size_t kLeast = 10, kMost = 90;  // Code points.
  const std::size_t length = count_code_points(sentence);
  if (length < kLeast || length > kMost) return std::nullopt;
  return is_korean(language) ? korean_yes_no(sentence) : english_yes_no(sentence);
}

}  // namespace saseo::eval
