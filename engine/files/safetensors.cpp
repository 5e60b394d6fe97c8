#include "engine/files/safetensors.h"

#include <algorithm>
#include <cstring>

#include "base/message.h"
#include "engine/files/gguf_value.h"
#include "engine/files/json_text.h"
#include "engine/files/model_file_kind.h"

namespace saseo {
namespace {

using Json = nlohmann::json;
constexpr std::uint64_t kMaxHeaderBytes = 32 << 20;
constexpr std::size_t kMaxDimensions = 8;

struct Dtype {
  std::string_view name;
  std::uint64_t bytes;
  std::optional<TensorType> type;
};

// nullptr for names that are not known: their tensors' sizes cannot be checked.
const Dtype* dtype_of(std::string_view name) {
  static constexpr Dtype kDtypes[] = {
      {"F32", 4, TensorType::kF32}, {"F16", 2, TensorType::kF16}, {"BF16", 2, TensorType::kBF16},
      {"F64", 8, std::nullopt},     {"I64", 8, std::nullopt},     {"U64", 8, std::nullopt},
      {"I32", 4, std::nullopt},     {"U32", 4, std::nullopt},     {"I16", 2, std::nullopt},
      {"U16", 2, std::nullopt},     {"I8", 1, std::nullopt},      {"U8", 1, std::nullopt},
      {"BOOL", 1, std::nullopt},    {"F8_E4M3", 1, std::nullopt}, {"F8_E5M2", 1, std::nullopt}};
  const auto* found = std::ranges::find(kDtypes, name, &Dtype::name);
  return found == std::end(kDtypes) ? nullptr : found;
}

// Non-negative integers only; nullopt otherwise.
std::optional<std::vector<std::uint64_t>> numbers_of(const Json& object, const char* name) {
  const Json* array = json_member(object, name, Json::value_t::array);
  if (array == nullptr) return std::nullopt;
  std::vector<std::uint64_t> numbers;
  for (const Json& number : *array) {
    if (!number.is_number_unsigned()) return std::nullopt;
    numbers.push_back(number.get<std::uint64_t>());
  }
  return numbers;
}

// What is wrong with a tensor's entry; empty when nothing is. Fills the tensor.
Message read_entry(const Json& entry, std::uint64_t data_bytes, std::uint64_t& begin,
                   SafetensorsTensor& tensor) {
  tensor.dtype = json_text(entry, "dtype");
  const auto shape = numbers_of(entry, "shape");
  const auto offsets = numbers_of(entry, "data_offsets");
  if (tensor.dtype.empty() || !shape || shape->size() > kMaxDimensions || !offsets ||
      offsets->size() != 2) {
    return message("dtype, shape or data_offsets are missing or wrong",
                   "dtype, shape, data_offsets가 없거나 잘못됨");
  }
  begin = (*offsets)[0];
  const std::uint64_t end = (*offsets)[1];
  if (begin > end || end > data_bytes) {
    return message("its data_offsets {} to {} do not lie within the {} bytes of data",
                   "data_offsets {}~{}이(가) 데이터 {}바이트 안에 있지 않음", begin, end,
                   data_bytes);
  }
  tensor.bytes = end - begin;
  tensor.shape.assign(shape->rbegin(), shape->rend());
  const Dtype* dtype = dtype_of(tensor.dtype);
  if (dtype == nullptr) return {};
  tensor.type = dtype->type;
  std::uint64_t expected = dtype->bytes;
  for (const std::uint64_t size : *shape) {
    if (size != 0 && expected > (std::uint64_t{1} << 60) / size) {
      return message("its shape is impossible", "모양이 잘못됨");
    }
    expected *= size;
  }
  if (expected == tensor.bytes) return {};
  return message("it has {} bytes, its shape takes {}", "{}바이트인데 모양대로면 {}바이트여야 함",
                 tensor.bytes, expected);
}

Error incomplete(const std::filesystem::path& path, std::uint64_t found, std::uint64_t expected) {
  return make_error(ErrorCode::kBadInput,
                    "{}: the file has {} bytes, {} are needed: an incomplete download. Download it "
                    "again.",
                    "{}: 파일 크기는 {}바이트인데 {}바이트가 필요합니다. 덜 내려받은 파일입니다. "
                    "다시 내려받으세요.",
                    path.string(), found, expected);
}

// The furthest end that the header speaks of, for a file that is too short.
std::uint64_t furthest_end(const Json& header) {
  std::uint64_t end = 0;
  for (const auto& [name, entry] : header.items()) {
    const auto offsets = numbers_of(entry, "data_offsets");
    if (offsets && offsets->size() == 2) end = std::max(end, (*offsets)[1]);
  }
  return end;
}

}  // namespace

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
  SASEO_ASSIGN_OR_RETURN(MappedFile file, MappedFile::open(path));
  return parse(std::move(file), path);
}

