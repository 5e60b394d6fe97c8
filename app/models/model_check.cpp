#include "app/models/model_check.h"

#include <chrono>
#include <optional>
#include <vector>

#include "base/paths.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/interrupt.h"
#include "app/json/model_json.h"
#include "app/models/model_loading.h"
#include "app/models/model_reading.h"
#include "cli/views/models_view.h"
#include "cli/terminal/progress.h"
#include "cli/advice.h"
#include "cli/say.h"
#include "engine/model/prepacked.h"
#include "engine/model/weight_scan.h"
#include "engine/runtime/model_trial.h"

namespace saseo::cli {
namespace {

enum class Outcome { kGood, kBad, kSkipped };

std::string_view word_of(Outcome outcome) {
  return outcome == Outcome::kGood ? "ok" : outcome == Outcome::kBad ? "bad" : "skipped";
}

struct ModelFinding {
  std::string name;   // Stable, for programs.
  std::string title;  // For people.
  Outcome outcome = Outcome::kGood;
  std::string words;
  double seconds = 0;
};

// The check of one model: each part leaves a finding, shown as it comes.
class Check {
 public:
  Check(Session& session, ModelReference reference, bool json)
      : session_(session), reference_(std::move(reference)), json_(json) {}

  int run() {
    if (!json_) {
      const std::string name = reference_.name.empty() ? "" : reference_.name + "  ";
      session_.console.out.write(session_.console.out_style(Style::kBold, without_controls(name)) +
                                 without_controls(reference_.path.string()) + "\n");
    }
    check("format", say("format", "형식"), &Check::format);
    check("content", say("content", "내용"), &Check::content);
    check("weights", say("weights", "가중치"), &Check::weights);
    if (model_ && path_exists(prepacked_path(reference_.path)))
      check("prepacked", say("prepacked", "재배열"), &Check::prepacked);
    check("run", say("run", "실행"), &Check::trial);
    if (interrupts_.requested()) return session_.fail(stopped(), json_);
    if (json_) print();
    return exit_code_;
  }

 private:
  using Part = Result<std::string> (Check::*)();  // What is good about it.

