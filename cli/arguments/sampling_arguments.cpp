#include "cli/arguments/sampling_arguments.h"

#include <CLI/App.hpp>

#include "base/message.h"
#include "cli/terminal/say.h"

namespace saseo::cli {

void add_sampling_options(CLI::App& command, app::SamplingChoice& arguments,
                          const std::string& temperature) {
  const auto add = [&](const char* name, auto& value, const std::string& description) {
    command.add_option(name, value, description)->type_name("N");
  };
  add("--temperature", arguments.temperature, temperature);
  add("--top-k", arguments.top_k, say("Draw from the k most likely; 0: all", "상위 k개. 0은 모두"));
  add("--top-p", arguments.top_p, say("Draw from those of this share", "누적 확률"));
  add("--min-p", arguments.min_p,
      say("Draw from those this likely beside the best", "최고 확률에 대한 최소 비율"));
  add("--repetition-penalty", arguments.repetition_penalty,
      say("Divide logits of seen tokens", "나온 토큰의 로짓을 나눌 값"));
  add("--presence-penalty", arguments.presence_penalty,
      say("Taken off logits of seen tokens", "나온 토큰의 로짓에서 뺄 값"));
  add("--frequency-penalty", arguments.frequency_penalty,
      say("The same for each time seen", "나온 횟수만큼 뺄 값"));
  add("--seed", arguments.seed, say("Of the draws: 0", "추출의 씨앗: 0"));
}

}  // namespace saseo::cli
