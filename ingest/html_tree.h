// An HTML page as a libxml2 tree, and the questions that a reader asks of its elements.
#pragma once

#include <libxml/tree.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace saseo::html {

struct TreeDeleter {
  void operator()(xmlDoc* tree) const { xmlFreeDoc(tree); }
};
using Tree = std::unique_ptr<xmlDoc, TreeDeleter>;

// Parses UTF-8, whatever it is; nothing is loaded from elsewhere. Null when nothing can be made of
// it.
Tree parse(std::string_view utf8);

struct DecodedPage {
  std::string utf8;
  bool repaired = false;
};
// UTF-8 of a page: by its byte order mark, as strict UTF-8, by the charset that it names, else by
// decode_text.
DecodedPage decode_page(std::string_view bytes);

std::string_view name_of(const xmlNode* node);  // Empty for text.
bool is_element(const xmlNode* node, std::string_view name);
std::string attribute(const xmlNode* node, const char* name);
// A word of the class attribute, in lower case, for which `wanted` is true; else empty.
std::string find_class(const xmlNode* node, const std::function<bool(std::string_view)>& wanted);

// Not shown to a reader: hidden attributes and styles, scripts, controls.
bool is_hidden(const xmlNode* node);
bool is_block(const xmlNode* node);

// The next node after `node` in document order within `root`, its children left out when `skip`;
// null at the end. Calls `leave` for each element that ends on the way, innermost first.
xmlNode* next_node(xmlNode* node, const xmlNode* root, bool skip,
                   const std::function<void(xmlNode*)>& leave);

// The text shown within a node, line breaks as '\n', images as their alt text.
std::string text_within(xmlNode* root);

// Whether `root` holds a shown element for which `wanted` is true.
xmlNode* find_within(xmlNode* root, const std::function<bool(const xmlNode*)>& wanted);

}  // namespace saseo::html
