// Particles after names: 갤럭시는, 다온폰은. What ends in no Hangul syllable, such as
// gemma-2-2b-it, is read differently by different people and gets both forms: gemma-2-2b-it은(는).
#pragma once

#include <string>
#include <string_view>

namespace saseo::eval {

enum class Particle {
  kTopic,    // 은/는
  kSubject,  // 이/가
  kObject,   // 을/를
  kAnd,      // 과/와
  kWith,     // 으로/로
};

std::string with_particle(std::string_view noun, Particle particle);

}  // namespace saseo::eval
