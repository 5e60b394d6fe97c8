#include "app/json/library_json.h"

#include <nlohmann/json.hpp>

#include "app/json/error_json.h"

namespace saseo::app {
namespace {

Json warnings_json(std::span<const ReadWarning> warnings) {
  Json list = Json::array();
  for (const ReadWarning& warning : warnings) {
    list.push_back(
        {{"page", page_json(warning.page)}, {"code", warning.code}, {"message", warning.message}});
  }
  return list;
}

}  // namespace

Json file_json(const FileReport& report) {
  const bool stored =
      report.outcome != FileOutcome::kFailed && report.outcome != FileOutcome::kSkipped;
  Json line = {{"path", report.path.string()},
               {"outcome", saseo::name_of(report.outcome)},
               {"document", stored ? Json(static_cast<std::int64_t>(report.document)) : Json()},
               {"kind", stored ? Json(saseo::name_of(report.kind)) : Json()},
               {"pages", report.pages},
               {"chunks", report.chunks},
               {"kept_chunks", report.kept_chunks},
               {"seconds", report.seconds},
               {"warnings", warnings_json(report.warnings)},
               {"title", report.info.title},
               {"product", report.info.product},
               {"model_number", report.info.model_number},
               {"edition", report.info.edition},
               {"language", language_code(report.info.language)}};
  if (!stored) line["error"] = error_object(report.error);
  return line;
}

Json ingest_summary_json(const IngestReport& report) {
  return {{"version", kJsonVersion},
          {"summary",
           {{"added", report.added},
            {"updated", report.updated},
            {"unchanged", report.unchanged},
            {"skipped", report.skipped},
            {"failed", report.failed},
            {"pages", report.pages},
            {"chunks", report.chunks},
            {"warnings", report.warnings},
            {"embedded", report.embedded},
            {"seconds", report.seconds},
            {"cancelled", report.cancelled}}}};
}

Json document_json(const StoredDocument& document) {
  return {{"id", static_cast<std::int64_t>(document.id)},
          {"path", document.path.string()},
          {"kind", saseo::name_of(document.kind)},
          {"title", document.info.title},
          {"product", document.info.product},
          {"model_number", document.info.model_number},
          {"edition", document.info.edition},
          {"language", language_code(document.info.language)},
          {"pages", document.page_count},
          {"chunks", document.chunk_count},
          {"characters", document.characters},
          {"file_size", document.file_size},
          {"content_hash", document.content_hash},
          {"ingested_at", document.ingested_at},
          {"warnings", warnings_json(document.warnings)}};
}

Result<Json> whole_document_json(const Library& library, const StoredDocument& document,
                        std::span<const OutlineEntry> outline) {
  Json json = {{"version", kJsonVersion}};
  json.update(document_json(document));
  Json headings = Json::array(), pages = Json::array();
  for (const OutlineEntry& entry : outline)
    headings.push_back({{"level", entry.level},
                        {"text", entry.text},
                        {"page", page_json(entry.page)}});
  for (int number = 1; number <= document.page_count; ++number) {
    SASEO_ASSIGN_OR_RETURN(const Page page, library.page(document.id, number));
    pages.push_back({{"page", page.number},
                     {"page_label", page.label},
                     {"width", page.width},
                     {"height", page.height},
                     {"characters", page.characters}});
  }
  json["outline"] = std::move(headings);
  json["page_list"] = std::move(pages);
  return json;
}

Json stats_json(const LibraryStats& stats) {
  Json embedders = Json::array();
  for (const EmbedderStats& embedder : stats.embedders)
    embedders.push_back(
        {{"name", embedder.name}, {"dims", embedder.dims}, {"vectors", embedder.vectors}});
  return {{"documents", stats.documents},
          {"pages", stats.pages},
          {"chunks", stats.chunks},
          {"vectors", stats.vectors},
          {"characters", stats.characters},
          {"database_bytes", stats.database_bytes},
          {"cache_bytes", stats.cache_bytes},
          {"generation", stats.generation},
          {"embedder", stats.embedder.empty() ? Json() : Json(stats.embedder)},
          {"dims", stats.dims},
          {"embedders", std::move(embedders)}};
}

Json check_json(const CheckReport& report) {
  Json checks = Json::array();
  for (const Check& check : report.checks) {
    checks.push_back({{"name", check.name},
                      {"checked", check.checked},
                      {"fault_count", check.fault_count},
                      {"faults", check.faults},
                      {"notes", check.notes}});
  }
  return {{"version", kJsonVersion}, {"healthy", report.healthy()}, {"checks", std::move(checks)}};
}

}  // namespace saseo::app
