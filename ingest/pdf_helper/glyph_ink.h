// Whether a font's glyphs leave ink. A font that comes with a file can say "A" and draw nothing.
#pragma once

#include <CharTypes.h>

#include <cstdint>
#include <memory>
#include <unordered_map>

class GfxState;
class PDFDoc;
class SplashOutputDev;
class XRef;

namespace saseo::pdf_helper {

// What a glyph paints. The box of its ink is in units of the font's size, from the glyph's origin
// to the right and down.
struct GlyphShape {
  enum Kind {
    kUnknown,  // No font, or larger than letters are.
    kBlank,
    kFaint,  // Too little ink to be seen.
    kPrint,
    kBlock,  // Fills its box: could hide what is under it.
  };
  Kind kind = kUnknown;
  double left = 0, top = 0, right = 0, bottom = 0;
};

// Draws each glyph of a document once at about its size and remembers. Not thread-safe.
class GlyphInk {
 public:
  explicit GlyphInk(PDFDoc& document);
  ~GlyphInk();

  // The glyph in the state's font, which stands upright, `width` and `height` points large.
  GlyphShape shape_of(GfxState& state, double width, double height, CharCode code, int bytes);

 private:
  struct Key {
    std::uint64_t font = 0, glyph = 0;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::uint64_t>()(key.font * 0x9E3779B97F4A7C15u ^ key.glyph);
    }
  };

  GlyphShape draw(GfxState& state, double width, double height, CharCode code, int bytes);
  GlyphShape draw_at(GfxState& state, double width, double height, CharCode code, int bytes);

  XRef* xref_;
  std::unique_ptr<SplashOutputDev> device_;
  std::unordered_map<Key, GlyphShape, Hash> known_;
};

}  // namespace saseo::pdf_helper
