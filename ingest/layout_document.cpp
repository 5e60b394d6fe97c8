#include "ingest/layout_document.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "base/message.h"
#include "base/utf8.h"
#include "ingest/document_builder.h"
#include "ingest/layout_blocks.h"
#include "ingest/layout_figures.h"
#include "ingest/layout_headings.h"
#include "ingest/layout_joins.h"
#include "ingest/layout_lines.h"
#include "ingest/layout_margins.h"
#include "ingest/layout_tables.h"

namespace saseo {
namespace {

using layout::DraftBlock;
using layout::PlacedRun;

constexpr std::size_t kManyPages = 20;        // More warnings of one kind than this become one.
constexpr std::size_t kShownHiddenText = 60;  // Code points.

// Writes blocks into the document: joined text, exact spans, a box for each line.
class DocumentWriter {
 public:
  DocumentWriter(Document& document, const layout::LineJoiner& joiner)
      : document_(document), joiner_(joiner) {}

  void add(DraftBlock draft) {
    const std::size_t begin = document_.text.size(), first_box = document_.lines.size();
    if (draft.cells.empty()) {
      add_runs(draft.runs, draft.kind == BlockKind::kCode ? "\n" : nullptr, false);
    } else {
      for (std::size_t c = 0; c < draft.cells.size(); ++c) {
        if (c > 0) document_.text += " | ";
        add_runs(draft.cells[c], nullptr, true);
      }
    }
    index_.push_back(-1);
    // Nothing but white space and separators: no block.
    if (document_.lines.size() == first_box) {
      document_.text.resize(begin);
      return;
    }
    keep_composed(begin, first_box);

    Block block;
    block.kind = draft.kind;
    block.level = draft.level;
    block.marker = visible_text(draft.marker);
    block.span = {begin, document_.text.size()};
    block.first_page = document_.lines[first_box].box.page;
    block.last_page = document_.lines.back().box.page;
    block.parent = draft.parent >= 0 ? index_[static_cast<std::size_t>(draft.parent)] : -1;
    block.table = draft.table;
    index_.back() = static_cast<int>(document_.blocks.size());
    document_.blocks.push_back(std::move(block));
    document_.text += '\n';
  }

 private:
  void add_runs(const std::vector<PlacedRun>& runs, const char* separator, bool in_table) {
    const PlacedRun* before = nullptr;
    for (const PlacedRun& placed : runs) {
      const layout::Run& run = placed.run;
      std::string text = collapse_spaces(visible_text(run.text));
      // As in other readers: a '|' within a cell must not look like a separator of cells.
      if (in_table)
        for (std::size_t bar; (bar = text.find('|')) != std::string::npos;)
          text.replace(bar, 1, "¦");
      if (text.empty()) continue;
      if (before != nullptr) {
        if (separator != nullptr)
          document_.text += separator;
        else
          join(*before, placed);
      }
      const std::size_t begin = document_.text.size();
      document_.text += text;
      document_.lines.push_back({{begin, document_.text.size()},
                                 {placed.page, run.x, run.y, run.right - run.x, run.height()}});
      before = &placed;
    }
  }

  void join(const PlacedRun& upper, const PlacedRun& lower) {
    const bool one_line =
        upper.page == lower.page &&
        std::fabs(upper.run.middle() - lower.run.middle()) < 0.5f * upper.run.height();
    switch (one_line ? layout::Join::kSpace : joiner_.join(upper.run, lower.run, upper.room)) {
      case layout::Join::kSpace:
        document_.text += ' ';
        break;
      case layout::Join::kDropHyphen:
        // The line's box ends before the hyphen then.
        if (document_.text.ends_with('-')) {
          document_.text.pop_back();
          --document_.lines.back().span.end;
        }
        break;
      case layout::Join::kNone:
        break;
    }
  }

  // Pieces in NFC may compose across a join (jamo cut in two): then the block is composed whole,
  // and its lines stand for all of it.
  void keep_composed(std::size_t begin, std::size_t first_box) {
    std::string composed = to_nfc(std::string_view(document_.text).substr(begin));
    if (composed.size() == document_.text.size() - begin) return;
    document_.text.replace(begin, std::string::npos, composed);
    for (std::size_t i = first_box; i < document_.lines.size(); ++i)
      document_.lines[i].span = {begin, document_.text.size()};
  }

