#include "retrieval/quantities.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "base/utf8.h"

namespace saseo {
namespace {

struct UnitWord {
  std::string_view word;  // Lower case.
  Unit unit;
  double scale;  // To the base unit.
};

constexpr double kMinute = 60, kHour = 3600, kDay = 86400, kWeek = 7 * kDay, kMonth = 30 * kDay,
                 kYear = 365 * kDay;

// Longer words first where one begins another.
constexpr std::array kUnitWords = {UnitWord{"퍼센트", Unit::kPercent, 1},
                                   UnitWord{"프로", Unit::kPercent, 1},
                                   UnitWord{"percent", Unit::kPercent, 1},
                                   UnitWord{"%", Unit::kPercent, 1},
                                   UnitWord{"°c", Unit::kDegree, 1},
                                   UnitWord{"℃", Unit::kDegree, 1},
                                   UnitWord{"degrees", Unit::kDegree, 1},
                                   UnitWord{"degree", Unit::kDegree, 1},
                                   UnitWord{"도", Unit::kDegree, 1},
                                   UnitWord{"°", Unit::kDegree, 1},
                                   UnitWord{"와트", Unit::kWatt, 1},
                                   UnitWord{"watts", Unit::kWatt, 1},
                                   UnitWord{"watt", Unit::kWatt, 1},
                                   UnitWord{"볼트", Unit::kVolt, 1},
                                   UnitWord{"암페어", Unit::kAmpere, 1},
                                   UnitWord{"mah", Unit::kCharge, 1},
                                   UnitWord{"밀리암페어", Unit::kCharge, 1},
                                   UnitWord{"wh", Unit::kEnergy, 1},
                                   UnitWord{"w", Unit::kWatt, 1},
                                   UnitWord{"khz", Unit::kFrequency, 1e3},
                                   UnitWord{"mhz", Unit::kFrequency, 1e6},
                                   UnitWord{"ghz", Unit::kFrequency, 1e9},
                                   UnitWord{"hz", Unit::kFrequency, 1},
                                   UnitWord{"헤르츠", Unit::kFrequency, 1},
                                   UnitWord{"kg", Unit::kMass, 1e3},
                                   UnitWord{"킬로그램", Unit::kMass, 1e3},
                                   UnitWord{"그램", Unit::kMass, 1},
                                   UnitWord{"그람", Unit::kMass, 1},
                                   UnitWord{"grams", Unit::kMass, 1},
                                   UnitWord{"mm", Unit::kLength, 1e-3},
                                   UnitWord{"밀리미터", Unit::kLength, 1e-3},
                                   UnitWord{"cm", Unit::kLength, 1e-2},
                                   UnitWord{"센티미터", Unit::kLength, 1e-2},
                                   UnitWord{"센티", Unit::kLength, 1e-2},
                                   UnitWord{"km", Unit::kLength, 1e3},
                                   UnitWord{"미터", Unit::kLength, 1},
                                   UnitWord{"인치", Unit::kLength, 0.0254},
                                   UnitWord{"inches", Unit::kLength, 0.0254},
                                   UnitWord{"m²", Unit::kArea, 1},
                                   UnitWord{"제곱미터", Unit::kArea, 1},
                                   UnitWord{"평", Unit::kArea, 3.3058},
                                   UnitWord{"ml", Unit::kVolume, 1e-3},
                                   UnitWord{"밀리리터", Unit::kVolume, 1e-3},
                                   UnitWord{"리터", Unit::kVolume, 1},
                                   UnitWord{"kb", Unit::kBytes, 1e3},
                                   UnitWord{"mb", Unit::kBytes, 1e6},
                                   UnitWord{"메가", Unit::kBytes, 1e6},
                                   UnitWord{"gb", Unit::kBytes, 1e9},
                                   UnitWord{"기가바이트", Unit::kBytes, 1e9},
                                   UnitWord{"tb", Unit::kBytes, 1e12},
                                   UnitWord{"테라", Unit::kBytes, 1e12},
                                   UnitWord{"시간", Unit::kTime, kHour},
                                   UnitWord{"hours", Unit::kTime, kHour},
                                   UnitWord{"hour", Unit::kTime, kHour},
                                   UnitWord{"분", Unit::kTime, kMinute},
                                   UnitWord{"minutes", Unit::kTime, kMinute},
                                   UnitWord{"minute", Unit::kTime, kMinute},
                                   UnitWord{"min", Unit::kTime, kMinute},
                                   UnitWord{"초", Unit::kTime, 1},
                                   UnitWord{"seconds", Unit::kTime, 1},
                                   UnitWord{"second", Unit::kTime, 1},
                                   UnitWord{"개월", Unit::kTime, kMonth},
                                   UnitWord{"달", Unit::kTime, kMonth},
                                   UnitWord{"months", Unit::kTime, kMonth},
                                   UnitWord{"month", Unit::kTime, kMonth},
                                   UnitWord{"주", Unit::kTime, kWeek},
                                   UnitWord{"weeks", Unit::kTime, kWeek},
                                   UnitWord{"일", Unit::kTime, kDay},
                                   UnitWord{"days", Unit::kTime, kDay},
                                   UnitWord{"day", Unit::kTime, kDay},
                                   UnitWord{"년", Unit::kTime, kYear},
                                   UnitWord{"years", Unit::kTime, kYear},
                                   UnitWord{"year", Unit::kTime, kYear},
                                   UnitWord{"시", Unit::kTime, kHour},
                                   UnitWord{"개", Unit::kCount, 1},
                                   UnitWord{"대", Unit::kCount, 1},
                                   UnitWord{"장", Unit::kCount, 1},
                                   UnitWord{"번", Unit::kCount, 1},
                                   UnitWord{"회", Unit::kCount, 1},
                                   UnitWord{"명", Unit::kCount, 1},
                                   UnitWord{"배", Unit::kCount, 1},
                                   UnitWord{"자리", Unit::kCount, 1},
                                   UnitWord{"쪽", Unit::kCount, 1},
                                   UnitWord{"단계", Unit::kCount, 1},
                                   UnitWord{"times", Unit::kCount, 1},
                                   UnitWord{"devices", Unit::kCount, 1},
                                   UnitWord{"니트", Unit::kBrightness, 1},
                                   UnitWord{"nits", Unit::kBrightness, 1},
                                   UnitWord{"db", Unit::kSound, 1},
                                   UnitWord{"데시벨", Unit::kSound, 1},
                                   UnitWord{"mp", Unit::kPixels, 1e6},
                                   UnitWord{"화소", Unit::kPixels, 1},
                                   UnitWord{"pa", Unit::kPressure, 1},
                                   UnitWord{"파스칼", Unit::kPressure, 1},
                                   UnitWord{"만원", Unit::kMoney, 1e4},
                                   UnitWord{"만 원", Unit::kMoney, 1e4},
                                   UnitWord{"원", Unit::kMoney, 1},
                                   UnitWord{"달러", Unit::kMoney, 1},
                                   UnitWord{"dollars", Unit::kMoney, 1},
                                   UnitWord{"volts", Unit::kVolt, 1},
                                   UnitWord{"volt", Unit::kVolt, 1},
                                   UnitWord{"amps", Unit::kAmpere, 1},
                                   UnitWord{"kilos", Unit::kMass, 1e3},
                                   UnitWord{"pounds", Unit::kMass, 453.6},
                                   UnitWord{"ounces", Unit::kMass, 28.35},
                                   UnitWord{"inch", Unit::kLength, 0.0254},
                                   UnitWord{"feet", Unit::kLength, 0.3048},
                                   UnitWord{"ft", Unit::kLength, 0.3048},
                                   UnitWord{"miles", Unit::kLength, 1609.3},
                                   UnitWord{"meters", Unit::kLength, 1},
                                   UnitWord{"liters", Unit::kVolume, 1},
                                   UnitWord{"gigabytes", Unit::kBytes, 1e9},
                                   UnitWord{"gigs", Unit::kBytes, 1e9},
                                   UnitWord{"gig", Unit::kBytes, 1e9},
                                   UnitWord{"megabytes", Unit::kBytes, 1e6},
                                   UnitWord{"megs", Unit::kBytes, 1e6},
                                   UnitWord{"hrs", Unit::kTime, kHour},
                                   UnitWord{"hr", Unit::kTime, kHour},
                                   UnitWord{"h", Unit::kTime, kHour},
                                   UnitWord{"mins", Unit::kTime, kMinute},
                                   UnitWord{"secs", Unit::kTime, 1},
                                   UnitWord{"sec", Unit::kTime, 1},
                                   UnitWord{"week", Unit::kTime, kWeek},
                                   UnitWord{"pieces", Unit::kCount, 1},
                                   UnitWord{"decibels", Unit::kSound, 1},
                                   UnitWord{"megapixels", Unit::kPixels, 1e6},
                                   UnitWord{"megapixel", Unit::kPixels, 1e6},
                                   UnitWord{"bucks", Unit::kMoney, 1},
                                   UnitWord{"euros", Unit::kMoney, 1},
                                   UnitWord{"g", Unit::kMass, 1},
                                   UnitWord{"m", Unit::kLength, 1},
                                   UnitWord{"v", Unit::kVolt, 1},
                                   UnitWord{"a", Unit::kAmpere, 1},
                                   UnitWord{"l", Unit::kVolume, 1}};

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string lower_ascii(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return folded;
}

// The unit at text[at] (spaces before it allowed); `end` is moved behind it.
std::optional<UnitWord> unit_at(std::string_view text, std::size_t& end) {
  std::size_t at = end;
  while (at < text.size() && text[at] == ' ') ++at;
  const UnitWord* best = nullptr;
  for (const UnitWord& unit : kUnitWords) {
    if (!text.substr(at).starts_with(unit.word)) continue;
    const std::size_t after = at + unit.word.size();
    // "5 m" but not "5 mode"; Korean units may be followed by particles.
    if (is_ascii_letter(unit.word.back()) && after < text.size() && is_ascii_letter(text[after])) {
      continue;
    }
    if (best == nullptr || unit.word.size() > best->word.size()) best = &unit;
  }
  if (best == nullptr) return std::nullopt;
  end = at + best->word.size();
  return *best;
}

// A number such as "1,800" or "2.5" at text[at]; `end` is moved behind it.
std::optional<double> number_at(std::string_view text, std::size_t at, std::size_t& end) {
  std::string digits;
  std::size_t i = at;
  while (i < text.size()) {
    const bool separator = (text[i] == ',' || text[i] == '.') && i + 1 < text.size() &&
                           is_ascii_digit(text[i + 1]) && i > at;
    if (!is_ascii_digit(text[i]) && !separator) break;
    if (text[i] != ',') digits.push_back(text[i]);
    ++i;
  }
  double value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || stop != digits.data() + digits.size()) {
    return std::nullopt;
  }
  end = i;
  return value;
}

bool follows(std::string_view text, std::size_t at, std::initializer_list<std::string_view> words) {
  while (at < text.size() && text[at] == ' ') ++at;
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.substr(at).starts_with(word); });
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

