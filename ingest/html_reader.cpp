// HTML: libxml2 makes the tree; this file finds the main content and walks it without recursion.
#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "ingest/block_markers.h"
#include "ingest/document_builder.h"
#include "ingest/html_table.h"
#include "ingest/html_tree.h"
#include "ingest/text_readers.h"

namespace saseo {
namespace {

using html::is_element;

int heading_level(const xmlNode* node) {
  const std::string_view name = html::name_of(node);
  return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' ? name[1] - '0' : 0;
}

// <main>, else the only <article>, else <body>.
xmlNode* main_content(xmlNode* root) {
  xmlNode* const main = html::find_within(root, [](const xmlNode* node) {
    return is_element(node, "main") || html::attribute(node, "role") == "main";
  });
  if (main != nullptr && !trim(html::text_within(main)).empty()) return main;
  int articles = 0;
  xmlNode* article = nullptr;
  html::find_within(root, [&](const xmlNode* node) {
    if (is_element(node, "article") && articles++ == 0) article = const_cast<xmlNode*>(node);
    return articles > 1;
  });
  if (articles == 1 && !trim(html::text_within(article)).empty()) return article;
  xmlNode* const body =
      html::find_within(root, [](const xmlNode* node) { return is_element(node, "body"); });
  return body != nullptr ? body : root;
}

// The kind of warning that an element's class names, with the prefixes that generators put on it.
std::string warning_kind(const xmlNode* node) {
  std::string kind;
  html::find_class(node, [&](std::string_view word) {
    for (const std::string_view prefix :
         {"alert-", "admonition-", "callout-", "note-", "notice-", "is-", "box-", "msg-"}) {
      if (word.starts_with(prefix)) word.remove_prefix(prefix.size());
    }
    if (warning_word_of_kind(word, Language::kEnglish).empty()) return false;
    kind = word;
    // "alert alert-danger": the more exact word wins.
    return word != "alert";
  });
  return kind;
}

// The text of a figure's caption; empty when it has none.
std::string caption_of(const xmlNode* figure) {
  for (xmlNode* node = figure->children; node != nullptr; node = node->next) {
    if (is_element(node, "figcaption")) return html::text_within(node);
  }
  return {};
}

constexpr std::size_t kMaxDepth = 64;  // Deeper lists and warnings are read as if they were flat.

class HtmlWalker {
 public:
  HtmlWalker() : builder_(DocumentKind::kHtml) {}

  DocumentBuilder& builder() { return builder_; }
  void walk(xmlNode* root);

 private:
  struct Frame {
    enum Type { kList, kItem, kWarning } type;
    const xmlNode* node;
    int block = -1;  // Items: the block of the first text. Lists of terms: the last term.
    int number = 0;  // Ordered lists: the number of the last item. Items: their own.
    bool ordered = false;
    bool at_start = true;
    std::string word;  // Warnings: the word that names them.
  };

  // Returns true when the children are done with.
  bool enter(xmlNode* node);
  void leave(xmlNode* node);
  bool is_left_out(xmlNode* node) const;
  void open_item(xmlNode* node);
  void push(Frame frame) {
    if (open_.size() < kMaxDepth) open_.push_back(std::move(frame));
  }
  void add_caption(std::string_view text);
  void add_table(xmlNode* table);
  void flush();
  int item_depth() const;
  void add_in_item(Frame& item, std::string_view text);
  void add_in_warning(Frame& warning, std::string_view text);
  BlockTraits traits_here() const;

