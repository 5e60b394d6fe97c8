#include "cli/views/models_view.h"

#include <algorithm>
#include <map>

#include "app/models/parameter_words.h"
#include "base/message.h"

namespace saseo::cli {
namespace {

constexpr std::size_t kTitleColumns = 16;

void add_line(std::string& view, std::string_view title, std::string_view value) {
  view += "  " + padded(title, kTitleColumns) + without_controls(value) + "\n";
}

std::string shape_words(const ModelConfig& config) {
  std::string words =
      say("{} layers, width {}, feed-forward {}, heads {}/{} of {}, vocabulary {}",
          "층 {}, 너비 {}, 피드포워드 {}, 헤드 {}/{}(크기 {}), 어휘 {}", config.layers, config.d,
          config.ff, config.heads, config.kv_heads, config.head_dim, config.vocab);
  if (config.window != 0) words += say(", window {}", ", 창 {}", config.window);
  return words;
}

// "Q4_K 168, F32 105": how many tensors are of each type.
std::string type_words(const Model& model) {
  std::map<std::string_view, std::size_t> counts;
  for (const TensorInfo& tensor : model.tensors) ++counts[tensor_type_info(tensor.type).name];
  std::string words;
  for (const auto& [type, count] : counts)
    words += (words.empty() ? "" : ", ") + fmt::format("{} {}", type, count);
  return words;
}

std::string dimensions(const TensorInfo& tensor) {
  std::string words;
  for (const std::uint64_t size : tensor.shape)
    words += (words.empty() ? "" : " x ") + std::to_string(size);
  return words;
}

}  // namespace

std::string models_view(const ModelRegistry& registry, const Console& console) {
  if (registry.models().empty())
    return say("No models are registered: saseo models add PATH\n",
               "등록된 모델이 없습니다: saseo models add 경로\n");
  std::size_t columns = 0;
  for (const RegisteredModel& model : registry.models())
    columns = std::max(columns, display_width(model.name));
  std::string view;
  for (const RegisteredModel& model : registry.models()) {
    const bool standard = registry.default_model() == &model;
    view +=
        (standard ? "* " : "  ") + console.out_style(Style::kBold, padded(model.name, columns + 2));
    view += padded(model.architecture, 7) + padded(app::parameter_words(model.parameters), 6) +
            padded(without_controls(model.quantization), 8) +
            padded(format_bytes(model.bytes()), 9) + without_controls(model.path.string()) + "\n";
    if (const FilesFinding finding = look_at_files(model); !finding.message.empty())
      view += "    " + console.out_style(Style::kWarning, without_controls(finding.message)) + "\n";
  }
  return view;
}

std::string model_view(const Model& model, const RegisteredModel* registered,
                       const MemoryNeed& need, std::uint32_t context, const Console& console) {
  std::string view = console.out_style(Style::kBold, without_controls(model.name)) + "\n";
  add_line(view, say("architecture", "구조"), architecture_name(model.config.architecture));
  add_line(view, say("shape", "모양"), shape_words(model.config));
  add_line(view, say("parameters", "매개변수"), app::parameter_words(model.parameters));
  add_line(view, say("quantisation", "양자화"),
           model.quantization + " (" + type_words(model) + ")");
  add_line(view, say("context", "문맥"),
           say("{} positions as trained", "학습 길이 {}", model.config.context));
  add_line(view, say("licence", "사용 조건"),
           model.license.empty() ? say("not stated in the file", "파일에 적혀 있지 않음")
                                 : model.license);
  add_line(view, say("memory", "메모리"),
           say("{} with {} positions: weights {}, keys and values {}, working memory {}",
               "{1}개 위치까지 {0}: 가중치 {2}, 키와 값 {3}, 작업 공간 {4}",
               format_bytes(need.total()), context, format_bytes(need.weights),
               format_bytes(need.cache), format_bytes(need.scratch)));
  for (const std::filesystem::path& path : model.paths)
    add_line(view, say("file", "파일"), path.string());
  if (registered == nullptr) {
    add_line(view, say("registered", "등록"), say("no", "안 됨"));
  } else {
    for (const RegisteredFile& file : registered->files) add_line(view, "SHA-256", file.sha256);
  }
  view += console.out_style(Style::kBold, say("Metadata", "메타데이터")) + "\n";
  for (const auto& [key, value] : model.metadata) {
    std::string line = without_controls(value);
    std::ranges::replace(line, '\n', ' ');
    view += "  " + without_controls(key) + " = " + line + "\n";
  }
  view += console.out_style(Style::kBold, say("Tensors", "텐서")) + "\n";
  for (const TensorInfo& tensor : model.tensors)
    view += "  " + padded(without_controls(tensor.name), 34) +
            padded(tensor_type_info(tensor.type).name, 8) + padded(dimensions(tensor), 18) +
            format_bytes(tensor.bytes) + "\n";
  return view;
}

}  // namespace saseo::cli
