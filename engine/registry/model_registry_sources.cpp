#include "engine/registry/model_registry_sources.h"

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "base/files.h"
#include "base/json.h"
#include "base/message.h"
#include "base/paths.h"
#include "base/utf8.h"

namespace saseo {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxManifestBytes = 4 << 20;
constexpr std::string_view kOllamaModelLayer = "application/vnd.ollama.image.model";

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// A part of a path that a name may become: no way out of the store.
bool is_plain_part(const std::string& part) {
  return !part.empty() && part != "." && part != ".." && part.find('/') == std::string::npos &&
         part.find('\0') == std::string::npos;
}

Message listed(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? message("none", "없음") : untranslated(text);
}

Message listed(const std::vector<fs::path>& folders) {
  std::string text;
  for (const fs::path& folder : folders) text += (text.empty() ? "" : ", ") + folder.string();
  return text.empty() ? message("none", "없음") : untranslated(text);
}

const std::regex& split_part() {
  static const std::regex part(R"(-(\d{5})-of-(\d{5})\.gguf$)", std::regex::icase);
  return part;
}

fs::path first_part(const fs::path& file) {
  const std::string name = file.filename().string();
  std::smatch match;
  if (!std::regex_search(name, match, split_part())) return file;
  return file.parent_path() /
         (match.prefix().str() + "-00001-of-" + match[2].str() + name.substr(name.size() - 5));
}

// A folder of safetensors as it is; of GGUF files the one model, whatever its parts.
Result<ModelSource> source_of_folder(const fs::path& folder) {
  const std::set<std::string> names = names_in_folder(folder);
  const bool has_weights = std::ranges::any_of(
      names, [](const std::string& name) { return name.ends_with(".safetensors"); });
  if (names.contains("config.json") && has_weights)
    return ModelSource{folder, model_name_of(folder)};
  std::set<std::string> models;
  for (const std::string& name : names) {
    // "mmproj": the picture reader that goes with a model.
    if (fs::path(name).extension() == ".gguf" && !name.starts_with("mmproj"))
      models.insert(first_part(name).string());
  }
  if (models.size() == 1)
    return ModelSource{folder / *models.begin(), model_name_of(*models.begin())};
  if (models.empty())
    return make_error(ErrorCode::kNotFound,
                      "{}: no model in this folder: neither config.json with safetensors nor a "
                      ".gguf file",
                      "{}: 이 폴더에 모델이 없습니다. config.json과 safetensors도, .gguf 파일도 "
                      "없습니다",
                      folder.string());
  return make_error(ErrorCode::kInvalidArgument, "{}: several models in this folder, name one: {}",
                    "{}: 이 폴더에 모델이 여럿 있습니다. 하나를 지정하세요: {}", folder.string(),
                    listed(models));
}

// models--ORG--NAME: the snapshot of refs/main, or the only one.
Result<ModelSource> source_of_cache(const fs::path& folder) {
  const fs::path snapshots = folder / "snapshots";
  const std::set<std::string> revisions = names_in_folder(snapshots);
  std::string revision;
  if (const Result<std::string> main = read_file(folder / "refs" / "main", 4096); main.ok())
    revision = trim(*main);
  if (!revisions.contains(revision)) {
    if (revisions.size() != 1)
      return make_error(ErrorCode::kNotFound,
                        "{}: refs/main names no snapshot that is here; name the folder of one: {}",
                        "{}: refs/main이 가리키는 스냅숏이 없습니다. 스냅숏 폴더를 직접 "
                        "지정하세요: {}",
                        snapshots.string(), listed(revisions));
    revision = *revisions.begin();
  }
  SASEO_ASSIGN_OR_RETURN(ModelSource source, source_of_folder(snapshots / revision));
  if (source.path == snapshots / revision) {  // Named by a hash: the cache's folder tells better.
    const std::string name = folder.filename().string();
    source.name = model_name_of(name.substr(name.rfind("--") + 2));
  }
  return source;
}

Result<ModelSource> source_of_hugging_face(const std::string& name, const ModelStores& stores) {
  const std::vector<std::string> parts = split(name, '/');
  if (parts.size() != 2 || !std::ranges::all_of(parts, is_plain_part))
    return make_error(ErrorCode::kInvalidArgument, "hf:{}: expected hf:ORGANISATION/NAME",
                      "hf:{}: hf:조직/이름 꼴이어야 합니다", name);
  for (const fs::path& store : stores.hugging_face) {
    const fs::path folder = store / ("models--" + parts[0] + "--" + parts[1]);
    if (path_exists(folder)) return source_of_cache(folder);
  }
  return make_error(ErrorCode::kNotFound,
                    "hf:{}: not in the Hugging Face cache (looked in {}); saseo downloads nothing: "
                    "fetch it with huggingface-cli download {}",
                    "hf:{}: Hugging Face 캐시에 없습니다(찾은 곳: {}). saseo는 내려받지 않습니다. "
                    "huggingface-cli download {}(으)로 받으세요",
                    name, listed(stores.hugging_face), name);
}

// "gemma2:2b", "user/model", "hf.co/org/repo:Q4_K_M".
struct OllamaName {
  fs::path folder;  // "registry.ollama.ai/library/gemma2"
  std::string model, tag;
};

std::optional<OllamaName> parse_ollama_name(const std::string& text) {
  OllamaName name;
  const std::size_t colon = text.rfind(':');
  name.tag = colon == std::string::npos ? "latest" : text.substr(colon + 1);
  std::vector<std::string> parts = split(text.substr(0, colon), '/');
  if (parts.size() > 3 || !is_plain_part(name.tag) || !std::ranges::all_of(parts, is_plain_part))
    return std::nullopt;
  name.model = parts.back();
  if (parts.size() == 1) parts.insert(parts.begin(), "library");
  if (parts.size() == 2) parts.insert(parts.begin(), "registry.ollama.ai");
  for (const std::string& part : parts) name.folder /= part;
  return name;
}

// The digest of the weights that a manifest names: "sha256-<64 digits>", as blobs are called.
Result<std::string> blob_of_manifest(const fs::path& manifest) {
  SASEO_ASSIGN_OR_RETURN(const std::string text, read_file(manifest, kMaxManifestBytes));
  const nlohmann::json json = parsed_json(text);
  static const std::regex sha256("sha256:[0-9a-f]{64}");
  if (json.is_object() && json.contains("layers") && json["layers"].is_array()) {
    for (const nlohmann::json& layer : json["layers"]) {
      if (!layer.is_object() || layer.value("mediaType", nlohmann::json()) != kOllamaModelLayer)
        continue;
      const nlohmann::json digest = layer.value("digest", nlohmann::json());
      if (!digest.is_string() || !std::regex_match(digest.get<std::string>(), sha256)) break;
      return "sha256-" + digest.get<std::string>().substr(7);
    }
  }
  return make_error(ErrorCode::kBadInput,
                    "{}: this Ollama manifest names no model (a layer of {} with a sha256 digest)",
                    "{}: 이 Ollama 목록에 모델이 없습니다(sha256 값이 있는 {} 층)",
                    manifest.string(), kOllamaModelLayer);
}

Result<ModelSource> source_of_ollama(const std::string& text, const ModelStores& stores) {
  const std::optional<OllamaName> name = parse_ollama_name(text);
  if (!name)
    return make_error(ErrorCode::kInvalidArgument, "ollama:{}: expected ollama:NAME:TAG",
                      "ollama:{}: ollama:이름:태그 꼴이어야 합니다", text);
  std::set<std::string> tags;
  for (const fs::path& store : stores.ollama) {
    const fs::path folder = store / "manifests" / name->folder;
    if (!path_exists(folder / name->tag)) {
      tags.merge(names_in_folder(folder));
      continue;
    }
    SASEO_ASSIGN_OR_RETURN(const std::string blob, blob_of_manifest(folder / name->tag));
    const fs::path file = store / "blobs" / blob;
    if (!path_exists(file))
      return make_error(ErrorCode::kNotFound,
                        "{}: the manifest of {} names this blob, but it is not there; run ollama "
                        "pull {} again",
                        "{}: {}의 목록이 가리키는 파일이 없습니다. ollama pull {}을(를) 다시 "
                        "실행하세요",
                        file.string(), text, text);
    const std::string tag = name->tag == "latest" ? "" : " " + name->tag;
    return ModelSource{file, model_name_of_title(name->model + tag)};
  }
  return make_error(ErrorCode::kNotFound,
                    "ollama:{}: not in the Ollama stores {}; tags of that model there: {}",
                    "ollama:{}: Ollama 저장소 {}에 없습니다. 그 모델의 태그: {}", text,
                    listed(stores.ollama), listed(tags));
}

}  // namespace

