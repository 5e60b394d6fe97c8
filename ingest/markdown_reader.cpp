// Markdown: cmark-gfm (CommonMark 0.29 with GFM tables) makes the tree; this file walks it without
// recursion and tells what each part is.
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/utf8.h"
#include "ingest/block_markers.h"
#include "ingest/document_builder.h"
#include "ingest/markdown_source.h"
#include "ingest/text_readers.h"

namespace saseo {
namespace {

struct NodeDeleter {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using NodePtr = std::unique_ptr<cmark_node, NodeDeleter>;
struct IteratorDeleter {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};
using IteratorPtr = std::unique_ptr<cmark_iter, IteratorDeleter>;

NodePtr parse(const std::string& body) {
  static std::once_flag registered;
  std::call_once(registered, cmark_gfm_core_extensions_ensure_registered);
  const std::unique_ptr<cmark_parser, decltype(&cmark_parser_free)> parser(
      cmark_parser_new(CMARK_OPT_DEFAULT), cmark_parser_free);
  if (cmark_syntax_extension* table = cmark_find_syntax_extension("table")) {
    cmark_parser_attach_syntax_extension(parser.get(), table);
  }
  cmark_parser_feed(parser.get(), body.data(), body.size());
  return NodePtr(cmark_parser_finish(parser.get()));
}

std::string_view type_of(cmark_node* node) { return cmark_node_get_type_string(node); }
std::string_view literal_of(cmark_node* node) {
  const char* literal = cmark_node_get_literal(node);
  return literal == nullptr ? std::string_view() : literal;
}

bool is_line_break_tag(std::string_view html) {
  return html.size() >= 4 && html[0] == '<' && (html[1] | 0x20) == 'b' && (html[2] | 0x20) == 'r' &&
         (html[3] == '>' || html[3] == ' ' || html[3] == '/');
}

// What a paragraph, heading or cell holds.
struct Inlines {
  std::string text;                 // Line breaks of the source are '\n'.
  std::string strong;               // The text of a strong or emphasised start.
  std::vector<std::string> images;  // Alt texts.
  bool only_images = true;
};

Inlines read_inlines(cmark_node* parent) {
  Inlines inlines;
  int image_depth = 0;
  cmark_node* leading_strong = nullptr;
  const IteratorPtr iterator(cmark_iter_new(parent));
  for (cmark_event_type event; (event = cmark_iter_next(iterator.get())) != CMARK_EVENT_DONE;) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    const cmark_node_type type = cmark_node_get_type(node);
    const bool enter = event == CMARK_EVENT_ENTER;
    if (type == CMARK_NODE_IMAGE) {
      if (enter && image_depth++ == 0) inlines.images.emplace_back();
      if (!enter) --image_depth;
      continue;
    }
    if (type == CMARK_NODE_STRONG || type == CMARK_NODE_EMPH) {
      if (enter && leading_strong == nullptr && inlines.text.empty()) leading_strong = node;
      if (!enter && node == leading_strong) inlines.strong = inlines.text;
      continue;
    }
    if (!enter) continue;
    std::string_view piece;
    if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) {
      piece = literal_of(node);
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
      piece = "\n";
    } else if (type == CMARK_NODE_HTML_INLINE && is_line_break_tag(literal_of(node))) {
      piece = " ";
    }
    if (image_depth > 0) inlines.images.back() += piece;
    inlines.text += piece;
    if (image_depth == 0 && !trim(piece).empty()) inlines.only_images = false;
  }
  inlines.only_images = inlines.only_images && !inlines.images.empty();
  return inlines;
}

// "지문 인식률 {#fingerprint .x}": the text without the attributes, and the id.
struct HeadingText {
  std::string text, id;
};
HeadingText split_heading(const Inlines& inlines) {
  HeadingText heading{collapse_spaces(inlines.text), {}};
  const std::size_t open = heading.text.rfind('{');
  if (open == std::string::npos || !heading.text.ends_with('}')) return heading;
  const std::string attributes = heading.text.substr(open + 1, heading.text.size() - open - 2);
  if (attributes.empty() || (attributes[0] != '#' && attributes[0] != '.')) return heading;
  if (attributes[0] == '#') heading.id = attributes.substr(1, attributes.find(' ') - 1);
  heading.text = std::string(trim(std::string_view(heading.text).substr(0, open)));
  return heading;
}

bool begins_with_hangul(std::string_view line) {
  line = trim(line);
  return !line.empty() && is_hangul(decode_utf8(line, 0).code_point);
}

class MarkdownWalker {
 public:
  MarkdownWalker() : builder_(DocumentKind::kMarkdown) {}

  void walk(cmark_node* root);
  DocumentBuilder& builder() { return builder_; }
  // The text of the only heading of level 1 when it begins the document; else empty.
  const std::string& sole_title() const { return sole_title_; }

 private:
  // An open list, list item or quote.
  struct Container {
    cmark_node_type type;
    int block = -1;       // Items: the block of the item's first text, the parent of what follows.
    int next_number = 1;  // Ordered lists.
    bool ordered = false;
    bool parenthesis = false;
    std::string warning;  // Quotes: the word that makes it a warning.
    bool at_start = true;
  };

