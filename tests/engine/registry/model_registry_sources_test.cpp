#include "engine/registry/model_registry_sources.h"

#include <gtest/gtest.h>

#include <fstream>

namespace saseo {
namespace {
namespace fs = std::filesystem;

class ModelSourcesTest : public testing::Test {
 protected:
  ModelSourcesTest() {
    std::string name = (fs::temp_directory_path() / "saseo-sources-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    stores_.ollama = {folder_ / "no-such-store", folder_ / "ollama"};
    stores_.hugging_face = {folder_ / "hub"};
  }
  ~ModelSourcesTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  fs::path write(const std::string& name, const std::string& content = "x") const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  static std::string manifest(const std::string& digest) {
    return R"({"schemaVersion":2,"layers":[)"
           R"({"mediaType":"application/vnd.ollama.image.license","digest":"sha256:00"},)"
           R"({"mediaType":"application/vnd.ollama.image.model","digest":")" +
           digest + R"(","size":1}]})";
  }
  Result<ModelSource> find(const std::string& text) const {
    return find_model_source(text, stores_);
  }

  fs::path folder_;
  ModelStores stores_;
};

TEST(ModelNameOf, LeavesOutPartAndQuantisation) {
  EXPECT_EQ(model_name_of("/a/gemma-2-2b-it-Q4_K_M.gguf"), "gemma-2-2b-it");
  EXPECT_EQ(model_name_of("gemma-2-9b-it.Q8_0.gguf"), "gemma-2-9b-it");
  EXPECT_EQ(model_name_of("gemma-3-4b-it-q4_0.gguf"), "gemma-3-4b-it");
  EXPECT_EQ(model_name_of("gemma-2-27b-it-f16-00001-of-00003.gguf"), "gemma-2-27b-it");
  EXPECT_EQ(model_name_of("gemma-3-12b-it-UD-Q4_K_XL.gguf"), "gemma-3-12b-it");
  EXPECT_EQ(model_name_of("gemma-2-2b-it-IQ4_XS.gguf"), "gemma-2-2b-it");
  EXPECT_EQ(model_name_of("gemma-2-2b-it-bf16.gguf"), "gemma-2-2b-it");
  EXPECT_EQ(model_name_of("우리 모델.gguf"), "우리-모델");
  EXPECT_EQ(model_name_of("gemma-2-2b-it"), "gemma-2-2b-it");
}

TEST_F(ModelSourcesTest, AFileIsItselfAndAPartIsTheFirstPart) {
  const fs::path file = write("gemma-2-2b-it-Q4_K_M.gguf");
  EXPECT_EQ(find(file.string())->path, file);
  EXPECT_EQ(find(file.string())->name, "gemma-2-2b-it");
  const fs::path second = write("big-Q4_0-00002-of-00002.gguf");
  EXPECT_EQ(find(second.string())->path, folder_ / "big-Q4_0-00001-of-00002.gguf");
  EXPECT_EQ(find(second.string())->name, "big");
  EXPECT_EQ(find((folder_ / "none.gguf").string()).error().code, ErrorCode::kNotFound);
}

TEST_F(ModelSourcesTest, AFolderIsItsOneModel) {
  write("hf/gemma-2-2b-it/config.json");
  write("hf/gemma-2-2b-it/model.safetensors");
  EXPECT_EQ(find((folder_ / "hf/gemma-2-2b-it/").string())->path, folder_ / "hf/gemma-2-2b-it");
  write("one/m-Q4_0-00001-of-00002.gguf");
  write("one/m-Q4_0-00002-of-00002.gguf");
  write("one/mmproj-m.gguf");
  EXPECT_EQ(find((folder_ / "one").string())->path, folder_ / "one/m-Q4_0-00001-of-00002.gguf");
  write("two/a.gguf");
  write("two/b.gguf");
  const Result<ModelSource> two = find((folder_ / "two").string());
  ASSERT_FALSE(two.ok());
  EXPECT_NE(two.error().message.english.find("a.gguf, b.gguf"), std::string::npos)
      << two.error().message.english;
  write("none/readme.txt");
  EXPECT_EQ(find((folder_ / "none").string()).error().code, ErrorCode::kNotFound);
}

