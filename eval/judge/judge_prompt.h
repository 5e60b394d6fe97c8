// What a judge reads and how its verdict is read.
//
// The judge is blind: answers are "A" and "B", without the names of those who gave them and without
// citation marks, which would tell a chat model from others. Questions, passages and answers are
// data (generation/prompt.h). The answers stand last, so that what a model computed of the rest
// serves the other order too.
//
// Sources: Zheng et al., "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", NeurIPS 2023
// (pairs, both orders, reasons before the verdict).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/questions/question_set.h"
#include "eval/records/recorded_answer.h"
#include "eval/records/recorded_judgement.h"
#include "generation/chat_model.h"

namespace saseo::eval {

// Two answers to a question in the order in which they are shown. Borrowed.
struct ShownAnswers {
  const Question& question;
  const RecordedAnswer& first;
  const RecordedAnswer& second;
};

// In the order of JudgedBest: A, B, or T for a tie.
inline constexpr std::array<std::string_view, 3> kVerdictLetters = {"A", "B", "T"};

// The passages of either answer, each once; the same in both orders.
std::vector<const RecordedPassage*> passages_of(const ShownAnswers& shown);

// In Korean for a Korean question, else in English. `passages`: how many of passages_of() at most.
std::vector<PromptMessage> judge_prompt(const ShownAnswers& shown, std::size_t passages);

// The same after the judge wrote `said` without a verdict: only the letter is asked for.
std::vector<PromptMessage> letter_prompt(std::vector<PromptMessage> messages, std::string_view said,
                                         Language language);

// Of a text whose last line is one of kVerdictLetters, alone or after a label ("Verdict: **A**").
std::optional<JudgedBest> read_verdict(std::string_view text);

}  // namespace saseo::eval
