#include "tests/engine/gguf_writer.h"

#include <cassert>
#include <cerrno>

#include "base/files.h"

namespace saseo {
namespace {

template <typename T>
void append_number(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_string(std::string& out, std::string_view text) {
  append_number<std::uint64_t>(out, text.size());
  out += text;
}

void append_type(std::string& out, GgufType type) {
  append_number(out, static_cast<std::uint32_t>(type));
}

template <typename T>
void append_array(std::string& out, GgufType type, std::span<const T> values) {
  append_type(out, type);
  append_number<std::uint64_t>(out, values.size());
  out.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

std::uint64_t padding_after(std::uint64_t bytes) {
  return (GgufHeader::kAlignment - bytes % GgufHeader::kAlignment) % GgufHeader::kAlignment;
}

}  // namespace

void GgufHeader::key(std::string_view key, GgufType type) {
  append_string(values_, key);
  append_type(values_, type);
  ++value_count_;
}

void GgufHeader::set(std::string_view name, std::uint32_t value) {
  key(name, GgufType::kUint32);
  append_number(values_, value);
}

void GgufHeader::set(std::string_view name, std::uint16_t value) {
  key(name, GgufType::kUint16);
  append_number(values_, value);
}

void GgufHeader::set(std::string_view name, std::int32_t value) {
  key(name, GgufType::kInt32);
  append_number(values_, value);
}

void GgufHeader::set(std::string_view name, float value) {
  key(name, GgufType::kFloat32);
  append_number(values_, value);
}

void GgufHeader::set(std::string_view name, bool value) {
  key(name, GgufType::kBool);
  values_ += value ? '\1' : '\0';
}

void GgufHeader::set(std::string_view name, std::string_view text) {
  key(name, GgufType::kString);
  append_string(values_, text);
}

void GgufHeader::set(std::string_view name, std::span<const std::string> texts) {
  key(name, GgufType::kArray);
  append_type(values_, GgufType::kString);
  append_number<std::uint64_t>(values_, texts.size());
  for (const std::string& text : texts) append_string(values_, text);
}

void GgufHeader::set(std::string_view name, std::span<const float> numbers) {
  key(name, GgufType::kArray);
  append_array(values_, GgufType::kFloat32, numbers);
}

void GgufHeader::set(std::string_view name, std::span<const std::int32_t> numbers) {
  key(name, GgufType::kArray);
  append_array(values_, GgufType::kInt32, numbers);
}

void GgufHeader::add_tensor(std::string_view name, TensorType type,
                            std::vector<std::uint64_t> shape) {
  assert(!shape.empty() && shape[0] % tensor_type_info(type).block_elements == 0);
  std::uint64_t bytes = row_bytes(type, shape[0]);
  for (std::size_t i = 1; i < shape.size(); ++i) bytes *= shape[i];
  tensors_.push_back({std::string(name), type, std::move(shape), bytes});
}

std::string GgufHeader::bytes() const {
  std::string out = "GGUF";
  append_number<std::uint32_t>(out, 3);
  append_number<std::uint64_t>(out, tensors_.size());
  append_number<std::uint64_t>(out, value_count_);
  out += values_;
  std::uint64_t offset = 0;
  for (const Tensor& tensor : tensors_) {
    append_string(out, tensor.name);
    append_number(out, static_cast<std::uint32_t>(tensor.shape.size()));
    for (const std::uint64_t size : tensor.shape) append_number(out, size);
    append_number(out, static_cast<std::uint32_t>(tensor.type));
    append_number(out, offset);
    offset += tensor.bytes + padding_after(tensor.bytes);
  }
  out.append(padding_after(out.size()), '\0');
  return out;
}

Result<GgufWriter> GgufWriter::create(const std::filesystem::path& path, const GgufHeader& header) {
  GgufWriter writer;
  writer.path_ = path;
  writer.file_.open(path, std::ios::binary | std::ios::trunc);
  if (!writer.file_) return io_error(path, errno);
  for (const GgufHeader::Tensor& tensor : header.tensors()) writer.sizes_.push_back(tensor.bytes);
  const std::string bytes = header.bytes();
  writer.file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return writer;
}

Status GgufWriter::append(std::span<const std::byte> data) {
  while (!data.empty()) {
    assert(tensor_ < sizes_.size());
    const std::size_t take = std::min<std::uint64_t>(data.size(), sizes_[tensor_] - written_);
    file_.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(take));
    data = data.subspan(take);
    written_ += take;
    if (written_ < sizes_[tensor_]) break;
    static constexpr char kZeros[GgufHeader::kAlignment] = {};
    file_.write(kZeros, static_cast<std::streamsize>(padding_after(written_)));
    ++tensor_;
    written_ = 0;
  }
  if (!file_) return io_error(path_, errno);
  return {};
}

Status GgufWriter::finish() {
  assert(tensor_ == sizes_.size());
  file_.close();
  if (!file_) return io_error(path_, errno);
  return {};
}

}  // namespace saseo