Result<SafetensorsFile> SafetensorsFile::parse(MappedFile mapped,
                                               const std::filesystem::path& path) {
  SafetensorsFile file;
  file.file_ = std::move(mapped);
  const std::string_view bytes = file.file_.text();
  if (bytes.size() < 10 || bytes[8] != '{') return explain_foreign_file(path, bytes);
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), 8);
  if (header_bytes > kMaxHeaderBytes) {
    return make_error(ErrorCode::kBadInput,
                      "{}: its header claims {} bytes, more than the {} of any model. The file is "
                      "damaged or none of safetensors; download it again.",
                      "{}: 머리말이 {}바이트라고 하는데 한도 {}바이트를 넘습니다. 손상되었거나 "
                      "safetensors 파일이 아닙니다. 다시 내려받으세요.",
                      path.string(), header_bytes, kMaxHeaderBytes);
  }
  if (header_bytes > bytes.size() - 8) return incomplete(path, bytes.size(), header_bytes + 8);
  SASEO_ASSIGN_OR_RETURN(const Json header, parse_json_object(bytes.substr(8, header_bytes), path));
  const std::uint64_t data_bytes = bytes.size() - 8 - header_bytes;
  const std::uint64_t needed = furthest_end(header);
  if (needed > data_bytes && needed < (std::uint64_t{1} << 60)) {
    return incomplete(path, bytes.size(), 8 + header_bytes + needed);
  }

  std::vector<std::pair<std::uint64_t, SafetensorsTensor>> found;  // By where they begin.
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    auto& [begin, tensor] = found.emplace_back();
    tensor.name = name;
    const Message fault = read_entry(entry, data_bytes, begin, tensor);
    if (!fault.empty()) {
      return make_error(ErrorCode::kBadInput,
                        "{}: tensor \"{}\": {}. The file is damaged; download it again.",
                        "{}: 텐서 \"{}\": {}. 손상된 파일입니다. 다시 내려받으세요.", path.string(),
                        text_for_message(name), fault);
    }
    tensor.data = file.file_.bytes().data() + 8 + header_bytes + begin;
  }
  std::ranges::sort(found, {}, [](const auto& entry) {
    return std::tuple(entry.first, entry.second.bytes, std::string_view(entry.second.name));
  });
  std::uint64_t end = 0;
  for (auto& [begin, tensor] : found) {
    if (begin < end && tensor.bytes > 0) {
      return make_error(ErrorCode::kBadInput,
                        "{}: tensor \"{}\" overlaps another. Download the file again.",
                        "{}: 텐서 \"{}\"이(가) 다른 텐서와 겹칩니다. 파일을 다시 내려받으세요.",
                        path.string(), text_for_message(tensor.name));
    }
    end = std::max(end, begin + tensor.bytes);
    file.index_.emplace(tensor.name, file.tensors_.size());
    file.tensors_.push_back(std::move(tensor));
  }
  return file;
}

const SafetensorsTensor* SafetensorsFile::tensor(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &tensors_[found->second];
}

}  // namespace saseo
