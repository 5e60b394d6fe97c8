#include "app/evaluation/judges.h"

#include "app/evaluation/contestants.h"
#include "eval/run/echo_baseline.h"

namespace saseo::app {

Result<eval::JudgeSpec> judge_of(const Application& application, const std::string& name,
                                 const AnsweringOptions& options) {
  if (name == kExtractive || name == kExtractiveSentences || name == eval::kEchoBaseline ||
      name == kSearchOnly)
    return make_error(
        ErrorCode::kInvalidArgument, "{} cannot judge: --judge takes a chat model's name or path",
        "{}은(는) 심사할 수 없습니다. --judge에는 대화 모델의 이름이나 경로를 주세요", name);
  SASEO_ASSIGN_OR_RETURN(const eval::StoredContestant stored,
                         describe_file(application, name, options));
  eval::JudgeSpec judge;
  judge.name = stored.name;
  judge.identity = stored.identity;
  AnsweringOptions own = options;
  own.model.model = name;
  judge.open = [&application, own](std::stop_token stop) -> Result<eval::OpenJudge> {
    SASEO_ASSIGN_OR_RETURN(OpenChatModel opened, open_chat_model(application, own, stop));
    eval::OpenJudge in_memory;
    in_memory.model = std::move(opened.model);
    in_memory.sampling = opened.sampling;
    return in_memory;
  };
  return judge;
}

}  // namespace saseo::app
