// Any bytes as a question set of each format, and as another system's answers.
#include <set>

#include "base/utf8.h"
#include "eval/questions/json_fields.h"
#include "eval/questions/question_formats.h"
#include "eval/questions/question_set_readers.h"
#include "eval/run/foreign_answers.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/require.h"

namespace saseo::eval {
namespace {

void check(const QuestionSet& set) {
  require(!set.questions.empty());
  std::set<std::string> ids;
  for (const Question& question : set.questions) {
    require(ids.insert(question.id).second);
    require(!question.id.empty() && is_valid_utf8(question.id) && is_valid_utf8(question.text));
    require(!collapse_spaces(question.text).empty());
    require(question.history.size() <= kMaxHistory);
    require(!question.unanswerable || (question.gold.empty() && question.facts.empty()));
    for (const auto& spellings : question.facts) require(!spellings.empty());
    for (const GoldSection& gold : question.gold) {
      require(!gold.document.empty() || !gold.path.empty() || !gold.pages.empty());
      for (const int page : gold.pages) require(page >= 1);
    }
  }
}

void check(const std::vector<PassageDocument>& documents) {
  std::set<std::string> files;
  for (const auto& [name, file] : document_file_names(documents)) {
    require(file.find('/') == std::string::npos && file.size() < 200 && !file.starts_with("."));
    require(files.insert(fold_for_matching(file)).second);
  }
  for (const PassageDocument& document : documents) require(is_valid_utf8(markdown_of(document)));
}

void finish(SetBuilder builder) {
  const Result<QuestionSet> set = std::move(builder).finish("");
  require(set.ok() ||
          (!set.error().message.english.empty() && is_valid_utf8(set.error().message.english)));
  if (set.ok()) check(*set);
}

void read_all(std::string_view bytes) {
  const Result<SetText> text = decode_set(bytes, "fuzz");
  if (!text.ok()) return;
  for (const char separator : {',', ';', '\t'}) {
    SetBuilder builder("fuzz.csv");
    read_delimited(text->text, separator, builder);
    finish(std::move(builder));
  }
  SetBuilder lines("fuzz.jsonl");
  read_json_lines(text->text, lines);
  finish(std::move(lines));
  SetBuilder squad("fuzz.json");
  std::vector<PassageDocument> documents;
  if (const auto root = parse_json(text->text, untranslated("JSON"), squad.faults());
      root && root->is_object()) {
    read_squad(*root, squad, documents);
    check(documents);
    finish(std::move(squad));
  }
}

}  // namespace
}  // namespace saseo::eval

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  saseo::eval::read_all({reinterpret_cast<const char*>(data), size});
  // As files without an ending: the content tells the format.
  const int fd = ::memfd_create("fuzz", 0);
  if (::write(fd, data, size) != static_cast<ssize_t>(size)) std::abort();
  const std::string path = fmt::format("/proc/self/fd/{}", fd);
  const auto read = saseo::eval::read_questions_and_documents(path);
  if (read.ok()) {
    saseo::eval::check(read->set);
    saseo::eval::check(read->documents);
  }
  const auto answers = saseo::eval::read_foreign_answers(path);
  if (answers.ok()) saseo::require(!answers->answers.empty());
  ::close(fd);
  return 0;
}
