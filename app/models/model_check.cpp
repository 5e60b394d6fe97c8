#include "app/models/model_check.h"

#include <chrono>

#include "app/models/model_reading.h"
#include "app/models/parameter_words.h"
#include "app/models/reading_progress.h"
#include "base/message.h"
#include "base/paths.h"
#include "engine/model/prepacked.h"
#include "engine/model/weight_scan.h"
#include "engine/runtime/model_trial.h"

namespace saseo::app {
namespace {

// The check of one model: each part leaves a finding.
class ModelChecker {
 public:
  ModelChecker(const Application& application, const ModelReference& reference,
               const std::function<void(const ModelFinding&)>& on_finding, std::stop_token stop)
      : application_(application),
        reference_(reference),
        on_finding_(on_finding),
        stop_(std::move(stop)) {}

  Result<ModelCheck> run() {
    done_.reference = reference_;
    check("format", say("format", "형식"), &ModelChecker::format);
    check("content", say("content", "내용"), &ModelChecker::content);
    check("weights", say("weights", "가중치"), &ModelChecker::weights);
    if (model_ && path_exists(prepacked_path(reference_.path)))
      check("prepacked", say("prepacked", "재배열"), &ModelChecker::prepacked);
    check("run", say("run", "실행"), &ModelChecker::trial);
    if (stop_.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
    return std::move(done_);
  }

 private:
  using Part = Result<std::string> (ModelChecker::*)();  // What is good about it.

  void check(const char* name, std::string title, Part part) {
    if (stop_.stop_requested()) return;
    const auto start = std::chrono::steady_clock::now();
    ModelFinding finding{.name = name, .title = std::move(title)};
    const Result<std::string> found = (this->*part)();
    finding.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (stop_.stop_requested()) return;
    if (found.ok()) {
      finding.words = *found;
      finding.outcome = found->empty() ? CheckOutcome::kSkipped : CheckOutcome::kGood;
    } else {
      finding.words = found.error().message;
      finding.outcome = CheckOutcome::kBad;
      if (!done_.first_fault) done_.first_fault = found.error().code;
    }
    if (on_finding_) on_finding_(finding);
    done_.findings.push_back(std::move(finding));
  }

  Result<std::string> format() {
    const auto start = std::chrono::steady_clock::now();
    SASEO_ASSIGN_OR_RETURN(model_, saseo::open_model(reference_.path));
    done_.load_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    guards_ = guards_of(*model_, reference_.path);
    return say("{} {}, {} parameters, {} tensors, {} tokens",
               "{} {}, 매개변수 {}, 텐서 {}개, 토큰 {}개",
               architecture_name(model_->config.architecture), model_->quantization,
               parameter_words(model_->parameters), model_->tensors.size(),
               model_->vocabulary.pieces.size());
  }

  Result<std::string> content() {
    if (!reference_.registered) {
      if (!model_) return std::string();
      SASEO_ASSIGN_OR_RETURN(done_.facts, describe_model(*model_, reference_.path));
      ReadingProgress progress(application_.listener, "SHA-256", done_.facts.bytes());
      SASEO_RETURN_IF_ERROR(hash_files(done_.facts, progress.read(stop_)));
      return say("not registered, so that there is nothing to compare with: SHA-256 {}",
                 "등록되지 않아 비교할 것이 없습니다: SHA-256 {}", done_.facts.files.front().sha256);
    }
    done_.facts = *reference_.registered;
    {
      ReadingProgress progress(application_.listener, "SHA-256", done_.facts.bytes());
      SASEO_ASSIGN_OR_RETURN(done_.facts, verify_hashes(done_.facts, progress.read(stop_)));
    }
    if (look_at_files(*reference_.registered).state == FilesState::kChanged)
      SASEO_RETURN_IF_ERROR(remember_times());
    return say("{}: size and SHA-256 as registered", "{}: 크기와 SHA-256이 등록한 것과 같음",
               format_bytes(done_.facts.bytes()));
  }

  // The content is what was registered: a later time of writing means nothing.
  Status remember_times() const {
    return ModelRegistry::update(application_.config.models, [this](ModelRegistry& registry) -> Status {
      if (registry.find(done_.facts.name) != nullptr) registry.put(done_.facts);
      return {};
    });
  }

  Result<std::string> weights() {
    if (!model_) return std::string();
    ReadingProgress progress(application_.listener, say("weights", "가중치"), model_->file_bytes);
    SASEO_RETURN_IF_ERROR(scan_weights(*model_, progress.read(stop_)));
    sound_ = true;
    return say("every scale and float is a number", "모든 배율과 실수가 숫자임");
  }

  Result<std::string> prepacked() {
    const std::filesystem::path file = prepacked_path(reference_.path);
    ReadingProgress progress(application_.listener, say("prepacked", "재배열"),
                             prepacked_bytes(*model_));
    ThreadPool pool;
    SASEO_RETURN_IF_ERROR(verify_prepacked(*model_, file, pool, progress.read(stop_)));
    prepacked_sound_ = true;
    return say("{}: every checksum, and every weight as in the model",
               "{}: 체크섬과 모든 가중치가 모델과 같음", file.filename().string());
  }

  Result<std::string> trial() {
    if (!sound_) return std::string();
    const SessionOptions options = trial_options();
    SASEO_RETURN_IF_ERROR(check_memory(*model_, kv_options(options), transformer_options(options)));
    SASEO_RETURN_IF_ERROR(
        read_model(application_, *model_,
                   {.path = prepacked_sound_ ? reference_.path : "", .threads = options.threads},
                   stop_));
    Listener* listener = application_.listener;
    if (listener != nullptr) listener->on_step(say("a short run ...", "잠깐 실행하는 중..."));
    Result<GenerationStats> stats = try_model(*model_, stop_);
    if (listener != nullptr) listener->on_over();
    if (!stats.ok()) return stats.error();
    done_.stats = *stats;
    return say("{} tokens read ({:.1f} tokens/s), {} written ({:.1f} tokens/s), loaded in {:.2f} s",
               "{}토큰 읽기(초당 {:.1f}토큰), {}토큰 쓰기(초당 {:.1f}토큰), 불러오기 {:.2f}초",
               done_.stats->prompt_tokens, done_.stats->prefill_rate(), done_.stats->completion_tokens,
               done_.stats->decode_rate(), done_.load_seconds);
  }

  const Application& application_;
  const ModelReference& reference_;
  const std::function<void(const ModelFinding&)>& on_finding_;
  const std::stop_token stop_;
  ModelCheck done_;
  std::optional<Model> model_;
  std::vector<MappedFileGuard> guards_;
  bool sound_ = false;  // The weights are numbers: a run means something.
  bool prepacked_sound_ = false;
};

}  // namespace

std::string_view name_of(CheckOutcome outcome) {
  return outcome == CheckOutcome::kGood ? "ok" : outcome == CheckOutcome::kBad ? "bad" : "skipped";
}

Result<ModelCheck> check_model(const Application& application, const ModelReference& reference,
                               const std::function<void(const ModelFinding&)>& on_finding,
                               std::stop_token stop) {
  return ModelChecker(application, reference, on_finding, std::move(stop)).run();
}

}  // namespace saseo::app
