#include "app/models/mapped_file_guard.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/files.h"

namespace saseo::app {
namespace {
namespace fs = std::filesystem;

class CutFile : public testing::Test {
 protected:
  CutFile() {
    std::string name = (fs::temp_directory_path() / "saseo-cut-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    for (const char* file : {"one.gguf", "two.gguf"})
      std::ofstream(folder_ / file, std::ios::binary) << std::string(64 << 10, 'x');
  }
  ~CutFile() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  static void install_handler() {
    install_mapped_file_handler(
        {.any_file = "a file was cut short",
         .one_file = [](const fs::path& file) { return file.string() + " was cut short"; },
         .exit_code = 3});
  }

  // Maps both files, cuts `cut` to nothing, and reads it.
  void read_after_cutting(const std::string& cut, bool guarded) const {
    install_handler();
    const Result<MappedFile> one = MappedFile::open(folder_ / "one.gguf");
    const Result<MappedFile> two = MappedFile::open(folder_ / "two.gguf");
    std::vector<MappedFileGuard> guards;
    if (guarded) {
      guards.emplace_back(one->bytes(), folder_ / "one.gguf");
      guards.emplace_back(two->bytes(), folder_ / "two.gguf");
    }
    fs::resize_file(folder_ / cut, 0);
    const volatile char* text = (cut == "one.gguf" ? one : two)->text().data();
    ::_exit(text[4096] == 'x' ? 0 : 1);
  }

  fs::path folder_;
};

TEST_F(CutFile, EndsTheProgramWithASentenceThatNamesIt) {
  EXPECT_EXIT(read_after_cutting("one.gguf", true), testing::ExitedWithCode(3),
              "one.gguf was cut short");
  EXPECT_EXIT(read_after_cutting("two.gguf", true), testing::ExitedWithCode(3),
              "two.gguf was cut short");
}

TEST_F(CutFile, IsToldWithoutANameWhenNobodyGuardsIt) {
  EXPECT_EXIT(read_after_cutting("one.gguf", false), testing::ExitedWithCode(3),
              "a file was cut short");
}

TEST_F(CutFile, IsNamedAfterManyGuardsCameAndWent) {
  const auto after_many = [this] {
    install_handler();
    const std::vector<std::byte> bytes(16);
    for (int i = 0; i < 1000; ++i) const MappedFileGuard guard(bytes, "/a/model.gguf");
    {
      std::vector<MappedFileGuard> many;
      for (int i = 0; i < 100; ++i) many.emplace_back(bytes, "/a/model.gguf");  // More than places.
    }
    read_after_cutting("two.gguf", true);  // Only where the places came back.
  };
  EXPECT_EXIT(after_many(), testing::ExitedWithCode(3), "two.gguf");
}

}  // namespace
}  // namespace saseo::app
