#include "ingest/reader.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/files.h"
#include "base/utf8.h"
#include "ingest/pdf_reader.h"
#include "ingest/text_readers.h"

namespace saseo {
namespace {

constexpr std::size_t kPdfWindow = 1024;  // Readers accept a header this far in (PDF 1.7, H.3.4.1).
constexpr std::size_t kHeadBytes = 64 * 1024;
// A tree of a page takes up to a hundred times the bytes of its text. No manual is near this size.
constexpr std::uint64_t kMaxTextBytes = std::uint64_t{32} << 20;

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::ranges::find(words, word) != words.end();
}

bool looks_like_pdf(std::string_view head) {
  return head.substr(0, kPdfWindow).find("%PDF-") != std::string_view::npos;
}

bool looks_like_html(std::string_view head) {
  std::string start = lowered(decode_text(head.substr(0, 4096)).text);
  std::string_view text = trim(start);
  while (text.starts_with("<!--")) {
    const std::size_t end = text.find("-->");
    if (end == std::string_view::npos) return false;
    text = trim(text.substr(end + 3));
  }
  if (text.starts_with("<?xml")) return text.find("<html") != std::string_view::npos;
  for (const std::string_view tag : {"<!doctype html", "<html", "<head", "<body"}) {
    if (text.starts_with(tag)) return true;
  }
  return false;
}

// What the bytes are when they are not text; "" for text.
std::string_view binary_kind(std::string_view head) {
  struct Magic {
    std::string_view bytes, kind;
  };
  using namespace std::literals;
  static constexpr std::array kFileMagic = {
      Magic{"PK\x03\x04"sv, "zip"},
      Magic{"\xD0\xCF\x11\xE0"sv, "office"},
      Magic{"\x89PNG"sv, "image"},
      Magic{"\xFF\xD8\xFF"sv, "image"},
      Magic{"GIF8"sv, "image"},
      Magic{"\x1F\x8B"sv, "archive"},
      Magic{"7z\xBC\xAF"sv, "archive"},
      Magic{"Rar!"sv, "archive"},
      Magic{"\x7F"
            "ELF"sv,
            "program"},
      Magic{"GGUF"sv, "model"},
      Magic{"SQLite format 3"sv, "database"},
      Magic{"{\\rtf"sv, "rtf"},
      Magic{"%!PS"sv, "postscript"},
      Magic{"HWP Document File"sv, "office"},
      Magic{"BZh"sv, "archive"},
  };
  for (const Magic& magic : kFileMagic) {
    if (head.starts_with(magic.bytes)) return magic.kind;
  }
  const DecodedText decoded = decode_text(head);
  std::size_t characters = 0, odd = 0;
  for (std::size_t i = 0; i < decoded.text.size();) {
    const DecodedCodePoint c = decode_utf8(decoded.text, i);
    const bool control = c.code_point < 0x20 && c.code_point != '\n' && c.code_point != '\t' &&
                         c.code_point != '\f' && c.code_point != 0x1B;
    odd += control || c.code_point == kReplacementCharacter;
    ++characters;
    i += c.length;
  }
  return odd * 20 > characters ? "binary" : "";
}

Message describe(std::string_view head) {
  if (looks_like_html(head)) return message("an HTML page", "HTML 페이지");
  const std::string_view kind = binary_kind(head);
  if (kind == "zip") return message("a ZIP, Word, HWPX or EPUB file", "ZIP·Word·HWPX·EPUB 파일");
  if (kind == "office") return message("a Word, Excel or HWP file", "Word·Excel·HWP 파일");
  if (kind == "image") return message("an image", "이미지");
  if (kind == "archive") return message("a compressed archive", "압축 파일");
  if (!kind.empty()) return message("a binary file", "바이너리 파일");
  return message("plain text", "일반 텍스트");
}

struct FileHead {
  std::string bytes;
  std::uint64_t size = 0;  // Of the whole file.
};

Result<FileHead> read_head(const std::filesystem::path& path) {
  SASEO_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  return FileHead{std::string(file.text().substr(0, kHeadBytes)), file.text().size()};
}

Error too_large(const std::filesystem::path& path, std::uint64_t size, std::uint64_t limit) {
  return make_error(ErrorCode::kLimit,
                    "{} has {} bytes, more than the limit of {}; split it into smaller files",
                    "{} 파일의 크기는 {}바이트로, 한도인 {}바이트를 넘습니다. 작은 파일로 나누세요",
                    path.string(), size, limit);
}

Error unsupported(const std::filesystem::path& path, std::string_view head) {
  return make_error(
      ErrorCode::kUnsupported,
      "{} looks like {}, which is not read; convert it to PDF, Markdown, HTML or plain text first",
      "{} 파일은 {}(으)로 보이며 읽을 수 없는 형식입니다. PDF, Markdown, HTML, 일반 텍스트로 바꾼 "
      "뒤 "
      "다시 시도하세요",
      path.string(), describe(head));
}

}  // namespace

