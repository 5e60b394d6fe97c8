#include "eval/questions/gold_fields.h"

#include <algorithm>

namespace saseo::eval {
namespace {

using Json = nlohmann::json;
using OnUnknown = std::function<void(const std::string&)>;

GoldSection read_object(JsonFields inner, const std::string& name, const OnUnknown& on_unknown) {
  GoldSection place;
  place.document = inner.text("document");
  const Json* path = inner.get("section");
  if (path != nullptr && path->is_array()) {
    place.path = inner.texts("section");
  } else {
    place.path = split_section(inner.text("section"));
  }
  place.pages = inner.page_numbers("pages");
  const std::vector<int> page = inner.page_numbers("page");
  place.pages.insert(place.pages.end(), page.begin(), page.end());
  std::ranges::sort(place.pages);
  place.pages.erase(std::unique(place.pages.begin(), place.pages.end()), place.pages.end());
  inner.ignore({"page_label"});
  for (const std::string& key : inner.unknown()) on_unknown(fmt::format("{}.{}", name, key));
  return place;
}

}  // namespace

std::vector<GoldSection> read_places(JsonFields& fields, const std::string& name,
                                     const OnUnknown& on_unknown) {
  std::vector<GoldSection> places;
  const Json* value = fields.get(name);
  if (value == nullptr) return places;
  const std::size_t count = value->is_array() ? value->size() : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const Json& one = value->is_array() ? (*value)[i] : *value;
    const std::string at = value->is_array() ? fmt::format("{}[{}]", name, i) : name;
    GoldSection place;
    if (one.is_string()) {
      place.path = split_section(
          checked_text(one.get_ref<const std::string&>(), fields.place_of(at), fields.faults()));
    } else if (one.is_object()) {
      place = read_object(fields.inside(one, at), name, on_unknown);
    } else {
      fields.expect(at, "an object or a section's path", "객체나 절의 경로", one);
      continue;
    }
    if (place.document.empty() && place.path.empty() && place.pages.empty()) {
      fields.fault(at, "names no section, page or document",
                   "절, 쪽, 문서 가운데 아무것도 없습니다");
      continue;
    }
    places.push_back(std::move(place));
  }
  return places;
}

}  // namespace saseo::eval