Result<ModelSource> find_model_source(const std::string& text, const ModelStores& stores) {
  if (text.starts_with("ollama:")) return source_of_ollama(text.substr(7), stores);
  if (text.starts_with("hf:")) return source_of_hugging_face(text.substr(3), stores);
  std::error_code failure;
  fs::path path = fs::absolute(text, failure).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();  // "folder/"
  const fs::file_status status = fs::status(path, failure);
  if (!fs::exists(status)) return io_error(path, failure ? failure.value() : ENOENT);
  if (fs::is_directory(status))
    return path_exists(path / "snapshots") ? source_of_cache(path) : source_of_folder(path);
  return ModelSource{first_part(path), model_name_of(path)};
}

std::string model_name_of(const fs::path& path) {
  std::string name = path.filename().string();
  if (name.starts_with("sha256-")) return "";  // A blob: its name is its content.
  static const std::regex ends(
      R"((-\d{5}-of-\d{5})?\.gguf$|-gguf$|[-._](I?Q\d(_\w+)*|TQ\d_\d|B?F(16|32)|FP(16|32)|UD)$)",
      std::regex::icase);
  for (std::string before; before != name;) {
    before = name;
    name = std::regex_replace(name, ends, "", std::regex_constants::format_first_only);
  }
  return model_name_of_title(name);
}

std::string model_name_of_title(std::string_view title) {
  std::string name;
  for (const char32_t c : to_utf32(title)) {
    const bool stays = is_letter_or_digit(c) || c == '.' || c == '_' || c == '+';
    if (stays)
      append_utf8(name, c);
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  const std::size_t first = name.find_first_not_of("._:+-");
  const std::size_t last = name.find_last_not_of("._:+-");
  return first == std::string::npos ? "" : name.substr(first, last - first + 1);
}

}  // namespace saseo
