#include "index/stored_form.h"

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/message.h"

namespace saseo {
namespace {

static_assert(std::endian::native == std::endian::little, "columns hold little-endian numbers");

constexpr std::size_t kSegmentBytes = 16;
constexpr std::size_t kLineBytes = 32;

template <typename T>
void put(std::vector<std::byte>& out, T value) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&value);
  out.insert(out.end(), bytes, bytes + sizeof value);
}

template <typename T>
T get(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

ByteSpan get_span(std::span<const std::byte> bytes, std::size_t offset) {
  return {static_cast<std::size_t>(get<std::uint64_t>(bytes, offset)),
          static_cast<std::size_t>(get<std::uint64_t>(bytes, offset + 8))};
}

Error damaged_column(std::string_view column) {
  return make_error(ErrorCode::kDamaged, "library.db: a value of column {} is damaged",
                    "library.db: {} 열의 값이 손상되었습니다", column)
      .advise(AdviceKind::kVerifyLibrary);
}

}  // namespace

std::vector<std::byte> segments_to_blob(std::span<const ByteSpan> segments) {
  std::vector<std::byte> blob;
  blob.reserve(segments.size() * kSegmentBytes);
  for (const ByteSpan& segment : segments) {
    put(blob, static_cast<std::uint64_t>(segment.begin));
    put(blob, static_cast<std::uint64_t>(segment.end));
  }
  return blob;
}

Result<std::vector<ByteSpan>> segments_from_blob(std::span<const std::byte> blob) {
  if (blob.size() % kSegmentBytes != 0) return damaged_column("segments");
  std::vector<ByteSpan> segments;
  segments.reserve(blob.size() / kSegmentBytes);
  for (std::size_t at = 0; at < blob.size(); at += kSegmentBytes) {
    segments.push_back(get_span(blob, at));
    if (segments.back().begin > segments.back().end) return damaged_column("segments");
  }
  return segments;
}

std::vector<std::byte> lines_to_blob(std::span<const TextLine> lines) {
  std::vector<std::byte> blob;
  blob.reserve(lines.size() * kLineBytes);
  for (const TextLine& line : lines) {
    put(blob, static_cast<std::uint64_t>(line.span.begin));
    put(blob, static_cast<std::uint64_t>(line.span.end));
    for (const float value : {line.box.x, line.box.y, line.box.width, line.box.height})
      put(blob, value);
  }
  return blob;
}

Result<std::vector<TextLine>> lines_from_blob(std::span<const std::byte> blob, int page) {
  if (blob.size() % kLineBytes != 0) return damaged_column("lines");
  std::vector<TextLine> lines;
  lines.reserve(blob.size() / kLineBytes);
  for (std::size_t at = 0; at < blob.size(); at += kLineBytes) {
    TextLine line;
    line.span = get_span(blob, at);
    if (line.span.begin >= line.span.end) return damaged_column("lines");
    line.box = {page, get<float>(blob, at + 16), get<float>(blob, at + 20),
                get<float>(blob, at + 24), get<float>(blob, at + 28)};
    lines.push_back(line);
  }
  return lines;
}

std::string heading_path_to_json(std::span<const std::string> path) {
  return written_json(nlohmann::json(std::vector<std::string>(path.begin(), path.end())));
}

std::vector<std::string> heading_path_from_json(std::string_view json) {
  const nlohmann::json parsed = parsed_json(json);
  std::vector<std::string> path;
  if (!parsed.is_array()) return path;
  for (const auto& heading : parsed) {
    if (heading.is_string()) path.push_back(heading.get<std::string>());
  }
  return path;
}

std::string join_heading_path(std::span<const std::string> path) {
  std::string joined;
  for (const std::string& heading : path) {
    if (!joined.empty()) joined += " > ";
    joined += heading;
  }
  return joined;
}

DocumentKind kind_of_name(std::string_view name) {
  for (const DocumentKind kind :
       {DocumentKind::kPdf, DocumentKind::kMarkdown, DocumentKind::kHtml, DocumentKind::kText}) {
    if (name_of(kind) == name) return kind;
  }
  return DocumentKind::kText;
}

}  // namespace saseo