  void collect_headings(cmark_node* root);
  std::string with_references(std::string text) const;
  void enter(cmark_node* node);
  void leave();
  void add_heading(cmark_node* node);
  void add_paragraph(cmark_node* node);
  void add_lines(std::string_view text);
  void add_unmarked(std::string_view text);
  void add_text(BlockKind kind, std::string_view text);
  void add_table(cmark_node* table);
  BlockTraits traits_here() const;
  int list_depth() const;

  DocumentBuilder builder_;
  std::vector<Container> open_;
  std::map<std::string, std::string, std::less<>> heading_of_id_;
  std::string sole_title_;
};

void MarkdownWalker::walk(cmark_node* root) {
  collect_headings(root);
  const IteratorPtr iterator(cmark_iter_new(root));
  for (cmark_event_type event; (event = cmark_iter_next(iterator.get())) != CMARK_EVENT_DONE;) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    if (node == root) continue;
    const cmark_node_type type = cmark_node_get_type(node);
    const bool container =
        type == CMARK_NODE_LIST || type == CMARK_NODE_ITEM || type == CMARK_NODE_BLOCK_QUOTE;
    if (event == CMARK_EVENT_EXIT) {
      if (container) leave();
      continue;
    }
    enter(node);
    // What is in a leaf was read in one go.
    if (!container && cmark_node_first_child(node) != nullptr) {
      cmark_iter_reset(iterator.get(), node, CMARK_EVENT_EXIT);
    }
  }
}

void MarkdownWalker::collect_headings(cmark_node* root) {
  int tops = 0;
  for (cmark_node* node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
    if (cmark_node_get_type(node) != CMARK_NODE_HEADING) continue;
    HeadingText heading = split_heading(read_inlines(node));
    if (cmark_node_get_heading_level(node) == 1) {
      ++tops;
      if (node == cmark_node_first_child(root)) sole_title_ = heading.text;
    }
    if (!heading.id.empty()) heading_of_id_.emplace(std::move(heading.id), std::move(heading.text));
  }
  if (tops != 1) sole_title_.clear();
}

std::string MarkdownWalker::with_references(std::string text) const {
  std::size_t at = 0;
  while ((at = text.find("[[#", at)) != std::string::npos) {
    const std::size_t end = text.find("]]", at);
    if (end == std::string::npos) break;
    const auto heading = heading_of_id_.find(std::string_view(text).substr(at + 3, end - at - 3));
    if (heading == heading_of_id_.end()) {
      at = end;
      continue;
    }
    const bool korean = has_hangul(heading->second);
    const std::string quoted = (korean ? "「" : "“") + heading->second + (korean ? "」" : "”");
    text.replace(at, end + 2 - at, quoted);
    at += quoted.size();
  }
  return text;
}

int MarkdownWalker::list_depth() const {
  return static_cast<int>(std::ranges::count(open_, CMARK_NODE_ITEM, &Container::type));
}

BlockTraits MarkdownWalker::traits_here() const {
  BlockTraits traits;
  for (const Container& container : open_) {
    if (container.type == CMARK_NODE_ITEM && container.block >= 0) traits.parent = container.block;
  }
  traits.level = std::max(1, list_depth());
  return traits;
}

void MarkdownWalker::enter(cmark_node* node) {
  const cmark_node_type type = cmark_node_get_type(node);
  if (type == CMARK_NODE_LIST) {
    const bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    open_.push_back({.type = type,
                     .next_number = ordered ? cmark_node_get_list_start(node) : 1,
                     .ordered = ordered,
                     .parenthesis = cmark_node_get_list_delim(node) == CMARK_PAREN_DELIM});
  } else if (type == CMARK_NODE_ITEM || type == CMARK_NODE_BLOCK_QUOTE) {
    open_.push_back({.type = type});
  } else if (type == CMARK_NODE_HEADING) {
    add_heading(node);
  } else if (type == CMARK_NODE_PARAGRAPH) {
    add_paragraph(node);
  } else if (type == CMARK_NODE_CODE_BLOCK) {
    add_text(BlockKind::kCode, literal_of(node));
  } else if (type_of(node) == "table") {
    add_table(node);
  }
}

void MarkdownWalker::leave() {
  const bool item = open_.back().type == CMARK_NODE_ITEM;
  open_.pop_back();
  if (item && !open_.empty()) ++open_.back().next_number;
}

void MarkdownWalker::add_heading(cmark_node* node) {
  const HeadingText heading = split_heading(read_inlines(node));
  if (open_.empty()) {
    builder_.add(BlockKind::kHeading, heading.text, {.level = cmark_node_get_heading_level(node)});
  } else {
    add_text(BlockKind::kParagraph, heading.text);  // A heading within a list parts no section.
  }
}

