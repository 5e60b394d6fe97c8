// Which charset a text is in, from its bytes alone; short Korean texts included.
#include "ingest/charset.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "base/utf8.h"
#include "ingest/text_readers.h"

namespace saseo {
namespace {

std::string with_unix_line_ends(std::string text) {
  if (text.find('\r') == std::string::npos) return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out.push_back(text[i]);
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      out.push_back('\n');
    }
  }
  return out;
}

DecodedText decoded(std::string utf8, std::string charset, bool repaired) {
  return {to_nfc(with_unix_line_ends(std::move(utf8))), std::move(charset), repaired};
}

DecodedText decode_utf16(std::string_view bytes, bool big_endian) {
  std::string out;
  bool repaired = bytes.size() % 2 != 0;
  const auto unit = [&](std::size_t i) {
    const auto a = static_cast<std::uint8_t>(bytes[i]), b = static_cast<std::uint8_t>(bytes[i + 1]);
    return static_cast<char32_t>(big_endian ? a << 8 | b : b << 8 | a);
  };
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    char32_t c = unit(i);
    if (c >= 0xD800 && c <= 0xDFFF) {
      const char32_t low = c < 0xDC00 && i + 3 < bytes.size() ? unit(i + 2) : 0;
      if (low >= 0xDC00 && low <= 0xDFFF) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      } else {
        c = kReplacementCharacter;
        repaired = true;
      }
    }
    append_utf8(out, c);
  }
  return decoded(std::move(out), big_endian ? "UTF-16BE" : "UTF-16LE", repaired);
}

// UTF-16 without a mark: line ends, spaces and digits have a null byte on one side only. Pure
// Hangul has few, so a twentieth of the units is enough; "가" (U+AC00) has one on the other side.
enum class Utf16 { kNo, kLittle, kBig };
Utf16 guess_utf16(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 64 * 1024);
  if (head.size() < 4 || bytes.size() % 2 != 0) return Utf16::kNo;
  std::size_t nulls[2] = {0, 0};
  for (std::size_t i = 0; i + 1 < head.size(); ++i) nulls[i % 2] += head[i] == '\0';
  const std::size_t units = head.size() / 2;
  const auto fits = [&](std::size_t high) {
    return nulls[high] * 20 >= units && nulls[high] > 0 && nulls[1 - high] * 3 <= nulls[high];
  };
  if (fits(1)) return Utf16::kLittle;
  if (fits(0)) return Utf16::kBig;
  return Utf16::kNo;
}

struct HangulShare {
  std::size_t hangul = 0, others = 0;  // Of the characters beyond ASCII.
};

HangulShare hangul_share(std::string_view utf8) {
  HangulShare share;
  for (std::size_t i = 0; i < utf8.size();) {
    const DecodedCodePoint c = decode_utf8(utf8, i);
    if (c.code_point >= 0x80) ++(is_hangul_syllable(c.code_point) ? share.hangul : share.others);
    i += c.length;
  }
  return share;
}

}  // namespace

std::optional<std::string> convert_strictly(std::string_view bytes, const std::string& charset) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) / 2) {
    return std::nullopt;
  }
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(
      ucnv_open(charset.c_str(), &status), ucnv_close);
  if (U_FAILURE(status)) return std::nullopt;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(),
                          status);
  if (U_FAILURE(status)) return std::nullopt;
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

DecodedText decode_text(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
    const bool valid = is_valid_utf8(bytes);
    return decoded(valid ? std::string(bytes) : repair_utf8(bytes), "UTF-8", !valid);
  }
  if (bytes.starts_with("\xFF\xFE")) return decode_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xFE\xFF")) return decode_utf16(bytes.substr(2), true);
  // ASCII with a null byte after each letter is valid UTF-8 too; text never is like that.
  if (const Utf16 guess = guess_utf16(bytes); guess != Utf16::kNo) {
    DecodedText text = decode_utf16(bytes, guess == Utf16::kBig);
    if (!text.repaired) return text;
  }
  if (is_valid_utf8(bytes)) return decoded(std::string(bytes), "UTF-8", false);
  if (auto korean = convert_strictly(bytes, "windows-949")) {
    const HangulShare share = hangul_share(*korean);
    if (share.hangul >= share.others) return decoded(std::move(*korean), "CP949", false);
  }
  return decoded(repair_utf8(bytes), "UTF-8", true);
}

}  // namespace saseo
