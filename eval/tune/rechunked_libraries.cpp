#include "eval/tune/rechunked_libraries.h"

#include <cerrno>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/hash.h"
#include "base/message.h"

namespace saseo::eval {
namespace fs = std::filesystem;

struct RechunkedLibraries::State {
  State(fs::path l, const ReadOptions& r, std::vector<StoredDocument> d)
      : library(std::move(l)), read(r), documents(std::move(d)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    std::error_code ignored;
    if (!folder.empty()) fs::remove_all(folder, ignored);
  }

  fs::path library;
  ReadOptions read;
  std::vector<StoredDocument> documents;
  std::optional<std::size_t> present;
  fs::path folder;  // Of the temporary libraries; empty before the first.
  std::map<std::size_t, fs::path> made;

  Status make_folder();
  Status carry_info_over(LibraryWriter& writer) const;
};

namespace {

std::optional<std::size_t> common_size(const std::vector<StoredDocument>& documents) {
  if (documents.empty()) return std::nullopt;
  for (const StoredDocument& document : documents) {
    if (document.settings_hash != documents.front().settings_hash) return std::nullopt;
  }
  return chunk_tokens_of(documents.front());
}

}  // namespace

RechunkedLibraries::RechunkedLibraries(std::unique_ptr<State> state) : state_(std::move(state)) {}
RechunkedLibraries::RechunkedLibraries(RechunkedLibraries&&) noexcept = default;
RechunkedLibraries& RechunkedLibraries::operator=(RechunkedLibraries&&) noexcept = default;
RechunkedLibraries::~RechunkedLibraries() = default;

Result<RechunkedLibraries> RechunkedLibraries::open(const fs::path& library,
                                                    const ReadOptions& read) {
  SASEO_ASSIGN_OR_RETURN(const Library opened, Library::open(library));
  SASEO_ASSIGN_OR_RETURN(std::vector<StoredDocument> documents, opened.documents());
  auto state = std::make_unique<State>(library, read, std::move(documents));
  state->present = common_size(state->documents);
  return RechunkedLibraries(std::move(state));
}

std::optional<std::size_t> RechunkedLibraries::present_size() const { return state_->present; }

Status RechunkedLibraries::files_unchanged() const {
  for (const StoredDocument& document : state_->documents) {
    SASEO_ASSIGN_OR_RETURN(const std::string hash, content_hash_of_file(document.path));
    if (hash != document.content_hash)
      return make_error(ErrorCode::kBadInput, "{} changed since it was read",
                        "{}: 읽은 뒤로 파일이 바뀌었습니다", document.path.string())
          .advise(AdviceKind::kReadDocumentsAgain);
  }
  return {};
}

Status RechunkedLibraries::State::make_folder() {
  if (!folder.empty()) return {};
  std::error_code failure;
  std::string name = (fs::temp_directory_path(failure) / "saseo-tune-XXXXXX").string();
  if (failure || ::mkdtemp(name.data()) == nullptr) return io_error(name, errno);
  folder = name;
  return {};
}

Status RechunkedLibraries::State::carry_info_over(LibraryWriter& writer) const {
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> read_again,
                         writer.library().documents());
  for (const StoredDocument& document : documents) {
    for (const StoredDocument& again : read_again) {
      if (again.path != document.path) continue;
      const DocumentInfo& was = document.info;
      const DocumentInfo& is = again.info;
      const auto set = [&](InfoField field, std::string_view old, std::string_view now) -> Status {
        return old == now ? Status() : writer.set_info(again.id, field, old);
      };
      SASEO_RETURN_IF_ERROR(set(InfoField::kTitle, was.title, is.title));
      SASEO_RETURN_IF_ERROR(set(InfoField::kProduct, was.product, is.product));
      SASEO_RETURN_IF_ERROR(set(InfoField::kModelNumber, was.model_number, is.model_number));
      SASEO_RETURN_IF_ERROR(set(InfoField::kEdition, was.edition, is.edition));
      SASEO_RETURN_IF_ERROR(
          set(InfoField::kLanguage, language_code(was.language), language_code(is.language)));
    }
  }
  return {};
}

Result<fs::path> RechunkedLibraries::of_size(
    std::size_t chunk_tokens, const std::function<void(const IngestProgress&)>& on_progress,
    std::stop_token stop) {
  State& state = *state_;
  if (!state.present || chunk_tokens == *state.present) return state.library;
  if (const auto known = state.made.find(chunk_tokens); known != state.made.end())
    return known->second;
  SASEO_RETURN_IF_ERROR(state.make_folder());
  const fs::path target = state.folder / std::to_string(chunk_tokens);
  SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, LibraryWriter::open(target));
  IngestOptions options;
  options.read = state.read;
  options.chunk.max_tokens = chunk_tokens;
  IngestObserver observer;
  std::optional<Error> failure;
  observer.on_progress = on_progress;
  observer.on_file = [&](const FileReport& report) {
    if (report.outcome == FileOutcome::kFailed || report.outcome == FileOutcome::kSkipped)
      failure = report.error;
  };
  std::vector<fs::path> files;
  for (const StoredDocument& document : state.documents) files.push_back(document.path);
  SASEO_ASSIGN_OR_RETURN(const IngestReport report,
                         ingest_files(writer, files, options, observer, stop));
  if (report.cancelled)
    return make_error(ErrorCode::kCancelled, "stopped while manuals were read again",
                      "설명서를 다시 읽다가 멈췄습니다");
  if (failure) return *failure;
  SASEO_RETURN_IF_ERROR(state.carry_info_over(writer));
  state.made[chunk_tokens] = target;
  return target;
}

}  // namespace saseo::eval
