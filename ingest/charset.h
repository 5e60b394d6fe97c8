// Charset conversion beyond decode_text (text_readers.h), for files that name their charset.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace saseo {

// UTF-8 of bytes in a charset that ICU knows ("windows-949", "shift_jis"); empty when the charset
// is unknown or a byte does not fit it.
std::optional<std::string> convert_strictly(std::string_view bytes, const std::string& charset);

}  // namespace saseo
