#include "ingest/html_tree.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <mutex>

#include "base/utf8.h"
#include "ingest/charset.h"
#include "ingest/text_readers.h"

namespace saseo::html {
namespace {

constexpr std::size_t kCharsetWindow = 4096;  // A page names its charset in its first bytes.

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// "charset=..." of a meta element, or the encoding of an XML declaration.
std::string declared_charset(std::string_view bytes) {
  const std::string head = lowered(bytes.substr(0, kCharsetWindow));
  for (const std::string_view key : {"charset=", "encoding="}) {
    const std::size_t found = head.find(key);
    if (found == std::string::npos) continue;
    std::size_t begin = found + key.size();
    while (begin < head.size() &&
           (head[begin] == '"' || head[begin] == '\'' || head[begin] == ' ')) {
      ++begin;
    }
    std::size_t end = begin;
    while (end < head.size() && (std::isalnum(static_cast<unsigned char>(head[end])) ||
                                 head[end] == '-' || head[end] == '_')) {
      ++end;
    }
    if (end > begin) return head.substr(begin, std::min<std::size_t>(end - begin, 40));
  }
  return {};
}

bool is_korean_charset(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "cp949", "ms949", "windows-949", "uhc"};
  return std::ranges::find(kNames, name) != kNames.end();
}

template <std::size_t size>
bool is_one_of(std::string_view name, const std::array<std::string_view, size>& names) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

Tree parse(std::string_view utf8) {
  static std::once_flag started;
  std::call_once(started, xmlInitParser);
  if (utf8.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) / 2) {
    utf8 = utf8.substr(0, floor_to_code_point(utf8, std::numeric_limits<int>::max() / 2));
  }
  return Tree(htmlReadMemory(utf8.data(), static_cast<int>(utf8.size()), nullptr, "UTF-8",
                             HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                 HTML_PARSE_NONET | HTML_PARSE_COMPACT | XML_PARSE_HUGE));
}

DecodedPage decode_page(std::string_view bytes) {
  if (!bytes.starts_with("\xFF\xFE") && !bytes.starts_with("\xFE\xFF") && !is_valid_utf8(bytes)) {
    std::string name = declared_charset(bytes);
    if (is_korean_charset(name)) name = "windows-949";
    if (!name.empty() && name != "utf-8" && name != "utf8") {
      if (auto converted = convert_strictly(bytes, name)) return {to_nfc(*converted), false};
    }
  }
  DecodedText decoded = decode_text(bytes);
  return {std::move(decoded.text), decoded.repaired};
}

std::string_view name_of(const xmlNode* node) {
  if (node->type != XML_ELEMENT_NODE || node->name == nullptr) return {};
  return reinterpret_cast<const char*>(node->name);
}

bool is_element(const xmlNode* node, std::string_view name) { return name_of(node) == name; }

std::string attribute(const xmlNode* node, const char* name) {
  if (node->type != XML_ELEMENT_NODE) return {};
  xmlChar* value = xmlGetNoNsProp(node, reinterpret_cast<const xmlChar*>(name));
  if (value == nullptr) return {};
  std::string text(reinterpret_cast<const char*>(value));
  xmlFree(value);
  return text;
}

std::string find_class(const xmlNode* node, const std::function<bool(std::string_view)>& wanted) {
  const std::string classes = lowered(attribute(node, "class"));
  for (std::size_t begin = 0; begin < classes.size();) {
    const std::size_t end = std::min(classes.find_first_of(" \t\n", begin), classes.size());
    const std::string_view word = std::string_view(classes).substr(begin, end - begin);
    if (wanted(word)) return std::string(word);
    begin = end + 1;
  }
  return {};
}

bool is_hidden(const xmlNode* node) {
  static constexpr std::array<std::string_view, 19> kNames = {
      "script",   "style",  "noscript", "template", "head",   "svg",    "iframe",
      "object",   "canvas", "audio",    "video",    "select", "button", "input",
      "textarea", "nav",    "map",      "datalist", "title"};
  if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE) return true;
  if (node->type != XML_ELEMENT_NODE) return false;
  if (is_one_of(name_of(node), kNames)) return true;
  if (node->properties == nullptr) return false;
  if (xmlHasProp(node, reinterpret_cast<const xmlChar*>("hidden")) != nullptr) return true;
  if (lowered(attribute(node, "aria-hidden")) == "true") return true;
  const std::string role = lowered(attribute(node, "role"));
  if (role == "navigation" || role == "search" || role == "banner" || role == "contentinfo") {
    return true;
  }
  std::string style = lowered(attribute(node, "style"));
  std::erase_if(style, [](unsigned char c) { return std::isspace(c) != 0; });
  for (const std::string_view hiding :
       {"display:none", "visibility:hidden", "font-size:0;", "font-size:0px", "opacity:0;"}) {
    if (style.find(hiding) != std::string::npos) return true;
  }
  if (style.ends_with("font-size:0") || style.ends_with("opacity:0")) return true;
  return !find_class(node, [](std::string_view word) {
            return word == "sr-only" || word == "visually-hidden" || word == "screen-reader-text";
          }).empty();
}

bool is_block(const xmlNode* node) {
  static constexpr std::array<std::string_view, 38> kNames = {
      "p",       "div",     "section",  "article",    "main",       "ul",      "ol",     "li",
      "dl",      "dt",      "dd",       "table",      "pre",        "h1",      "h2",     "h3",
      "h4",      "h5",      "h6",       "hr",         "figure",     "address", "center", "details",
      "summary", "header",  "footer",   "aside",      "form",       "body",    "tr",     "td",
      "th",      "caption", "fieldset", "figcaption", "blockquote", "html"};
  return is_one_of(name_of(node), kNames);
}

xmlNode* next_node(xmlNode* node, const xmlNode* root, bool skip,
                   const std::function<void(xmlNode*)>& leave) {
  if (!skip && node->type == XML_ELEMENT_NODE && node->children != nullptr) return node->children;
  while (node != nullptr) {
    if (leave) leave(node);
    if (node == root) return nullptr;
    if (node->next != nullptr) return node->next;
    node = node->parent;
  }
  return nullptr;
}

std::string text_within(xmlNode* root) {
  std::string text;
  xmlNode* node = root;
  while (node != nullptr) {
    bool skip = false;
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
      if (node->content != nullptr) text += reinterpret_cast<const char*>(node->content);
    } else if (node != root && is_hidden(node)) {
      skip = true;
    } else if (is_element(node, "br")) {
      text += '\n';
    } else if (is_element(node, "img")) {
      text += attribute(node, "alt");
    } else if (node != root && is_block(node)) {
      text += ' ';
    }
    node = next_node(node, root, skip, [&](xmlNode* left) {
      if (left != root && is_block(left)) text += ' ';
    });
  }
  return text;
}

xmlNode* find_within(xmlNode* root, const std::function<bool(const xmlNode*)>& wanted) {
  xmlNode* node = root;
  while (node != nullptr) {
    const bool skip = node != root && is_hidden(node);
    if (node != root && !skip && node->type == XML_ELEMENT_NODE && wanted(node)) return node;
    node = next_node(node, root, skip, nullptr);
  }
  return nullptr;
}

}  // namespace saseo::html
