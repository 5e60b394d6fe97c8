#include "bench/question_set.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>

#include "base/utf8.h"
#include "generation/extractive_model.h"
#include "index/ingest_run.h"

namespace saseo::bench {
namespace {

using nlohmann::json;

std::vector<std::string> split_path(const std::string& section) {
  std::vector<std::string> path;
  constexpr std::string_view kSeparator = " > ";
  for (std::size_t begin = 0;;) {
    const std::size_t end = section.find(kSeparator, begin);
    path.push_back(section.substr(begin, end - begin));
    if (end == std::string::npos) return path;
    begin = end + kSeparator.size();
  }
}

BenchQuestion question_of(const json& line) {
  BenchQuestion question;
  question.id = line.value("id", "");
  question.type = line.value("type", "");
  question.split = line.value("split", "dev");
  question.text = line.at("question").get<std::string>();
  question.follows = line.value("follows", "");
  question.product = line.value("product", "");
  question.lead = line.value("lead", false);
  if (line.contains("facts")) question.facts = line["facts"].get<decltype(question.facts)>();
  for (const json& gold : line.value("gold", json::array())) {
    GoldSection section;
    section.path = split_path(gold.value("section", ""));
    if (gold.contains("pages")) {
      section.pages = gold["pages"].get<std::vector<int>>();
    } else if (gold.contains("page")) {
      section.pages = {gold["page"].get<int>()};
    }
    question.gold.push_back(std::move(section));
  }
  return question;
}

}  // namespace

Result<std::vector<BenchQuestion>> read_questions(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in)
    return make_error(ErrorCode::kIo, "cannot open {}", "{}을(를) 열 수 없습니다", file.string());
  std::vector<BenchQuestion> questions;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    try {
      questions.push_back(question_of(json::parse(line)));
    } catch (const json::exception& failure) {
      return make_error(ErrorCode::kBadInput, "{}, line {}: {}", "{}, {}번째 줄: {}", file.string(),
                        number, failure.what());
    }
  }
  return questions;
}

Result<TemporaryLibrary> TemporaryLibrary::of(const std::vector<std::filesystem::path>& manuals,
                                              const std::filesystem::path& pdf_helper) {
  std::string name = (std::filesystem::temp_directory_path() / "saseo-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return make_error(ErrorCode::kIo, "cannot create {}", "{}을(를) 만들 수 없습니다", name);
  }
  TemporaryLibrary library{std::filesystem::path(name)};
  SASEO_ASSIGN_OR_RETURN(LibraryWriter writer, LibraryWriter::open(library.folder()));
  std::vector<std::filesystem::path> absolute;
  for (const std::filesystem::path& manual : manuals)
    absolute.push_back(std::filesystem::absolute(manual));
  SASEO_ASSIGN_OR_RETURN(const std::vector<std::filesystem::path> files,
                         find_files(absolute, {}, {}));
  IngestOptions options;
  options.read.pdf_helper = pdf_helper;
  std::optional<Error> failure;
  IngestObserver observer;
  observer.on_file = [&](const FileReport& report) {
    if (report.outcome == FileOutcome::kFailed && !failure) failure = report.error;
  };
  SASEO_ASSIGN_OR_RETURN(const IngestReport report,
                         ingest_files(writer, files, options, observer, {}));
  if (failure && report.added == 0) return *failure;
  return library;
}

TemporaryLibrary::TemporaryLibrary(TemporaryLibrary&& other) noexcept
    : folder_(std::exchange(other.folder_, {})) {}

TemporaryLibrary& TemporaryLibrary::operator=(TemporaryLibrary&& other) noexcept {
  std::swap(folder_, other.folder_);
  return *this;
}

TemporaryLibrary::~TemporaryLibrary() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

Result<std::vector<Setting>> settings_of(const std::vector<std::string>& folders,
                                         const std::filesystem::path& pdf_helper) {
  std::vector<Setting> settings;
  std::vector<std::filesystem::path> all_manuals;
  std::vector<BenchQuestion> all_questions;
  std::string all_names;
  for (const std::string& folder : folders) {
    std::vector<std::filesystem::path> manuals;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".pdf") manuals.push_back(entry.path());
    }
    std::ranges::sort(manuals);
    SASEO_ASSIGN_OR_RETURN(std::vector<BenchQuestion> questions,
                           read_questions(std::filesystem::path(folder) / "questions.jsonl"));
    SASEO_ASSIGN_OR_RETURN(TemporaryLibrary library, TemporaryLibrary::of(manuals, pdf_helper));
    all_manuals.insert(all_manuals.end(), manuals.begin(), manuals.end());
    all_questions.insert(all_questions.end(), questions.begin(), questions.end());
    const std::string name = std::filesystem::path(folder).filename().string();
    all_names += (all_names.empty() ? "" : " + ") + name;
    settings.push_back({name, std::move(library), std::move(questions)});
  }
  if (folders.size() > 1) {
    SASEO_ASSIGN_OR_RETURN(TemporaryLibrary library, TemporaryLibrary::of(all_manuals, pdf_helper));
    settings.insert(settings.begin(), {all_names, std::move(library), std::move(all_questions)});
  }
  return settings;
}

bool meets(const std::vector<std::string>& heading_path, int page, const BenchQuestion& question) {
  return std::ranges::any_of(question.gold, [&](const GoldSection& gold) {
    if (heading_path.empty()) {
      return page > 0 && std::ranges::find(gold.pages, page) != gold.pages.end();
    }
    return heading_path.size() >= gold.path.size() &&
           std::ranges::equal(gold.path, std::span(heading_path).first(gold.path.size()),
                              [](const std::string& a, const std::string& b) {
                                return fold_without_spaces(a) == fold_without_spaces(b);
                              });
  });
}

Result<AskedLibrary> AskedLibrary::open(const std::filesystem::path& folder,
                                        const AnswererOptions& options) {
  SASEO_ASSIGN_OR_RETURN(const LibraryHost host, LibraryHost::open(folder));
  SASEO_ASSIGN_OR_RETURN(Searcher searcher, Searcher::open(host));
  return AskedLibrary(std::move(searcher), options);
}

AskedLibrary::AskedLibrary(Searcher searcher, const AnswererOptions& options)
    : searcher_(std::move(searcher)), model_(make_extractive_model()), options_(options) {}

Result<Answer> AskedLibrary::ask(const BenchQuestion& question,
                                 const std::vector<BenchQuestion>& all) const {
  const Answerer answerer(searcher_, *model_, options_);
  Conversation conversation;
  Query query;
  if (!question.follows.empty()) {
    const auto before = std::ranges::find(all, question.follows, &BenchQuestion::id);
    if (before != all.end()) {
      query.text = before->text;
      query.filter.product = before->product;
      SASEO_ASSIGN_OR_RETURN(const Answer answered, answerer.answer(conversation, query, {}));
      conversation.remember(answered);
    }
  }
  query.text = question.text;
  query.filter.product = question.product;
  return answerer.answer(conversation, query, {});
}

}  // namespace saseo::bench
