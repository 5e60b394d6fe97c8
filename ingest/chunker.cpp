#include "ingest/chunker.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/hash.h"
#include "base/utf8.h"
#include "ingest/chunk_plan.h"

namespace saseo {
namespace {

constexpr std::size_t kMaxPathEntry = 200;  // Code points; a longer heading is cut in the path.

struct OpenHeading {
  int level;
  std::string text;
};

std::string path_entry(std::string_view heading) {
  std::size_t end = 0;
  for (std::size_t count = 0; end < heading.size(); ++count) {
    if (count == kMaxPathEntry) return std::string(heading.substr(0, end)) + "…";
    end += decode_utf8(heading, end).length;
  }
  return std::string(heading);
}

// The block of the document's title, which no path holds; -1 when there is none.
int title_block(const Document& document) {
  int title = -1;
  for (std::size_t i = 0; i < document.blocks.size(); ++i) {
    const Block& block = document.blocks[i];
    if (block.kind != BlockKind::kHeading || block.level != 1) continue;
    if (title >= 0) return -1;
    title = static_cast<int>(i);
  }
  if (title < 0 || document.text_of(document.blocks[static_cast<std::size_t>(title)].span) !=
                       document.info.title) {
    return -1;
  }
  return title;
}

constexpr std::size_t kCoverBlocks = 20, kCoverLineBytes = 160;
constexpr std::size_t kPagesWithCover = 4;  // Shorter documents begin on their first page.

// How many blocks the cover has: those of the first page when they are titles and short lines. 0
// when there is none, or but one block, which is told like any other.
std::size_t cover_blocks(const Document& document) {
  const std::vector<Block>& blocks = document.blocks;
  if (document.pages.size() < kPagesWithCover) return 0;
  std::size_t end = 0;
  while (end < blocks.size() && blocks[end].last_page == 1) {
    const std::string_view text = document.text_of(blocks[end].span);
    const bool line =
        blocks[end].kind == BlockKind::kHeading || blocks[end].kind == BlockKind::kParagraph;
    const bool sentence = text.ends_with('.') || text.ends_with('?') || text.ends_with('!');
    if (!line || sentence || text.size() > kCoverLineBytes || end == kCoverBlocks) return 0;
    ++end;
  }
  const bool goes_on = end < blocks.size() && blocks[end].first_page > 1;
  return end > 1 && goes_on ? end : 0;
}

// Pages of a part of a block: from the lines that it overlaps, else the block's.
std::pair<int, int> pages_of(const Document& document, const Block& block, const ByteSpan& span) {
  if (block.first_page == block.last_page || span == block.span) {
    return {block.first_page, block.last_page};
  }
  auto line = std::ranges::partition_point(
      document.lines, [&](const TextLine& l) { return l.span.end <= span.begin; });
  int first = 0, last = 0;
  for (; line != document.lines.end() && line->span.begin < span.end; ++line) {
    if (first == 0) first = line->box.page;
    last = line->box.page;
  }
  return first == 0 ? std::pair(block.first_page, block.last_page) : std::pair(first, last);
}

class Chunker {
 public:
  Chunker(const Document& document, const ChunkOptions& options)
      : document_(document), max_tokens_(std::max<std::size_t>(options.max_tokens, 16)) {}

  std::vector<Chunk> run();

 private:
  void add_section(std::size_t begin, std::size_t end);
  void add_chunk(const std::vector<Piece>& pieces, std::size_t begin, std::size_t end);
  void append(Chunk& chunk, const Block& block, ByteSpan span) const;
  std::vector<std::string> path() const;

