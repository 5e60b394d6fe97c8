#include "cli/views/library_view.h"

#include <algorithm>
#include <ctime>

#include "base/message.h"
#include "cli/views/answer_view.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kNameColumns = 14;

std::string or_dash(const std::string& text) { return text.empty() ? "-" : without_controls(text); }

std::string time_words(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm local{};
  char text[32] = "";
  if (::localtime_r(&time, &local) != nullptr)
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
  return text;
}

std::string size_words(std::uint64_t bytes) {
  return bytes < 1'000'000 ? fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3)
                           : fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

void add_line(std::string& view, std::string_view name, const std::string& value) {
  view += "  " + padded(name, kNameColumns) + value + "\n";
}

// "1-6 = i-vi, 7-62 = 1-56": where the printed numbers stand apart from the file's.
Result<std::string> label_words(const Library& library, const StoredDocument& document) {
  std::string words;
  int shift = 0;  // Of a run of numbers: page - label; 0 outside.
  for (int number = 1; number <= document.page_count; ++number) {
    SASEO_ASSIGN_OR_RETURN(const Page page, library.page(document.id, number));
    const std::string label = without_controls(page.label);
    const int printed = std::atoi(label.c_str());
    const bool continues =
        printed > 0 && label == std::to_string(printed) && number > 1 && number - printed == shift;
    if (!continues && label != std::to_string(number) && words.size() < 200)
      words += (words.empty() ? "" : ", ") + fmt::format("{} = {}", number, label);
    shift = printed > 0 ? number - printed : 0;
  }
  return words;
}

}  // namespace

std::string list_view(std::span<const StoredDocument> documents, const Console& console) {
  if (documents.empty())
    return say("The library is empty: saseo ingest PATH...\n",
               "라이브러리가 비어 있습니다: saseo ingest 경로...\n");
  std::string view;
  for (const StoredDocument& document : documents) {
    std::string facts =
        document.page_count > 0 ? say("{} pages", "{}쪽", document.page_count) + " · " : "";
    facts += say("{} chunks", "{}청크", document.chunk_count);
    facts += " · " + std::string(name_of(document.kind)) + " · " +
             std::string(language_code(document.info.language));
    view += console.out_style(Style::kAccent,
                              fmt::format("{:>3}  ", static_cast<std::int64_t>(document.id))) +
            console.out_style(Style::kBold, document_words(document.path, document.info)) + "  " +
            facts + "\n";
    view += "     " +
            wrap_text(say("product {} · model {} · edition {}", "제품 {} · 모델 {} · 판 {}",
                          or_dash(document.info.product), or_dash(document.info.model_number),
                          or_dash(document.info.edition)),
                      console.width, 5) +
            "\n";
    view +=
        "     " + console.out_style(Style::kDim, without_controls(document.path.string())) + "\n";
  }
  return view;
}

