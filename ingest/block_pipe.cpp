#include "ingest/block_pipe.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "base/message.h"
#include "base/utf8.h"

namespace saseo {
namespace {

constexpr std::string_view kMagic = "SASEOPDF";
constexpr std::size_t kRecordHead = 5;
constexpr std::uint8_t kWordSpaceAfter = 1, kWordHidden = 2;
constexpr std::uint8_t kPageUnreadable = 1, kPageCut = 2;
constexpr std::size_t kMaxFonts = 4096;
constexpr int kMaxOutlineLevel = 16;
constexpr float kMaxCoordinate = 1e6f;  // Points; the PDF limit is 14400 by 14400.

class Writer {
 public:
  explicit Writer(char type) : bytes_{type, 0, 0, 0, 0} {}

  void u8(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void u16(std::uint16_t value) { u8(value & 0xFF), u8(value >> 8); }
  void u32(std::uint32_t value) { u16(value & 0xFFFF), u16(value >> 16); }
  void f32(float value) { u32(std::bit_cast<std::uint32_t>(value)); }
  void string(std::string_view text) {
    text = text.substr(
        0, floor_to_code_point(text, std::min<std::size_t>(text.size(), kMaxStringBytes)));
    u32(static_cast<std::uint32_t>(text.size()));
    bytes_.append(text);
  }
  void raw(std::string_view bytes) { bytes_.append(bytes); }
  std::size_t size() const { return bytes_.size(); }

  std::string finish() {
    const std::uint32_t length = static_cast<std::uint32_t>(bytes_.size() - kRecordHead);
    for (int i = 0; i < 4; ++i) bytes_[1 + i] = static_cast<char>(length >> (8 * i));
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

// Reads within bounds; after the first failure everything reads as 0 and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && bytes_.empty(); }
  std::size_t left() const { return bytes_.size(); }

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return number(4); }
  // A finite number within the coordinates that a page can have.
  float f32() {
    const float value = std::bit_cast<float>(number(4));
    if (!std::isfinite(value) || std::fabs(value) > kMaxCoordinate) return ok_ = false, 0.0f;
    return value;
  }
  std::string string() {
    const std::uint32_t length = u32();
    if (length > kMaxStringBytes) return ok_ = false, std::string();
    return repair_utf8(raw(length));
  }
  std::string_view raw(std::size_t length) {
    if (!ok_ || length > bytes_.size()) return ok_ = false, std::string_view();
    const std::string_view taken = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return taken;
  }

 private:
  std::uint32_t number(std::size_t width) {
    const std::string_view taken = raw(width);
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < taken.size(); ++i)
      value |= static_cast<std::uint32_t>(static_cast<unsigned char>(taken[i])) << (8 * i);
    return value;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

std::optional<PdfHeader> read_header(Reader& in) {
  PdfHeader header;
  header.claimed_pages = in.u32();
  header.encrypted = in.u8() != 0;
  header.title = in.string();
  header.author = in.string();
  header.subject = in.string();
  header.keywords = in.string();
  const std::uint32_t count = in.u32();
  if (count > kMaxOutlineEntries) return std::nullopt;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    const int level = in.u8();
    if (level < 1 || level > kMaxOutlineLevel) return std::nullopt;
    header.outline.push_back({level, in.string()});
  }
  if (!in.at_end()) return std::nullopt;
  return header;
}

PdfWord read_word(Reader& in) {
  PdfWord word;
  word.text = in.string();
  word.x = in.f32();
  word.y = in.f32();
  word.width = in.f32();
  word.height = in.f32();
  word.font_size = in.f32();
  word.font = in.u16();
  const std::uint8_t flags = in.u8();
  word.space_after = flags & kWordSpaceAfter;
  word.hidden = flags & kWordHidden;
  word.rotation = in.u8();
  return word;
}

std::optional<PdfPage> read_page(Reader& in, std::uint32_t last_page) {
  PdfPage page;
  const std::uint32_t number = in.u32();
  if (number <= last_page || number > 0x7FFFFFFF) return std::nullopt;
  page.number = static_cast<int>(number);
  page.label = in.string();
  page.width = in.f32();
  page.height = in.f32();
  const std::uint8_t flags = in.u8();
  page.unreadable = flags & kPageUnreadable;
  page.cut = flags & kPageCut;
  if (page.width < 0 || page.height < 0) return std::nullopt;

  const std::uint16_t fonts = in.u16();
  if (fonts > kMaxFonts) return std::nullopt;
  for (std::uint16_t i = 0; i < fonts && in.ok(); ++i) page.fonts.push_back(in.string());

  const std::uint32_t words = in.u32();
  if (words > kMaxWordsPerPage) return std::nullopt;
  for (std::uint32_t i = 0; i < words && in.ok(); ++i) {
    PdfWord word = read_word(in);
    if (word.width < 0 || word.height < 0 || word.font_size < 0 || word.rotation > 3 ||
        word.font >= std::max<std::size_t>(page.fonts.size(), 1))
      return std::nullopt;
    page.words.push_back(std::move(word));
  }
  const std::uint32_t rules = in.u32();
  if (rules > kMaxRulesPerPage) return std::nullopt;
  for (std::uint32_t i = 0; i < rules && in.ok(); ++i) {
    PdfRule rule;
    rule.left = in.f32();
    rule.top = in.f32();
    rule.right = in.f32();
    rule.bottom = in.f32();
    if (rule.right < rule.left || rule.bottom < rule.top) return std::nullopt;
    page.rules.push_back(rule);
  }
  if (!in.at_end()) return std::nullopt;
  return page;
}

std::optional<PipeImage> read_image(Reader& in) {
  PipeImage image;
  image.width = in.u32();
  image.height = in.u32();
  image.dots_per_point = in.f32();
  const std::uint64_t pixels = std::uint64_t{image.width} * image.height;
  if (!in.ok() || image.width == 0 || pixels == 0 || pixels > kMaxRecordBytes ||
      image.dots_per_point <= 0 || pixels * 3 != in.left())
    return std::nullopt;
  const std::string_view rgb = in.raw(in.left());
  image.rgb.assign(rgb.begin(), rgb.end());
  return image;
}

std::optional<PipeError> read_error(Reader& in) {
  PipeError error;
  const std::uint8_t code = in.u8();
  error.detail = in.string();
  if (code < static_cast<std::uint8_t>(PipeFailure::kNotPdf) ||
      code > static_cast<std::uint8_t>(PipeFailure::kBadRequest) || !in.at_end())
    return std::nullopt;
  error.failure = static_cast<PipeFailure>(code);
  return error;
}

Error format_error(std::string_view what) {
  return make_error(ErrorCode::kBadInput, "the PDF helper sent malformed data ({})",
                    "PDF 도우미가 형식에 맞지 않는 데이터를 보냈습니다({})", what);
}

std::uint32_t limit_of(char type) {
  switch (type) {
    case 'H':
    case 'P':
      return kMaxPageBytes;
    case 'I':
      return kMaxRecordBytes;
    case 'X':
      return kMaxStringBytes + 16;
    case 'E':
    default:
      return 0;
  }
}

}  // namespace

std::string encode_pipe_start() {
  std::string bytes(kMagic);
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(kPipeVersion >> (8 * i)));
  return bytes;
}

std::string encode(const PdfHeader& header) {
  Writer out('H');
  out.u32(header.claimed_pages);
  out.u8(header.encrypted);
  for (const std::string* text : {&header.title, &header.author, &header.subject, &header.keywords})
    out.string(*text);
  // Entries beyond the record's limits are left out; titles are short in every real file.
  std::size_t count = 0, bytes = out.size();
  for (const PdfOutlineEntry& entry : header.outline) {
    bytes += 5 + std::min<std::size_t>(entry.title.size(), kMaxStringBytes);
    if (count == kMaxOutlineEntries || bytes > kMaxPageBytes) break;
    ++count;
  }
  out.u32(static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    out.u8(static_cast<std::uint8_t>(std::clamp(header.outline[i].level, 1, kMaxOutlineLevel)));
    out.string(header.outline[i].title);
  }
  return out.finish();
}

std::string encode(const PdfPage& page) {
  constexpr std::size_t kWordBytes = 28;  // Beside its text.
  const std::size_t fonts = std::min(page.fonts.size(), kMaxFonts);
  constexpr std::size_t kRuleBytes = 16;
  std::size_t count = 0, bytes = 64 + kMaxRulesPerPage * kRuleBytes +
                                 std::min<std::size_t>(page.label.size(), kMaxStringBytes);
  for (std::size_t i = 0; i < fonts; ++i)
    bytes += 4 + std::min<std::size_t>(page.fonts[i].size(), kMaxStringBytes);
  for (const PdfWord& word : page.words) {
    bytes += kWordBytes + std::min<std::size_t>(word.text.size(), kMaxStringBytes);
    if (count == kMaxWordsPerPage || bytes > kMaxPageBytes) break;
    ++count;
  }
  const bool cut = page.cut || count < page.words.size();

  Writer out('P');
  out.u32(static_cast<std::uint32_t>(page.number));
  out.string(page.label);
  out.f32(page.width);
  out.f32(page.height);
  out.u8((page.unreadable ? kPageUnreadable : 0) | (cut ? kPageCut : 0));
  out.u16(static_cast<std::uint16_t>(fonts));
  for (std::size_t i = 0; i < fonts; ++i) out.string(page.fonts[i]);
  out.u32(static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const PdfWord& word = page.words[i];
    out.string(word.text);
    for (const float value : {word.x, word.y, word.width, word.height, word.font_size})
      out.f32(std::isfinite(value) ? std::clamp(value, -kMaxCoordinate, kMaxCoordinate) : 0.0f);
    out.u16(word.font < fonts ? word.font : 0);
    out.u8((word.space_after ? kWordSpaceAfter : 0) | (word.hidden ? kWordHidden : 0));
    out.u8(word.rotation & 3);
  }
  const std::size_t rules = page.rules.size() <= kMaxRulesPerPage ? page.rules.size() : 0;
  out.u32(static_cast<std::uint32_t>(rules));
  for (std::size_t i = 0; i < rules; ++i) {
    const PdfRule& rule = page.rules[i];
    for (const float value : {rule.left, rule.top, rule.right, rule.bottom})
      out.f32(std::isfinite(value) ? std::clamp(value, -kMaxCoordinate, kMaxCoordinate) : 0.0f);
  }
  return out.finish();
}

std::string encode(const PipeImage& image) {
  Writer out('I');
  out.u32(image.width);
  out.u32(image.height);
  out.f32(image.dots_per_point);
  out.raw({reinterpret_cast<const char*>(image.rgb.data()), image.rgb.size()});
  return out.finish();
}

std::string encode(const PipeError& error) {
  Writer out('X');
  out.u8(static_cast<std::uint8_t>(error.failure));
  out.string(error.detail);
  return out.finish();
}

std::string encode(const PipeEnd&) { return Writer('E').finish(); }

Result<bool> PipeDecoder::next(PipeRecord& record) {
  if (failed_) return format_error("stream");
  const auto fail = [this](std::string_view what) {
    failed_ = true;
    return format_error(what);
  };
  std::string_view bytes = std::string_view(buffer_).substr(consumed_);
  if (!started_) {
    const std::string start = encode_pipe_start();
    if (!start.starts_with(bytes.substr(0, start.size()))) return fail("magic");
    if (bytes.size() < start.size()) return false;
    consumed_ += start.size();
    bytes.remove_prefix(start.size());
    started_ = true;
  }
  if (ended_ && !bytes.empty()) return fail("after end");
  if (bytes.size() < kRecordHead) return false;

  const char type = bytes[0];
  const std::uint32_t length = Reader(bytes.substr(1, 4)).u32();
  if (std::string_view("HPIXE").find(type) == std::string_view::npos) return fail("type");
  if (length > limit_of(type)) return fail("length");
  if (bytes.size() - kRecordHead < length) return false;

  Reader in(bytes.substr(kRecordHead, length));
  bool valid = false;
  const auto keep = [&](auto decoded) {
    if (decoded) record = std::move(*decoded), valid = true;
  };
  if (type == 'H' && !has_header_) keep(read_header(in)), has_header_ = true;
  if (type == 'P' && has_header_) {
    keep(read_page(in, last_page_));
    if (valid) last_page_ = static_cast<std::uint32_t>(std::get<PdfPage>(record).number);
  }
  if (type == 'I') keep(read_image(in));
  if (type == 'X') keep(read_error(in));
  if (type == 'E') record = PipeEnd{}, valid = ended_ = true;
  if (!valid) return fail("payload");

  consumed_ += kRecordHead + length;
  // Moves the rest to the front once a good deal is used up: linear in all.
  if (consumed_ >= buffer_.size() / 2) {
    buffer_.erase(0, consumed_);
    consumed_ = 0;
  }
  return true;
}

}  // namespace saseo
