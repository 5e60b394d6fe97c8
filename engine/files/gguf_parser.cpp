// GgufFile::parse(): from bytes that may be anything to a checked GgufFile.
#include <algorithm>
#include <bit>
#include <cstring>

#include "base/message.h"
#include "engine/files/gguf.h"

namespace saseo {

// Walks the header once; every read is checked against what is left of the file.
class GgufFile::Parser {
 public:
  Parser(GgufFile& out, const std::filesystem::path& path)
      : out_(out), bytes_(out.file_.bytes()), path_(path) {}

  Status run() {
    SASEO_RETURN_IF_ERROR(read_head());
    for (std::uint64_t i = 0; i < value_count_; ++i) SASEO_RETURN_IF_ERROR(read_value());
    SASEO_ASSIGN_OR_RETURN(const std::uint64_t alignment, read_alignment());
    std::vector<std::uint64_t> offsets;
    for (std::uint64_t i = 0; i < tensor_count_; ++i) {
      SASEO_ASSIGN_OR_RETURN(const std::uint64_t offset, read_tensor(alignment));
      offsets.push_back(offset);
    }
    return place_tensors(alignment, offsets);
  }

 private:
  Error truncated(std::string_view what) const {
    return make_error(
        ErrorCode::kBadInput,
        "{}: the file ends at byte {} within {}: an incomplete download. Download it again.",
        "{}: 파일이 {}바이트에서 끝나 머리말({})이 온전하지 않습니다. 덜 내려받은 파일입니다. "
        "다시 내려받으세요.",
        path_.string(), bytes_.size(), what);
  }

  std::uint64_t left() const { return bytes_.size() - at_; }

  template <typename T>
  Result<T> read(std::string_view what) {
    if (left() < sizeof(T)) return truncated(what);
    T value;
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof(T);
    return value;
  }

  Result<std::string_view> read_string(std::string_view what) {
    SASEO_ASSIGN_OR_RETURN(const std::uint64_t length, read<std::uint64_t>(what));
    if (length > left()) {
      return make_error(
          ErrorCode::kBadInput,
          "{}: {} at byte {} claims {} bytes, but {} are left in the file. "
          "The file is damaged or incomplete; download it again.",
          "{0}: {2}바이트 위치의 값({1})이 {3}바이트라고 하지만 파일에 남은 것은 {4}바이트입니다. "
          "파일이 손상되었거나 덜 내려받았습니다. 다시 내려받으세요.",
          path_.string(), what, at_, length, left());
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes_.data() + at_), length);
    at_ += length;
    return text;
  }

  Status read_head() {
    at_ = 4;  // The caller knows that "GGUF" stands there.
    SASEO_ASSIGN_OR_RETURN(out_.version_, read<std::uint32_t>("version"));
    if (out_.version_ != 2 && out_.version_ != 3) {
      if (out_.version_ != 0 && (out_.version_ & 0xFFFF) == 0) {
        return make_error(
            ErrorCode::kUnsupported, "{}: a big-endian GGUF file. Take the little-endian one.",
            "{}: 빅엔디언 GGUF 파일입니다. 리틀엔디언 파일을 쓰세요.", path_.string());
      }
      return make_error(
          ErrorCode::kUnsupported,
          "{}: GGUF version {}; versions 2 and 3 are read. Convert or download it anew.",
          "{}: GGUF 버전 {}입니다. 2와 3만 읽습니다. 다시 변환하거나 내려받으세요.", path_.string(),
          out_.version_);
    }
    SASEO_ASSIGN_OR_RETURN(tensor_count_, read<std::uint64_t>("tensor count"));
    SASEO_ASSIGN_OR_RETURN(value_count_, read<std::uint64_t>("value count"));
    // The shortest value takes 13 bytes, the shortest tensor entry 32.
    if (value_count_ > left() / 13 || tensor_count_ > left() / 32) {
      return make_error(
          ErrorCode::kBadInput,
          "{}: the header claims {} tensors and {} values, more than {} bytes can hold. "
          "The file is damaged or incomplete; download it again.",
          "{}: 머리말에 텐서 {}개, 값 {}개라고 하지만 {}바이트 파일에 들어갈 수 없습니다. "
          "파일이 손상되었거나 덜 내려받았습니다. 다시 내려받으세요.",
          path_.string(), tensor_count_, value_count_, bytes_.size());
    }
    return {};
  }

  Status read_value() {
    SASEO_ASSIGN_OR_RETURN(const std::string_view key, read_string("a key"));
    SASEO_ASSIGN_OR_RETURN(const auto type, read<std::uint32_t>("a value's type"));
    SASEO_ASSIGN_OR_RETURN(GgufValue value, read_value_of(key, static_cast<GgufType>(type)));
    if (!out_.value_index_.emplace(key, out_.values_.size()).second) {
      return make_error(ErrorCode::kBadInput,
                        "{}: the key \"{}\" stands there twice. Download the file again.",
                        "{}: \"{}\" 키가 두 번 있습니다. 파일을 다시 내려받으세요.", path_.string(),
                        text_for_message(key));
    }
    out_.values_.emplace_back(key, std::move(value));
    return {};
  }

