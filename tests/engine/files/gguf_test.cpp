#include "engine/files/gguf.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/engine/gguf_writer.h"
#include "tests/engine/has_text.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

template <typename T>
std::string bytes_of(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
std::string string_bytes(std::string_view text) {
  return bytes_of<std::uint64_t>(text.size()) + std::string(text);
}

class GgufTest : public testing::Test {
 protected:
  Result<GgufFile> open(std::string_view bytes) const {
    return GgufFile::open(folder_.write("a.gguf", bytes));
  }
  std::string fault(std::string_view bytes) const {
    const Result<GgufFile> file = open(bytes);
    return file.ok() ? "opened" : file.error().message.english;
  }
  // "GGUF" | version | tensors | values | rest
  static std::string head(std::uint64_t tensors, std::uint64_t values, std::uint32_t version = 3) {
    return "GGUF" + bytes_of(version) + bytes_of(tensors) + bytes_of(values);
  }
  static std::string value(std::string_view key, std::uint32_t type, std::string_view payload) {
    return string_bytes(key) + bytes_of(type) + std::string(payload);
  }
  static std::string tensor(std::string_view name, std::vector<std::uint64_t> shape,
                            std::uint32_t type, std::uint64_t offset) {
    std::string out = string_bytes(name) + bytes_of(static_cast<std::uint32_t>(shape.size()));
    for (const std::uint64_t size : shape) out += bytes_of(size);
    return out + bytes_of(type) + bytes_of(offset);
  }
  // Two tensors of 8 floats each: data of 64 bytes.
  static std::string small_file() {
    GgufHeader header;
    header.set("general.architecture", "gemma2");
    header.add_tensor("a", TensorType::kF32, {8});
    header.add_tensor("b", TensorType::kF32, {8});
    return header.bytes() + std::string(64, '\1');
  }

  TemporaryFolder folder_;
};

TEST_F(GgufTest, ReadsBackWhatTheWriterWrote) {
  const std::vector<std::string> texts = {"가", "", "b"};
  const std::vector<float> reals = {0.5f, -1.0f};
  const std::vector<std::int32_t> numbers = {-7, 8};
  GgufHeader header;
  header.set("text", "한국어");
  header.set("u32", std::uint32_t{4'000'000'000});
  header.set("u16", std::uint16_t{65535});
  header.set("i32", std::int32_t{-5});
  header.set("real", 0.25f);
  header.set("flag", true);
  header.set("texts", texts);
  header.set("reals", reals);
  header.set("numbers", numbers);
  header.add_tensor("first", TensorType::kQ4_0, {64, 3});  // 108 bytes, padded to 128.
  header.add_tensor("second", TensorType::kF16, {5});
  std::vector<std::byte> data(118);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i);
  auto writer = GgufWriter::create(folder_ / "w.gguf", header);
  ASSERT_TRUE(writer.ok());
  // In pieces that do not fall together with the tensors.
  ASSERT_TRUE(writer->append(std::span(data).first(100)).ok());
  ASSERT_TRUE(writer->append(std::span(data).subspan(100)).ok());
  ASSERT_TRUE(writer->finish().ok());

  const auto file = GgufFile::open(folder_ / "w.gguf");
  ASSERT_TRUE(file.ok()) << file.error().message.english;
  EXPECT_EQ(file->version(), 3u);
  EXPECT_EQ(file->text("text"), "한국어");
  EXPECT_EQ(file->number("u32"), 4'000'000'000u);
  EXPECT_EQ(file->number("u16"), 65535u);
  EXPECT_EQ(file->number("i32"), std::nullopt);  // Negative: no count.
  EXPECT_EQ(file->real("real"), 0.25);
  EXPECT_EQ(file->flag("flag"), true);
  EXPECT_EQ(file->number("text"), std::nullopt);
  EXPECT_EQ(file->text("none"), "");
  EXPECT_EQ(file->array("texts")->strings, (std::vector<std::string_view>{"가", "", "b"}));
  EXPECT_EQ(gguf_number(*file->array("reals"), 1), -1.0);
  EXPECT_EQ(gguf_number(*file->array("numbers"), 0), -7.0);
  ASSERT_EQ(file->tensors().size(), 2u);
  const GgufTensor* first = file->tensor("first");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->shape, (std::vector<std::uint64_t>{64, 3}));
  EXPECT_EQ(std::memcmp(first->data, data.data(), 108), 0);
  const GgufTensor* second = file->tensor("second");
  EXPECT_EQ(second->type, TensorType::kF16);
  EXPECT_EQ(std::memcmp(second->data, data.data() + 108, 10), 0);
  EXPECT_EQ(file->tensor("third"), nullptr);
}

TEST_F(GgufTest, ReadsVersionTwoAsVersionThree) {
  std::string bytes = small_file();
  bytes[4] = 2;
  const auto file = open(bytes);
  ASSERT_TRUE(file.ok()) << file.error().message.english;
  EXPECT_EQ(file->version(), 2u);
}

TEST_F(GgufTest, RefusesOtherVersionsAndByteOrdersByName) {
  EXPECT_TRUE(has_text(fault(head(0, 0, 1)), "GGUF version 1; versions 2 and 3"));
  EXPECT_TRUE(has_text(fault(head(0, 0, 4)), "GGUF version 4"));
  EXPECT_TRUE(has_text(fault(head(0, 0, 0x03000000)), "big-endian"));
}

TEST_F(GgufTest, AFileThatEndsAnywhereIsAnErrorNotACrash) {
  const std::string bytes = small_file();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(open(bytes.substr(0, size)).ok()) << size;
  }
  EXPECT_TRUE(open(bytes).ok());
}

TEST_F(GgufTest, AnIncompleteDownloadNamesBothSizes) {
  const std::string bytes = small_file();
  const std::string message = fault(bytes.substr(0, bytes.size() - 20));
  EXPECT_TRUE(has_text(message, std::to_string(bytes.size() - 20) + " bytes"));
  EXPECT_TRUE(has_text(message, std::to_string(bytes.size()) + " are needed"));
  EXPECT_TRUE(has_text(message, "incomplete download"));
}

TEST_F(GgufTest, CountsBeyondTheFileAllocateNothing) {
  const std::uint64_t huge = std::uint64_t{1} << 63;
  EXPECT_TRUE(has_text(fault(head(huge, 0)), "9223372036854775808 tensors"));
  EXPECT_TRUE(has_text(fault(head(0, huge)), "9223372036854775808 values"));
  EXPECT_TRUE(
      has_text(fault(head(0, 1) + bytes_of<std::uint64_t>(0x100000000) + std::string(64, 'x')),
               "claims 4294967296 bytes"));
  EXPECT_TRUE(
      has_text(fault(head(0, 1) + value("k", 9, bytes_of<std::uint32_t>(4) + bytes_of(huge))),
               "claims 9223372036854775808 elements"));
  EXPECT_TRUE(
      has_text(fault(head(0, 1) + value("k", 9, bytes_of<std::uint32_t>(8) + bytes_of(huge))),
               "claims 9223372036854775808 elements"));
}

TEST_F(GgufTest, RefusesValuesOfUnknownShape) {
  const std::string room(64, '\0');
  EXPECT_TRUE(has_text(fault(head(0, 1) + value("k", 13, room)), "unknown value type 13"));
  EXPECT_TRUE(has_text(fault(head(0, 1) + value("k", 9, bytes_of<std::uint32_t>(99) + room)),
                       "unknown value type 99"));
  EXPECT_TRUE(has_text(fault(head(0, 1) + value("k", 9, bytes_of<std::uint32_t>(9) + room)),
                       "array of arrays"));
  const std::string twice = value("k", 0, "a") + value("k", 0, "b");
  EXPECT_TRUE(has_text(fault(head(0, 2) + twice + room), "\"k\" stands there twice"));
}

TEST_F(GgufTest, RefusesAlignmentsThatAreNone) {
  for (const std::uint32_t alignment : {0u, 1u, 24u, 1u << 17}) {
    GgufHeader header;
    header.set("general.alignment", alignment);
    EXPECT_TRUE(has_text(fault(header.bytes()), "general.alignment")) << alignment;
  }
}

TEST_F(GgufTest, RefusesTensorsThatCannotBe) {
  const std::string data(256, '\0');
  const auto one = [&](const std::string& entry) { return fault(head(1, 0) + entry + data); };
  EXPECT_EQ(one(tensor("t", {8}, 0, 0)), "opened");
  EXPECT_TRUE(has_text(one(tensor("t", {}, 0, 0)), "0 dimensions"));
  EXPECT_TRUE(has_text(one(tensor("t", {1, 1, 1, 1, 1}, 0, 0)), "5 dimensions"));
  EXPECT_TRUE(has_text(one(tensor("t", {8, 0}, 0, 0)), "impossible shape"));
  const std::uint64_t huge = std::uint64_t{1} << 33;
  EXPECT_TRUE(has_text(one(tensor("t", {huge, huge}, 0, 0)), "impossible shape"));
  EXPECT_TRUE(has_text(one(tensor("t", {33}, 2, 0)), "not whole blocks of 32 (Q4_0)"));
  EXPECT_TRUE(has_text(one(tensor("t", {8}, 0, 7)), "not a multiple of 32"));
  EXPECT_TRUE(has_text(one(tensor("t", {8}, 0, std::uint64_t{0} - 32)), "incomplete download"));
  EXPECT_TRUE(has_text(fault(head(2, 0) + tensor("t", {8}, 0, 0) + tensor("t", {8}, 0, 32) + data),
                       "stands there twice"));
  EXPECT_TRUE(has_text(fault(head(2, 0) + tensor("t", {16}, 0, 0) + tensor("u", {8}, 0, 32) + data),
                       "overlaps"));
}

TEST_F(GgufTest, NamesATypeThatIsNotReadAndWhatToTake) {
  const std::string data(256, '\0');
  const std::string known = fault(head(1, 0) + tensor("t", {256}, 17, 0) + data);
  EXPECT_TRUE(has_text(known, "\"t\" is stored as IQ2_XS"));
  EXPECT_TRUE(has_text(known, "Q4_K_M"));
  EXPECT_TRUE(has_text(fault(head(1, 0) + tensor("t", {256}, 77, 0) + data), "type 77"));
}

TEST_F(GgufTest, NamesFromTheFileCannotSteerATerminal) {
  const std::string message =
      fault(head(1, 0) + tensor("\x1b[2J\xff", {8}, 77, 0) + std::string(64, '\0'));
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
  EXPECT_TRUE(has_text(message, "\"?[2J\uFFFD\""));
}

TEST_F(GgufTest, EveryByteOfAHeaderMayBeWrong) {
  const std::string bytes = small_file();
  std::size_t refused = 0, opened = 0;
  for (std::size_t at = 0; at < bytes.size() - 64; ++at) {
    for (const unsigned char changed : {0x00, 0x7F, 0xFF}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(changed);
      const auto file = open(damaged);
      ++(file.ok() ? opened : refused);
      if (!file.ok()) continue;
      for (const GgufTensor& t : file->tensors()) {
        volatile std::byte last = t.data[t.bytes - 1];  // Faults when outside the mapping.
        (void)last;
      }
    }
  }
  EXPECT_GT(refused, 0U);
  EXPECT_GT(opened, 0U);
}

}  // namespace
}  // namespace saseo
