#include "eval/questions/question_set.h"

#include <unordered_set>

namespace saseo::eval {

std::vector<std::string> repeated_ids(const std::vector<Question>& questions) {
  std::vector<std::string> repeated;
  std::unordered_set<std::string_view> seen;
  for (const Question& question : questions) {
    if (!seen.insert(question.id).second) repeated.push_back(question.id);
  }
  return repeated;
}

}  // namespace saseo::eval
