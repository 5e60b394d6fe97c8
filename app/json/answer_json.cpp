#include "app/json/answer_json.h"

#include <nlohmann/json.hpp>

#include "app/json/generation_json.h"

namespace saseo::app {
namespace {

Json document_reference(DocumentId id, const std::filesystem::path& path,
                        const DocumentInfo& info) {
  return {{"id", static_cast<std::int64_t>(id)},
          {"path", path.string()},
          {"title", info.title},
          {"product", info.product}};
}

Json label_json(int page, const std::string& label) { return page > 0 ? Json(label) : Json(); }

Json boxes_json(std::span<const Box> boxes) {
  Json list = Json::array();
  for (const Box& box : boxes) {
    list.push_back({{"page", box.page},
                    {"x", box.x},
                    {"y", box.y},
                    {"width", box.width},
                    {"height", box.height}});
  }
  return list;
}

Json span_json(const ByteSpan& span) { return {{"begin", span.begin}, {"end", span.end}}; }

Json citation_json(const Citation& citation) {
  return {{"number", citation.number},
          {"document", document_reference(citation.document, citation.path, citation.info)},
          {"page", page_json(citation.page)},
          {"page_label", label_json(citation.page, citation.page_label)},
          {"heading_path", citation.heading_path},
          {"text", citation.text},
          {"boxes", boxes_json(citation.boxes)},
          {"answer_span", span_json(citation.answer_span)},
          {"document_span", span_json(citation.span)}};
}

Json passage_json(const Passage& passage) {
  return {{"number", passage.number},
          {"document", document_reference(passage.document, passage.path, passage.info)},
          {"page", page_json(passage.first_page)},
          {"last_page", page_json(passage.last_page)},
          {"page_label", label_json(passage.first_page, passage.first_page_label)},
          {"heading_path", passage.heading_path},
          {"text", passage.text},
          {"tokens", passage.tokens},
          {"score", passage.score}};
}

Json place_json(const StagePlace& place) {
  if (place.rank == 0) return nullptr;
  return {{"rank", place.rank}, {"score", place.score}};
}

}  // namespace

std::string_view name_of(ProductDecision decision) {
  switch (decision) {
    case ProductDecision::kNone:
      return "none";
    case ProductDecision::kFiltered:
      return "filtered";
    case ProductDecision::kNamed:
      return "named";
    case ProductDecision::kWins:
      return "wins";
    case ProductDecision::kAmbiguous:
      return "ambiguous";
  }
  return "none";
}

Json product_json(const ProductChoice& choice) {
  return {{"decision", name_of(choice.decision)},
          {"product", choice.product},
          {"candidates", choice.candidates}};
}

Json answer_json(const Answer& answer) {
  Json citations = Json::array(), passages = Json::array();
  for (const Citation& citation : answer.citations) citations.push_back(citation_json(citation));
  for (const Passage& passage : answer.context.passages) passages.push_back(passage_json(passage));
  return {{"version", kJsonVersion},
          {"asked", answer.asked},
          {"question", answer.question},
          {"rewriting", rewriting_json(answer)},
          {"answer", answer.text},
          {"found", answer.found},
          {"model", answer.model},
          {"language", language_code(answer.language)},
          {"confidence", answer.confidence},
          {"product", product_json(answer.product)},
          {"citations", std::move(citations)},
          {"sentences", sentences_json(answer.sentences)},
          {"generation", generation_json(answer)},
          {"passages", std::move(passages)},
          {"context",
           {{"tokens", answer.context.tokens},
            {"budget", answer.context.budget},
            {"left_out", answer.context.left_out}}},
          {"timings",
           {{"search_ms", answer.timings.search_ms},
            {"context_ms", answer.timings.context_ms},
            {"first_text_ms", answer.timings.first_text_ms},
            {"total_ms", answer.timings.total_ms}}}};
}

Result<Json> search_json(const SearchResult& result, const Library& library) {
  Json hits = Json::array();
  int rank = 0;
  for (const RankedChunk& hit : result.hits) {
    const Chunk& chunk = hit.stored.chunk;
    SASEO_ASSIGN_OR_RETURN(const StoredDocument document, library.document(hit.stored.document));
    std::string label;
    std::vector<Box> boxes;
    if (chunk.first_page > 0) {
      SASEO_ASSIGN_OR_RETURN(const Page page, library.page(hit.stored.document, chunk.first_page));
      label = page.label;
      for (const ByteSpan& segment : chunk.segments) {
        SASEO_ASSIGN_OR_RETURN(const std::vector<Box> lines,
                               library.boxes_of(hit.stored.document, segment));
        boxes.insert(boxes.end(), lines.begin(), lines.end());
      }
    }
    hits.push_back({{"rank", ++rank},
                    {"score", hit.hit.score},
                    {"chunk", static_cast<std::int64_t>(hit.stored.id)},
                    {"document", document_reference(document.id, document.path, document.info)},
                    {"page", page_json(chunk.first_page)},
                    {"last_page", page_json(chunk.last_page)},
                    {"page_label", label_json(chunk.first_page, label)},
                    {"heading_path", chunk.heading_path},
                    {"text", chunk.text},
                    {"boxes", boxes_json(boxes)},
                    {"coverage", hit.coverage},
                    {"stages",
                     {{"lexical", place_json(hit.lexical)},
                      {"dense", place_json(hit.dense)},
                      {"fused", place_json(hit.fused)}}}});
  }
  const SearchTimings& timings = result.timings;
  return Json{{"version", kJsonVersion},
              {"question", result.question},
              {"product", product_json(result.product)},
              {"hits", std::move(hits)},
              {"candidates", result.candidates},
              {"duplicates_dropped", result.duplicates_dropped},
              {"timings",
               {{"analyze_ms", timings.analyze_ms},
                {"lexical_ms", timings.lexical_ms},
                {"dense_ms", timings.dense_ms},
                {"fuse_ms", timings.fuse_ms},
                {"fetch_ms", timings.fetch_ms},
                {"total_ms", timings.total_ms}}}};
}

}  // namespace saseo::app
