#include "engine/model/model_split.h"

#include <regex>
#include <set>

#include "base/message.h"
#include "base/paths.h"

namespace saseo {
namespace {

Error misnamed(const std::filesystem::path& path, std::uint64_t part, std::uint64_t count) {
  return make_error(ErrorCode::kBadInput,
                    "{}: part {} of {} of a split model under another name. Give the parts their "
                    "names back: NAME-{:05}-of-{:05}.gguf.",
                    "{}: 나뉜 모델의 {}번째 부분(모두 {}개)인데 이름이 다릅니다. 원래 이름 "
                    "이름-{:05}-of-{:05}.gguf로 되돌리세요.",
                    path.string(), part, count, part, count);
}

Result<GgufFile> open_part(const std::filesystem::path& path, const SplitName& name) {
  if (!path_exists(path)) {
    return make_error(ErrorCode::kNotFound,
                      "{}: part {} of {} of the model is missing. Download it into that folder.",
                      "{}: 모델의 {}번째 부분(모두 {}개)이 없습니다. 그 폴더에 내려받으세요.",
                      path.string(), name.part, name.count);
  }
  return GgufFile::open(path);
}

// Each tensor stands in one part, and all of them are there.
Status check_tensors(const GgufParts& parts) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < parts.files.size(); ++i) {
    for (const GgufTensor& tensor : parts.files[i].tensors()) {
      if (names.insert(tensor.name).second) continue;
      return make_error(ErrorCode::kBadInput,
                        "{}: tensor \"{}\" stands in an earlier part already. Download all parts "
                        "of one model again.",
                        "{}: 텐서 \"{}\"이(가) 앞 부분에도 있습니다. 한 모델의 모든 부분을 다시 "
                        "내려받으세요.",
                        parts.paths[i].string(), text_for_message(tensor.name));
    }
  }
  const auto expected = parts.files.front().number("split.tensors.count");
  if (!expected || *expected == names.size()) return {};
  return make_error(ErrorCode::kBadInput,
                    "{}: the parts hold {} tensors, {} are expected: they are of different models. "
                    "Download all parts again.",
                    "{}: 부분들에 텐서가 {}개 있는데 {}개여야 합니다. 서로 다른 모델의 부분입니다. "
                    "모두 다시 내려받으세요.",
                    parts.paths.front().string(), names.size(), *expected);
}

}  // namespace

std::filesystem::path SplitName::path_of_part(const std::filesystem::path& path,
                                              std::uint32_t wanted) const {
  return path.parent_path() / fmt::format("{}-{:05}-of-{:05}{}", stem, wanted, count, extension);
}

std::optional<SplitName> split_name_of(const std::filesystem::path& path) {
  static const std::regex parts(R"((.*)-(\d{5})-of-(\d{5})(\.gguf))", std::regex::icase);
  const std::string file = path.filename().string();
  std::smatch match;
  if (file.size() > 255 || !std::regex_match(file, match, parts)) return std::nullopt;
  const auto number = [&](int group) {
    return static_cast<std::uint32_t>(std::stoul(match[group].str()));
  };
  const SplitName name = {match[1].str(), number(2), number(3), match[4].str()};
  if (name.part == 0 || name.part > name.count) return std::nullopt;
  return name;
}

Result<GgufParts> open_other_parts(GgufFile file, const std::filesystem::path& path) {
  const std::uint64_t count = file.number("split.count").value_or(1);
  GgufParts parts;
  if (count <= 1) {
    parts.files.push_back(std::move(file));
    parts.paths.push_back(path);
    return parts;
  }
  const std::uint64_t own = file.number("split.no").value_or(0) + 1;
  std::optional<SplitName> name = split_name_of(path);
  if (!name || name->count != count || name->part != own) return misnamed(path, own, count);
  for (std::uint32_t part = 1; part <= count; ++part) {
    name->part = part;
    parts.paths.push_back(part == own ? path : name->path_of_part(path, part));
    if (part == own) continue;
    SASEO_ASSIGN_OR_RETURN(GgufFile other, open_part(parts.paths.back(), *name));
    const std::uint64_t no = other.number("split.no").value_or(0) + 1;
    if (other.number("split.count") != count || no != part) {
      return misnamed(parts.paths.back(), no, other.number("split.count").value_or(1));
    }
    parts.files.push_back(std::move(other));
  }
  parts.files.insert(parts.files.begin() + static_cast<std::ptrdiff_t>(own - 1), std::move(file));
  SASEO_RETURN_IF_ERROR(check_tensors(parts));
  return parts;
}

}  // namespace saseo
