// open_safetensors_folder(): the weight files of a model folder, all of them.
#include <regex>
#include <set>

#include "base/message.h"
#include "base/paths.h"
#include "engine/files/gguf_value.h"
#include "engine/files/json_text.h"
#include "engine/files/safetensors.h"

namespace saseo {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMaxIndexBytes = 32 << 20;
constexpr const char* kIndexName = "model.safetensors.index.json";

Error missing_shard(const fs::path& path) {
  return make_error(ErrorCode::kNotFound,
                    "{}: this part of the model's weights is missing. Download it into that "
                    "folder.",
                    "{}: 모델 가중치의 이 부분이 없습니다. 그 폴더에 내려받으세요.", path.string());
}

// The files that an index names, which must be plain names in its folder.
Result<std::set<std::string>> shards_of_index(const nlohmann::json& index, const fs::path& path) {
  const nlohmann::json* map = json_member(index, "weight_map", nlohmann::json::value_t::object);
  std::set<std::string> shards;
  bool fits = map != nullptr && !map->empty();
  if (fits) {
    for (const auto& [tensor, file] : map->items()) {
      const std::string name = file.is_string() ? file.get<std::string>() : "";
      fits = fits && name.ends_with(".safetensors") && name.find('/') == std::string::npos;
      shards.insert(name);
    }
  }
  if (fits) return shards;
  return make_error(ErrorCode::kBadInput,
                    "{}: no weight_map from tensors to .safetensors files of its folder. Download "
                    "it again.",
                    "{}: 같은 폴더의 .safetensors 파일을 가리키는 weight_map이 없습니다. 다시 "
                    "내려받으세요.",
                    path.string());
}

// NAME-00001-of-0000N.safetensors without an index: all N must be there.
Result<std::set<std::string>> shards_by_name(const fs::path& folder) {
  static const std::regex shard_name(R"((.{1,200})-(\d{5})-of-(\d{5})\.safetensors)");
  std::set<std::string> shards;
  bool pickled = false;
  for (const std::string& name : names_in_folder(folder)) {
    pickled = pickled || name.ends_with(".bin") || name.ends_with(".pt") || name.ends_with(".pth");
    std::smatch match;
    if (name.size() > 255 || !std::regex_match(name, match, shard_name)) continue;
    shards.insert(name);
    for (unsigned long part = std::stoul(match[3].str()); part > 0; --part) {
      const fs::path other =
          folder / fmt::format("{}-{:05}-of-{}.safetensors", match[1].str(), part, match[3].str());
      if (!path_exists(other)) return missing_shard(other);
    }
  }
  if (!shards.empty()) return shards;
  if (pickled) {
    return make_error(ErrorCode::kUnsupported,
                      "{}: the weights are PyTorch pickle files, which are not read as they can "
                      "run code. Take the model as GGUF or safetensors.",
                      "{}: 가중치가 PyTorch pickle 파일입니다. 코드를 실행할 수 있는 형식이라 읽지 "
                      "않습니다. GGUF나 safetensors 모델을 쓰세요.",
                      folder.string());
  }
  return make_error(ErrorCode::kNotFound,
                    "{}: no weights in this folder (model.safetensors). Download them into it.",
                    "{}: 이 폴더에 가중치(model.safetensors)가 없습니다. 내려받아 넣으세요.",
                    folder.string());
}

Status check_index(const nlohmann::json& index, const SafetensorsFolder& opened) {
  for (const auto& [tensor, file] : index["weight_map"].items()) {
    if (opened.tensor(tensor) != nullptr) continue;
    return make_error(ErrorCode::kBadInput,
                      "{}: the tensor \"{}\" that {} names is not in it. Download both again.",
                      "{0}: {2}에 적힌 텐서 \"{1}\"이(가) 없습니다. 둘 다 다시 내려받으세요.",
                      opened.paths.front().parent_path().string(), text_for_message(tensor),
                      kIndexName);
  }
  return {};
}

}  // namespace

const SafetensorsTensor* SafetensorsFolder::tensor(std::string_view name) const {
  for (const SafetensorsFile& file : files) {
    if (const SafetensorsTensor* found = file.tensor(name)) return found;
  }
  return nullptr;
}

Result<SafetensorsFolder> open_safetensors_folder(const fs::path& folder) {
  std::set<std::string> names;
  nlohmann::json index;
  const bool indexed = path_exists(folder / kIndexName);
  if (indexed) {
    SASEO_ASSIGN_OR_RETURN(index, read_json_object(folder / kIndexName, kMaxIndexBytes));
    SASEO_ASSIGN_OR_RETURN(names, shards_of_index(index, folder / kIndexName));
  } else if (path_exists(folder / "model.safetensors")) {
    names = {"model.safetensors"};
  } else {
    SASEO_ASSIGN_OR_RETURN(names, shards_by_name(folder));
  }
  SafetensorsFolder opened;
  for (const std::string& name : names) {
    if (!path_exists(folder / name)) return missing_shard(folder / name);
    SASEO_ASSIGN_OR_RETURN(SafetensorsFile file, SafetensorsFile::open(folder / name));
    opened.files.push_back(std::move(file));
    opened.paths.push_back(folder / name);
  }
  if (indexed) SASEO_RETURN_IF_ERROR(check_index(index, opened));
  return opened;
}

}  // namespace saseo