  static Error stopped() { return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다"); }

  void check(const char* name, std::string title, Part part) {
    if (interrupts_.requested()) return;
    const auto start = std::chrono::steady_clock::now();
    ModelFinding finding{.name = name, .title = std::move(title)};
    const Result<std::string> found = (this->*part)();
    finding.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (interrupts_.requested()) return;
    if (found.ok()) {
      finding.words = *found;
      finding.outcome = found->empty() ? Outcome::kSkipped : Outcome::kGood;
    } else {
      finding.words = told(found.error());
      finding.outcome = Outcome::kBad;
      if (exit_code_ == kExitOk) exit_code_ = exit_code_of(found.error().code);
    }
    if (!json_) show(finding);
    findings_.push_back(std::move(finding));
  }

  // A read of all bytes, its share shown on a terminal.
  LongRead reading(const std::string& what, std::uint64_t bytes, ProgressBar& bar) const {
    return {.stop = interrupts_.token(),
            .on_bytes = [&bar, what, bytes, done = std::uint64_t{0}](std::uint64_t more) mutable {
              bar.show_share(what, done += more, bytes);
            }};
  }

  Result<std::string> format() {
    const auto start = std::chrono::steady_clock::now();
    SASEO_ASSIGN_OR_RETURN(model_, saseo::open_model(reference_.path));
    load_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    guards_ = guards_of(*model_, reference_.path);
    return say("{} {}, {} parameters, {} tensors, {} tokens",
               "{} {}, 매개변수 {}, 텐서 {}개, 토큰 {}개",
               architecture_name(model_->config.architecture), model_->quantization,
               parameter_words(model_->parameters), model_->tensors.size(),
               model_->vocabulary.pieces.size());
  }

  Result<std::string> content() {
    ProgressBar bar(session_.console, !json_);
    if (!reference_.registered) {
      if (!model_) return std::string();
      SASEO_ASSIGN_OR_RETURN(facts_, describe_model(*model_, reference_.path));
      SASEO_RETURN_IF_ERROR(hash_files(facts_, reading("SHA-256", facts_.bytes(), bar)));
      return say("not registered, so that there is nothing to compare with: SHA-256 {}",
                 "등록되지 않아 비교할 것이 없습니다: SHA-256 {}", facts_.files.front().sha256);
    }
    facts_ = *reference_.registered;
    SASEO_ASSIGN_OR_RETURN(facts_, verify_hashes(facts_, reading("SHA-256", facts_.bytes(), bar)));
    if (look_at_files(*reference_.registered).state == FilesState::kChanged)
      SASEO_RETURN_IF_ERROR(remember_times());
    return say("{}: size and SHA-256 as registered", "{}: 크기와 SHA-256이 등록한 것과 같음",
               format_bytes(facts_.bytes()));
  }

  // The content is what was registered: a later time of writing means nothing.
  Status remember_times() const {
    return ModelRegistry::update(session_.config.models, [this](ModelRegistry& registry) -> Status {
      if (registry.find(facts_.name) != nullptr) registry.put(facts_);
      return {};
    });
  }

  Result<std::string> weights() {
    if (!model_) return std::string();
    ProgressBar bar(session_.console, !json_);
    SASEO_RETURN_IF_ERROR(
        scan_weights(*model_, reading(say("weights", "가중치"), model_->file_bytes, bar)));
    sound_ = true;
    return say("every scale and float is a number", "모든 배율과 실수가 숫자임");
  }

  Result<std::string> prepacked() {
    const std::filesystem::path file = prepacked_path(reference_.path);
    ProgressBar bar(session_.console, !json_);
    ThreadPool pool;
    SASEO_RETURN_IF_ERROR(verify_prepacked(
        *model_, file, pool, reading(say("prepacked", "재배열"), prepacked_bytes(*model_), bar)));
    prepacked_sound_ = true;
    return say("{}: every checksum, and every weight as in the model",
               "{}: 체크섬과 모든 가중치가 모델과 같음", file.filename().string());
  }

  Result<std::string> trial() {
    if (!sound_) return std::string();
    const SessionOptions options = trial_options();
    SASEO_RETURN_IF_ERROR(check_memory(*model_, kv_options(options), transformer_options(options)));
    SASEO_RETURN_IF_ERROR(
        read_model(session_, *model_,
                   {.path = prepacked_sound_ ? reference_.path : "", .threads = options.threads},
                   interrupts_.token()));
    ProgressBar bar(session_.console, !json_);
    bar.show_text(say("a short run ...", "잠깐 실행하는 중..."));
    SASEO_ASSIGN_OR_RETURN(stats_, try_model(*model_, interrupts_.token()));
    return say("{} tokens read ({:.1f} tokens/s), {} written ({:.1f} tokens/s), loaded in {:.2f} s",
               "{}토큰 읽기(초당 {:.1f}토큰), {}토큰 쓰기(초당 {:.1f}토큰), 불러오기 {:.2f}초",
               stats_->prompt_tokens, stats_->prefill_rate(), stats_->completion_tokens,
               stats_->decode_rate(), load_seconds_);
  }

  void show(const ModelFinding& finding) {
    Console& console = session_.console;
    const bool good = finding.outcome == Outcome::kGood;
    const std::string mark = good ? "✔ " : finding.outcome == Outcome::kSkipped ? "- " : "✘ ";
    const Style style = good                                   ? Style::kGood
                        : finding.outcome == Outcome::kSkipped ? Style::kDim
                                                               : Style::kError;
    const std::string words = finding.outcome == Outcome::kSkipped
                                  ? say("not tried: see above", "시험하지 않음: 위를 보세요")
                                  : without_controls(finding.words);
    console.out.write("  " + console.out_style(style, mark) + padded(finding.title, 10) +
                      wrap_text(words, console.width, 14) + "\n");
    console.out.flush();
  }

  void print() {
    Json files = Json::array(), checks = Json::array();
    for (const RegisteredFile& file : facts_.files)
      files.push_back({{"path", file.path.string()},
                       {"bytes", file.bytes},
                       {"sha256", file.sha256.empty() ? Json() : Json(file.sha256)}});
    for (const ModelFinding& finding : findings_)
      checks.push_back({{"name", finding.name},
                        {"status", word_of(finding.outcome)},
                        {"message", finding.words},
                        {"seconds", finding.seconds}});
    session_.print_json(
        dump({{"version", kJsonVersion},
              {"healthy", exit_code_ == kExitOk},
              {"name", reference_.name},
              {"path", reference_.path.string()},
              {"registered", reference_.registered.has_value()},
              {"files", std::move(files)},
              {"checks", std::move(checks)},
              {"timings", stats_ ? timings_json(*stats_, load_seconds_) : Json()}}));
  }

  Session& session_;
  ModelReference reference_;
  bool json_;
  const Interrupts interrupts_;
  RegisteredModel facts_;  // As registered; of another model as found.
  std::optional<Model> model_;
  std::vector<MappedFileGuard> guards_;
  double load_seconds_ = 0;
  bool sound_ = false;  // The weights are numbers: a run means something.
  bool prepacked_sound_ = false;
  std::optional<GenerationStats> stats_;
  std::vector<ModelFinding> findings_;
  int exit_code_ = kExitOk;
};

}  // namespace

int check_model(Session& session, const std::string& model, bool json) {
  Result<ModelReference> reference = find_model(session, model);
  if (!reference.ok()) return session.fail(reference.error(), json);
  return Check(session, std::move(reference).value(), json).run();
}

}  // namespace saseo::cli