Result<std::string> document_view(const Library& library, const StoredDocument& document,
                                  std::span<const app::OutlineEntry> outline,
                                  const Console& console) {
  std::string view =
      console.out_style(Style::kBold, document_words(document.path, document.info)) + "\n";
  add_line(view, say("number", "번호"), std::to_string(static_cast<std::int64_t>(document.id)));
  add_line(view, say("file", "파일"), without_controls(document.path.string()));
  add_line(view, say("kind", "종류"), std::string(name_of(document.kind)));
  add_line(view, say("product", "제품"), or_dash(document.info.product));
  add_line(view, say("model", "모델 번호"), or_dash(document.info.model_number));
  add_line(view, say("edition", "판"), or_dash(document.info.edition));
  add_line(view, say("language", "언어"), std::string(language_code(document.info.language)));
  add_line(view, say("chunks", "청크"), std::to_string(document.chunk_count));
  add_line(view, say("characters", "글자"), std::to_string(document.characters));
  add_line(view, say("size", "크기"), size_words(document.file_size));
  add_line(view, say("ingested", "넣은 때"), time_words(document.ingested_at));
  if (document.page_count > 0) {
    add_line(view, say("pages", "쪽"), std::to_string(document.page_count));
    SASEO_ASSIGN_OR_RETURN(const std::string labels, label_words(library, document));
    if (!labels.empty())
      add_line(view, say("page labels", "쪽 표시"),
               wrap_text(labels, console.width, kNameColumns + 2));
  }
  if (!outline.empty()) view += console.out_style(Style::kBold, say("Headings", "목차")) + "\n";
  for (const app::OutlineEntry& entry : outline) {
    const auto indent = static_cast<std::size_t>(2 * std::max(1, entry.level));
    view += std::string(indent, ' ') + without_controls(entry.text);
    if (entry.page > 0) view += console.out_style(Style::kDim, "  " + std::to_string(entry.page));
    view += "\n";
  }
  if (!document.warnings.empty())
    view += console.out_style(Style::kBold, say("Warnings", "주의")) + "\n";
  for (const ReadWarning& warning : document.warnings) {
    view += "  " + console.out_style(Style::kWarning, "! ") +
            (warning.page > 0 ? page_words(warning.page, "") + ": " : "") +
            wrap_text(without_controls(warning.message), console.width, 4) + "\n";
  }
  return view;
}

std::string check_view(const CheckReport& report, const Console& console) {
  std::string view;
  for (const Check& check : report.checks) {
    const bool good = check.fault_count == 0;
    view += "  " + console.out_style(good ? Style::kGood : Style::kError, good ? "✔ " : "✘ ") +
            padded(check.name, kNameColumns) +
            (good ? say("{} checked", "{}개 확인", check.checked)
                  : say("{} checked, {} faults", "{}개 확인, 잘못 {}개", check.checked,
                        check.fault_count)) +
            "\n";
    for (const std::string& fault : check.faults)
      view += "      " + wrap_text(without_controls(fault), console.width, 6) + "\n";
    for (const std::string& note : check.notes)
      view += "      " +
              console.out_style(Style::kDim, wrap_text(without_controls(note), console.width, 6)) +
              "\n";
  }
  if (report.healthy()) return view + say("The library is whole.\n", "라이브러리는 온전합니다.\n");
  return view + say("The library has faults. `saseo library rebuild` makes index and vectors anew; "
                    "for damaged documents `saseo ingest --again PATH`.\n",
                    "라이브러리에 잘못이 있습니다. 색인과 벡터는 `saseo library rebuild`로, 문서는 "
                    "`saseo ingest --again 경로`로 다시 만드세요.\n");
}

std::string stats_view(const LibraryStats& stats, const std::filesystem::path& folder,
                       const Console& console) {
  std::string view = console.out_style(Style::kBold, folder.string()) + "\n";
  add_line(view, say("documents", "문서"), std::to_string(stats.documents));
  add_line(view, say("pages", "쪽"), std::to_string(stats.pages));
  add_line(view, say("chunks", "청크"), std::to_string(stats.chunks));
  std::string vectors = stats.embedders.empty() ? "-" : "";
  for (const EmbedderStats& embedder : stats.embedders)
    vectors += fmt::format("{}{} ({}, {})", vectors.empty() ? "" : "; ", embedder.vectors,
                           without_controls(embedder.name), embedder.dims);
  add_line(view, say("vectors", "벡터"), vectors);
  if (stats.embedders.size() > 1)
    add_line(view, say("searched by", "검색에 쓰임"),
             stats.embedder.empty() ? "-" : without_controls(stats.embedder));
  add_line(view, say("characters", "글자"), std::to_string(stats.characters));
  add_line(view, say("database", "데이터베이스"), size_words(stats.database_bytes));
  add_line(view, say("caches", "캐시"), size_words(stats.cache_bytes));
  add_line(view, say("generation", "세대"), std::to_string(stats.generation));
  return view;
}

}  // namespace saseo::cli
