#include "eval/questions/question_set_readers.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "eval/questions/delimited_text.h"
#include "eval/questions/json_fields.h"
#include "eval/questions/question_formats.h"

namespace saseo::eval {
namespace {

enum class Format { kJsonLines, kJson, kComma, kTab };

// By the ending; of others by the first sign: an object, or a row of names.
Format format_of(const std::filesystem::path& path, std::string_view text) {
  const std::string ending = fold_for_matching(path.extension().string());
  if (ending == ".jsonl" || ending == ".ndjson") return Format::kJsonLines;
  if (ending == ".csv") return Format::kComma;
  if (ending == ".tsv" || ending == ".tab") return Format::kTab;
  const std::string_view begin = trim(text.substr(0, 4096));
  if (begin.starts_with("{") || begin.starts_with("[")) return Format::kJson;
  const std::string_view line = text.substr(0, text.find('\n'));
  return line.find('\t') != std::string_view::npos ? Format::kTab : Format::kComma;
}

// A file that begins with '{' or '[' and is not named .jsonl: SQuAD is one object over many lines,
// or all on one; questions are objects that end with their line.
void read_json(std::string_view text, SetBuilder& builder,
               std::vector<PassageDocument>& documents) {
  std::string_view begin = text;
  while (!begin.empty() && is_space(static_cast<unsigned char>(begin.front()))) {
    begin.remove_prefix(1);
  }
  const std::string_view line = trim(begin.substr(0, begin.find('\n')));
  if (begin.size() > line.size() && line.size() <= kMaxLineBytes) {
    Faults ignored;
    const auto first = parse_json(line, Message(), ignored);
    if (first && first->is_object() && !first->contains("data")) {
      read_json_lines(text, builder);
      return;
    }
  }
  const auto root = parse_json(text, untranslated("JSON"), builder.faults());
  if (!root) return;
  if (root->is_object() && root->contains("data")) {
    read_squad(*root, builder, documents);
  } else if (root->is_object() && root->contains("question")) {
    read_json_lines(text, builder);
  } else {
    builder.faults().add(
        untranslated("JSON"),
        "expected SQuAD's object with \"data\", or a question a line, found {}; see "
        "docs/question-sets.md",
        "\"data\"가 있는 SQuAD 객체나 한 행에 질문 하나가 있어야 하는데 {}입니다. "
        "docs/question-sets.md를 보세요",
        describe(*root));
  }
}

}  // namespace

Result<ReadQuestions> read_questions_and_documents(const std::filesystem::path& path) {
  SetBuilder builder(path);
  ReadQuestions read;
  std::string hash;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    SASEO_ASSIGN_OR_RETURN(hash, read_beir(path, builder, read.documents));
  } else {
    const bool may_hold_documents = fold_for_matching(path.extension().string()) == ".json";
    SASEO_ASSIGN_OR_RETURN(const std::string bytes,
                           read_file(path, may_hold_documents ? kMaxCorpusBytes : kMaxSetBytes));
    hash = content_hash(bytes);
    SASEO_ASSIGN_OR_RETURN(const SetText text, decode_set(bytes, path));
    builder.note_charset(text.charset);
    switch (format_of(path, text.text)) {
      case Format::kJsonLines:
        read_json_lines(text.text, builder);
        break;
      case Format::kJson:
        read_json(text.text, builder, read.documents);
        break;
      case Format::kComma:
        read_delimited(text.text, separator_of(text.text), builder);
        break;
      case Format::kTab:
        read_delimited(text.text, '\t', builder);
        break;
    }
  }
  SASEO_ASSIGN_OR_RETURN(read.set, std::move(builder).finish(std::move(hash)));
  return read;
}

Result<QuestionSet> read_question_set(const std::filesystem::path& path) {
  SASEO_ASSIGN_OR_RETURN(ReadQuestions read, read_questions_and_documents(path));
  return std::move(read.set);
}

}  // namespace saseo::eval
