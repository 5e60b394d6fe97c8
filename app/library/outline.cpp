#include "app/library/outline.h"

#include <algorithm>

namespace saseo::app {

Result<std::vector<OutlineEntry>> outline_of(const Library& library,
                                             const StoredDocument& document) {
  SASEO_ASSIGN_OR_RETURN(
      const std::vector<StoredChunk> chunks,
      library.chunks_between(document.id, 0, static_cast<int>(document.chunk_count)));
  std::vector<OutlineEntry> outline;
  std::vector<std::string> before;
  for (const StoredChunk& stored : chunks) {
    const std::vector<std::string>& path = stored.chunk.heading_path;
    const auto differ = std::ranges::mismatch(path, before).in1;
    for (auto heading = differ; heading != path.end(); ++heading)
      outline.push_back(
          {static_cast<int>(heading - path.begin()) + 1, *heading, stored.chunk.first_page});
    before = path;
  }
  return outline;
}

}  // namespace saseo::app
