// Question sets from files that people and other programs wrote; docs/question-sets.md describes
// the formats.
//
//   *.jsonl, *.ndjson   a question a line
//   *.csv, *.tsv        a question a row, under a row of column names
//   *.json              SQuAD 1.1, SQuAD 2.0, KorQuAD 1.0
//   a folder            BEIR: corpus.jsonl, queries.jsonl, qrels/test.tsv
//
// Of other endings the content tells. Every fault is told with its line, or JSON pointer, and
// field: up to 20 of them in one error.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "eval/questions/passage_documents.h"
#include "eval/questions/question_set.h"

namespace saseo::eval {

struct ReadQuestions {
  QuestionSet set;
  // What the questions are about, where the format holds it: SQuAD's contexts
  // (GoldSection::document is the title and name), BEIR's corpus (Question::relevant_documents has
  // the names).
  std::vector<PassageDocument> documents;
};
Result<ReadQuestions> read_questions_and_documents(const std::filesystem::path& path);

Result<QuestionSet> read_question_set(const std::filesystem::path& path);

}  // namespace saseo::eval
