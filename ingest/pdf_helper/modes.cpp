#include "ingest/pdf_helper/modes.h"

#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "ingest/block_pipe.h"
#include "ingest/pdf_helper/ink.h"
#include "ingest/pdf_helper/page_reader.h"
#include "ingest/pdf_helper/poppler_text.h"

namespace saseo::pdf_helper {
namespace {

constexpr int kMaxPages = 100'000;
// A file whose pages are missing one after the other only claims to have them.
constexpr int kMaxUnreadableInARow = 100;
constexpr double kMaxImagePixels = 60e6;

void write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(0);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_failure(PipeFailure failure, std::string detail) {
  write_out(encode(PipeError{failure, std::move(detail)}));
}

std::unique_ptr<poppler::document> open_document(const Request& request) {
  return std::unique_ptr<poppler::document>(poppler::document::load_from_raw_data(
      request.file.data(), static_cast<int>(request.file.size()), request.password,
      request.password));
}

// The document, or null after telling the parent why there is none.
std::unique_ptr<poppler::document> open_or_tell(const Request& request) {
  std::unique_ptr<poppler::document> document;
  if (request.file.size() > 0x7FFFFFFF)
    write_failure(PipeFailure::kTooLarge, "2 GiB");
  else if (document = open_document(request); !document)
    write_failure(PipeFailure::kNotPdf, "poppler gives no document");
  else if (document->is_locked())
    write_failure(
        request.password.empty() ? PipeFailure::kNeedsPassword : PipeFailure::kWrongPassword, "");
  else if (document->pages() < 1)
    write_failure(PipeFailure::kNoPages, "");
  else
    return document;
  return nullptr;
}

// Hands pages to the pipe in their order, whichever thread is done first.
class PageQueue {
 public:
  explicit PageQueue(int pages) : pages_(pages) {}

  // The next page that nobody has taken, or -1.
  int take() {
    const int page = next_to_take_.fetch_add(1);
    return page < pages_ && !stopped_ ? page : -1;
  }
  void put(int page, const std::string& record, bool unreadable) {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return next_to_write_ == page; });
    if (!stopped_) write_out(record);
    unreadable_in_a_row_ = unreadable ? unreadable_in_a_row_ + 1 : 0;
    if (unreadable_in_a_row_ >= kMaxUnreadableInARow) stopped_ = true;
    ++next_to_write_;
    turn_.notify_all();
  }

 private:
  const int pages_;
  std::atomic<int> next_to_take_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::condition_variable turn_;
  int next_to_write_ = 0, unreadable_in_a_row_ = 0;
};

void read_pages(const Request& request, const poppler::document& document, PageQueue& queue,
                std::atomic<int>& drawn) {
  PageReader reader(request.file, request.password);
  for (int index = queue.take(); index >= 0; index = queue.take()) {
    const std::unique_ptr<poppler::page> page(document.create_page(index));
    auto [words, plain] = reader.read(page.get(), index + 1);
    mark_tiny_words(words);
    if (page && !words.words.empty() && (request.draw_all || !plain)) {
      mark_hidden_words(document, index, *page, words);
      ++drawn;
    }
    queue.put(index, encode(words), words.unreadable);
  }
}

}  // namespace

void write_text(const Request& request) {
  write_out(encode_pipe_start());
  const std::unique_ptr<poppler::document> document = open_or_tell(request);
  if (!document) return;
  write_out(encode(read_header(*document)));

  const int pages = std::min(document->pages(), kMaxPages);
  PageQueue queue(pages);
  std::atomic<int> drawn{0};
  // poppler is safe in threads that each have a document of their own.
  std::vector<std::jthread> workers;
  try {
    for (int i = 1; i < std::min(request.workers, pages); ++i) {
      workers.emplace_back([&] {
        if (const auto own = open_document(request); own && !own->is_locked())
          read_pages(request, *own, queue, drawn);
      });
    }
  } catch (const std::system_error&) {
    // No memory for another thread: this one does the work.
  }
  read_pages(request, *document, queue, drawn);
  workers.clear();
  if (request.tell_drawn) std::fprintf(stderr, "drawn %d of %d pages\n", drawn.load(), pages);
  write_out(encode(PipeEnd{}));
}

void write_image(const Request& request) {
  write_out(encode_pipe_start());
  const std::unique_ptr<poppler::document> document = open_or_tell(request);
  if (!document) return;
  const std::unique_ptr<poppler::page> page(
      request.page <= document->pages() ? document->create_page(request.page - 1) : nullptr);
  if (!page) return write_failure(PipeFailure::kNoSuchPage, "");

  const poppler::rectf area = page->page_rect(poppler::crop_box);
  const double pixels = area.width() * area.height() * request.dpi * request.dpi / (72.0 * 72.0);
  if (!(pixels <= kMaxImagePixels)) return write_failure(PipeFailure::kTooLarge, "pixels");

  poppler::page_renderer renderer;
  renderer.set_image_format(poppler::image::format_rgb24);
  renderer.set_render_hint(poppler::page_renderer::antialiasing);
  renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
  const poppler::image drawn = renderer.render_page(page.get(), request.dpi, request.dpi);
  if (!drawn.is_valid() || drawn.format() != poppler::image::format_rgb24)
    return write_failure(PipeFailure::kCannotRender, "");

  PipeImage image;
  image.width = static_cast<std::uint32_t>(drawn.width());
  image.height = static_cast<std::uint32_t>(drawn.height());
  image.dots_per_point = request.dpi / 72;
  image.rgb.reserve(std::size_t{image.width} * image.height * 3);
  for (std::uint32_t y = 0; y < image.height; ++y) {
    const auto* row = reinterpret_cast<const unsigned char*>(drawn.const_data()) +
                      static_cast<std::ptrdiff_t>(y) * drawn.bytes_per_row();
    image.rgb.insert(image.rgb.end(), row, row + std::size_t{image.width} * 3);
  }
  write_out(encode(image));
  write_out(encode(PipeEnd{}));
}

}  // namespace saseo::pdf_helper
