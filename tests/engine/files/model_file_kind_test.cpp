#include "engine/files/model_file_kind.h"

#include <gtest/gtest.h>

#include "engine/model/model.h"
#include "tests/engine/has_text.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

using namespace std::string_literals;

class ModelFileKindTest : public testing::Test {
 protected:
  std::string fault(std::string_view bytes, const std::string& name = "model.gguf") const {
    const Result<Model> model = open_model(folder_.write(name, bytes));
    return model.ok() ? "opened" : model.error().message.english;
  }
  TemporaryFolder folder_;
};

TEST_F(ModelFileKindTest, SaysWhatAWrongFileIs) {
  EXPECT_TRUE(has_text(fault(""), "empty (0 bytes)"));
  EXPECT_TRUE(has_text(fault("<!DOCTYPE html>\n<html><body>Sign in</body></html>"), "a web page"));
  EXPECT_TRUE(has_text(fault("\xEF\xBB\xBF\n <HTML>"), "a web page"));
  EXPECT_TRUE(has_text(fault("PK\x03\x04zip"), "pickle"));
  EXPECT_TRUE(has_text(fault("\x80\x02}q\x00."s, "pytorch_model.bin"), "pickle"));
  EXPECT_TRUE(has_text(fault("\x1F\x8B\x08"), "compressed archive"));
  EXPECT_TRUE(has_text(fault("lmgg\x01"), "before 2023-08"));
  EXPECT_TRUE(has_text(fault(std::string(4096, '\0')), "zeros"));
  EXPECT_TRUE(has_text(fault("just words"), "not a model"));
}

TEST_F(ModelFileKindTest, AGitLfsPointerTellsTheSizeOfWhatIsMissing) {
  const std::string message =
      fault("version https://git-lfs.github.com/spec/v1\noid sha256:00ff\nsize 1629509152\n");
  EXPECT_TRUE(has_text(message, "Git LFS pointer"));
  EXPECT_TRUE(has_text(message, "1629509152"));
  EXPECT_TRUE(has_text(message, "git lfs pull"));
}

TEST_F(ModelFileKindTest, ASafetensorsFileAloneAsksForItsFolder) {
  EXPECT_TRUE(has_text(fault("\x02\0\0\0\0\0\0\0{}"s, "model.safetensors"), "config.json"));
}

TEST_F(ModelFileKindTest, APieceCutByBytesHasToBeJoined) {
  for (const std::string name : {"m.gguf.part1of2", "m.gguf-split-a", "m.gguf.part2"}) {
    EXPECT_TRUE(has_text(fault("GGUF", name), "cat PIECES > m.gguf")) << name;
  }
}

TEST_F(ModelFileKindTest, AFileThatIsNotThereIsNotFound) {
  const Result<Model> model = open_model(folder_ / "none.gguf");
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace saseo
