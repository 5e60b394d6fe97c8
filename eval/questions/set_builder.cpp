#include "eval/questions/set_builder.h"

#include <algorithm>

#include "base/utf8.h"
#include "ingest/text_readers.h"
#include "retrieval/question.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kMaxIdBytes = 300;
constexpr std::size_t kMaxUnknown = 30;  // Names that are noted.

std::size_t line_of(std::string_view text, std::size_t offset) {
  return static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n')) + 1;
}

std::size_t first_invalid(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const DecodedCodePoint c = decode_utf8(text, at);
    if (!c.valid) break;
    at += c.length;
  }
  return at;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string name_of_path(const std::filesystem::path& path) {
  std::filesystem::path plain = path.lexically_normal();
  if (!plain.has_filename()) plain = plain.parent_path();
  return plain.stem().string();
}

}  // namespace

Result<SetText> decode_set(std::string_view bytes, const std::filesystem::path& path) {
  DecodedText decoded = decode_text(bytes);
  if (decoded.repaired) {
    return make_error(ErrorCode::kBadInput,
                      "{}: line {}: expected UTF-8 (or CP949), found bytes that are neither; save "
                      "the file as UTF-8",
                      "{}: {}행: UTF-8이나 CP949가 아닌 바이트가 있습니다. UTF-8로 저장하세요",
                      path.string(), line_of(bytes, first_invalid(bytes)));
  }
  if (const std::size_t at = decoded.text.find('\0'); at != std::string::npos) {
    return make_error(
        ErrorCode::kBadInput,
        "{}: line {}: a NUL character, which no text has; save the file as UTF-8 text",
        "{}: {}행: 글에 없는 NUL 문자가 있습니다. UTF-8 텍스트로 저장하세요", path.string(),
        line_of(decoded.text, at));
  }
  return SetText{std::move(decoded.text), std::move(decoded.charset)};
}

SetBuilder::SetBuilder(const std::filesystem::path& path) {
  set_.path = path.string();
  set_.name = name_of_path(path);
}

void SetBuilder::note(Message text) {
  if (std::ranges::find(set_.notes, text) == set_.notes.end())
    set_.notes.push_back(std::move(text));
}

void SetBuilder::note_unknown(std::string_view name, const Message& place) {
  if (unknown_.size() >= kMaxUnknown || !unknown_.emplace(name).second) return;
  note(message("\"{}\" ({}) is no field of a question; passed over",
               "\"{}\"({})은(는) 질문의 항목이 아니어서 읽지 않았습니다", clipped(name), place));
}

void SetBuilder::note_charset(std::string_view charset) {
  if (charset != "UTF-8") {
    note(message("read as {}", "{}(으)로 읽었습니다", charset));
  }
}

void SetBuilder::add(Question question, QuestionOrigin origin) {
  if (set_.questions.size() == kMaxQuestions) {
    faults_.add(origin.place, "more than {} questions; split the set",
                "질문이 {}개를 넘습니다. 나누세요", kMaxQuestions);
  }
  if (set_.questions.size() >= kMaxQuestions) return;
  check(question, origin.place);
  if (question.language == Language::kUnknown) {
    question.language = language_of_question(question.text);
  }
  set_.draft = set_.draft || !origin.reviewed;
  if (!question.id.empty()) {
    const auto [other, is_new] = index_of_id_.emplace(question.id, set_.questions.size());
    if (!is_new) {
      faults_.add(place_of_field(origin.place, "id"),
                  "\"{}\" is the id of the question at {}, too; give each its own",
                  "\"{}\"은(는) {}의 질문도 씁니다. 질문마다 다르게 적으세요", clipped(question.id),
                  origins_[other->second].place);
    }
  }
  set_.questions.push_back(std::move(question));
  origins_.push_back(std::move(origin));
}

