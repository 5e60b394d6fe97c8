#include "ingest/pdf_reader.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>

#include "base/files.h"
#include "base/message.h"
#include "base/utf8.h"
#include "ingest/layout_document.h"
#include "ingest/pdf_child.h"

namespace saseo {
namespace fs = std::filesystem;
namespace {

// About 350 MB of words: some 8000 full pages. Real manuals have a tenth of it.
constexpr std::size_t kMaxWords = 4'000'000;
constexpr int kMaxWorkers = 2;  // Each takes memory for a document of its own.

bool has_pdf_signature(const fs::path& path) {
  char head[1024];
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  const std::size_t size = std::fread(head, 1, sizeof(head), file);
  std::fclose(file);
  return std::string_view(head, size).find("%PDF-") != std::string_view::npos;
}

Status check_file(const fs::path& path, const ReadOptions& options) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    return make_error(ErrorCode::kNotFound, "{} does not exist", "{} 파일이 없습니다",
                      path.string());
  if (!fs::is_regular_file(status))
    return make_error(ErrorCode::kBadInput, "{} is not a regular file",
                      "{}은(는) 일반 파일이 아닙니다", path.string());
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) return io_error(path, error.value());
  if (size == 0)
    return make_error(ErrorCode::kBadInput, "{} is empty", "{} 파일이 비어 있습니다",
                      path.string());
  if (size > options.max_file_bytes)
    return make_error(ErrorCode::kLimit, "{} has {} bytes; the limit is {}",
                      "{} 파일은 {}바이트로, 한도 {}바이트를 넘습니다", path.string(), size,
                      options.max_file_bytes);
  return {};
}

Error error_of(const PipeError& error, const fs::path& path) {
  switch (error.failure) {
    case PipeFailure::kNeedsPassword:
      return make_error(ErrorCode::kNeedsPassword, "{} is encrypted: it needs a password",
                        "{}은(는) 암호로 잠겨 있습니다. 암호를 알려 주세요", path.string());
    case PipeFailure::kWrongPassword:
      return make_error(ErrorCode::kWrongPassword, "the password of {} is wrong",
                        "{}의 암호가 맞지 않습니다", path.string());
    case PipeFailure::kNoPages:
      return make_error(ErrorCode::kBadInput, "{} has no pages: it is damaged or empty",
                        "{}에 쪽이 없습니다. 파일이 손상되었거나 비어 있습니다", path.string());
    case PipeFailure::kTooLarge:
      return make_error(ErrorCode::kLimit, "{} is larger than 2 GiB", "{}은(는) 2GiB보다 큽니다",
                        path.string());
    default:
      break;
  }
  if (!has_pdf_signature(path))
    return make_error(ErrorCode::kBadInput, "{} is not a PDF file, whatever its name says",
                      "{}은(는) 이름과 달리 PDF 파일이 아닙니다", path.string());
  return make_error(ErrorCode::kBadInput, "{} is damaged and cannot be repaired; get it again",
                    "{} 파일이 손상되어 복구할 수 없습니다. 파일을 다시 받아 주세요",
                    path.string());
}

struct Stop {
  std::string code;  // Of ReadWarning.
  Message why;
  ErrorCode error = ErrorCode::kBadInput;  // When not even one page was read.
};

Stop reason_of(const Error& error, ChildEnd end) {
  if (error.code == ErrorCode::kLimit || end == ChildEnd::kTimeLimit)
    return {"time-limit", message("it takes too long to read", "읽는 데 너무 오래 걸립니다"),
            ErrorCode::kLimit};
  if (end == ChildEnd::kMemoryLimit)
    return {"memory-limit", message("it takes too much memory", "메모리를 너무 많이 씁니다"),
            ErrorCode::kLimit};
  return {"crashed",
          message("the file is damaged or malicious", "파일이 손상되었거나 악의적입니다"),
          ErrorCode::kBadInput};
}

bool has_korean(const PdfPage& page) {
  return std::ranges::any_of(page.words, [](const PdfWord& word) {
    // The first bytes of Hangul in UTF-8.
    const auto may_start = [](char c) { return c >= '\xE1' && c <= '\xED'; };
    return std::ranges::any_of(word.text, may_start) &&
           std::ranges::any_of(to_utf32(word.text), is_hangul);
  });
}

int workers() {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMaxWorkers);
}

}  // namespace

Result<Document> read_pdf(const fs::path& path, const ReadOptions& options) {
  SASEO_RETURN_IF_ERROR(check_file(path, options));
  SASEO_ASSIGN_OR_RETURN(
      PdfChild child,
      PdfChild::start(path, {"text", "--workers", std::to_string(workers())}, options));

  PdfHeader header;
  std::vector<PdfPage> pages;
  std::size_t words = 0;
  bool korean = false;
  ReadWarning early_end;  // Empty code: none.
  const auto keep_what_came = [&](const Stop& stop) {
    early_end = {
        pages.empty() ? 0 : pages.back().number + 1, stop.code,
        message("only {} of {} pages were read: {}", "{1}쪽 가운데 {0}쪽만 읽었습니다: {2}",
                pages.size(), header.claimed_pages, stop.why)};
  };
  for (;;) {
    auto record = child.next(std::chrono::seconds(options.page_timeout_seconds), options.stop);
    if (!record) {
      if (record.error().code == ErrorCode::kCancelled) return std::move(record).error();
      const ChildEnd end = child.end();
      if (end == ChildEnd::kCannotOpen) return io_error(path, EACCES);
      const Stop stop = reason_of(record.error(), end);
      if (pages.empty())
        return make_error(stop.error, "{} cannot be read: {}", "{}을(를) 읽을 수 없습니다: {}",
                          path.string(), stop.why);
      keep_what_came(stop);
      break;
    }
    if (const auto* error = std::get_if<PipeError>(&*record)) return error_of(*error, path);
    if (std::holds_alternative<PipeEnd>(*record)) break;
    if (auto* head = std::get_if<PdfHeader>(&*record)) header = std::move(*head);
    if (auto* page = std::get_if<PdfPage>(&*record)) {
      words += page->words.size();
      if (words > kMaxWords) {
        keep_what_came({"memory-limit", message("it has too much text", "글이 너무 많습니다")});
        break;
      }
      if (!korean && options.on_korean && has_korean(*page)) {
        korean = true;
        options.on_korean();
      }
      pages.push_back(std::move(*page));
      if (options.on_page)
        options.on_page(static_cast<int>(pages.size()),
                        static_cast<int>(std::min<std::uint32_t>(header.claimed_pages, 1u << 30)));
    }
  }

  // A tail of pages that the file only claims to have is no part of the document.
  while (!pages.empty() && pages.back().unreadable) pages.pop_back();
  if (pages.empty())
    return make_error(ErrorCode::kBadInput, "{} is damaged: none of its pages can be read",
                      "{} 파일이 손상되어 읽을 수 있는 쪽이 없습니다", path.string());
  if (early_end.code.empty() && pages.size() < header.claimed_pages)
    keep_what_came({"truncated", message("the others are missing in the file",
                                         "나머지는 파일에 들어 있지 않습니다")});
  Document document = build_pdf_document(header, std::move(pages));
  if (!early_end.code.empty()) document.warnings.push_back(std::move(early_end));
  return document;
}

}  // namespace saseo