std::vector<Quantity> find_quantities(std::string_view original) {
  const std::string text = lower_ascii(original);
  std::vector<Quantity> found;
  for (std::size_t i = 0; i < text.size();) {
    // Digits inside a code ("e-21", "usb3") are no quantity.
    const bool in_code = i > 0 && (is_ascii_letter(text[i - 1]) ||
                                   (text[i - 1] == '-' && i > 1 && is_ascii_letter(text[i - 2])));
    std::size_t end = i;
    std::optional<double> value;
    if (is_ascii_digit(text[i]) && !in_code) value = number_at(text, i, end);
    if (!value) {
      if (is_ascii_digit(text[i])) {
        while (i < text.size() && is_ascii_digit(text[i])) ++i;
      } else {
        ++i;
      }
      continue;
    }
    const std::size_t begin = i;
    Quantity quantity{*value, *value, Unit::kNone, {}};
    std::optional<UnitWord> unit = unit_at(text, end);
    // A range: "80~84 %", "0~35 °c", "20–50 cm".
    std::size_t range = end;
    for (const std::string_view dash : {"~", "–", "∼", "〜", "-"}) {
      if (!std::string_view(text).substr(end).starts_with(dash)) continue;
      std::size_t at = end + dash.size(), range_end = at;
      if (const std::optional<double> upper = at < text.size() && is_ascii_digit(text[at])
                                                  ? number_at(text, at, range_end)
                                                  : std::nullopt) {
        if (*upper < *value) break;
        quantity.most = *upper;
        range = range_end;
        unit = unit_at(text, range);
      }
      break;
    }
    end = range;
    if (unit) {
      quantity.unit = unit->unit;
      quantity.least *= unit->scale;
      quantity.most *= unit->scale;
    }
    if (quantity.least == quantity.most) {
      constexpr double kInfinite = std::numeric_limits<double>::infinity();
      if (follows(text, end, {"이상", "or more", "or higher", "넘", "을 넘", "를 넘"})) {
        quantity.most = kInfinite;
      } else if (follows(text, end, {"이하", "미만", "or less", "or lower"})) {
        quantity.least = -kInfinite;
      }
    }
    quantity.span = {begin, end};
    found.push_back(quantity);
    i = std::max(end, begin + 1);
  }
  return found;
}