TEST_F(ModelSourcesTest, AHuggingFaceCacheGivesTheSnapshotOfItsMainBranch) {
  const std::string model = "hub/models--google--gemma-2-2b-it/";
  write(model + "snapshots/old1/config.json");
  write(model + "snapshots/old1/model.safetensors");
  EXPECT_EQ(find("hf:google/gemma-2-2b-it")->path, folder_ / (model + "snapshots/old1"));
  write(model + "snapshots/new2/config.json");
  write(model + "snapshots/new2/model-00001-of-00002.safetensors");
  EXPECT_FALSE(find("hf:google/gemma-2-2b-it").ok()) << "two snapshots and no reference";
  write(model + "refs/main", "new2\n");
  const Result<ModelSource> source = find((folder_ / model).string());
  ASSERT_TRUE(source.ok()) << source.error().message.english;
  EXPECT_EQ(source->path, folder_ / (model + "snapshots/new2"));
  EXPECT_EQ(source->name, "gemma-2-2b-it");

  const std::string gguf = "hub/models--bartowski--gemma-2-9b-it-GGUF/snapshots/r/";
  write(gguf + "gemma-2-9b-it-Q4_K_M.gguf");
  EXPECT_EQ(find("hf:bartowski/gemma-2-9b-it-GGUF")->name, "gemma-2-9b-it");
  EXPECT_EQ(find("hf:bartowski/other").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(find("hf:../..").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ModelSourcesTest, AnOllamaNameLeadsThroughItsManifestToTheBlob) {
  const std::string digest(64, 'a');
  const std::string manifests = "ollama/manifests/";
  write(manifests + "registry.ollama.ai/library/gemma2/2b", manifest("sha256:" + digest));
  EXPECT_EQ(find("ollama:gemma2:2b").error().code, ErrorCode::kNotFound) << "the blob is missing";
  const fs::path blob = write("ollama/blobs/sha256-" + digest);
  const Result<ModelSource> source = find("ollama:gemma2:2b");
  ASSERT_TRUE(source.ok()) << source.error().message.english;
  EXPECT_EQ(source->path, blob);
  EXPECT_EQ(source->name, "gemma2-2b");

  write(manifests + "hf.co/google/gemma-3-4b-it-GGUF/Q4_0", manifest("sha256:" + digest));
  EXPECT_EQ(find("ollama:hf.co/google/gemma-3-4b-it-GGUF:Q4_0")->path, blob);
  write(manifests + "registry.ollama.ai/me/mine/latest", manifest("sha256:" + digest));
  EXPECT_EQ(find("ollama:me/mine")->name, "mine");
}

TEST_F(ModelSourcesTest, AnOllamaNameThatIsNotThereIsToldWithTheTagsThatAre) {
  write("ollama/manifests/registry.ollama.ai/library/gemma2/9b");
  const Result<ModelSource> source = find("ollama:gemma2:2b");
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code, ErrorCode::kNotFound);
  EXPECT_NE(source.error().message.english.find("9b"), std::string::npos)
      << source.error().message.english;
}

TEST_F(ModelSourcesTest, AManifestCannotNameAFileOutsideTheStore) {
  const std::string place = "ollama/manifests/registry.ollama.ai/library/bad/";
  write("secret");
  for (const std::string& digest : {std::string("sha256:../../secret"), std::string("sha256:"),
                                    "sha256:" + std::string(63, 'a') + "/", std::string("7")}) {
    write(place + "latest", manifest(digest));
    EXPECT_EQ(find("ollama:bad").error().code, ErrorCode::kBadInput) << digest;
  }
  for (const char* text : {"not json", "[]", "{\"layers\": 3}", "{\"layers\": [3, {}]}"}) {
    write(place + "latest", text);
    EXPECT_EQ(find("ollama:bad").error().code, ErrorCode::kBadInput) << text;
  }
  for (const char* name : {"ollama:../../x:y", "ollama:", "ollama:a/b/c/d", "ollama:a:.."})
    EXPECT_EQ(find(name).error().code, ErrorCode::kInvalidArgument) << name;
}

}  // namespace
}  // namespace saseo
