#include "engine/registry/model_registry.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "engine/registry/model_registry_sha256.h"

namespace saseo {
namespace {
namespace fs = std::filesystem;

class ModelRegistryTest : public testing::Test {
 protected:
  ModelRegistryTest() {
    std::string name = (fs::temp_directory_path() / "saseo-registry-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    file_ = folder_ / "data" / "models.json";
  }
  ~ModelRegistryTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  fs::path write(const std::string& name, const std::string& content) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  std::string content_of_registry() const {
    std::ostringstream text;
    text << std::ifstream(file_, std::ios::binary).rdbuf();
    return text.str();
  }
  // A model whose files hold any bytes: the registry does not look into them.
  RegisteredModel described(const std::string& name, const std::vector<fs::path>& paths) const {
    Model model;
    model.config.context = 8192;
    model.quantization = "Q4_K_M";
    model.license = "Gemma terms";
    model.parameters = 2'614'341'888;
    model.paths = paths;
    Result<RegisteredModel> result = describe_model(model, paths.front());
    EXPECT_TRUE(result.ok() && hash_files(*result).ok());
    result->name = name;
    return std::move(result).value();
  }
  Status put(RegisteredModel model) const {
    return ModelRegistry::update(file_, [&](ModelRegistry& registry) -> Status {
      registry.put(std::move(model));
      return {};
    });
  }

  fs::path folder_, file_;
};

TEST(Sha256, GivesThePublishedDigestOfAFile) {
  const fs::path file = fs::temp_directory_path() / ("saseo-sha-" + std::to_string(::getpid()));
  std::ofstream(file) << "abc";  // FIPS 180-4, appendix B.1
  EXPECT_EQ(*sha256_of_file(file),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_EQ(sha256_of_file(file, {.stop = stopped.get_token()}).error().code,
            ErrorCode::kCancelled);
  fs::remove(file);
  EXPECT_EQ(sha256_of_file(file).error().code, ErrorCode::kNotFound);
}

TEST_F(ModelRegistryTest, IsEmptyBeforeAnythingIsRegistered) {
  const Result<ModelRegistry> registry = ModelRegistry::open(file_);
  ASSERT_TRUE(registry.ok());
  EXPECT_TRUE(registry->models().empty());
  EXPECT_EQ(registry->default_model(), nullptr);
}

TEST_F(ModelRegistryTest, ReadsBackWhatItWrote) {
  const RegisteredModel split =
      described("둘째-모델", {write("모델-00001-of-00002.gguf", "a"), write("b.gguf", "bb")});
  ASSERT_TRUE(put(described("gemma-2-2b-it", {write("a.gguf", "weights")})).ok());
  ASSERT_TRUE(put(split).ok());

  const Result<ModelRegistry> registry = ModelRegistry::open(file_);
  ASSERT_TRUE(registry.ok()) << registry.error().message.english;
  ASSERT_EQ(registry->models().size(), 2u);
  EXPECT_EQ(registry->default_model()->name, "gemma-2-2b-it");  // The first that came.
  const RegisteredModel* back = registry->find("둘째-모델");
  ASSERT_NE(back, nullptr);
  EXPECT_EQ(back->path, split.path);
  EXPECT_EQ(back->kind, ModelKind::kSplitGguf);
  EXPECT_EQ(back->architecture, "gemma2");
  EXPECT_EQ(back->quantization, "Q4_K_M");
  EXPECT_EQ(back->parameters, 2'614'341'888u);
  EXPECT_EQ(back->context, 8192u);
  EXPECT_EQ(back->license, "Gemma terms");
  EXPECT_EQ(back->bytes(), 3u);
  ASSERT_EQ(back->files.size(), 2u);
  EXPECT_EQ(back->files[1].sha256, split.files[1].sha256);
  EXPECT_EQ(back->files[1].modified_ns, split.files[1].modified_ns);
  EXPECT_EQ(look_at_files(*back).state, FilesState::kUnchanged);
}

TEST_F(ModelRegistryTest, RemovesTheReferenceAndLeavesTheFile) {
  const fs::path model = write("a.gguf", "weights");
  ASSERT_TRUE(put(described("a", {model})).ok());
  ASSERT_TRUE(put(described("b", {write("b.gguf", "more")})).ok());
  const auto remove = [](ModelRegistry& registry) { return registry.remove("a"); };
  ASSERT_TRUE(ModelRegistry::update(file_, remove).ok());
  const Result<ModelRegistry> registry = ModelRegistry::open(file_);
  EXPECT_EQ(registry->find("a"), nullptr);
  EXPECT_EQ(registry->default_model(), nullptr) << "the default went with the model";
  EXPECT_TRUE(fs::exists(model));
  const Status again = ModelRegistry::update(file_, remove);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::kNotFound);
  EXPECT_NE(again.error().message.english.find("there are: b"), std::string::npos);
}

TEST_F(ModelRegistryTest, ADamagedFileIsToldAndNotOverwritten) {
  const RegisteredModel model = described("a", {write("a.gguf", "weights")});
  ASSERT_TRUE(put(model).ok());
  const std::string whole = content_of_registry();
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = whole;
    EXPECT_NE(text.find(from), std::string::npos) << from;
    return text.replace(text.find(from), from.size(), to);
  };
  const std::string damages[] = {
      "",
      "[]",
      "null",
      whole.substr(0, whole.size() / 2),
      replaced("\"version\": 1", "\"version\": \"1\""),
      replaced("\"name\": \"a\"", "\"name\": 7"),
      replaced("\"name\": \"a\"", "\"name\": \"../a\""),
      replaced("\"kind\": \"gguf\"", "\"kind\": \"zip\""),
      replaced("\"bytes\": 7", "\"bytes\": -7"),
      replaced("\"default\": \"a\"", "\"default\": \"b\""),
      replaced("\"sha256\": \"", "\"sha256\": \"0"),
      replaced(folder_.string(), "relative"),
  };
  for (const std::string& damage : damages) {
    write("data/models.json", damage);
    const Result<ModelRegistry> opened = ModelRegistry::open(file_);
    ASSERT_FALSE(opened.ok()) << damage;
    EXPECT_EQ(opened.error().code, ErrorCode::kDamaged) << damage;
    EXPECT_NE(opened.error().message.english.find(file_.string()), std::string::npos);
    EXPECT_FALSE(put(model).ok());
    EXPECT_EQ(content_of_registry(), damage);
  }
  write("data/models.json", replaced("\"version\": 1", "\"version\": 2"));
  EXPECT_EQ(ModelRegistry::open(file_).error().code, ErrorCode::kTooNew);
}

TEST_F(ModelRegistryTest, NoticesAFileThatChangedOrWent) {
  const fs::path file = write("a.gguf", "weights");
  const RegisteredModel model = described("a", {file});

  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::hours(1));
  EXPECT_EQ(look_at_files(model).state, FilesState::kChanged);
  const Result<RegisteredModel> touched = verify_hashes(model);
  ASSERT_TRUE(touched.ok()) << "only its time changed";
  EXPECT_EQ(look_at_files(*touched).state, FilesState::kUnchanged);

