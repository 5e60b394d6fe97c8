#include "retrieval/word_data.h"

namespace saseo {
namespace {

constexpr WordFile kQuestionWords = {
    "question_words.txt",
#include "retrieval/data/question_words.txt.inc"
};
constexpr WordFile kEnglishWords = {
    "english_words.txt",
#include "retrieval/data/english_words.txt.inc"
};
constexpr WordFile kKoreanThesaurus = {
    "thesaurus_korean.txt",
#include "retrieval/data/thesaurus_korean.txt.inc"
};
constexpr WordFile kEnglishThesaurus = {
    "thesaurus_english.txt",
#include "retrieval/data/thesaurus_english.txt.inc"
};
constexpr WordFile kTranslations = {
    "translations.txt",
#include "retrieval/data/translations.txt.inc"
};
constexpr WordFile kFiles[] = {kQuestionWords, kEnglishWords, kKoreanThesaurus, kEnglishThesaurus,
                               kTranslations};

}  // namespace

const WordLists& question_word_lists() {
  static const WordLists lists(kQuestionWords.text);
  return lists;
}

const WordLists& english_word_lists() {
  static const WordLists lists(kEnglishWords.text);
  return lists;
}

const WordLists& korean_thesaurus() {
  static const WordLists lists(kKoreanThesaurus.text);
  return lists;
}

const WordLists& english_thesaurus() {
  static const WordLists lists(kEnglishThesaurus.text);
  return lists;
}

const WordLists& translation_lists() {
  static const WordLists lists(kTranslations.text);
  return lists;
}

std::span<const WordFile> retrieval_word_files() { return kFiles; }

}  // namespace saseo
