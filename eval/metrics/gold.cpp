#include "eval/metrics/gold.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>

#include "base/utf8.h"

namespace saseo::eval {
namespace {

std::string stem_of(std::string_view file) { return std::filesystem::path(file).stem().string(); }

bool names(const std::string& gold, const Place& place) {
  if (gold.empty()) return true;
  const std::string wanted = fold_without_spaces(gold);
  return std::ranges::any_of(
      std::initializer_list<std::string>{std::string(place.document), std::string(place.product),
                                         std::string(place.file), stem_of(place.file)},
      [&](const std::string& name) {
        return !name.empty() && fold_without_spaces(name) == wanted;
      });
}

bool on_page(const GoldSection& gold, const Place& place) {
  return place.first_page > 0 && std::ranges::any_of(gold.pages, [&](int page) {
           return page >= place.first_page && page <= std::max(place.first_page, place.last_page);
         });
}

bool under(const GoldSection& gold, const Place& place) {
  const auto alike = [](const std::string& a, const std::string& b) {
    return fold_without_spaces(a) == fold_without_spaces(b);
  };
  const auto& path = place.heading_path;
  return std::search(path.begin(), path.end(), gold.path.begin(), gold.path.end(), alike) !=
         path.end();
}

bool holds(const GoldSection& gold, const Place& place) {
  if (!names(gold.document, place)) return false;
  if (gold.path.empty() && gold.pages.empty()) return !gold.document.empty();
  if (gold.path.empty() || place.heading_path.empty()) return on_page(gold, place);
  return under(gold, place);
}

std::string joined(const GoldSection& gold) {
  std::string text = gold.document;
  for (const std::string& heading : gold.path) text += (text.empty() ? "" : " > ") + heading;
  for (const int page : gold.pages) text += " p." + std::to_string(page);
  return text;
}

}  // namespace

Place place_of(const RecordedHit& hit) {
  return {hit.document, hit.file, "", hit.heading_path, hit.page, hit.page};
}
Place place_of(const RecordedPassage& passage) {
  return {passage.document,     passage.file,       passage.product,
          passage.heading_path, passage.first_page, passage.last_page};
}
Place place_of(const RecordedCitation& citation) {
  return {citation.document,     citation.file, "",
          citation.heading_path, citation.page, citation.page};
}

std::optional<std::size_t> gold_section_of(const Place& place, const Question& question) {
  for (std::size_t i = 0; i < question.gold.size(); ++i) {
    if (holds(question.gold[i], place)) return i;
  }
  return std::nullopt;
}

int relevance_of(const Place& place, const Question& question) {
  if (!question.relevant_documents.empty()) {
    const auto found = question.relevant_documents.find(stem_of(place.file));
    return found == question.relevant_documents.end() ? 0 : found->second;
  }
  return gold_section_of(place, question).has_value() ? 1 : 0;
}

Result<std::vector<std::string>> missing_gold(std::span<const Question> questions,
                                              const Library& library) {
  struct Section {
    std::string document, file, product;
    std::vector<std::string> heading_path;
    int first_page, last_page;
    auto operator<=>(const Section&) const = default;
  };
  std::set<Section> sections;
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents, library.documents());
  for (const StoredDocument& document : documents) {
    const int last = static_cast<int>(document.chunk_count) - 1;
    for (int ordinal = 0; ordinal <= last; ordinal += 256) {
      SASEO_ASSIGN_OR_RETURN(
          const std::vector<StoredChunk> chunks,
          library.chunks_between(document.id, ordinal, std::min(last, ordinal + 255)));
      for (const StoredChunk& stored : chunks) {
        sections.insert({document.info.title, document.path.filename().string(),
                         document.info.product, stored.chunk.heading_path, stored.chunk.first_page,
                         stored.chunk.last_page});
      }
    }
  }
  std::vector<std::string> missing;
  for (const Question& question : questions) {
    for (const GoldSection& gold : question.gold) {
      const bool there = std::ranges::any_of(sections, [&](const Section& section) {
        return holds(gold, {section.document, section.file, section.product, section.heading_path,
                            section.first_page, section.last_page});
      });
      if (!there) missing.push_back(question.id + ": " + joined(gold));
    }
  }
  return missing;
}

}  // namespace saseo::eval
