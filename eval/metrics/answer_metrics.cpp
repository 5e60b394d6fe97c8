#include "eval/metrics/answer_metrics.h"

#include <utility>

#include "base/utf8.h"
#include "eval/metrics/embedding_similarity.h"
#include "eval/metrics/fact_recall.h"
#include "eval/metrics/quantity_agreement.h"
#include "eval/metrics/rouge.h"
#include "eval/metrics/squad_score.h"
#include "eval/metrics/step_score.h"
#include "eval/metrics/text_units.h"

namespace saseo::eval {
namespace {

std::string comparable(std::string_view text) {
  if (text.size() > kMaxScoredBytes)
    text = text.substr(0, floor_to_code_point(text, kMaxScoredBytes));
  return to_nfc(text);
}

bool holds_words(std::string_view text) {
  for (const char32_t c : to_utf32(text)) {
    if (is_word_character(c)) return true;
  }
  return false;
}

// The sentences of its references are steps to take, not statements.
bool asks_for_steps(const Question& question) {
  return question.type == "how-to" || question.type == "procedure" ||
         question.type == "troubleshooting";
}

void add_rouge(AnswerScores& scores, const RougeScores& rouge, const std::string& suffix) {
  scores.values["rouge-1" + suffix] = rouge.rouge_1.f1;
  scores.values["rouge-2" + suffix] = rouge.rouge_2.f1;
  scores.values["rouge-l" + suffix] = rouge.rouge_l.f1;
  scores.values["rouge-l" + suffix + "-precision"] = rouge.rouge_l.precision;
  scores.values["rouge-l" + suffix + "-recall"] = rouge.rouge_l.recall;
}

void add_text_overlap(AnswerScores& scores, std::string_view answer,
                      const std::vector<std::string>& references, Language language,
                      const ScoringTools& tools) {
  const bool korean = language == Language::kKorean;
  const AnswerMatch match =
      korean ? korquad_score(answer, references) : squad_score(answer, references);
  scores.values["exact-match"] = match.exact;
  scores.values["f1"] = match.f1;

  if (!korean) {
    add_rouge(scores, rouge(answer, references, RougeTokens::kPorter), "");
  } else {
    if (tools.analyzer != nullptr)
      add_rouge(scores, rouge(answer, references, RougeTokens::kStems, tools.analyzer), "");
    add_rouge(scores, rouge(answer, references, RougeTokens::kCharacters), "-characters");
  }

  scores.bleu = bleu_counts(answer, references, bleu_tokens_of(language));
  scores.values["bleu"] = bleu_score(*scores.bleu, true);
  scores.chrf = chrf_counts(answer, references);
  scores.values["chrf"] = chrf_score(*scores.chrf);
}

void add_content(AnswerScores& scores, std::string_view answer, const Question& question,
                 const std::vector<std::string>& references, const ScoringTools& tools) {
  if (const auto recall = fact_recall(answer, question.facts)) scores.values["facts"] = *recall;
  if (const auto agreement = quantity_agreement(answer, references)) {
    scores.values["quantities"] = agreement->f1;
    scores.values["quantities-precision"] = agreement->precision;
    scores.values["quantities-recall"] = agreement->recall;
  }
  if (tools.analyzer != nullptr) {
    const StepSource source =
        asks_for_steps(question) ? StepSource::kListsOrSentences : StepSource::kLists;
    if (const auto steps = step_score(answer, references, source, *tools.analyzer)) {
      scores.values["step-completeness"] = steps->completeness;
      if (steps->order) scores.values["step-order"] = *steps->order;
    }
  }
}

MetricDefinition share(std::string name, std::string label_en, std::string label_ko,
                       bool yes_no = false) {
  return {.name = std::move(name),
          .group = MetricGroup::kAnswering,
          .unit = MetricUnit::kShare,
          .higher_is_better = true,
          .yes_no = yes_no,
          .label_en = std::move(label_en),
          .label_ko = std::move(label_ko)};
}

MetricDefinition points(std::string name, std::string label_en, std::string label_ko) {
  MetricDefinition definition = share(std::move(name), std::move(label_en), std::move(label_ko));
  definition.unit = MetricUnit::kPoints;
  return definition;
}

}  // namespace

BleuTokens bleu_tokens_of(Language language) {
  return language == Language::kKorean ? BleuTokens::kCharacters : BleuTokens::k13a;
}

AnswerScores score_answer(const Question& question, std::string_view plain_text, bool refused,
                          Language language, const ScoringTools& tools) {
  AnswerScores scores;
  if (question.unanswerable) return scores;
  const std::string answer = refused ? std::string() : comparable(plain_text);
  std::vector<std::string> references;
  for (const std::string& reference : question.references) {
    if (std::string text = comparable(reference); holds_words(text))
      references.push_back(std::move(text));
  }

  if (!references.empty()) add_text_overlap(scores, answer, references, language, tools);
  add_content(scores, answer, question, references, tools);
  if (tools.embedder != nullptr) {
    Result<std::optional<double>> similarity =
        embedding_similarity(answer, references, *tools.embedder);
    if (!similarity) {
      scores.embedding_error = similarity.error();
    } else if (*similarity) {
      scores.values["embedding-similarity"] = **similarity;
    }
  }
  return scores;
}

const std::vector<MetricDefinition>& answer_metric_definitions() {
  static const std::vector<MetricDefinition> definitions = {
      share("facts", "Required facts recalled", "필수 사실 재현율"),
      share("exact-match", "Exact match", "완전 일치", true),
      share("f1", "F1 (English words, Korean characters)", "F1 (영어 단어, 한국어 글자)"),
      share("rouge-1", "ROUGE-1 F1", "ROUGE-1 F1"),
      share("rouge-2", "ROUGE-2 F1", "ROUGE-2 F1"),
      share("rouge-l", "ROUGE-L F1", "ROUGE-L F1"),
      share("rouge-l-precision", "ROUGE-L precision", "ROUGE-L 정밀도"),
      share("rouge-l-recall", "ROUGE-L recall", "ROUGE-L 재현율"),
      share("rouge-1-characters", "ROUGE-1 F1, characters", "ROUGE-1 F1, 글자"),
      share("rouge-2-characters", "ROUGE-2 F1, characters", "ROUGE-2 F1, 글자"),
      share("rouge-l-characters", "ROUGE-L F1, characters", "ROUGE-L F1, 글자"),
      share("rouge-l-characters-precision", "ROUGE-L precision, characters",
            "ROUGE-L 정밀도, 글자"),
      share("rouge-l-characters-recall", "ROUGE-L recall, characters", "ROUGE-L 재현율, 글자"),
      points("bleu", "BLEU, by answer", "BLEU, 답변별"),
      points("chrf", "chrF++, by answer", "chrF++, 답변별"),
      share("quantities", "Numbers and units, F1", "숫자와 단위 F1"),
      share("quantities-precision", "Numbers and units, precision", "숫자와 단위 정밀도"),
      share("quantities-recall", "Numbers and units, recall", "숫자와 단위 재현율"),
      share("step-completeness", "Steps told", "단계 완전성"),
      share("step-order", "Steps in order", "단계 순서"),
      share("embedding-similarity", "Embedding similarity", "임베딩 유사도"),
  };
  return definitions;
}

std::map<std::string, std::string> answer_metric_signatures(Language language,
                                                            std::optional<std::size_t> references) {
  return {{"bleu", bleu_signature(bleu_tokens_of(language), true, references)},
          {"chrf", chrf_signature(references)}};
}

}  // namespace saseo::eval
