#include "eval/report/korean_particles.h"

#include <array>
#include <utility>

#include "base/utf8.h"

namespace saseo::eval {
namespace {

enum class Final { kNone, kRieul, kOther, kUnknown };

constexpr char32_t kFirstSyllable = 0xAC00;
constexpr char32_t kFinals = 28;  // Final consonants of a syllable block, none included.
constexpr char32_t kRieulFinal = 8;

Final final_of_digit(char32_t digit) {
  // 영 일 이 삼 사 오 육 칠 팔 구; "10", "100" end in 십, 백.
  constexpr std::array kDigits = {Final::kOther, Final::kRieul, Final::kNone,  Final::kOther,
                                  Final::kNone,  Final::kNone,  Final::kOther, Final::kRieul,
                                  Final::kRieul, Final::kNone};
  return kDigits[digit - U'0'];
}

bool is_upper(char32_t c) { return c >= U'A' && c <= U'Z'; }
bool is_lower(char32_t c) { return c >= U'a' && c <= U'z'; }

Final final_of_letter(char32_t letter, char32_t before) {
  // Alone or among capitals letters are read by name: 엘, 엠, 엔, 알.
  const bool spelled = is_upper(letter) && !is_lower(before);
  const char32_t lower = letter | 0x20;
  if (lower == U'l' || (lower == U'r' && spelled)) return Final::kRieul;
  if (lower == U'm' || lower == U'n') return Final::kOther;
  if (lower == U'g' && !spelled && (before | 0x20) == U'n') return Final::kOther;
  return Final::kNone;
}

Final final_sound(std::string_view word) {
  std::u32string text = to_utf32(word);
  while (!text.empty()) {
    if (text.back() == U')' || text.back() == U']') {
      const std::size_t open = text.rfind(text.back() == U')' ? U'(' : U'[');
      if (open != std::u32string::npos && open > 0) {
        text.resize(open);
        continue;
      }
    }
    const char32_t last = text.back();
    if (is_hangul_syllable(last)) {
      const char32_t final = (last - kFirstSyllable) % kFinals;
      if (final == 0) return Final::kNone;
      return final == kRieulFinal ? Final::kRieul : Final::kOther;
    }
    if (last >= U'0' && last <= U'9') return final_of_digit(last);
    if (is_upper(last) || is_lower(last)) {
      return final_of_letter(last, text.size() > 1 ? text[text.size() - 2] : U' ');
    }
    if (last == U'%' || last == U'℃' || last == U'°') return Final::kNone;  // 퍼센트, 도.
    if (is_letter_or_digit(last)) return Final::kUnknown;
    text.pop_back();
  }
  return Final::kUnknown;
}

struct Forms {
  std::string_view after_consonant, after_vowel, either;
};

Forms forms_of(Particle particle) {
  switch (particle) {
    case Particle::kTopic:
      return {"은", "는", "은(는)"};
    case Particle::kSubject:
      return {"이", "가", "이(가)"};
    case Particle::kObject:
      return {"을", "를", "을(를)"};
    case Particle::kAnd:
      return {"과", "와", "과(와)"};
    case Particle::kDirection:
      break;
  }
  return {"으로", "로", "(으)로"};
}

}  // namespace

std::string with_particle(std::string_view word, Particle particle) {
  const Forms forms = forms_of(particle);
  std::string out(word);
  switch (final_sound(word)) {
    case Final::kNone:
      out += forms.after_vowel;
      break;
    case Final::kRieul:
      out += particle == Particle::kDirection ? forms.after_vowel : forms.after_consonant;
      break;
    case Final::kOther:
      out += forms.after_consonant;
      break;
    case Final::kUnknown:
      out += forms.either;
      break;
  }
  return out;
}

}  // namespace saseo::eval
