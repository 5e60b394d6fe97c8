#include "bench/corpus_set.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "index/ingest_run.h"
#include "index/library.h"
#include "index/library_writer.h"

namespace saseo::bench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

Result<std::vector<json>> read_lines(const fs::path& path) {
  std::ifstream in(path);
  if (!in)
    return make_error(ErrorCode::kIo, "cannot open {}", "{}을(를) 열 수 없습니다", path.string());
  std::vector<json> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    lines.push_back(json::parse(line, nullptr, false));
    if (lines.back().is_discarded()) {
      return make_error(ErrorCode::kBadInput, "{}, line {}: no JSON", "{}, {}번째 줄: JSON이 아님",
                        path.string(), lines.size());
    }
  }
  return lines;
}

Result<fs::path> make_folder() {
  std::string name = (fs::temp_directory_path() / "saseo-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return make_error(ErrorCode::kIo, "cannot create {}", "{}을(를) 만들 수 없습니다", name);
  }
  fs::create_directories(fs::path(name) / "files");
  return fs::path(name);
}

}  // namespace

Result<CorpusSet> CorpusSet::of_corpus(const fs::path& corpus, const fs::path& queries,
                                       const fs::path& qrels, const std::string& field,
                                       std::size_t chunk_tokens) {
  CorpusSet set;
  SASEO_ASSIGN_OR_RETURN(set.work_, make_folder());
  SASEO_ASSIGN_OR_RETURN(const std::vector<json> documents, read_lines(corpus));
  for (const json& line : documents) {
    std::ofstream out(set.work_ / "files" / (line.at("id").get<std::string>() + ".md"));
    if (const std::string title = line.value("title", ""); !title.empty())
      out << "# " << title << "\n\n";
    out << line.at("text").get<std::string>();
  }
  std::map<std::string, std::set<std::string>> gold;
  std::ifstream in(qrels);
  std::string line;
  std::getline(in, line);  // Column names.
  while (std::getline(in, line)) {
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    gold[line.substr(0, first)].insert(line.substr(first + 1, second - first - 1));
  }
  SASEO_ASSIGN_OR_RETURN(const std::vector<json> asked, read_lines(queries));
  for (const json& query : asked) {
    set.questions_.push_back(
        {query.at(field).get<std::string>(), gold[query.at("id").get<std::string>()]});
  }
  SASEO_RETURN_IF_ERROR(set.make(chunk_tokens));
  return set;
}

Result<CorpusSet> CorpusSet::of_sections(const fs::path& folder, const fs::path& questions,
                                         std::size_t chunk_tokens) {
  CorpusSet set;
  SASEO_ASSIGN_OR_RETURN(set.work_, make_folder());
  for (const auto& entry : fs::directory_iterator(folder))
    fs::copy(entry.path(), set.work_ / "files" / entry.path().filename());
  SASEO_ASSIGN_OR_RETURN(const std::vector<json> asked, read_lines(questions));
  for (const json& line : asked) {
    std::set<std::string> gold = {line.at("gold_section_id").get<std::string>()};
    for (const json& other : line.at("gold_alt")) gold.insert(other.get<std::string>());
    set.questions_.push_back({line.at("question").get<std::string>(), std::move(gold)});
  }
  SASEO_RETURN_IF_ERROR(set.make(chunk_tokens));
  return set;
}

Result<std::vector<CorpusSet>> CorpusSet::of_arguments(const Arguments& arguments) {
  const auto chunk_tokens = static_cast<std::size_t>(arguments.number("--chunk-tokens", 0));
  std::vector<CorpusSet> sets;
  if (arguments.has("--corpus")) {
    SASEO_ASSIGN_OR_RETURN(
        CorpusSet set,
        of_corpus(arguments.one("--corpus"), arguments.one("--queries"), arguments.one("--qrels"),
                  arguments.one("--field", "query"), chunk_tokens));
    sets.push_back(std::move(set));
  }
  if (arguments.has("--sections")) {
    SASEO_ASSIGN_OR_RETURN(CorpusSet set,
                           of_sections(arguments.one("--sections"),
                                       arguments.one("--section-questions"), chunk_tokens));
    sets.push_back(std::move(set));
  }
  return sets;
}

Status CorpusSet::make(std::size_t chunk_tokens) {
  IngestOptions ingest;
  if (chunk_tokens > 0) ingest.chunk.max_tokens = chunk_tokens;
  SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, LibraryWriter::open(library()));
  SASEO_ASSIGN_OR_RETURN(const std::vector<fs::path> files, find_files({work_ / "files"}, {}, {}));
  SASEO_ASSIGN_OR_RETURN(const IngestReport report, ingest_files(writer, files, ingest, {}, {}));
  description_ = fmt::format("{} documents, {} chunks, {} failed; {} questions", report.added,
                             report.chunks, report.failed, questions_.size());
  SASEO_ASSIGN_OR_RETURN(const Library made, Library::open(library()));
  SASEO_ASSIGN_OR_RETURN(const std::vector<StoredDocument> documents, made.documents());
  for (const StoredDocument& document : documents) {
    names_[static_cast<std::int64_t>(document.id)] = document.path.stem().string();
  }
  return {};
}

CorpusSet::CorpusSet(CorpusSet&& other) noexcept
    : work_(std::exchange(other.work_, {})),
      questions_(std::move(other.questions_)),
      names_(std::move(other.names_)),
      description_(std::move(other.description_)) {}

CorpusSet::~CorpusSet() {
  std::error_code ignored;
  if (!work_.empty()) fs::remove_all(work_, ignored);
}

}  // namespace saseo::bench