  Document& document_;
  const layout::LineJoiner& joiner_;
  std::vector<int> index_;  // Of each draft, in Document::blocks; -1 when it was blank.
};

// One warning a page, or one for all when there are many.
void warn_of_pages(Document& document, const std::vector<int>& pages, std::string code,
                   const std::function<Message(const std::string&)>& message_of) {
  if (pages.size() <= kManyPages) {
    for (const int page : pages)
      document.warnings.push_back({page, code, message_of(std::to_string(page))});
    return;
  }
  std::string ranges;
  for (std::size_t i = 0; i < pages.size();) {
    std::size_t end = i + 1;
    while (end < pages.size() && pages[end] == pages[end - 1] + 1) ++end;
    if (!ranges.empty()) ranges += ", ";
    ranges += std::to_string(pages[i]);
    if (end - i > 1) ranges += "-" + std::to_string(pages[end - 1]);
    i = end;
    if (ranges.size() > 200 && i < pages.size()) {
      ranges += ", …";
      break;
    }
  }
  document.warnings.push_back({pages.front(), std::move(code), message_of(ranges)});
}

void warn_of_hidden_text(Document& document, const PdfPage& page) {
  std::string text;
  std::size_t words = 0;
  for (const PdfWord& word : page.words) {
    if (!word.hidden) continue;
    ++words;
    if (count_code_points(text) >= kShownHiddenText) continue;
    if (!text.empty()) text.push_back(' ');
    text.append(word.text);
  }
  if (words == 0) return;
  text = visible_text(text);
  document.warnings.push_back(
      {page.number, "hidden-text",
       message("page {} holds {} words that a reader cannot see; they were left out: \"{}\"",
               "{}쪽에 눈에 보이지 않는 단어 {}개가 있어 뺐습니다: \"{}\"", page.number, words,
               text)});
}

}  // namespace

Document build_pdf_document(const PdfHeader& header, std::vector<PdfPage> pages) {
  Document document;
  document.kind = DocumentKind::kPdf;
  document.info.title = collapse_spaces(visible_text(header.title));

  std::vector<layout::PageLines> lines;
  std::vector<int> without_text, unreadable, cut;
  for (PdfPage& page : pages) {
    std::string label = collapse_spaces(visible_text(page.label));
    if (label.empty()) label = std::to_string(page.number);
    document.pages.push_back({page.number, std::move(label), page.width, page.height, 0});
    warn_of_hidden_text(document, page);
    if (page.cut) cut.push_back(page.number);
    lines.push_back(
        {page.number, page.width, page.height, layout::lines_of(page), std::move(page.rules)});
    if (page.unreadable)
      unreadable.push_back(page.number);
    else if (lines.back().lines.empty())
      without_text.push_back(page.number);
    page.words = {};
  }
  warn_of_pages(document, without_text, "no-text", [](const std::string& which) {
    return message("page {} has no text: a picture or a scan",
                   "{}쪽에 글이 없습니다: 그림이거나 스캔한 쪽입니다", which);
  });
  warn_of_pages(document, unreadable, "unreadable-page", [](const std::string& which) {
    return message("page {} is damaged and was left out", "{}쪽이 손상되어 뺐습니다", which);
  });
  warn_of_pages(document, cut, "memory-limit", [](const std::string& which) {
    return message("page {} has too many words; only the first were read",
                   "{}쪽에 단어가 너무 많아 앞부분만 읽었습니다", which);
  });

  layout::drop_running_lines(lines);
  layout::drop_contents_pages(lines, header);
  const layout::BodyStyle body = layout::body_style_of(lines);
  std::vector<layout::PageContent> content(lines.size());
  std::vector<std::vector<bool>> in_table;
  for (std::size_t p = 0; p < lines.size(); ++p) {
    content[p].tables = layout::find_tables(lines[p], body);
    in_table.emplace_back(lines[p].lines.size());
    for (const layout::Table& table : content[p].tables)
      std::fill_n(in_table.back().begin() + static_cast<std::ptrdiff_t>(table.first_line),
                  table.line_count, true);
  }
  std::vector<std::vector<layout::Heading>> headings =
      layout::find_headings(lines, in_table, header, body);
  for (std::size_t p = 0; p < lines.size(); ++p) content[p].headings = std::move(headings[p]);

  const layout::LineJoiner joiner(lines);
  DocumentWriter writer(document, joiner);
  std::vector<DraftBlock> blocks = layout::make_blocks(lines, content, body);
  layout::gather_figure_labels(blocks);
  for (DraftBlock& block : blocks) writer.add(std::move(block));

  for (const TextLine& line : document.lines) {
    const auto at = std::ranges::lower_bound(document.pages, line.box.page, {}, &Page::number);
    if (at != document.pages.end())
      at->characters += count_code_points(document.text_of(line.span));
  }
  return document;
}

}  // namespace saseo