std::optional<DocumentKind> detect_kind(const std::filesystem::path& path, std::string_view head) {
  static constexpr std::array<std::string_view, 3> kMarkdown = {".md", ".markdown", ".mdown"};
  static constexpr std::array<std::string_view, 3> kText = {".txt", ".text", ".log"};
  static constexpr std::array<std::string_view, 3> kHtml = {".html", ".htm", ".xhtml"};
  if (looks_like_pdf(head)) return DocumentKind::kPdf;
  if (!binary_kind(head).empty()) return std::nullopt;
  const std::string extension = lowered(path.extension().string());
  if (extension == ".pdf") return std::nullopt;
  if (is_one_of(extension, kMarkdown)) return DocumentKind::kMarkdown;
  if (is_one_of(extension, kHtml) || looks_like_html(head)) return DocumentKind::kHtml;
  if (is_one_of(extension, kText)) return DocumentKind::kText;
  // Text formats that are not documents.
  static constexpr std::array<std::string_view, 14> kOther = {
      ".json", ".jsonl", ".csv", ".tsv", ".xml", ".svg", ".css",
      ".js",   ".py",    ".cpp", ".h",   ".c",   ".sh",  ".yaml"};
  if (is_one_of(extension, kOther)) return std::nullopt;
  return DocumentKind::kText;
}

Result<Document> read_document(const std::filesystem::path& path, const ReadOptions& options) {
  SASEO_ASSIGN_OR_RETURN(const FileHead file, read_head(path));
  const std::string_view head = file.bytes;
  if (file.size > options.max_file_bytes) return too_large(path, file.size, options.max_file_bytes);
  if (file.size == 0) {
    return make_error(ErrorCode::kBadInput, "{} is empty: it has no bytes at all",
                      "{} 파일은 비어 있습니다(0바이트)", path.string());
  }
  const std::optional<DocumentKind> kind = detect_kind(path, head);
  if (!kind) {
    if (lowered(path.extension().string()) == ".pdf") {
      return make_error(ErrorCode::kBadInput,
                        "{} is named .pdf but looks like {}; download or export it again",
                        "{} 파일은 이름은 .pdf이지만 내용은 {}(으)로 보입니다. 다시 내려받거나 "
                        "내보내세요",
                        path.string(), describe(head));
    }
    return unsupported(path, head);
  }
  if (*kind == DocumentKind::kPdf) {
    SASEO_ASSIGN_OR_RETURN(Document document, read_pdf(path, options));
    infer_document_info(document, path);
    return document;
  }
  if (file.size > kMaxTextBytes) return too_large(path, file.size, kMaxTextBytes);
  SASEO_ASSIGN_OR_RETURN(const std::string bytes, read_file(path, kMaxTextBytes));
  Document document = *kind == DocumentKind::kMarkdown ? read_markdown(bytes)
                      : *kind == DocumentKind::kHtml   ? read_html(bytes)
                                                       : read_text(bytes);
  if (document.blocks.empty()) {
    document.warnings.push_back(
        {.code = "no-text",
         .message = message("no text was found in the file", "파일에서 텍스트를 찾지 못했습니다")});
  }
  infer_document_info(document, path);
  return document;
}

}  // namespace saseo
