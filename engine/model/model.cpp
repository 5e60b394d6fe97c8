#include "engine/model/model.h"

#include "base/message.h"
#include "engine/files/gguf.h"
#include "engine/files/model_file_kind.h"
#include "engine/model/model_gguf.h"
#include "engine/model/model_hugging_face.h"
#include "engine/model/model_split.h"

namespace saseo {

Result<Model> open_model(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return model_from_hugging_face(path);
  SASEO_RETURN_IF_ERROR(check_not_a_piece(path));
  SASEO_ASSIGN_OR_RETURN(MappedFile file, MappedFile::open(path));
  if (!file.text().starts_with("GGUF")) return explain_foreign_file(path, file.text());
  SASEO_ASSIGN_OR_RETURN(GgufFile gguf, GgufFile::parse(std::move(file), path));
  SASEO_ASSIGN_OR_RETURN(GgufParts parts, open_other_parts(std::move(gguf), path));
  return model_from_gguf(std::move(parts.files), parts.paths);
}

}  // namespace saseo