  DocumentBuilder builder_;
  std::vector<Frame> open_;
  // The open figures with their captions: an image's alt text that says the same is left out.
  std::vector<std::pair<const xmlNode*, std::string>> figures_;
  std::string pending_;         // Text since the last block boundary.
  bool pending_words_ = false;  // Whether it holds more than alt texts.
  bool body_ = false;  // The content is the whole body: page headers and footers are left out.
};

void HtmlWalker::walk(xmlNode* root) {
  body_ = is_element(root, "body") || is_element(root, "html");
  xmlNode* node = root;
  while (node != nullptr) {
    const bool skip = enter(node);
    node = html::next_node(node, root, skip, [this](xmlNode* left) { leave(left); });
  }
  flush();
}

bool HtmlWalker::is_left_out(xmlNode* node) const {
  if (html::is_hidden(node)) return true;
  const std::string_view name = html::name_of(node);
  if (name == "footer") return true;
  if (name == "header") return body_ && is_element(node->parent, "body");
  if (name == "aside") return warning_kind(node).empty();
  // Some systems wrap the whole page in a form.
  if (name == "form") {
    return html::find_within(node, [](const xmlNode* inner) {
             return heading_level(inner) > 0 || is_element(inner, "p") ||
                    is_element(inner, "table");
           }) == nullptr;
  }
  return false;
}

bool HtmlWalker::enter(xmlNode* node) {
  if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
    if (node->content != nullptr) {
      const std::string_view text = reinterpret_cast<const char*>(node->content);
      pending_ += text;
      pending_words_ = pending_words_ || !trim(text).empty();
    }
    return false;
  }
  if (is_left_out(node)) return true;
  const std::string_view name = html::name_of(node);
  if (name == "br") {
    // Two in a row part paragraphs in old pages.
    const std::string_view line = pending_;
    if (line.ends_with('\n') || trim(line.substr(line.rfind('\n') + 1)).empty()) flush();
    pending_ += '\n';
    return false;
  }
  if (name == "img") {
    const std::string alt = html::attribute(node, "alt");
    const bool said = !figures_.empty() && figures_.back().second.find(alt) != std::string::npos;
    if (!said) pending_ += alt;
    return false;
  }
  if (!html::is_block(node)) return false;

