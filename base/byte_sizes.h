// Numbers of bytes as people write and read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saseo {

// "2GiB", "1500MB", "2G", "800000000": bytes. KiB, MiB, GiB are powers of 1024; so are K, M and G.
std::optional<std::uint64_t> parse_bytes(std::string_view text);
// "1.6 GiB", "812 MiB".
std::string format_bytes(std::uint64_t bytes);

}  // namespace saseo
