// A question set in the making: what every reader does beside reading its format.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "eval/questions/faults.h"
#include "eval/questions/question_set.h"

namespace saseo::eval {

inline constexpr std::size_t kMaxQuestions = 1'000'000;
inline constexpr std::size_t kMaxLineBytes = 4u << 20;  // Also of one field of a table.
inline constexpr std::size_t kMaxHistory = 16;          // Turns.

// A file's text: UTF-8, UTF-16 or CP949 told apart, NFC, '\n' line ends. Bytes that fit none, and
// NUL characters, are an error that names the line. `charset` is what it was in.
struct SetText {
  std::string text, charset;
};
Result<SetText> decode_set(std::string_view bytes, const std::filesystem::path& path);

// What a question says beside its fields.
struct QuestionOrigin {
  Message place;         // For faults: "line 12".
  std::string follows;   // Id of the question asked before it; its turns become the history.
  bool reviewed = true;  // Looked through by a person.
};

class SetBuilder {
 public:
  explicit SetBuilder(const std::filesystem::path& path);

  Faults& faults() { return faults_; }
  const std::string& path() const { return set_.path; }
  void note(Message text);  // Each text once.
  // A field that no reader knows: noted once, whatever the number of questions that have it.
  void note_unknown(std::string_view name, const Message& place);
  void note_charset(std::string_view charset);

  // Checks what holds for every format; fills the language in.
  void add(Question question, QuestionOrigin origin);
  std::size_t size() const { return set_.questions.size(); }

  // The set, or all faults in one error. A set without questions is an error.
  Result<QuestionSet> finish(std::string hash) &&;

 private:
  void check(const Question& question, const Message& place);
  void check_history(const Question& question, const Message& place);
  void follow();

  QuestionSet set_;
  std::vector<QuestionOrigin> origins_;  // Of each question.
  std::unordered_map<std::string, std::size_t> index_of_id_;
  std::set<std::string, std::less<>> unknown_;
  Faults faults_;
};

// Parts of "Charging > Wireless", trimmed; empty parts are left out.
std::vector<std::string> split_section(std::string_view section);
// Parts between separators, trimmed; empty parts stay.
std::vector<std::string> split_on(std::string_view text, std::string_view separator);
// "ko", "en-US", "한국어"; kOther for codes of other languages, kUnknown for "".
Language language_named(std::string_view name);

}  // namespace saseo::eval
