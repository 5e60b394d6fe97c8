// What saseo-pdf writes to its pipe, and the parent reads: words with their places, page by page.
// The parent treats every byte as hostile: lengths are bounded before anything is allocated.
//
//   stream   magic "SASEOPDF", u32 version, then records
//   record   u8 type, u32 length of the payload, payload; a record is at most kMaxRecordBytes
//   numbers  little-endian; f32 is IEEE 754; string is u32 length, then UTF-8
//
//   'H' header   u32 pages as the file claims, u8 encrypted, strings title, author, subject,
//                keywords; u32 count of outline entries, each: u8 level (1 is outermost),
//                string title
//   'P' page     u32 number (1-based, rising), string label, f32 width, f32 height, u8 PageFlag,
//                u16 count of fonts, each a string; u32 count of words, each: string text,
//                f32 x, y, width, height (points from the top left), f32 font size, u16 font,
//                u8 WordFlag, u8 rotation in quarter turns; u32 count of rules, each: f32 left,
//                top, right, bottom
//   'I' image    u32 width, u32 height, f32 pixels per point, width * height * 3 bytes RGB
//   'X' failure  u8 PipeFailure, string for people who debug
//   'E' end      empty; nothing follows
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace saseo {

inline constexpr std::uint32_t kPipeVersion = 2;
inline constexpr std::uint32_t kMaxRecordBytes = 256u << 20;  // A page image of 89 megapixels.
inline constexpr std::uint32_t kMaxPageBytes = 32u << 20;
inline constexpr std::uint32_t kMaxStringBytes = 1u << 16;
inline constexpr std::uint32_t kMaxWordsPerPage = 100'000;
inline constexpr std::uint32_t kMaxRulesPerPage = 2'000;
inline constexpr std::uint32_t kMaxOutlineEntries = 50'000;

struct PdfOutlineEntry {
  int level = 1;  // 1 is outermost.
  std::string title;
};

struct PdfHeader {
  std::uint32_t claimed_pages = 0;  // As the file says: never a size to allocate.
  bool encrypted = false;
  std::string title, author, subject, keywords;
  std::vector<PdfOutlineEntry> outline;
};

struct PdfWord {
  std::string text;
  float x = 0, y = 0, width = 0, height = 0;  // Points from the top left of the page as displayed.
  float font_size = 0;
  std::uint16_t font = 0;     // Index into PdfPage::fonts.
  bool space_after = false;   // On the same line; says nothing at the line's end.
  bool hidden = false;        // Leaves no ink: white on white, covered, invisible, too small.
  std::uint8_t rotation = 0;  // Quarter turns; 0 reads left to right.

  float right() const { return x + width; }
  float bottom() const { return y + height; }
};

// A line that is drawn along an axis, as around the cells of a table. Without thickness: either
// left is right or top is bottom.
struct PdfRule {
  float left = 0, top = 0, right = 0, bottom = 0;  // Points, as for words.

  bool horizontal() const { return right - left > bottom - top; }
};

struct PdfPage {
  int number = 0;  // 1-based.
  std::string label;
  float width = 0, height = 0;
  bool unreadable = false;  // The page's object is damaged: nothing of it was read.
  bool cut = false;         // More words than kMaxWordsPerPage; the rest is left out.
  std::vector<std::string> fonts;
  std::vector<PdfWord> words;  // In the order in which poppler reads the page.
  std::vector<PdfRule> rules;  // In the order of painting. None on a page with too many of them.
};

struct PipeImage {
  std::uint32_t width = 0, height = 0;
  float dots_per_point = 1;
  std::vector<unsigned char> rgb;  // (height, width, 3)
};

enum class PipeFailure : std::uint8_t {
  kNotPdf = 1,  // Damaged beyond repair, or no PDF.
  kNeedsPassword,
  kWrongPassword,
  kNoPages,
  kNoSuchPage,
  kCannotRender,
  kTooLarge,
  kBadRequest,
};

struct PipeError {
  PipeFailure failure = PipeFailure::kNotPdf;
  std::string detail;
};
struct PipeEnd {};

using PipeRecord = std::variant<PdfHeader, PdfPage, PipeImage, PipeError, PipeEnd>;

// Encoders. Strings that are too long and counts beyond the limits are cut, so that what is
// encoded can be decoded.
std::string encode_pipe_start();
std::string encode(const PdfHeader& header);
std::string encode(const PdfPage& page);
std::string encode(const PipeImage& image);
std::string encode(const PipeError& error);
std::string encode(const PipeEnd& end);

// Takes bytes as they come and gives records. Holds at most one record. Not thread-safe.
class PipeDecoder {
 public:
  void feed(std::string_view bytes) { buffer_.append(bytes); }

  // The next whole record, if there is one (true: stored in record). Fails with kBadInput when the
  // bytes are not what the format says; after a failure it keeps failing.
  Result<bool> next(PipeRecord& record);
  bool ended() const { return ended_; }

 private:
  std::string buffer_;
  std::size_t consumed_ = 0;
  std::uint32_t last_page_ = 0;
  bool started_ = false, ended_ = false, failed_ = false, has_header_ = false;
};

}  // namespace saseo
