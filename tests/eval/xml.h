// XML of the reports as libxml2 reads it, which says whether it is well-formed.
#pragma once

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace saseo::eval {

class Xml {
 public:
  explicit Xml(std::string_view text)
      : document_(xmlReadMemory(
                      text.data(), static_cast<int>(text.size()), "report", "UTF-8",
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE),
                  &xmlFreeDoc) {}

  bool well_formed() const { return document_ != nullptr; }

  // Text of the nodes that an XPath selects. HTML's elements are in a namespace: "//h:h1".
  std::vector<std::string> texts(const char* path) const {
    std::vector<std::string> texts;
    if (!well_formed()) return texts;
    const std::unique_ptr<xmlXPathContext, decltype(&xmlXPathFreeContext)> context(
        xmlXPathNewContext(document_.get()), &xmlXPathFreeContext);
    xmlXPathRegisterNs(context.get(), BAD_CAST "h", BAD_CAST "http://www.w3.org/1999/xhtml");
    const std::unique_ptr<xmlXPathObject, decltype(&xmlXPathFreeObject)> found(
        xmlXPathEvalExpression(BAD_CAST path, context.get()), &xmlXPathFreeObject);
    if (found == nullptr || found->nodesetval == nullptr) return texts;
    for (int i = 0; i < found->nodesetval->nodeNr; ++i) {
      xmlChar* const text = xmlNodeGetContent(found->nodesetval->nodeTab[i]);
      texts.emplace_back(reinterpret_cast<const char*>(text));
      xmlFree(text);
    }
    return texts;
  }
  std::size_t count(const char* path) const { return texts(path).size(); }

 private:
  std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document_;
};

// HTML without what its elements of that name hold, which need not be XML.
inline std::string without_content(std::string html, const std::string& open,
                                   const std::string& close) {
  const std::size_t begin = html.find(open), end = html.find(close, begin);
  if (end != std::string::npos) {
    html.erase(begin + open.size(), end - begin - open.size());
  }
  return html;
}
inline Xml xml_of_html(const std::string& html) {
  return Xml(
      without_content(without_content(html, "<style>", "</style>"), "<script>", "</script>"));
}

}  // namespace saseo::eval
