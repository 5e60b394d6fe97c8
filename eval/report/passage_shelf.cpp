#include "eval/report/passage_shelf.h"

#include "base/utf8.h"
#include "eval/report/markup.h"
#include "eval/report/view.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kMaxPassageBytes = 8000;

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCodePoint decoded = decode_utf8(text, at);
    at += decoded.length;
    length += decoded.code_point > 0xFFFF ? 2 : 1;
  }
  return length;
}

}  // namespace

std::size_t PassageShelf::put(const RecordedPassage& passage) {
  const auto [place, is_new] = numbers_.try_emplace(
      std::tuple(passage.document, passage.file, passage.text), entries_.size());
  if (is_new) {
    std::string shown = visible_text(passage.text);
    if (shown.size() > kMaxPassageBytes) {
      shown.resize(floor_to_code_point(shown, kMaxPassageBytes));
      shown += " …";
    }
    entries_.push_back({&passage, std::move(shown)});
  }
  return place->second;
}

std::size_t PassageShelf::put_cited(const RecordedPassage& passage) {
  const std::size_t number = put(passage);
  entries_[number].cited = true;
  return number;
}

std::optional<MarkedPart> PassageShelf::find(std::size_t passage, const std::string& cited) const {
  const std::string& shown = entries_[passage].shown;
  const std::string wanted = visible_text(trim(cited));
  const std::size_t at = wanted.empty() ? std::string::npos : shown.find(wanted);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t begin = utf16_length(std::string_view(shown).substr(0, at));
  return MarkedPart{begin, begin + utf16_length(wanted)};
}

std::string PassageShelf::html(const Words& words, std::size_t max_bytes) const {
  std::size_t bytes = 0;
  for (const Entry& entry : entries_) bytes += entry.cited ? entry.shown.size() : 0;
  std::string html;
  for (std::size_t number = 0; number < entries_.size(); ++number) {
    const auto& [passage, shown, cited] = entries_[number];
    if (!cited) bytes += shown.size();
    const std::string where = place(words, passage->document, passage->heading_path,
                                    passage->first_page, passage->last_page);
    html += fmt::format("<details class=\"passage\" id=\"p{}\"><summary>{}</summary>", number,
                        escape(where.empty() ? passage->file : where));
    if (!passage->file.empty())
      html += fmt::format("<p class=\"file\">{}</p>", escape(passage->file));
    if (cited || bytes <= max_bytes) {
      html += fmt::format("<div class=\"text\">{}</div>", escape(shown));
    } else {
      html += fmt::format(
          "<p class=\"note\">{}</p>",
          words("Found, but cited by no answer: its text is left out to keep "
                "this file small.",
                "찾았으나 어느 답변도 인용하지 않아, 파일이 커지지 않도록 본문을 뺐습니다."));
    }
    html += "</details>\n";
  }
  return html;
}

}  // namespace saseo::eval
