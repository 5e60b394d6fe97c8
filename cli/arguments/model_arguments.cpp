#include "cli/arguments/model_arguments.h"

#include <CLI/CLI.hpp>

#include "app/models/model_loading.h"
#include "base/message.h"
#include "cli/arguments/sampling_arguments.h"
#include "cli/terminal/say.h"
#include "engine/runtime/memory_plan.h"

namespace saseo::cli {

void add_model_option(CLI::App& command, app::ModelOptions& arguments) {
  command
      .add_option("-m,--model", arguments.model,
                  say("Registered name or path; else the default model",
                      "등록한 이름 또는 경로. 없으면 기본 모델"))
      ->type_name("MODEL");
}

void add_run_options(CLI::App& command, app::ModelOptions& arguments) {
  command
      .add_option("--context", arguments.context,
                  say("Positions to keep: 8192, or fewer where the model has fewer",
                      "기억할 위치 수: 8192, 모델이 더 적으면 그만큼"))
      ->type_name("N")
      ->check(CLI::Range(16, 1 << 20).description(""));
  command.add_option("--kv", arguments.kv, say("Keys and values: f16", "키와 값의 형식: f16"))
      ->type_name("f16|q8_0|f32")
      ->check(CLI::IsMember({"f16", "q8_0", "f32"}).description(""));
  command
      .add_option("--threads", arguments.threads,
                  say("Processors to use: all", "쓸 프로세서 수: 모두"))
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""));
  const CLI::Validator is_size(
      [](const std::string& text) {
        const auto bytes = parse_bytes(text);
        return bytes && *bytes > 0 ? "" : "\"" + text + "\" is no size such as 6GiB";
      },
      "");
  command
      .add_option(
          "--memory", arguments.memory,
          say("Memory allowed, as 6GiB: what is free", "허락할 메모리(예: 6GiB): 남은 만큼"))
      ->type_name("SIZE")
      ->check(is_size);
  command
      .add_option("--kv-cache-dir", arguments.kv_cache_dir,
                  say("Keep what was computed of passages here, for later runs",
                      "읽은 대목의 계산을 다음 실행을 위해 둘 폴더"))
      ->type_name("DIR");
  command
      .add_option("--kv-cache-size", arguments.kv_cache_size,
                  say("Of that folder at most: 2GiB", "그 폴더의 최대 크기: 2GiB"))
      ->type_name("SIZE")
      ->check(is_size);
  command.add_flag("--prepack", arguments.prepack,
                   say("Keep rearranged weights beside the model: fast starts",
                       "재배열한 가중치를 모델 옆에 저장: 다음부터 빨리 시작"));
  command
      .add_option("--speculate", arguments.speculate,
                  say("Guess tokens ahead, same text sooner: auto",
                      "토큰을 미리 짐작해 같은 글을 더 빨리 쓰기: auto"))
      ->type_name("auto|off|lookup")
      ->check(CLI::IsMember({"auto", "off", "lookup"}).description(""));
  command
      .add_option(
          "--draft-model", arguments.draft_model,
          say("A small model of the same family that guesses", "짐작을 맡을 같은 계열의 작은 모델"))
      ->type_name("MODEL");
}

void add_answering_options(CLI::App& command, app::AnsweringOptions& arguments) {
  command
      .add_option("-m,--model", arguments.model.model,
                  say("Who answers: extractive, or a model's name or path",
                      "답할 모델: extractive, 등록한 이름 또는 경로"))
      ->type_name("MODEL");
  add_model_file_options(command, arguments);
}

void add_model_file_options(CLI::App& command, app::AnsweringOptions& arguments) {
  const auto& defaults = *command.option_defaults();
  const std::string group = defaults.get_group();
  command.option_defaults()->group(say("Options of model files", "모델 파일의 옵션"));
  add_run_options(command, arguments.model);
  command
      .add_option("--max-tokens", arguments.max_tokens,
                  say("Length of an answer at most: 768", "답의 최대 길이: 768"))
      ->type_name("N")
      ->check(CLI::Range(1, 1 << 20).description(""));
  add_sampling_options(command, arguments.sampling,
                       say("0, as without it: the same answer each time", "0(기본): 늘 같은 답"));
  command.option_defaults()->group(group);
}

}  // namespace saseo::cli
