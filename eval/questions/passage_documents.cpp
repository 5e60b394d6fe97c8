#include "eval/questions/passage_documents.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "base/files.h"
#include "base/hash.h"
#include "base/message.h"
#include "base/utf8.h"
#include "eval/questions/faults.h"
#include "ingest/document_builder.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kMaxNameBytes = 80;

// "../a b?.txt" -> "a-b-txt"; empty when nothing of the name may stay.
std::string safe_stem(std::string_view name) {
  const std::string composed = to_nfc(repair_utf8(name.substr(0, 4 * kMaxNameBytes)));
  std::string stem;
  for (std::size_t i = 0; i < composed.size();) {
    const DecodedCodePoint c = decode_utf8(composed, i);
    const bool plain = (is_letter_or_digit(c.code_point) && c.code_point < 0x10000) ||
                       c.code_point == '_' || c.code_point == '-';
    if (plain) {
      if (stem.size() + c.length > kMaxNameBytes) break;
      stem.append(composed, i, c.length);
    } else if (!stem.empty() && stem.back() != '-') {
      stem.push_back('-');
    }
    i += c.length;
  }
  while (!stem.empty() && stem.back() == '-') stem.pop_back();
  stem.erase(0, std::min(stem.find_first_not_of('-'), stem.size()));
  return stem;
}

// Files that some systems take for devices.
bool is_device(std::string_view stem) {
  const std::string folded = fold_for_matching(stem);
  for (const std::string_view device : {"con", "prn", "aux", "nul"}) {
    if (folded == device) return true;
  }
  return folded.size() == 4 && (folded.starts_with("com") || folded.starts_with("lpt"));
}

bool is_markdown_sign(char c) {
  return std::string_view("\\`*_{}[]<>#+-!|~=&.():\"'^$").find(c) != std::string_view::npos;
}

void append_escaped(std::string& out, std::string_view line) {
  for (const char c : line) {
    if (is_markdown_sign(c)) out.push_back('\\');
    out.push_back(c);
  }
}

}  // namespace

std::map<std::string, std::string> document_file_names(
    const std::vector<PassageDocument>& documents) {
  std::map<std::string, std::string> names;
  std::set<std::string> taken;
  for (const PassageDocument& document : documents) {
    if (names.contains(document.name)) continue;
    std::string stem = safe_stem(document.name);
    if (stem.empty()) stem = "document";
    // What was cut or replaced tells names apart; so does the hash where a name is taken.
    if (stem != document.name || is_device(stem) || taken.contains(fold_for_matching(stem))) {
      stem += "-" + content_hash(document.name).substr(0, 12);
    }
    for (std::size_t i = 2; !taken.insert(fold_for_matching(stem)).second; ++i) {
      stem += fmt::format("-{}", i);
    }
    names.emplace(document.name, stem + ".md");
  }
  return names;
}

std::string markdown_of(const PassageDocument& document) {
  std::string out;
  std::string title = collapse_spaces(visible_text(document.title));
  if (!title.empty()) out = fmt::format("---\ntitle: \"{}\"\n---\n\n", title);
  const std::string text = visible_text(document.text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = collapse_spaces(std::string_view(text).substr(at, end - at));
    // A sentence may go on in the next line: no paragraph of its own.
    append_escaped(out, line);
    out.push_back('\n');
    at = end + 1;
  }
  return out;
}

Status write_documents(const std::vector<PassageDocument>& documents,
                       const std::filesystem::path& folder) {
  std::set<std::string_view> seen;
  for (const PassageDocument& document : documents) {
    if (!seen.insert(document.name).second) {
      return make_error(ErrorCode::kInvalidArgument, "two documents are called \"{}\"",
                        "\"{}\"(이)라는 문서가 둘 있습니다", clipped(document.name));
    }
  }
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return io_error(folder, failure.value());
  const std::map<std::string, std::string> names = document_file_names(documents);
  for (const PassageDocument& document : documents) {
    SASEO_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::create(folder / names.at(document.name)));
    const std::string markdown = markdown_of(document);
    SASEO_RETURN_IF_ERROR(file.append(std::as_bytes(std::span(markdown))));
    // Many small files that can be written again: no wait for the disk.
    SASEO_RETURN_IF_ERROR(file.commit(false));
  }
  return {};
}

}  // namespace saseo::eval
