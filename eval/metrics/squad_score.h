// Exact match and F1 of short answers, as the SQuAD and KorQuAD evaluation scripts compute them.
//
//   SQuAD    lower case, no ASCII punctuation, no words "a", "an", "the", single spaces; F1 over
//            words. Two empty texts are equal, F1 1 (the script of v2.0; v1.1: 0).
//   KorQuAD  ' " 《 》 < > 〈 〉 ( ) ‘ ’ become spaces, lower case, no ASCII punctuation, single
//            spaces; F1 over characters without spaces, so that particles and spacing cost little. Exact
//            match heeds spaces. Two empty texts are equal, F1 0.
//
//   precision = shared / of the answer;  recall = shared / of the reference;  F1 = 2pr / (p + r)
//
// where shared counts units as often as both have them.
//
// Sources: Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP
// 2016, and evaluate-v2.0.py; Lim et al., "KorQuAD1.0: Korean QA Dataset for Machine Reading
// Comprehension", 2019, and evaluate-v1.0.py of KorQuAD.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace saseo::eval {

struct AnswerMatch {
  double exact = 0;  // 0 or 1.
  double f1 = 0;
};

std::u32string squad_normalized(std::string_view text);
std::u32string korquad_normalized(std::string_view text);

// Each the largest over the references; 0 without any.
AnswerMatch squad_score(std::string_view answer, std::span<const std::string> references);
AnswerMatch korquad_score(std::string_view answer, std::span<const std::string> references);

}  // namespace saseo::eval
