// Page images: rendered by the helper, marked, written as PNG.
#include <png.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "base/files.h"
#include "base/message.h"
#include "ingest/pdf_child.h"
#include "ingest/pdf_reader.h"

namespace saseo {
namespace {

Error cannot_render(const std::filesystem::path& path, int page, std::string_view why) {
  return make_error(ErrorCode::kBadInput, "{}: page {} cannot be drawn{}{}",
                    "{}: {}쪽을 그릴 수 없습니다{}{}", path.string(), page, why.empty() ? "" : ": ",
                    why);
}

}  // namespace

Result<PageImage> render_pdf_page(const std::filesystem::path& path, int page, float dpi,
                                  const ReadOptions& options) {
  if (page < 1 || !(dpi >= 1 && dpi <= 2400))
    return make_error(ErrorCode::kInvalidArgument, "no page {} at {} dpi",
                      "{}쪽을 {}dpi로 그릴 수 없습니다", page, dpi);
  SASEO_ASSIGN_OR_RETURN(PdfChild child, PdfChild::start(path,
                                                         {"render", "--page", std::to_string(page),
                                                          "--dpi", fmt::format("{}", dpi)},
                                                         options));
  auto record = child.next(std::chrono::seconds(options.page_timeout_seconds), options.stop);
  if (!record) {
    if (record.error().code == ErrorCode::kCancelled || record.error().code == ErrorCode::kLimit)
      return std::move(record).error();
    return child.end() == ChildEnd::kCannotOpen ? io_error(path, ENOENT)
                                                : cannot_render(path, page, "");
  }
  if (const auto* error = std::get_if<PipeError>(&*record)) {
    switch (error->failure) {
      case PipeFailure::kNeedsPassword:
      case PipeFailure::kWrongPassword:
        return make_error(error->failure == PipeFailure::kNeedsPassword ? ErrorCode::kNeedsPassword
                                                                        : ErrorCode::kWrongPassword,
                          "{} needs its password", "{}을(를) 열려면 암호가 필요합니다",
                          path.string());
      case PipeFailure::kNoSuchPage:
        return make_error(ErrorCode::kNotFound, "{} has no page {}", "{}에는 {}쪽이 없습니다",
                          path.string(), page);
      case PipeFailure::kTooLarge:
        return make_error(ErrorCode::kLimit, "page {} of {} is too large at {} dpi",
                          "{1}의 {0}쪽은 {2}dpi로 그리기에 너무 큽니다", page, path.string(), dpi);
      default:
        return cannot_render(path, page, "");
    }
  }
  auto* image = std::get_if<PipeImage>(&*record);
  if (image == nullptr) return cannot_render(path, page, "");
  return PageImage{static_cast<int>(image->width), static_cast<int>(image->height),
                   image->dots_per_point, std::move(image->rgb)};
}

void highlight(PageImage& image, std::span<const Box> boxes) {
  // Yellow at full strength keeps black text black: multiply, as a marker pen does.
  constexpr int kMarker[3] = {255, 236, 80};
  const auto pixel = [&](float points, int limit) {
    const float value = points * image.dots_per_point;
    return std::isfinite(value) ? static_cast<int>(std::clamp(value, 0.0f, float(limit))) : 0;
  };
  std::vector<bool> marked(static_cast<std::size_t>(image.width) * image.height);
  for (const Box& box : boxes) {
    const int left = pixel(box.x, image.width), right = pixel(box.x + box.width, image.width);
    const int top = pixel(box.y, image.height), bottom = pixel(box.y + box.height, image.height);
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) {
        const std::size_t at = static_cast<std::size_t>(y) * image.width + x;
        if (marked[at]) continue;  // Boxes may overlap.
        marked[at] = true;
        for (int c = 0; c < 3; ++c) {
          unsigned char& value = image.rgb[at * 3 + c];
          value = static_cast<unsigned char>(value * kMarker[c] / 255);
        }
      }
    }
  }
}

Status write_png(const PageImage& image, const std::filesystem::path& path) {
  if (image.width <= 0 || image.height <= 0 ||
      image.rgb.size() != static_cast<std::size_t>(image.width) * image.height * 3)
    return make_error(ErrorCode::kInvalidArgument, "the picture is empty", "그림이 비어 있습니다");
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = 0;
  std::string bytes;
  bool ok = png_image_write_to_memory(&png, nullptr, &size, 0, image.rgb.data(), 0, nullptr) != 0;
  if (ok) {
    bytes.resize(size);
    ok = png_image_write_to_memory(&png, bytes.data(), &size, 0, image.rgb.data(), 0, nullptr) != 0;
  }
  if (!ok)
    return make_error(ErrorCode::kLimit, "the picture cannot be written as PNG: {}",
                      "그림을 PNG로 쓸 수 없습니다: {}", png.message);
  bytes.resize(size);
  return write_file_atomically(path, bytes);
}

}  // namespace saseo
