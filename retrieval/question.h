// A question taken apart: its language, what kind of answer it wants, and its subjects, each with a
// weight and the terms by which a text may hold it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"
#include "index/analyzer.h"
#include "index/term_weights.h"
#include "retrieval/quantities.h"
#include "retrieval/question_words.h"

namespace saseo {

// Another word for a subject (thesaurus.h), held by the library.
struct SubjectWord {
  std::string word;
  std::vector<std::string> stems;  // All must occur.
  bool same = false;               // A synonym; else a hint, which says less than the subject.
  bool translation = false;
  float idf = 0;
};

// One word of the question that carries a subject: "무선", "충전하려면", "E-72", "25와트".
struct Subject {
  std::string word;                  // Case-folded, without its ending where that is known.
  std::vector<std::string> stems;    // Any of them makes the match.
  std::vector<std::string> bigrams;  // Their share makes half a match.
  std::string noun;                  // Whole: a stem that only begins it makes a part of a match.
  std::vector<SubjectWord> others;
  std::optional<Quantity> quantity;
  float idf = 1;
  float weight = 1;     // Its idf; a verb counts half.
  bool known = true;    // Some chunk of the library holds it or another word for it.
  bool named = true;    // Some chunk holds it in its own word.
  bool verb = false;    // Verbs and adjectives are said in many ways; nouns rarely.
  bool topic = false;   // A noun with a particle or an ending of what is asked about: "화면이".
  bool device = false;  // Names the kind of device ("폰"): counts little.
  bool goal = false;    // A verb that says what the asker wants to do: counts in full.
  bool code = false;    // Letters and digits, "E-72": matches whole or not at all.
};

// The stem only begins the subject's noun.
bool is_part(const Subject& subject, std::string_view stem);

struct ParsedQuestion {
  std::string text;
  Language language = Language::kKorean;
  QuestionKinds kinds;
  bool asks = false;  // A question, a complaint, a wish; not words that name what is looked for.
  AskedQuantity asked;
  std::vector<Subject> subjects;          // In order; each once.
  std::vector<std::string> phrase_words;  // Other words for phrases of the question.
  float total_weight = 0;
};

// By the share of letters: Korean when a fifth is Hangul, English when most are Latin, else kOther.
Language language_of_question(std::string_view text);

// Leaves out the subjects' words in the other language: what is searched speaks the question's.
void drop_translations(ParsedQuestion& question, const TermWeights& weights);

ParsedQuestion parse_question(std::string_view text, Analyzer& analyzer,
                              const TermWeights& weights);

}  // namespace saseo