  flush();
  if (const std::string kind = warning_kind(node); !kind.empty() && heading_level(node) == 0) {
    push({.type = Frame::kWarning, .node = node, .word = kind});
  }
  if (name == "figure" && figures_.size() < kMaxDepth)
    figures_.emplace_back(node, caption_of(node));
  const bool in_frame = !open_.empty();
  if (const int level = heading_level(node)) {
    if (in_frame) return false;  // A heading within a list or warning parts no section.
    builder_.add(BlockKind::kHeading, html::text_within(node), {.level = level});
    return true;
  }
  if (name == "ul" || name == "ol" || name == "dl") {
    int start = 1;
    const std::string value = html::attribute(node, "start");
    std::from_chars(value.data(), value.data() + value.size(), start);
    push({.type = Frame::kList,
          .node = node,
          .number = std::clamp(start, 0, 1'000'000) - 1,
          .ordered = name == "ol"});
  } else if (name == "li") {
    open_item(node);
  } else if (name == "dt") {
    BlockTraits traits = traits_here();
    traits.level = item_depth() + 1;
    traits.marker = "•";
    const int block = builder_.add(BlockKind::kListItem, html::text_within(node), traits);
    if (!open_.empty() && open_.back().type == Frame::kList) open_.back().block = block;
    return true;
  } else if (name == "dd") {
    // The term is the parent of its explanation.
    const int term = !open_.empty() && open_.back().type == Frame::kList ? open_.back().block : -1;
    push({.type = Frame::kItem, .node = node, .block = term, .at_start = false});
  } else if (name == "pre") {
    builder_.add(BlockKind::kCode, html::text_within(node), traits_here());
    return true;
  } else if (name == "figcaption") {
    add_caption(html::text_within(node));
    return true;
  } else if (name == "table" && !html::is_layout_table(node)) {
    add_table(node);
    return true;
  }
  return false;
}

void HtmlWalker::leave(xmlNode* node) {
  if (!html::is_block(node)) return;
  flush();
  while (!open_.empty() && open_.back().node == node) open_.pop_back();
  if (!figures_.empty() && figures_.back().first == node) figures_.pop_back();
}

int HtmlWalker::item_depth() const {
  return static_cast<int>(std::ranges::count(open_, Frame::kItem, &Frame::type));
}

BlockTraits HtmlWalker::traits_here() const {
  BlockTraits traits;
  for (const Frame& frame : open_) {
    if (frame.type == Frame::kItem && frame.block >= 0) traits.parent = frame.block;
  }
  traits.level = std::max(1, item_depth());
  return traits;
}

void HtmlWalker::open_item(xmlNode* node) {
  Frame item{.type = Frame::kItem, .node = node};
  if (!open_.empty() && open_.back().type == Frame::kList) {
    Frame& list = open_.back();
    const std::string value = html::attribute(node, "value");
    int number = list.number + 1;
    std::from_chars(value.data(), value.data() + value.size(), number);
    list.number = std::clamp(number, 0, 1'000'000);
    item.ordered = list.ordered;
    item.number = list.number;
  }
  push(item);
}

void HtmlWalker::add_caption(std::string_view text) {
  const std::string tidy = collapse_spaces(visible_text(text));
  BlockTraits traits = traits_here();
  const auto caption = split_caption(tidy);
  if (caption) traits.marker = caption->marker;
  builder_.add(BlockKind::kCaption, caption ? caption->rest : std::string_view(tidy), traits);
}

void HtmlWalker::add_table(xmlNode* table) {
  const html::TableRows rows = html::read_table(table);
  BlockTraits traits = traits_here();
  add_caption(rows.caption);
  traits.table = builder_.new_table();
  builder_.add_row(BlockKind::kTableHeader, rows.header, traits);
  for (const auto& row : rows.rows) builder_.add_row(BlockKind::kTableRow, row, traits);
}

// Ends the text that was gathered; what it is depends on the innermost item or warning.
void HtmlWalker::flush() {
  const std::string text = collapse_spaces(visible_text(pending_));
  const bool words = pending_words_;
  pending_.clear();
  pending_words_ = false;
  if (text.empty()) return;
  for (auto frame = open_.rbegin(); frame != open_.rend(); ++frame) {
    if (frame->type == Frame::kItem && frame->at_start) return add_in_item(*frame, text);
    if (frame->type == Frame::kItem) break;
    if (frame->type == Frame::kWarning) return add_in_warning(*frame, text);
  }
  BlockTraits traits = traits_here();
  if (!words) {
    builder_.add(BlockKind::kCaption, text, traits);
  } else if (const auto warning = split_warning(text); warning && !warning->rest.empty()) {
    traits.marker = warning->marker;
    builder_.add(BlockKind::kWarning, warning->rest, traits);
  } else if (const auto caption = split_caption(text)) {
    traits.marker = caption->marker;
    builder_.add(BlockKind::kCaption, caption->rest, traits);
  } else {
    builder_.add(BlockKind::kParagraph, text, traits);
  }
}

void HtmlWalker::add_in_item(Frame& item, std::string_view text) {
  BlockTraits traits = traits_here();
  traits.marker = item.ordered ? std::to_string(item.number) + "." : "•";
  item.at_start = false;
  item.block = builder_.add(item.ordered ? BlockKind::kStep : BlockKind::kListItem, text, traits);
}

// The word that names the warning is its first text, or the beginning of it; else its class tells.
void HtmlWalker::add_in_warning(Frame& warning, std::string_view text) {
  if (warning.at_start) {
    warning.at_start = false;
    if (const auto word = warning_word(text)) {
      warning.word = *word;
      return;
    }
    const Language language = has_hangul(text) ? Language::kKorean : Language::kEnglish;
    const auto split = split_warning(text, true);
    warning.word =
        split ? split->marker : std::string(warning_word_of_kind(warning.word, language));
    if (split) text = split->rest;
  }
  BlockTraits traits = traits_here();
  traits.marker = warning.word;
  builder_.add(BlockKind::kWarning, text, traits);
}

std::string title_of(xmlNode* root, const Document& document) {
  std::string heading;
  int tops = 0;
  for (const Block& block : document.blocks) {
    if (block.kind != BlockKind::kHeading || block.level != 1) continue;
    if (tops++ == 0) heading = document.text_of(block.span);
  }
  if (tops != 1) heading.clear();
  std::string title;
  xmlNode* node = root;
  while (node != nullptr && !is_element(node, "body") && !is_element(node, "title")) {
    node = html::next_node(node, root, false, nullptr);
  }
  if (node != nullptr && is_element(node, "title")) {
    title = collapse_spaces(visible_text(html::text_within(node)));
  }
  // "Charging | Support - Maker": the heading is the title without the site's name.
  if (title.empty() || (!heading.empty() && title.find(heading) != std::string::npos)) {
    return heading;
  }
  return title;
}

}  // namespace

Document read_html(std::string_view bytes) {
  const html::DecodedPage page = html::decode_page(bytes);
  const html::Tree tree = html::parse(page.utf8);
  xmlNode* const root = tree == nullptr ? nullptr : xmlDocGetRootElement(tree.get());
  HtmlWalker walker;
  if (root != nullptr) walker.walk(main_content(root));
  if (page.repaired) {
    walker.builder().warn(
        "bad-bytes", message("some bytes fit no charset and were replaced",
                             "어떤 문자 집합에도 맞지 않는 바이트를 대체 문자로 바꾸었습니다"));
  }
  Document document = std::move(walker.builder()).finish();
  if (root != nullptr) {
    document.info.title = title_of(root, document);
    document.info.language = language_of_code(html::attribute(root, "lang"));
  }
  return document;
}

}  // namespace saseo
