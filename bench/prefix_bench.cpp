// The wait for the first token of two questions about the same three passages: the first computed
// afresh, the second from what the first left in memory, on disk, or on disk that the system holds
// no pages of. All are repeated in turns. One JSON object.
//
//   prefix_bench MODEL.gguf [--manual corpora/phone/manual.md] [--tokens 1500] [--repeat 3]
//                [--threads N] [--kv f16|q8_0|f32] [--folder DIR]
//
// "second_seconds" / "first_seconds" is what matters: ratios of the repetitions, their median and
// their spread. The second answers must be those that are computed afresh: "equal".
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "engine/model/model_identity.h"
#include "engine/model/model_panels.h"
#include "engine/runtime/kv_store.h"
#include "engine/runtime/model_runtime.h"
#include "engine/vocabulary/chat_template.h"
#include "engine/vocabulary/tokenizer.h"
#include "generation/prompt.h"

namespace {

using namespace saseo;
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::uint32_t kAnswer = 8;  // Tokens; the wait is for the first.

struct Arguments {
  std::string model, manual = "corpora/phone/manual.md", kv = "f16", folder;
  std::size_t tokens = 1500, repeat = 3, threads = 0;
};

struct Prompt {
  std::vector<TokenId> ids;
  std::uint32_t shared = 0;  // Tokens up to the question.
};

// Three stretches of the manual, one after the other, of about this many tokens together.
std::vector<Passage> passages_of(const std::string& manual, const Tokenizer& tokenizer,
                                 std::size_t tokens) {
  std::vector<Passage> passages(3);
  std::size_t begin = std::min(manual.find("\n# "), manual.size());
  for (std::size_t i = 0; i < passages.size(); ++i) {
    std::size_t end = begin;
    std::size_t count = 0;
    while (count < tokens / passages.size() && end < manual.size()) {
      end = std::min(manual.find('\n', end + 1), manual.size());
      count = tokenizer.encode(manual.substr(begin, end - begin)).size();
    }
    passages[i].number = static_cast<int>(i) + 1;
    passages[i].info.title = "사용 설명서";
    passages[i].text = manual.substr(begin, end - begin);
    begin = end;
  }
  return passages;
}

Result<Prompt> prompt_of(const ChatTemplate& chat, const std::vector<Passage>& passages,
                         const std::string& question) {
  const auto encode = [&](std::vector<PromptMessage> messages) {
    const ChatTurn turns[] = {{ChatRole::kSystem, messages[0].text},
                              {ChatRole::kUser, messages[1].text}};
    return chat.encode(turns);
  };
  std::vector<PromptMessage> messages = build_prompt(question, Language::kKorean, passages, {});
  Prompt prompt;
  SASEO_ASSIGN_OR_RETURN(prompt.ids, encode(messages));
  messages[1].text = prompt_beginning(Language::kKorean, passages);
  SASEO_ASSIGN_OR_RETURN(const std::vector<TokenId> beginning, encode(messages));
  prompt.shared = static_cast<std::uint32_t>(std::ranges::mismatch(beginning, prompt.ids).in1 -
                                             beginning.begin());
  return prompt;
}

void drop_from_page_cache(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const int fd = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    ::fsync(fd);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
  }
}

class Bench {
 public:
  Bench(const Model& model, const Arguments& arguments)
      : model_(model), threads_(arguments.threads), root_(arguments.folder) {
    options_.context = std::min(model.config.context, 8192u);
    options_.ring = false;
    if (arguments.kv == "q8_0") options_.kv_type = KvType::kQ8_0;
    if (arguments.kv == "f32") options_.kv_type = KvType::kF32;
  }

