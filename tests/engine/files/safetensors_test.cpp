#include "engine/files/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/engine/has_text.h"
#include "tests/engine/model_folder.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

class SafetensorsTest : public testing::Test {
 protected:
  Result<SafetensorsFile> open(std::string_view bytes) const {
    return SafetensorsFile::open(folder_.write("a.safetensors", bytes));
  }
  std::string fault(std::string_view bytes) const {
    const auto file = open(bytes);
    return file.ok() ? "opened" : file.error().message.english;
  }
  static std::string with_header(std::string_view header, std::size_t data_bytes) {
    const std::uint64_t size = header.size();
    return std::string(reinterpret_cast<const char*>(&size), 8) + std::string(header) +
           std::string(data_bytes, '\1');
  }
  // One tensor "t" in 64 bytes of data.
  std::string entry_fault(const std::string& entry) const {
    return fault(with_header(R"({"t": )" + entry + "}", 64));
  }
  static std::string small_file() {
    const std::vector<SafetensorsEntry> tensors = {{"a", "F32", {2, 3}, std::string(24, '\2')},
                                                   {"b", "BF16", {4}, std::string(8, '\3')}};
    return safetensors_bytes(tensors);
  }

  TemporaryFolder folder_;
};

TEST_F(SafetensorsTest, ReadsBackWhatWasWritten) {
  const auto file = open(small_file());
  ASSERT_TRUE(file.ok()) << file.error().message.english;
  ASSERT_EQ(file->tensors().size(), 2u);
  const SafetensorsTensor* a = file->tensor("a");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->type, TensorType::kF32);
  EXPECT_EQ(a->shape, (std::vector<std::uint64_t>{3, 2}));  // Innermost first.
  EXPECT_EQ(std::memcmp(a->data, std::string(24, '\2').data(), 24), 0);
  EXPECT_EQ(file->tensor("b")->type, TensorType::kBF16);
  EXPECT_EQ(file->tensor("c"), nullptr);
}

TEST_F(SafetensorsTest, KeepsTensorsOfOtherTypesForThoseWhoDoNotNeedThem) {
  const auto file = open(
      with_header(R"({"t": {"dtype": "F8_E4M3", "shape": [64], "data_offsets": [0, 64]}})", 64));
  ASSERT_TRUE(file.ok()) << file.error().message.english;
  EXPECT_EQ(file->tensor("t")->type, std::nullopt);
  EXPECT_EQ(file->tensor("t")->dtype, "F8_E4M3");
}

TEST_F(SafetensorsTest, AFileThatEndsAnywhereIsAnErrorNotACrash) {
  const std::string bytes = small_file();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(open(bytes.substr(0, size)).ok()) << size;
  }
}

TEST_F(SafetensorsTest, AnIncompleteDownloadNamesBothSizes) {
  const std::string bytes = small_file();
  const std::string message = fault(bytes.substr(0, bytes.size() - 5));
  EXPECT_TRUE(has_text(message, std::to_string(bytes.size() - 5) + " bytes"));
  EXPECT_TRUE(has_text(message, std::to_string(bytes.size()) + " are needed"));
}

TEST_F(SafetensorsTest, RefusesHeadersThatCannotBe) {
  std::string huge = small_file();
  std::memset(huge.data(), 0xFF, 7);
  EXPECT_TRUE(has_text(fault(huge), "claims"));
  EXPECT_TRUE(has_text(fault(with_header("{\"t\": ", 64)), "not the JSON object"));
  EXPECT_TRUE(has_text(fault(with_header(std::string(1, '{') + "\"a\":" + std::string(100, '[') +
                                             std::string(100, ']') + "}",
                                         64)),
                       "nested too deeply"));
  const std::string t = R"("t": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]})";
  EXPECT_TRUE(has_text(fault(with_header("{" + t + ", " + t + "}", 64)), "twice"));
}

TEST_F(SafetensorsTest, RefusesTensorsThatCannotBe) {
  EXPECT_EQ(entry_fault(R"({"dtype": "F32", "shape": [16], "data_offsets": [0, 64]})"), "opened");
  for (const char* entry : {"7", "{}", R"({"dtype": "F32", "shape": [16]})",
                            R"({"dtype": "F32", "shape": [-16], "data_offsets": [0, 64]})",
                            R"({"dtype": "F32", "shape": [16.0], "data_offsets": [0, 64]})",
                            R"({"dtype": "F32", "shape": [16], "data_offsets": [0, 64, 64]})"}) {
    EXPECT_TRUE(has_text(entry_fault(entry), "missing or wrong")) << entry;
  }
  EXPECT_TRUE(has_text(entry_fault(R"({"dtype": "F32", "shape": [16], "data_offsets": [64, 0]})"),
                       "do not lie"));
  EXPECT_TRUE(has_text(entry_fault(R"({"dtype": "F32", "shape": [1], "data_offsets":
      [18446744073709551612, 18446744073709551615]})"),
                       "do not lie"));
  EXPECT_TRUE(has_text(entry_fault(R"({"dtype": "F32", "shape": [8], "data_offsets": [0, 64]})"),
                       "64 bytes, its shape takes 32"));
  EXPECT_TRUE(has_text(entry_fault(R"({"dtype": "F32", "shape": [4294967296, 4294967296],
                                       "data_offsets": [0, 64]})"),
                       "shape is impossible"));
  EXPECT_TRUE(
      has_text(fault(with_header(R"({"t": {"dtype": "F32", "shape": [8], "data_offsets": [0, 32]},
                            "u": {"dtype": "F32", "shape": [8], "data_offsets": [28, 60]}})",
                                 64)),
               "overlaps"));
}

}  // namespace
}  // namespace saseo
