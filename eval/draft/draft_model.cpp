#include "eval/draft/draft_model.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "generation/prompt.h"
#include "generation/rendering.h"
#include "generation/token_estimate.h"
#include "retrieval/evidence.h"
#include "retrieval/question.h"

namespace saseo::eval {
namespace {

constexpr std::size_t kLongest = 150;  // Code points.
constexpr std::size_t kMaxTokens = 120;

// Without the label and the quotes that models put around a question; empty when it is more than
// one line.
std::string_view only_line(std::string_view written) {
  std::string_view text = trim(written);
  for (const std::string_view label : {"질문:", "Question:", "Q:"}) {
    if (text.starts_with(label)) text = trim(text.substr(label.size()));
  }
  if (text.find('\n') != std::string_view::npos) return {};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kQuotes = {
      {{"\"", "\""}, {"“", "”"}, {"'", "'"}}};
  for (const auto& [open, close] : kQuotes) {
    if (text.size() > open.size() + close.size() && text.starts_with(open) &&
        text.ends_with(close)) {
      text = trim(text.substr(open.size(), text.size() - open.size() - close.size()));
    }
  }
  return text;
}

}  // namespace

std::vector<PromptMessage> wording_prompt(const DraftCandidate& candidate) {
  const bool korean = candidate.question.language == Language::kKorean;
  const std::string section =
      candidate.question.gold.empty()
          ? std::string()
          : as_data(fmt::format("{}", fmt::join(candidate.question.gold.front().path, " > ")));
  std::string system =
      korean
          ? "당신은 기기 설명서를 시험하는 질문을 씁니다. 설명서의 한 부분을 보고, 그 부분이 답이 "
            "되는 "
            "질문 하나를 쓰세요. 기기를 쓰는 사람이 묻듯이 자연스럽게 쓰고, 설명서의 말을 그대로 "
            "베끼지 마세요. 답은 쓰지 마세요. 한국어 질문 한 줄만 쓰세요."
          : "You write questions that test a device manual. Read the part of the manual and write "
            "one question that it answers. Ask as someone who uses the device would, not in the "
            "manual's words. Do not give the answer away. Write one line: the question, in "
            "English.";
  std::string user =
      korean ? fmt::format("<<<설명서: {}\n{}\n>>>\n\n이런 질문입니다: {}\n다르게 물어 보세요.",
                           section, as_data(candidate.passage), as_data(candidate.question.text))
             : fmt::format(
                   "<<<Manual: {}\n{}\n>>>\n\nThe question is like: {}\nAsk it in another way.",
                   section, as_data(candidate.passage), as_data(candidate.question.text));
  return {{PromptRole::kSystem, std::move(system)}, {PromptRole::kUser, std::move(user)}};
}

std::string checked_wording(std::string_view written, const DraftCandidate& candidate,
                            Analyzer& analyzer) {
  if (!is_valid_utf8(written)) return {};
  const std::string question = collapse_spaces(printable(only_line(written)));
  if (question.empty() || count_code_points(question) > kLongest) return {};
  if (language_of_question(question) != candidate.question.language) return {};
  const TermWeights flat;
  const ParsedQuestion parsed = parse_question(question, analyzer, flat);
  if (!question.ends_with("?") && !parsed.asks) return {};
  const std::string folded = fold_for_matching(question);
  for (const std::string& word : candidate.must_hold) {
    if (folded.find(fold_for_matching(word)) == std::string::npos) return {};
  }
  // "설치하려면 3초 누르나요?" is the answer with a question mark.
  for (const std::vector<std::string>& spellings : candidate.question.facts) {
    for (const std::string& spelling : spellings) {
      if (candidate.question.type != "yes-no" &&
          folded.find(fold_for_matching(spelling)) != std::string::npos &&
          candidate.question.text.find(spelling) == std::string::npos) {
        return {};
      }
    }
  }
  TextTerms passage = terms_of(candidate.passage, analyzer);
  for (const GoldSection& gold : candidate.question.gold) {
    for (const std::string& heading : gold.path) add_terms(passage, heading, analyzer);
  }
  const bool shares = std::ranges::any_of(parsed.subjects, [&](const Subject& subject) {
    return !subject.verb && match(subject, passage) >= 0.5f;
  });
  return shares ? question : std::string();
}

Result<std::string> word_by_model(const DraftCandidate& candidate, ChatModel& model,
                                  Analyzer& analyzer, std::stop_token stop) {
  const std::vector<PromptMessage> messages = wording_prompt(candidate);
  SASEO_ASSIGN_OR_RETURN(const std::size_t tokens, tokens_to_plan(model, messages, stop));
  if (tokens + kMaxTokens > model.context_size(Lane::kAnswer)) return std::string();
  SASEO_ASSIGN_OR_RETURN(const Completion completion,
                         model.complete(
                             {.messages = messages, .max_tokens = kMaxTokens},
                             [](std::string_view) { return true; }, stop));
  if (completion.end == CompletionEnd::kCancelled) {
    return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
  }
  if (completion.end == CompletionEnd::kLength) return std::string();
  return checked_wording(completion.text, candidate, analyzer);
}

}  // namespace saseo::eval