  struct Asked {
    double seconds = 0;  // Until the first token.
    std::uint32_t reused = 0, stored = 0;
    std::vector<TokenId> answer;
  };
  Result<Asked> ask(ModelRuntime& runtime, const Prompt& prompt) {
    Session session(runtime.parts(), options_);
    Asked asked;
    SASEO_ASSIGN_OR_RETURN(
        const GenerationResult result,
        session.generate(
            {.prompt = prompt.ids, .max_tokens = kAnswer, .shared_prefix = prompt.shared},
            [&](const SampledToken& token) {
              asked.answer.push_back(token.token);
              return true;
            }));
    asked.seconds = result.stats.prefill_seconds;
    asked.reused = result.stats.reused_tokens;
    asked.stored = result.stats.stored_tokens;
    return asked;
  }
  Result<std::unique_ptr<ModelRuntime>> runtime(const fs::path& folder) {
    std::unique_ptr<KvStore> store;
    if (!folder.empty()) {
      KvStoreSettings settings = {
          .config = model_.config, .type = options_.kv_type, .arithmetic = options_.arithmetic};
      SASEO_ASSIGN_OR_RETURN(settings.model, model_identity(model_));
      SASEO_ASSIGN_OR_RETURN(store, KvStore::open({.folder = folder}, settings));
    }
    RuntimeOptions runtime;
    runtime.store = std::move(store);
    runtime.threads = &threads_;
    return std::make_unique<ModelRuntime>(model_, options_, std::move(runtime));
  }
  // First and second question; `kind`: "memory", "disk", "cold disk".
  Result<Json> run(const std::string& kind, const Prompt& first, const Prompt& second,
                   const std::vector<TokenId>& expected) {
    const fs::path folder = kind == "memory" ? fs::path() : root_ / "kv";
    std::error_code ignored;
    if (!folder.empty()) fs::remove_all(folder, ignored);
    SASEO_ASSIGN_OR_RETURN(std::unique_ptr<ModelRuntime> resident, runtime(folder));
    SASEO_ASSIGN_OR_RETURN(const Asked before, ask(*resident, first));
    if (!folder.empty()) {  // Another process.
      resident.reset();
      SASEO_ASSIGN_OR_RETURN(resident, runtime(folder));
    }
    if (kind == "cold disk") drop_from_page_cache(folder);
    SASEO_ASSIGN_OR_RETURN(const Asked after, ask(*resident, second));
    Json json = {{"first_seconds", before.seconds},         {"second_seconds", after.seconds},
                 {"ratio", after.seconds / before.seconds}, {"reused_tokens", after.reused},
                 {"stored_tokens", after.stored},           {"equal", after.answer == expected}};
    if (!folder.empty()) {
      json["file_bytes"] = kv_store_usage(folder).bytes;
      fs::remove_all(folder, ignored);
    }
    return json;
  }

 private:
  const Model& model_;
  ThreadPool threads_;
  SessionOptions options_;
  fs::path root_;
};

Result<Json> measure(const Arguments& arguments) {
  SASEO_ASSIGN_OR_RETURN(Model model, open_model(arguments.model));
  ThreadPool threads(arguments.threads);
  SASEO_RETURN_IF_ERROR(arrange_in_panels(model, threads));
  SASEO_ASSIGN_OR_RETURN(const std::string manual, read_file(arguments.manual));
  const Tokenizer tokenizer(model.vocabulary);
  SASEO_ASSIGN_OR_RETURN(const ChatTemplate chat, ChatTemplate::create(tokenizer));
  const std::vector<Passage> passages = passages_of(manual, tokenizer, arguments.tokens);
  SASEO_ASSIGN_OR_RETURN(const Prompt first,
                         prompt_of(chat, passages, "무선 충전은 어떻게 하나요?"));
  SASEO_ASSIGN_OR_RETURN(const Prompt second,
                         prompt_of(chat, passages, "화면 밝기를 자동으로 맞추려면요?"));
  Bench bench(model, arguments);
  SASEO_ASSIGN_OR_RETURN(std::unique_ptr<ModelRuntime> empty, bench.runtime({}));
  SASEO_ASSIGN_OR_RETURN(const Bench::Asked fresh, bench.ask(*empty, second));
  empty.reset();

  Json json = {{"model", model.name},           {"kv", arguments.kv},
               {"threads", threads.size()},     {"prompt_tokens", first.ids.size()},
               {"shared_tokens", first.shared}, {"second_prompt_tokens", second.ids.size()}};
  std::map<std::string, std::vector<double>> ratios;
  for (std::size_t i = 0; i < arguments.repeat; ++i) {
    for (const std::string kind : {"memory", "disk", "cold disk"}) {
      SASEO_ASSIGN_OR_RETURN(Json run, bench.run(kind, first, second, fresh.answer));
      ratios[kind].push_back(run["ratio"].get<double>());
      json["runs"][kind].push_back(std::move(run));
    }
  }
  for (auto& [kind, of_kind] : ratios) {
    std::ranges::sort(of_kind);
    json["ratio"][kind] = {{"median", of_kind[of_kind.size() / 2]},
                           {"least", of_kind.front()},
                           {"most", of_kind.back()}};
  }
  return json;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The wait for the first token of a second question about the same passages.");
  Arguments arguments;
  arguments.folder = fs::temp_directory_path() / fmt::format("prefix_bench-{}", ::getpid());
  app.add_option("model", arguments.model)->required();
  app.add_option("--manual", arguments.manual, "Text to take the passages from");
  app.add_option("--tokens", arguments.tokens, "Of the three passages together");
  app.add_option("--repeat", arguments.repeat)->check(CLI::Range(1, 1000));
  app.add_option("--threads", arguments.threads);
  app.add_option("--kv", arguments.kv)->check(CLI::IsMember({"f16", "q8_0", "f32"}));
  app.add_option("--folder", arguments.folder, "For the files; its kv/ is emptied");
  CLI11_PARSE(app, argc, argv);
  const Result<Json> measured = measure(arguments);
  if (!measured.ok()) {
    fmt::print(stderr, "{}\n", measured.error().message);
    return 1;
  }
  fmt::print("{}\n", measured->dump(1));
  return 0;
}