void MarkdownWalker::add_paragraph(cmark_node* node) {
  const Inlines inlines = read_inlines(node);
  if (inlines.only_images) {
    for (const std::string& alt : inlines.images) add_text(BlockKind::kCaption, alt);
    return;
  }
  std::string text = with_references(inlines.text);
  Container* innermost = open_.empty() ? nullptr : &open_.back();
  const bool in_quote = innermost != nullptr && innermost->type == CMARK_NODE_BLOCK_QUOTE;
  const bool quote_start = in_quote && innermost->at_start;
  if (in_quote) innermost->at_start = false;
  const bool item_start =
      innermost != nullptr && innermost->type == CMARK_NODE_ITEM && innermost->at_start;
  if (quote_start || (!in_quote && !item_start)) {
    const bool strong_word = warning_word(inlines.strong).has_value();
    if (const auto warning = split_warning(text, strong_word)) {
      if (in_quote) innermost->warning = warning->marker;
      BlockTraits traits = traits_here();
      traits.marker = warning->marker;
      builder_.add(BlockKind::kWarning, warning->rest, std::move(traits));
      return;
    }
  }
  if (in_quote && !innermost->warning.empty()) {
    BlockTraits traits = traits_here();
    traits.marker = innermost->warning;
    builder_.add(BlockKind::kWarning, text, std::move(traits));
    return;
  }
  add_lines(text);
}

// A paragraph's lines are one text, except where a line begins with a sign that Markdown does not
// know as a list: "①", "•".
void MarkdownWalker::add_lines(std::string_view text) {
  std::string_view rest = text;
  std::string gathered;
  BlockTraits traits = traits_here();
  BlockKind kind = BlockKind::kParagraph;
  const auto flush = [&] {
    if (kind == BlockKind::kParagraph) {
      add_unmarked(gathered);
    } else {
      builder_.add(kind, gathered, traits);
    }
    gathered.clear();
  };
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto item = split_enumerator(line);
    if (item && static_cast<unsigned char>(trim(line)[0]) >= 0x80 && !begins_with_hangul(line)) {
      flush();
      kind = item->kind == EnumeratorKind::kNumber ? BlockKind::kStep : BlockKind::kListItem;
      traits.marker = item->marker;
      gathered = item->rest;
    } else {
      if (!gathered.empty()) gathered.push_back('\n');
      gathered += line;
    }
  }
  flush();
}

void MarkdownWalker::add_unmarked(std::string_view text) {
  const auto caption = split_caption(text);
  if (!caption || text.find('\n') != std::string_view::npos) {
    return add_text(BlockKind::kParagraph, text);
  }
  BlockTraits traits = traits_here();
  traits.marker = caption->marker;
  builder_.add(BlockKind::kCaption, caption->rest, std::move(traits));
}

void MarkdownWalker::add_text(BlockKind kind, std::string_view text) {
  BlockTraits traits = traits_here();
  Container* item = nullptr;
  Container* list = nullptr;
  if (open_.size() >= 2 && open_.back().type == CMARK_NODE_ITEM) {
    item = &open_.back();
    list = &open_[open_.size() - 2];
  }
  if (item == nullptr || !item->at_start || kind != BlockKind::kParagraph) {
    builder_.add(kind, text, std::move(traits));
    return;
  }
  kind = list->ordered ? BlockKind::kStep : BlockKind::kListItem;
  if (kind == BlockKind::kStep) {
    traits.marker = std::to_string(list->next_number) + (list->parenthesis ? ")" : ".");
  } else {
    traits.marker = "•";
  }
  if (kind == BlockKind::kListItem && (text.starts_with("[ ] ") || text.starts_with("[x] "))) {
    text.remove_prefix(4);
  }
  item->block = builder_.add(kind, text, std::move(traits));
  item->at_start = false;
}

void MarkdownWalker::add_table(cmark_node* table) {
  BlockTraits traits = traits_here();
  traits.table = builder_.new_table();
  for (cmark_node* row = cmark_node_first_child(table); row; row = cmark_node_next(row)) {
    std::vector<std::string> cells;
    for (cmark_node* cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell)) {
      cells.push_back(with_references(read_inlines(cell).text));
    }
    const bool header = cmark_gfm_extensions_get_table_row_is_header(row) != 0;
    builder_.add_row(header ? BlockKind::kTableHeader : BlockKind::kTableRow, cells, traits);
  }
}

}  // namespace

Document read_markdown(std::string_view bytes) {
  DecodedText decoded = decode_text(bytes);
  const MarkdownSource source = split_markdown(decoded.text);
  MarkdownWalker walker;
  if (const NodePtr root = parse(source.body)) walker.walk(root.get());
  DocumentBuilder& builder = walker.builder();
  const auto value = [&](const char* key) {
    const auto found = source.front_matter.find(key);
    return found == source.front_matter.end() ? std::string()
                                              : collapse_spaces(visible_text(found->second));
  };
  DocumentInfo& info = builder.info();
  info.title = value("title");
  info.product = value("product");
  info.model_number = value("model");
  info.edition = value("edition");
  info.language = language_of_code(value("language"));
  if (info.title.empty()) info.title = walker.sole_title();
  if (decoded.repaired) {
    builder.warn("bad-bytes",
                 message("some bytes fit no charset and were replaced",
                         "어떤 문자 집합에도 맞지 않는 바이트를 대체 문자로 바꾸었습니다"));
  }
  return std::move(builder).finish();
}

}  // namespace saseo
