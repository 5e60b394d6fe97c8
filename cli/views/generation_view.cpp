#include "cli/views/generation_view.h"

#include <algorithm>
#include <array>

#include "base/message.h"
#include "cli/terminal/advice.h"
#include "cli/terminal/say.h"
#include "cli/terminal/terminal.h"
#include "generation/citation_stream.h"

namespace saseo::cli {
namespace {

std::string joined_numbers(std::span<const int> numbers) {
  std::string text;
  for (const int number : numbers) text += "[" + std::to_string(number) + "]";
  return text;
}

std::string speed_words(const TokenUsage& usage) {
  return say("prompt {} tokens in {:.2f} s ({:.1f}/s), {} written in {:.2f} s ({:.1f}/s)",
             "프롬프트 {}토큰 {:.2f}초(초당 {:.1f}), 생성 {}토큰 {:.2f}초(초당 {:.1f})",
             usage.prompt_tokens - usage.reused_prefix_tokens, usage.prefill_seconds,
             usage.prefill_rate(), usage.completion_tokens, usage.decode_seconds,
             usage.decode_rate());
}

std::string guess_words(const TokenUsage& usage) {
  if (usage.drafted_tokens == 0) return say("none", "없음");
  return say("{} of {} tokens were right ({} %), in {} passes",
             "{1}토큰 중 {0}토큰 맞음({2} %), {3}번에 확인", usage.accepted_tokens,
             usage.drafted_tokens, 100 * usage.accepted_tokens / usage.drafted_tokens,
             usage.draft_passes);
}

std::string reuse_words(const TokenUsage& usage) {
  std::string words =
      say("{} of {} prompt tokens were computed before", "프롬프트 {1}토큰 중 {0}토큰 재사용",
          usage.reused_prefix_tokens, usage.prompt_tokens);
  if (usage.stored_prefix_tokens > 0)
    words += say(", from disk (--kv-cache-dir)", ", 디스크에서(--kv-cache-dir)");
  else if (usage.reused_prefix_tokens > 0)
    words += say(", from memory", ", 메모리에서");
  for (const Notice& note : usage.store_notes) words += "; " + without_controls(told(note));
  return words;
}

std::string end_words(const GenerationReport& report, bool written) {
  if (report.end == CompletionEnd::kCancelled) return say("stopped", "멈춤");
  if (report.said_silent)
    return say("the model said that the manuals are silent", "모델이 설명서에 답이 없다고 함");
  if (!written)
    return say("nothing that the model wrote stands in the passages: not shown",
               "모델이 쓴 것이 읽은 대목에 없어 보이지 않음");
  if (report.end == CompletionEnd::kLength)
    return say("cut at its length (--max-tokens, --context)",
               "길이 한도에서 끊음(--max-tokens, --context)");
  return say("the model ended", "모델이 끝냄");
}

std::string basis_words(CitationBasis basis) {
  switch (basis) {
    case CitationBasis::kNothingSaid:
      return say("claim nothing", "주장 없음");
    case CitationBasis::kCited:
      return say("cited by the model", "모델이 인용");
    case CitationBasis::kFound:
      return say("passage found", "대목을 찾아 붙임");
    case CitationBasis::kCorrected:
      return say("citation corrected", "인용을 바로잡음");
    case CitationBasis::kOtherLanguage:
      return say("other language", "다른 언어");
    case CitationBasis::kUnsupported:
      return say("unsupported", "근거 없음");
  }
  return "";
}

std::string checked_words(std::span<const CheckedSentence> sentences) {
  std::string words;
  for (const CitationBasis basis :
       {CitationBasis::kCited, CitationBasis::kFound, CitationBasis::kCorrected,
        CitationBasis::kOtherLanguage, CitationBasis::kUnsupported, CitationBasis::kNothingSaid}) {
    const auto count = std::ranges::count(sentences, basis, &CheckedSentence::basis);
    if (count > 0)
      words += fmt::format("{}{} {}", words.empty() ? "" : ", ", basis_words(basis), count);
  }
  return words.empty() ? "-" : words;
}

}  // namespace

void explain_generation(const Answer& answer, const ExplainLine& line) {
  if (answer.rewriting) {
    line(say("rewriting", "고쳐 쓰기"),
         (answer.rewritten_by_model
              ? say("by the model; ", "모델이 고침. ")
              : say("by rules, the model's did not fit; ", "모델의 것이 맞지 않아 규칙으로. ")) +
             speed_words(*answer.rewriting) + "; " + reuse_words(*answer.rewriting));
  }
  if (!answer.generation) return;
  const GenerationReport& report = *answer.generation;
  const TokenPlan& plan = report.plan;
  line(say("prompt", "프롬프트"),
       say("{} tokens: instructions {}, question {}, history {} ({} turns), passages {} ({}), "
           "framing {}",
           "{}토큰: 지시 {}, 질문 {}, 대화 {}({}차례), 대목 {}({}개), 틀 {}", plan.prompt(),
           plan.instructions, plan.question, plan.history, plan.turns_shown, plan.passages,
           plan.passages_shown, plan.framing));
  line(say("room", "자리"),
       say("context {}, kept for the answer {}, free {}", "문맥 {}, 답변 몫 {}, 남음 {}",
           plan.context, plan.answer, plan.context - plan.prompt() - plan.answer));
  if (!std::ranges::is_sorted(report.passage_order))
    line(say("order", "차례"), say("passages stood as {} in the prompt", "프롬프트의 대목 차례 {}",
                                   joined_numbers(report.passage_order)));
  line(say("left out", "뺀 것"),
       plan.passages_left_out + plan.turns_left_out == 0
           ? say("nothing", "없음")
           : say("passages {}{}, turns {}", "대목 {}개{}, 대화 {}차례", plan.passages_left_out,
                 report.passages_left_out.empty() ? ""
                                                  : " " + joined_numbers(report.passages_left_out),
                 plan.turns_left_out));
  line(say("reused", "재사용"), reuse_words(report.usage));
  line(say("speed", "속도"), speed_words(report.usage));
  line(say("guessed", "짐작"), guess_words(report.usage));
  line(say("end", "끝"), end_words(report, !answer.sentences.empty()));
  line(say("sentences", "문장"), checked_words(answer.sentences));
  line(say("dropped", "버린 인용"),
       say("{} citations of no passage", "없는 대목의 인용 {}개", report.invented_citations));
  std::string flagged;
  for (const CheckedSentence& sentence : answer.sentences)
    for (const std::string& words : sentence.unverified)
      flagged += (flagged.empty() ? "" : ", ") + without_controls(words);
  line(say("flagged", "확인 안 됨"),
       flagged.empty() ? say("no number or name", "숫자나 이름 없음") : flagged);
}

std::string notes_of(const Answer& answer) {
  std::string notes;
  if (std::ranges::any_of(answer.sentences, &CheckedSentence::doubtful))
    notes += say("{} No passage holds this, or not its numbers or names: see the manual itself.\n",
                 "{} 읽은 대목에서 이 내용이나 숫자, 이름을 확인하지 못했습니다. 설명서를 직접 "
                 "보세요.\n",
                 kUnverifiedMark);
  if (!answer.generation) return notes;
  const GenerationReport& report = *answer.generation;
  if (!answer.found && !report.said_silent && report.end != CompletionEnd::kCancelled)
    notes +=
        say("{} wrote nothing that stands in the passages. --model extractive answers with the "
            "manual's own words.\n",
            "{} 모델이 쓴 글을 읽은 대목에서 확인하지 못했습니다. --model extractive를 쓰면 "
            "설명서의 글 그대로 답합니다.\n",
            without_controls(answer.model));
  if (answer.found && report.end == CompletionEnd::kLength)
    notes += say("The answer is cut at {} tokens: raise --max-tokens or --context.\n",
                 "답이 {}토큰에서 끊겼습니다. --max-tokens나 --context를 늘리세요.\n",
                 report.usage.completion_tokens);
  if (!report.passages_left_out.empty())
    notes += say("{} passages had no room beside the question: raise --context.\n",
                 "대목 {}개는 자리가 없어 읽지 못했습니다. --context를 늘리세요.\n",
                 report.passages_left_out.size());
  return notes;
}

}  // namespace saseo::cli
