// A TrueType font whose letters, A to z, are all one glyph: a black block, or nothing at all. It is
// what a font looks like that is made to hide words: they are there to be read by programs alone.
// Layout of the tables: OpenType specification, chapters "cmap" to "maxp".
#pragma once

#include <array>
#include <string>
#include <utility>

namespace saseo {

class FontBytes {
 public:
  FontBytes& u8(unsigned value) {
    bytes_ += static_cast<char>(value);
    return *this;
  }
  FontBytes& u16(unsigned value) { return u8(value >> 8 & 0xFF).u8(value & 0xFF); }
  FontBytes& u32(unsigned value) { return u16(value >> 16).u16(value & 0xFFFF); }
  FontBytes& zeros(int count) {
    bytes_.append(static_cast<std::size_t>(count), '\0');
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// 1000 units an em; a letter is 600 wide, its block reaches from (50, 0) to (450, 650).
inline std::string made_font(bool blank) {
  FontBytes block;  // One contour of four points, each an on-curve step from the last.
  block.u16(1).u16(50).u16(0).u16(450).u16(650).u16(3).u16(0).u32(0x01010101);
  block.u16(50).u16(0).u16(400).u16(0).u16(0).u16(650).u16(0).u16(0xFFFF - 650 + 1);
  const std::string glyph = blank ? "" : block.bytes();

  FontBytes cmap;  // Macintosh Roman, one byte a letter.
  cmap.u16(0).u16(1).u16(1).u16(0).u32(12).u16(0).u16(262).u16(0);
  for (unsigned code = 0; code < 256; ++code) cmap.u8(code >= 'A' && code <= 'z' ? 1 : 0);
  FontBytes head;
  head.u32(0x10000).u32(0x10000).u32(0).u32(0x5F0F3CF5).u16(0).u16(1000).zeros(16);
  head.u16(0).u16(0).u16(600).u16(700).u16(0).u16(8).u16(2).u16(0).u16(0);
  FontBytes hhea;
  hhea.u32(0x10000).u16(700).u16(0).u16(0).u16(600).zeros(22).u16(2);
  FontBytes hmtx;
  hmtx.u16(600).u16(0).u16(600).u16(blank ? 0 : 50);
  FontBytes loca;  // Offsets in words: the missing glyph is empty.
  loca.u16(0).u16(0).u16(static_cast<unsigned>(glyph.size() / 2));
  FontBytes maxp;
  maxp.u32(0x10000).u16(2).u16(4).u16(1).u16(0).u16(0).u16(2).zeros(14);

  const std::array<std::pair<const char*, std::string>, 7> tables = {{{"cmap", cmap.bytes()},
                                                                      {"glyf", glyph},
                                                                      {"head", head.bytes()},
                                                                      {"hhea", hhea.bytes()},
                                                                      {"hmtx", hmtx.bytes()},
                                                                      {"loca", loca.bytes()},
                                                                      {"maxp", maxp.bytes()}}};
  FontBytes font;
  font.u32(0x10000).u16(tables.size()).u16(64).u16(2).u16(tables.size() * 16 - 64);
  const std::size_t start = 12 + tables.size() * 16;
  std::string body;
  for (const auto& [name, bytes] : tables) {
    for (int i = 0; i < 4; ++i) font.u8(static_cast<unsigned char>(name[i]));
    font.u32(0).u32(static_cast<unsigned>(start + body.size()));
    font.u32(static_cast<unsigned>(bytes.size()));
    body += bytes;
    body.append((4 - bytes.size() % 4) % 4, '\0');
  }
  return font.bytes() + body;
}

}  // namespace saseo
