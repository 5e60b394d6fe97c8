// Korean particles as the word before them sounds: 은 after a final consonant, 는 after a vowel.
#pragma once

#include <string>
#include <string_view>

namespace saseo::eval {

enum class Particle {
  kTopic,      // 은/는
  kSubject,    // 이/가
  kObject,     // 을/를
  kAnd,        // 과/와
  kDirection,  // 으로/로: ㄹ counts as a vowel.
};

// The word with its particle: "필터는", "E-21이", "무게(본체)는" (brackets are not read). Digits
// and letters are taken as they are read in Korean; of words in other scripts both forms are
// written, "은(는)".
std::string with_particle(std::string_view word, Particle particle);

}  // namespace saseo::eval
