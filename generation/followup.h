// Follow-ups: puts the subject of the question before back into one that leaves it out.
//
//   무선 충전은 몇 W까지 돼?         + 그럼 유선은?          -> 유선 충전은 몇 W까지 돼?
//   25와트로 꽂으면 얼마나 걸려?     + 그럼 45와트로 꽂으면? -> 45와트로 꽂으면 얼마나 걸려?
//   How do I clean the filter?       + What about the brush? -> How do I clean the brush?
//
// A question is taken for a follow-up when it begins with a connective ("그럼", "what about"), has
// a pronoun for a subject ("그건", "it"), or is short and lacks its verb or its subject. What it
// says anew replaces its like in the question before: a code a code, a quantity one of the same
// unit, a condition ("-면") the condition, a topic the topic, one of an opposed pair the other.
// Where nothing is alike, the earlier subjects are put in front.
#pragma once

#include <string>
#include <string_view>

#include "index/analyzer.h"

namespace saseo {

struct Followup {
  bool follows = false;
  std::string question;  // To search for: rewritten, or the question as it was.
};

// `before`: the last question as it was searched for; empty when there is none.
Followup put_subject_back(std::string_view question, std::string_view before, Analyzer& analyzer);

}  // namespace saseo