  const Document& document_;
  std::size_t max_tokens_;
  std::vector<OpenHeading> headings_;
  std::vector<Chunk> chunks_;
  int section_ = 0;
};

std::vector<Chunk> Chunker::run() {
  const std::vector<Block>& blocks = document_.blocks;
  const int title = title_block(document_);
  const std::size_t cover = cover_blocks(document_);
  if (cover > 0) add_section(0, cover);
  for (std::size_t i = cover; i < blocks.size();) {
    const Block& heading = blocks[i];
    const bool is_heading = heading.kind == BlockKind::kHeading;
    std::size_t begin = i;
    if (is_heading) {
      while (!headings_.empty() && headings_.back().level >= heading.level) headings_.pop_back();
      headings_.push_back({heading.level, static_cast<int>(i) == title
                                              ? std::string()
                                              : path_entry(document_.text_of(heading.span))});
      begin = i + 1;
    }
    std::size_t end = begin;
    while (end < blocks.size() && blocks[end].kind != BlockKind::kHeading) ++end;
    // A heading that nothing stands under would be lost; one above others is in their paths.
    const bool leads = end < blocks.size() && blocks[end].level > heading.level;
    if (begin < end || (is_heading && !leads)) add_section(begin < end ? begin : i, end);
    i = end;
  }
  return std::move(chunks_);
}

void Chunker::add_section(std::size_t begin, std::size_t end) {
  const std::vector<Piece> pieces = make_pieces(document_, begin, end, max_tokens_);
  const std::vector<std::size_t> cuts = plan_cuts(pieces, max_tokens_);
  for (std::size_t c = 0; c < cuts.size(); ++c) {
    add_chunk(pieces, cuts[c], c + 1 < cuts.size() ? cuts[c + 1] : pieces.size());
  }
  ++section_;
}

std::vector<std::string> Chunker::path() const {
  std::vector<std::string> path;
  for (const OpenHeading& heading : headings_) {
    if (!heading.text.empty()) path.push_back(heading.text);
  }
  return path;
}

void Chunker::append(Chunk& chunk, const Block& block, ByteSpan span) const {
  if (!chunk.text.empty()) chunk.text.push_back('\n');
  if (span.begin == block.span.begin) chunk.text += prefix_of(block);
  chunk.text += document_.text_of(span);
  chunk.segments.push_back(span);
}

void Chunker::add_chunk(const std::vector<Piece>& pieces, std::size_t begin, std::size_t end) {
  Chunk chunk;
  chunk.heading_path = path();
  chunk.section = section_;
  if (pieces[begin].repeated > 0) {
    std::size_t header = pieces[begin].block;
    while (document_.blocks[header].kind != BlockKind::kTableHeader) --header;
    append(chunk, document_.blocks[header],
           repeated_header(document_, document_.blocks[header], max_tokens_));
  }
  for (std::size_t p = begin; p < end;) {
    // Parts of one block are joined again.
    const std::size_t block_index = pieces[p].block;
    const Block& block = document_.blocks[block_index];
    ByteSpan span = pieces[p].span;
    for (++p; p < end && pieces[p].block == block_index; ++p) span.end = pieces[p].span.end;
    if (span.end < block.span.end) {
      while (span.end > span.begin &&
             (document_.text[span.end - 1] == ' ' || document_.text[span.end - 1] == '\n')) {
        --span.end;
      }
    }
    const auto [first_page, last_page] = pages_of(document_, block, span);
    if (chunk.first_page == 0 || (first_page > 0 && first_page < chunk.first_page)) {
      chunk.first_page = first_page;
    }
    chunk.last_page = std::max(chunk.last_page, last_page);
    append(chunk, block, span);
  }
  chunk.tokens = estimate_tokens(chunk.text);
  chunk.hash = chunk_hash(chunk.heading_path, chunk.text);
  chunks_.push_back(std::move(chunk));
}

}  // namespace

std::string chunk_hash(std::span<const std::string> heading_path, std::string_view text) {
  std::string bytes;
  for (const std::string& heading : heading_path) bytes += heading + '\x1F';
  bytes += '\x1E';
  bytes += text;
  return content_hash(bytes);
}

std::vector<Chunk> make_chunks(const Document& document, const ChunkOptions& options) {
  return Chunker(document, options).run();
}

}  // namespace saseo
