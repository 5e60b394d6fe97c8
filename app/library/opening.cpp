#include "app/library/opening.h"

#include "base/message.h"
#include "index/ingest_run.h"

namespace saseo::app {

Result<OpenLibrary> open_library(const Application& application, const SearchOverrides& overrides) {
  const AnswerSettings& settings = application.config.answer_settings;
  SASEO_ASSIGN_OR_RETURN(LibraryHost host, LibraryHost::open(application.library()));
  OpenLibrary library{std::move(host), settings.ranking, settings.answering};
  library.ranking.mode = overrides.mode;
  if (overrides.context_tokens) library.answering.context.token_budget = *overrides.context_tokens;
  if (overrides.hits) library.answering.hits = *overrides.hits;
  SASEO_ASSIGN_OR_RETURN(const Searcher searcher, library.searcher());
  warn_of_chunk_size(application, searcher.library());
  return library;
}

void tell_of_reindexing(const Application& application, const LibraryWriter& writer) {
  if (!writer.has_reindexed()) return;
  application.warn(message(
      "another version of saseo took the library's words apart otherwise; they were indexed "
      "anew, and the vectors made of them follow",
      "라이브러리의 색인어를 다른 판의 saseo가 만들어서 다시 만들었고, 그 벡터도 다시 "
      "만듭니다"));
}

Result<ChunkSizes> chunk_sizes(const Config& config, const Library& library) {
  ChunkSizes sizes;
  if (!config.profile || !config.profile->sets("chunk_tokens")) return sizes;
  IngestOptions wanted;
  wanted.chunk.max_tokens = config.profile->settings.chunk_tokens;
  const std::string hash = settings_hash_of(wanted);
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents, library.documents());
  sizes.documents = documents.size();
  for (const StoredDocument& document : documents) {
    if (document.settings_hash == hash) continue;
    if (sizes.other++ == 0) sizes.found = chunk_tokens_of(document);
  }
  return sizes;
}

Notice chunk_size_words(const Config& config, const ChunkSizes& sizes) {
  if (sizes.other == 0) return {};
  const Message found =
      sizes.found ? message("of {} tokens", "{}토큰", *sizes.found)
                  : message("as another version of saseo cut them", "다른 판의 saseo가 나눈 크기");
  return {message("profile {}: its chunks have {} tokens, but {} of {} manuals are in chunks {}",
                  "프로필 {}의 청크는 {}토큰인데 설명서 {}/{}개의 청크는 {}입니다",
                  config.profile->name, config.profile->settings.chunk_tokens, sizes.other,
                  sizes.documents, found),
          {{AdviceKind::kReadWithProfile, config.profile_name.value}}};
}

void warn_of_chunk_size(const Application& application, const Library& library) {
  const Result<ChunkSizes> sizes = chunk_sizes(application.config, library);
  if (sizes.ok() && sizes->other > 0)
    application.warn(chunk_size_words(application.config, *sizes));
}

}  // namespace saseo::app