  write("a.gguf", "longer weights");
  const FilesFinding grown = look_at_files(model);
  EXPECT_EQ(grown.state, FilesState::kChanged);
  EXPECT_NE(grown.notice.message.english.find("has 14 bytes, 7 when"), std::string::npos)
      << grown.notice.message.english;
  EXPECT_EQ(verify_hashes(model).error().code, ErrorCode::kDamaged);

  fs::remove(file);
  const FilesFinding gone = look_at_files(model);
  EXPECT_EQ(gone.state, FilesState::kMissing);
  EXPECT_NE(gone.notice.message.english.find(file.string()), std::string::npos);
  EXPECT_EQ(verify_hashes(model).error().code, ErrorCode::kNotFound);
}

TEST_F(ModelRegistryTest, FindsAContentChangeThatKeptSizeAndTime) {
  const fs::path file = write("a.gguf", "weights");
  const RegisteredModel model = described("a", {file});
  const fs::file_time_type time = fs::last_write_time(file);
  write("a.gguf", "weighty");
  fs::last_write_time(file, time);
  EXPECT_EQ(look_at_files(model).state, FilesState::kUnchanged);
  EXPECT_EQ(verify_hashes(model).error().code, ErrorCode::kDamaged);
}

TEST_F(ModelRegistryTest, TwoOfOneNameAreToldApartByQuantisationThenNumber) {
  ModelRegistry registry;
  const auto add = [&](const std::string& quantization) {
    const fs::path path = folder_ / (quantization + std::to_string(registry.models().size()));
    RegisteredModel model;
    model.path = path;
    model.name = registry.free_name("gemma-2-2b-it", quantization, path);
    registry.put(model);
    return model.name;
  };
  EXPECT_EQ(add("Q4_K_M"), "gemma-2-2b-it");
  EXPECT_EQ(add("Q8_0"), "gemma-2-2b-it-Q8_0");
  EXPECT_EQ(add("Q8_0"), "gemma-2-2b-it-Q8_0-2");
  EXPECT_EQ(registry.free_name("gemma-2-2b-it", "Q4_K_M", folder_ / "Q4_K_M0"), "gemma-2-2b-it")
      << "a path that is registered keeps its name";
}

TEST_F(ModelRegistryTest, ChangesFromSeveralThreadsAllArrive) {
  std::vector<RegisteredModel> models;
  for (int i = 0; i < 4; ++i) {
    const std::string name = "m" + std::to_string(i);
    models.push_back(described(name, {write(name, name)}));
  }
  std::vector<std::thread> threads;
  for (const RegisteredModel& model : models)
    threads.emplace_back([&] { EXPECT_TRUE(put(model).ok()); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ModelRegistry::open(file_)->models().size(), 4u);
}

TEST(ModelName, IsNoPathNoOptionAndNoReservedWord) {
  for (const char* name : {"gemma-2-2b-it", "gemma2:2b", "우리-모델", "a.b_c+d"})
    EXPECT_TRUE(is_model_name(name)) << name;
  for (const char* name : {"", "a/b", "-a", ".", "..", "a b", "extractive", "a\n", "\xff", "\"a\""})
    EXPECT_FALSE(is_model_name(name)) << name;
}

}  // namespace
}  // namespace saseo