  Result<GgufValue> read_value_of(std::string_view key, GgufType type) {
    if (type == GgufType::kString) {
      SASEO_ASSIGN_OR_RETURN(const std::string_view text, read_string("a text"));
      return GgufValue(text);
    }
    if (type == GgufType::kArray) return read_array(key);
    const std::size_t size = gguf_number_bytes(type);
    if (size == 0) return unknown_type(key, type);
    if (left() < size) return truncated("a number");
    GgufValue value = gguf_number_value(type, bytes_.data() + at_);
    at_ += size;
    return value;
  }

  Result<GgufValue> read_array(std::string_view key) {
    GgufArray array;
    SASEO_ASSIGN_OR_RETURN(const auto element, read<std::uint32_t>("an array's type"));
    SASEO_ASSIGN_OR_RETURN(array.count, read<std::uint64_t>("an array's length"));
    array.element = static_cast<GgufType>(element);
    if (array.element == GgufType::kArray) {
      return make_error(ErrorCode::kUnsupported,
                        "{}: \"{}\" is an array of arrays, which no Gemma file has. Take another "
                        "conversion.",
                        "{}: \"{}\"이(가) 배열의 배열입니다. Gemma 파일에는 없는 형식입니다. 다른 "
                        "변환본을 쓰세요.",
                        path_.string(), text_for_message(key));
    }
    const bool strings = array.element == GgufType::kString;
    const std::size_t size = strings ? 8 : gguf_number_bytes(array.element);
    if (size == 0) return unknown_type(key, array.element);
    if (array.count > left() / size) {
      return make_error(ErrorCode::kBadInput,
                        "{}: \"{}\" claims {} elements, more than the {} bytes left can hold. "
                        "The file is damaged or incomplete; download it again.",
                        "{}: \"{}\" 배열이 {}개라고 하지만 남은 {}바이트에 들어갈 수 없습니다. "
                        "파일이 손상되었거나 덜 내려받았습니다. 다시 내려받으세요.",
                        path_.string(), text_for_message(key), array.count, left());
    }
    if (!strings) {
      array.numbers = bytes_.data() + at_;
      at_ += array.count * size;
      return GgufValue(std::move(array));
    }
    array.strings.reserve(array.count);
    for (std::uint64_t i = 0; i < array.count; ++i) {
      SASEO_ASSIGN_OR_RETURN(const std::string_view text, read_string("a text in an array"));
      array.strings.push_back(text);
    }
    return GgufValue(std::move(array));
  }

  Error unknown_type(std::string_view key, GgufType type) const {
    return make_error(ErrorCode::kBadInput,
                      "{}: \"{}\" has the unknown value type {}. The file is damaged, or newer "
                      "than this program.",
                      "{}: \"{}\"의 값 형식 {}을(를) 모릅니다. 파일이 손상되었거나 이 프로그램보다 "
                      "새 형식입니다.",
                      path_.string(), text_for_message(key), static_cast<std::uint32_t>(type));
  }

  Result<std::uint64_t> read_alignment() const {
    const std::uint64_t alignment = out_.number("general.alignment").value_or(32);
    if (!std::has_single_bit(alignment) || alignment < 8 || alignment > 65536) {
      return make_error(
          ErrorCode::kBadInput,
          "{}: general.alignment is {}; a power of two from 8 to 65536 was expected.",
          "{}: general.alignment가 {}입니다. 8에서 65536 사이의 2의 거듭제곱이어야 합니다.",
          path_.string(), alignment);
    }
    return alignment;
  }

