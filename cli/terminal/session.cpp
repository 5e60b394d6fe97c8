#include "cli/terminal/session.h"

#include "cli/terminal/exit_code.h"
#include "app/json/json_output.h"
#include "cli/advice.h"
#include "cli/say.h"
#include "index/ingest_run.h"

namespace saseo::cli {

ReadOptions Session::read_options(const std::string& password) const {
  ReadOptions options;
  options.password = password;
  options.pdf_helper = config.pdf_helper.value;
  return options;
}

int Session::fail(const Error& error, bool json) {
  if (json) {
    print_json(dump(error_json(error)));
  } else {
    console.out.flush();
    console.err.write_line(console.err_style(Style::kError, "saseo: ") +
                           without_controls(told(error)));
  }
  return exit_code_of(error.code);
}

void Session::warn(const std::string& message) {
  console.out.flush();
  console.err.write_line(
      console.err_style(Style::kWarning, say("saseo: warning: ", "saseo: 주의: ")) +
      without_controls(message));
}

void Session::print_json(const std::string& line) { console.out.write_line(line); }

std::string pdf_password(const std::string& flag) {
  return flag.empty() ? process_environment("SASEO_PDF_PASSWORD").value_or("") : flag;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Result<Searcher> open_searcher(Session& session, RankingMode mode) {
  RankingOptions options = session.config.answer_settings.ranking;
  options.mode = mode;
  SASEO_ASSIGN_OR_RETURN(Searcher searcher, Searcher::open(session.library(), options));
  warn_of_chunk_size(session, searcher.library());
  return searcher;
}

Result<Answerer> open_answerer(Session& session, std::unique_ptr<LanguageModel> model,
                               const AnswererFlags& flags) {
  SASEO_ASSIGN_OR_RETURN(Searcher searcher, open_searcher(session));
  AnswererOptions options = session.config.answer_settings.answering;
  if (flags.context_tokens) options.context.token_budget = *flags.context_tokens;
  if (flags.hits) options.hits = *flags.hits;
  return Answerer(std::move(searcher), std::move(model), options);
}

void tell_of_reindexing(Session& session, const LibraryWriter& writer) {
  if (!writer.has_reindexed()) return;
  session.warn(
      say("another version of saseo took the library's words apart otherwise; they were indexed "
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

std::string chunk_size_words(const Config& config, const ChunkSizes& sizes) {
  if (sizes.other == 0) return "";
  const std::string found =
      sizes.found ? say("of {} tokens", "{}토큰", *sizes.found)
                  : say("as another version of saseo cut them", "다른 판의 saseo가 나눈 크기");
  return say(
      "profile {}: its chunks have {} tokens, but {} of {} manuals are in chunks {}. Read "
      "them again with the profile: saseo ingest --profile {} FILES",
      "프로필 {}의 청크는 {}토큰인데 설명서 {}/{}개의 청크는 {}입니다. 프로필로 다시 "
      "읽으세요: saseo ingest --profile {} 파일",
      config.profile->name, config.profile->settings.chunk_tokens, sizes.other, sizes.documents,
      found, config.profile_name.value);
}

void warn_of_chunk_size(Session& session, const Library& library) {
  const Result<ChunkSizes> sizes = chunk_sizes(session.config, library);
  if (sizes.ok() && sizes->other > 0) session.warn(chunk_size_words(session.config, *sizes));
}

}  // namespace saseo::cli
