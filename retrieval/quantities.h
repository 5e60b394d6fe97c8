// Numbers with units in Korean and English text: "25 W", "80~84 %", "50도 넘으면", "79 % 이하".
// A question's 82 % fits the table row "80~84 %" although they share no term.
#pragma once

#include <limits>
#include <string_view>
#include <vector>

#include "ingest/document.h"

namespace saseo {

// What a unit measures; kNone is a bare number.
enum class Unit {
  kNone,
  kPercent,
  kDegree,
  kWatt,
  kVolt,
  kAmpere,
  kCharge,     // mAh
  kEnergy,     // Wh
  kFrequency,  // Hz, kHz, MHz, GHz
  kMass,
  kLength,
  kArea,
  kVolume,
  kBytes,
  kTime,   // Of the clock or a span: 시간, 분, 초, 일, 개월, 년.
  kCount,  // 개, 대, 장, 번, 명 ...
  kBrightness,
  kSound,
  kPixels,
  kPressure,
  kMoney,
};

// Values are in the unit's base: s, m, g, B, Hz, W ...
struct Quantity {
  double least = 0, most = 0;  // Equal for a single value; infinite for an open end.
  Unit unit = Unit::kNone;
  ByteSpan span;  // In the text.
};

std::vector<Quantity> find_quantities(std::string_view text);

// True when a value of `asked` lies in `told` and the units agree (a bare number agrees with all).
bool fits(const Quantity& asked, const Quantity& told);

// The unit that follows "몇 " / "how many " or that words such as "무게", "how heavy" ask for,
// every one that is possible; empty when the question asks for no quantity.
struct AskedQuantity {
  bool asked = false;
  std::vector<Unit> units;  // Empty: any.
  bool counts = false;      // "how many fingerprints": a bare number before the word answers, too.
  // Of times, in seconds: "몇 년" is not answered by minutes, "몇 분" not by months.
  double shortest = 0, longest = std::numeric_limits<double>::infinity();

  bool answered_by(const Quantity& told) const;
};
AskedQuantity asked_quantity(std::string_view question);
// "년", "rpm" no: the word begins with a unit or a counter that asked_quantity knows.
bool begins_with_unit(std::string_view word);

}  // namespace saseo