  // Returns the tensor's offset.
  Result<std::uint64_t> read_tensor(std::uint64_t alignment) {
    GgufTensor tensor;
    SASEO_ASSIGN_OR_RETURN(tensor.name, read_string("a tensor's name"));
    SASEO_ASSIGN_OR_RETURN(const auto dimensions, read<std::uint32_t>("a tensor's dimensions"));
    if (dimensions == 0 || dimensions > 4) {
      return make_error(ErrorCode::kBadInput,
                        "{}: tensor \"{}\" has {} dimensions; 1 to 4 were expected.",
                        "{}: 텐서 \"{}\"의 차원이 {}개입니다. 1~4개여야 합니다.", path_.string(),
                        text_for_message(tensor.name), dimensions);
    }
    std::uint64_t elements = 1;
    for (std::uint32_t d = 0; d < dimensions; ++d) {
      SASEO_ASSIGN_OR_RETURN(const auto size, read<std::uint64_t>("a tensor's shape"));
      if (size == 0 || size > (std::uint64_t{1} << 40) / elements) {
        return make_error(ErrorCode::kBadInput,
                          "{}: tensor \"{}\" has an impossible shape ({} in dimension {}).",
                          "{0}: 텐서 \"{1}\"의 모양이 잘못되었습니다({3}차원 크기 {2}).",
                          path_.string(), text_for_message(tensor.name), size, d);
      }
      elements *= size;
      tensor.shape.push_back(size);
    }
    SASEO_ASSIGN_OR_RETURN(const auto number, read<std::uint32_t>("a tensor's type"));
    SASEO_ASSIGN_OR_RETURN(const auto offset, read<std::uint64_t>("a tensor's offset"));
    const auto type = tensor_type_of_number(number);
    if (!type) {
      const std::string_view name = tensor_type_name_of_number(number);
      return make_error(ErrorCode::kUnsupported,
                        "{}: tensor \"{}\" is stored as {}, which is not read. Take a file "
                        "quantised as Q4_0, Q4_K_M, Q5_K_M, Q6_K or Q8_0.",
                        "{}: 텐서 \"{}\"의 형식 {}은(는) 읽지 못합니다. Q4_0, Q4_K_M, Q5_K_M, "
                        "Q6_K, Q8_0으로 양자화한 파일을 쓰세요.",
                        path_.string(), text_for_message(tensor.name),
                        name.empty() ? fmt::format("type {}", number) : std::string(name));
    }
    tensor.type = *type;
    const TensorTypeInfo& info = tensor_type_info(*type);
    if (tensor.shape[0] % info.block_elements != 0) {
      return make_error(ErrorCode::kBadInput,
                        "{}: tensor \"{}\": rows of {} elements are not whole blocks of {} ({}).",
                        "{}: 텐서 \"{}\"의 행 길이 {}이(가) 블록 크기 {}({})의 배수가 아닙니다.",
                        path_.string(), text_for_message(tensor.name), tensor.shape[0],
                        info.block_elements, info.name);
    }
    tensor.bytes = elements / info.block_elements * info.block_bytes;
    if (offset % alignment != 0) {
      return make_error(ErrorCode::kBadInput,
                        "{}: tensor \"{}\" starts at {}, not a multiple of {}.",
                        "{}: 텐서 \"{}\"의 위치 {}이(가) {}의 배수가 아닙니다.", path_.string(),
                        text_for_message(tensor.name), offset, alignment);
    }
    if (!out_.tensor_index_.emplace(tensor.name, out_.tensors_.size()).second) {
      return make_error(ErrorCode::kBadInput,
                        "{}: tensor \"{}\" stands there twice. Download the file again.",
                        "{}: 텐서 \"{}\"이(가) 두 번 있습니다. 파일을 다시 내려받으세요.",
                        path_.string(), text_for_message(tensor.name));
    }
    out_.tensors_.push_back(std::move(tensor));
    return offset;
  }

  Status place_tensors(std::uint64_t alignment, const std::vector<std::uint64_t>& offsets) {
    const std::uint64_t start = (at_ + alignment - 1) / alignment * alignment;
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < offsets.size(); ++i) order.emplace_back(offsets[i], i);
    std::ranges::sort(order);
    std::uint64_t end = 0;
    for (const auto& [offset, i] : order) {
      GgufTensor& tensor = out_.tensors_[i];
      if (offset < end) {
        return make_error(ErrorCode::kBadInput,
                          "{}: tensor \"{}\" overlaps another. Download the file again.",
                          "{}: 텐서 \"{}\"이(가) 다른 텐서와 겹칩니다. 파일을 다시 내려받으세요.",
                          path_.string(), text_for_message(tensor.name));
      }
      if (start > bytes_.size() || offset > bytes_.size() - start ||
          tensor.bytes > bytes_.size() - start - offset) {
        std::uint64_t expected = 0;
        for (const auto& [at, j] : order)
          expected = std::max(expected, at + out_.tensors_[j].bytes);
        return make_error(
            ErrorCode::kBadInput,
            "{}: the file has {} bytes, {} are needed (tensor \"{}\" lies beyond its end): "
            "an incomplete download. Download it again.",
            "{}: 파일 크기는 {}바이트인데 {}바이트가 필요합니다(텐서 \"{}\"이(가) 파일 끝을 "
            "넘습니다). "
            "덜 내려받은 파일입니다. 다시 내려받으세요.",
            path_.string(), bytes_.size(), start + expected, text_for_message(tensor.name));
      }
      tensor.data = bytes_.data() + start + offset;
      end = offset + tensor.bytes;
    }
    return {};
  }

  GgufFile& out_;
  std::span<const std::byte> bytes_;
  const std::filesystem::path& path_;
  std::uint64_t at_ = 0;
  std::uint64_t tensor_count_ = 0;
  std::uint64_t value_count_ = 0;
};

Result<GgufFile> GgufFile::open(const std::filesystem::path& path) {
  SASEO_ASSIGN_OR_RETURN(MappedFile file, MappedFile::open(path));
  return parse(std::move(file), path);
}

Result<GgufFile> GgufFile::parse(MappedFile file, const std::filesystem::path& path) {
  GgufFile gguf;
  gguf.file_ = std::move(file);
  if (!gguf.file_.text().starts_with("GGUF")) {
    return make_error(ErrorCode::kBadInput, "{}: not a GGUF file: it does not begin with \"GGUF\".",
                      "{}: GGUF 파일이 아닙니다. \"GGUF\"로 시작하지 않습니다.", path.string());
  }
  SASEO_RETURN_IF_ERROR(Parser(gguf, path).run());
  return gguf;
}

}  // namespace saseo
