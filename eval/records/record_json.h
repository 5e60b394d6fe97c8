// Questions, answers and judgements as JSON, as a run's file keeps them. Every field is optional
// when read, so that a newer program reads an older run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eval/questions/question_set.h"
#include "eval/records/recorded_answer.h"
#include "eval/records/recorded_judgement.h"

namespace saseo::eval {

std::string to_json(const Question& question);
std::string to_json(const RecordedAnswer& answer);
std::string to_json(const RecordedJudgement& judgement);
std::string to_json(const std::vector<Message>& messages);

// Fail with kDamaged where the text is no such object.
Result<Question> question_from_json(std::string_view text);
Result<RecordedAnswer> answer_from_json(std::string_view text);
Result<RecordedJudgement> judgement_from_json(std::string_view text);
// None where the text is no such array.
std::vector<Message> messages_from_json(std::string_view text);

}  // namespace saseo::eval