void SetBuilder::check(const Question& question, const Message& place) {
  if (question.id.size() > kMaxIdBytes || std::ranges::any_of(question.id, is_control)) {
    faults_.add(place_of_field(place, "id"),
                "expected up to {} bytes without control characters, found {} bytes (\"{}\")",
                "제어 문자 없이 {}바이트까지 쓸 수 있습니다(지금 {}바이트, \"{}\")", kMaxIdBytes,
                question.id.size(), clipped(question.id));
  }
  if (question.unanswerable && (!question.gold.empty() || !question.facts.empty())) {
    faults_.add(place_of_field(place, question.gold.empty() ? "facts" : "gold"),
                "stands beside \"unanswerable\"; where the manuals are silent there is none",
                "\"unanswerable\"인 질문에는 쓸 수 없습니다. 설명서에 답이 없기 때문입니다");
  }
  check_history(question, place);
}

void SetBuilder::check_history(const Question& question, const Message& place) {
  if (question.history.size() <= kMaxHistory) return;
  faults_.add(place_of_field(place, "history"), "expected up to {} turns, found {}",
              "{}번까지 쓸 수 있습니다(지금 {}번)", kMaxHistory, question.history.size());
}

// A question's history is that of the one it follows, and that one.
void SetBuilder::follow() {
  std::vector<std::vector<std::size_t>> chains(set_.questions.size());
  for (std::size_t i = 0; i < set_.questions.size(); ++i) {
    std::size_t at = i;
    while (!origins_[at].follows.empty()) {
      const Message place = place_of_field(origins_[at].place, "follows");
      const auto before = index_of_id_.find(origins_[at].follows);
      if (before == index_of_id_.end()) {
        if (at == i) {
          faults_.add(place, "no question has the id \"{}\"",
                      "\"{}\"라는 id를 가진 질문이 없습니다", clipped(origins_[at].follows));
        }
        break;
      }
      chains[i].push_back(before->second);
      if (chains[i].size() > kMaxHistory) {
        faults_.add(place, "leads in a circle, or over more than {} questions",
                    "제자리로 돌아오거나 질문 {}개를 넘습니다", kMaxHistory);
        break;
      }
      at = before->second;
    }
  }
  if (!faults_.empty()) return;  // A circle may be among them.
  for (std::size_t i = 0; i < chains.size(); ++i) {
    if (chains[i].empty()) continue;
    if (!set_.questions[i].history.empty()) {
      faults_.add(place_of_field(origins_[i].place, "history"),
                  "stands beside \"follows\"; give one of the two",
                  "\"follows\"와 함께 쓸 수 없습니다. 하나만 적으세요");
      continue;
    }
    for (auto before = chains[i].rbegin(); before != chains[i].rend(); ++before) {
      set_.questions[i].history.push_back({set_.questions[*before].text, ""});
    }
    const std::vector<EarlierTurn>& own = set_.questions[chains[i].back()].history;
    // A chain may begin at a question with a history written out.
    if (origins_[chains[i].back()].follows.empty() && !own.empty()) {
      set_.questions[i].history.insert(set_.questions[i].history.begin(), own.begin(), own.end());
    }
    check_history(set_.questions[i], origins_[i].place);
  }
}

Result<QuestionSet> SetBuilder::finish(std::string hash) && {
  follow();
  if (!faults_.empty()) return faults_.as_error(set_.path);
  if (set_.questions.empty()) {
    return make_error(
        ErrorCode::kBadInput, "{}: no question in it; see docs/question-sets.md for what is read",
        "{}: 질문이 없습니다. 읽을 수 있는 형식은 docs/question-sets.md를 보세요", set_.path);
  }
  set_.hash = std::move(hash);
  return std::move(set_);
}

std::vector<std::string> split_on(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(collapse_spaces(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

std::vector<std::string> split_section(std::string_view section) {
  std::vector<std::string> parts = split_on(section, " > ");
  std::erase(parts, "");
  return parts;
}

Language language_named(std::string_view name) {
  const std::string folded = fold_for_matching(trim(name));
  if (folded.empty()) return Language::kUnknown;
  if (folded == "한국어") return Language::kKorean;
  if (folded == "영어") return Language::kEnglish;
  const Language language = language_of_code(folded);
  return language == Language::kUnknown ? Language::kOther : language;
}

}  // namespace saseo::eval
