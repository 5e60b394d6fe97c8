#include "eval/korean_particles.h"

#include "base/utf8.h"

namespace saseo::eval {
namespace {

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
    case Particle::kWith:
      return {"으로", "로", "(으)로"};
  }
  return {};
}

}  // namespace

std::string with_particle(std::string_view noun, Particle particle) {
  const Forms forms = forms_of(particle);
  const std::u32string text = to_utf32(noun);
  std::string result(noun);
  if (text.empty() || !is_hangul_syllable(text.back())) return result.append(forms.either);
  // Syllables are ordered by initial, vowel and final: 28 finals, the first of them none.
  const char32_t final = (text.back() - U'가') % 28;
  constexpr char32_t kRieul = 8;  // 서울로, not 서울으로.
  const bool as_after_vowel = final == 0 || (particle == Particle::kWith && final == kRieul);
  return result.append(as_after_vowel ? forms.after_vowel : forms.after_consonant);
}

}  // namespace saseo::eval
