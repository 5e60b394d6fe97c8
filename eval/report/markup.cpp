#include "eval/report/markup.h"

#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/utf8.h"

namespace saseo::eval {
namespace {

bool is_direction_mark(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool is_hidden(char32_t c) {
  if (c < 0x20) return c != U'\t' && c != U'\n';
  return (c >= 0x7F && c <= 0x9F) || is_direction_mark(c) || (c >= 0xFDD0 && c <= 0xFDEF) ||
         (c & 0xFFFE) == 0xFFFE || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

// Calls `emit` with each code point that is shown.
template <typename Emit>
void for_each_visible(std::string_view text, Emit emit) {
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCodePoint decoded = decode_utf8(text, at);
    at += decoded.length;
    const char32_t c = decoded.code_point;
    if (!decoded.valid || (c != U'\r' && is_hidden(c))) {
      emit(kReplacementCharacter);
    } else if (c == 0x2028 || c == 0x2029) {
      emit(U'\n');
    } else if (c != U'\r') {
      emit(c);
    }
  }
}

}  // namespace

std::string visible_text(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for_each_visible(text, [&](char32_t c) { append_utf8(shown, c); });
  return shown;
}

std::string escape(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size() + text.size() / 8);
  for_each_visible(text, [&](char32_t c) {
    switch (c) {
      case U'&':
        escaped += "&amp;";
        break;
      case U'<':
        escaped += "&lt;";
        break;
      case U'>':
        escaped += "&gt;";
        break;
      case U'"':
        escaped += "&quot;";
        break;
      case U'\'':
        escaped += "&#39;";
        break;
      default:
        append_utf8(escaped, c);
    }
  });
  return escaped;
}

std::string script_json(const nlohmann::json& json) {
  const std::string text = written_json(json);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '<':
        safe += "\\u003c";
        break;
      case '>':
        safe += "\\u003e";
        break;
      case '&':
        safe += "\\u0026";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string content_security_hash(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> base64;
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return "sha256-" + std::string(reinterpret_cast<const char*>(base64.data()),
                                 static_cast<std::size_t>(length));
}

}  // namespace saseo::eval
