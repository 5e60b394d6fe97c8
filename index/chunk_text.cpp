#include "index/chunk_text.h"

#include <filesystem>

#include "index/sqlite.h"
#include "index/stored_form.h"

namespace saseo {

std::string indexed_heading(std::string_view title, std::span<const std::string> heading_path) {
  std::string heading(title);
  const std::string path = join_heading_path(heading_path);
  if (!heading.empty() && !path.empty()) heading += " > ";
  return heading + path;
}

Result<std::string> indexed_title(const Database& database, std::int64_t document) {
  SASEO_ASSIGN_OR_RETURN(Statement rows,
                         database.prepare("SELECT title, path FROM documents WHERE id = ?"));
  rows.bind(1, document);
  SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return std::string();
  const std::string title(rows.text(0));
  const std::filesystem::path path(std::string(rows.text(1)));
  return title == path.stem().string() || title == path.filename().string() ? std::string() : title;
}

}  // namespace saseo