bool fits(const Quantity& asked, const Quantity& told) {
  if (asked.unit != told.unit && asked.unit != Unit::kNone && told.unit != Unit::kNone)
    return false;
  const double slack = 1e-9 * std::max(1.0, std::abs(told.least));
  return asked.least <= told.most + slack && told.least <= asked.most + slack;
}

bool AskedQuantity::answered_by(const Quantity& told) const {
  if (!asked) return false;
  if (units.empty()) return told.unit != Unit::kNone || counts;
  if (std::ranges::find(units, told.unit) == units.end()) return false;
  return told.unit != Unit::kTime || (told.most >= shortest && told.least <= longest);
}

bool begins_with_unit(std::string_view word) {
  std::size_t end = 0;
  return follows(word, 0, {"살", "가지", "기가", "퍼", "층", "줄"}) ||
         unit_at(word, end).has_value();
}

AskedQuantity asked_quantity(std::string_view question) {
  const std::string text = lower_ascii(question);
  AskedQuantity result;
  const auto ask = [&](std::initializer_list<Unit> units) {
    result.asked = true;
    for (const Unit unit : units) {
      if (std::ranges::find(result.units, unit) == result.units.end()) result.units.push_back(unit);
    }
  };
  for (const std::string_view asking : {"몇", "how many", "how much"}) {
    for (std::size_t at = text.find(asking); at != std::string::npos;
         at = text.find(asking, at + 1)) {
      std::size_t end = at + asking.size();
      result.asked = true;
      result.counts = result.counts || asking == "how many";
      if (follows(text, end, {"살", "가지"})) {
        ask({Unit::kCount});
      } else if (follows(text, end, {"기가", "gb"})) {
        ask({Unit::kBytes});
      } else if (const std::optional<UnitWord> unit = unit_at(text, end)) {
        ask({unit->unit});
        if (unit->unit == Unit::kTime && unit->scale >= kMonth) {
          result.shortest = kWeek;
        } else if (unit->unit == Unit::kTime) {
          result.longest = unit->scale >= kDay ? kYear : kMonth;
        }
      }
    }
  }
  if (contains_any(text, {"며칠"})) ask({Unit::kTime});
  if (contains_any(text,
                   {"얼마나 걸", "얼마나 오래", "언제까지", "얼마 만에", "얼마만에", "얼마 동안",
                    "얼마동안", "몇 시", "how long", "how often", "until when"})) {
    ask({Unit::kTime});
  }
  if (contains_any(text, {"얼마예요", "얼마에요", "얼마인가", "얼마죠", "얼마야", "얼마쯤 해",
                          "가격", "정가", "비용", "수리비", "돈이", "시세", "how much does it cost",
                          "price", "cost"})) {
    result.units.clear();
    ask({Unit::kMoney});
  }
  if (contains_any(text, {"how much space", "how much storage", "how much memory"}))
    ask({Unit::kBytes});
  if (contains_any(text, {"what voltage", "which voltage"})) ask({Unit::kVolt});
  if (contains_any(text, {"how loud"})) ask({Unit::kSound});
  if (contains_any(text, {"무게", "무거", "weigh", "how heavy"})) ask({Unit::kMass});
  if (contains_any(text, {"how far", "how thick", "how big", "how wide", "how tall", "how deep",
                          "얼마나 멀", "얼마나 커", "얼마나 두꺼"})) {
    ask({Unit::kLength});
  }
  if (contains_any(text, {"얼마나 담", "얼마나 들어가"})) ask({Unit::kVolume, Unit::kBytes});
  if (contains_any(text, {"얼마나 밝", "how bright"})) ask({Unit::kBrightness});
  if (contains_any(text, {"얼마나 뜨거", "how hot", "what temperature", "which temperature"}))
    ask({Unit::kDegree});
  if (contains_any(text, {"얼마", "얼만"})) result.asked = true;
  return result;
}

}  // namespace saseo
