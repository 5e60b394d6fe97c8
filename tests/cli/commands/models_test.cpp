// saseo models, as a program.
#include <gtest/gtest.h>

#include <fstream>

#include "engine/registry/model_registry_sha256.h"
#include "tests/cli/made_models.h"

namespace saseo::cli {
namespace {
namespace fs = std::filesystem;

TEST(Models, AreRegisteredByNameShownMadeTheDefaultAndRemoved) {
  Workplace place;
  const fs::path small = add_model_file(place, "files/tiny-it-Q8_0.gguf");
  const fs::path large = add_model_file(place, "files/tiny-it-F32.gguf", TensorType::kF32);
  EXPECT_NE(place.run({"models", "list"}).out.find("No models"), std::string::npos);

  const nlohmann::json first = place.run({"models", "add", small.string(), "--json"}).json();
  EXPECT_EQ(first["name"], "tiny-it");
  EXPECT_EQ(first["path"], small.string());
  EXPECT_EQ(first["kind"], "gguf");
  EXPECT_EQ(first["architecture"], "gemma2");
  EXPECT_EQ(first["quantization"], "Q8_0");
  EXPECT_EQ(first["context"], 512);
  EXPECT_EQ(first["default"], true);
  EXPECT_EQ(first["bytes"], fs::file_size(small));
  EXPECT_EQ(first["files"][0]["sha256"], *sha256_of_file(small));
  EXPECT_EQ(place.run({"models", "add", large.string(), "--json"}).json()["name"], "tiny-it-F32");

  EXPECT_EQ(place.run({"models", "use", "tiny-it-F32"}).exit_code, 0);
  EXPECT_EQ(place.run({"models", "remove", "tiny-it"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(small));
  const nlohmann::json list = place.run({"models", "list", "--json"}).json();
  ASSERT_EQ(list["models"].size(), 1u);
  EXPECT_EQ(list["models"][0]["name"], "tiny-it-F32");
  EXPECT_EQ(list["models"][0]["default"], true);
  EXPECT_EQ(list["models"][0]["state"], "unchanged");
  const Finished unknown = place.run({"models", "use", "tiny-it"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_NE(unknown.err.find("tiny-it-F32"), std::string::npos) << unknown.err;
}

TEST(Models, ShowTellsMetadataTensorsAndMemory) {
  Workplace place;
  const std::string path = add_model_file(place, "m.gguf").string();
  const nlohmann::json shown = place.run({"models", "show", path, "--json"}).json();
  EXPECT_EQ(shown["registered"], false);
  EXPECT_TRUE(shown["files"][0]["sha256"].is_null());
  EXPECT_EQ(shown["metadata"]["general.architecture"], "gemma2");
  EXPECT_EQ(shown["shape"]["layers"], 3);
  EXPECT_EQ(shown["tensors"][0]["name"], "token_embd.weight");
  EXPECT_EQ(shown["tensors"][0]["shape"], nlohmann::json::array({128, 512}));
  EXPECT_EQ(shown["memory"]["weights_bytes"], fs::file_size(path));
  EXPECT_EQ(shown["memory"]["context"], 512);
  const Finished text = place.run({"models", "show", path});
  EXPECT_NE(text.out.find("token_embd.weight"), std::string::npos);
  EXPECT_NE(text.out.find("registered"), std::string::npos);
}

TEST(Models, ANameOfOnesOwnRenamesAndIsNotTakenTwice) {
  Workplace place;
  const std::string one = add_model_file(place, "one.gguf").string();
  const std::string two = add_model_file(place, "two.gguf").string();
  EXPECT_EQ(place.run({"models", "add", one, "--name", "내-모델"}).exit_code, 0);
  EXPECT_EQ(place.run({"models", "add", two, "--name", "내-모델"}).exit_code, 2);
  EXPECT_EQ(place.run({"models", "add", two, "--name", "a/b"}).exit_code, 2);
  EXPECT_EQ(place.run({"models", "add", two, "--name", "extractive"}).exit_code, 2);
  const nlohmann::json renamed =
      place.run({"models", "add", one, "--name", "other", "--json"}).json();
  EXPECT_EQ(renamed["name"], "other");
  EXPECT_EQ(renamed["default"], true);
  EXPECT_EQ(place.run({"models", "list", "--json"}).json()["models"].size(), 1u);

  fs::remove(one);
  EXPECT_EQ(place.run({"models", "add", two, "--name", "other"}).exit_code, 0)
      << "a model whose file is gone gives its name to where it went";
}

TEST(Models, ChangedAndMissingFilesAreNoticed) {
  Workplace place;
  const fs::path path = add_model_file(place, "m.gguf");
  ASSERT_EQ(place.run({"models", "add", path.string()}).exit_code, 0);
  std::ofstream(path, std::ios::app) << "x";
  EXPECT_EQ(place.run({"models", "list", "--json"}).json()["models"][0]["state"], "changed");
  const Finished generated = place.run({"generate", "--max-tokens", "1", "hello"});
  EXPECT_EQ(generated.exit_code, 0);
  EXPECT_NE(generated.err.find("bytes, "), std::string::npos) << generated.err;
  fs::remove(path);
  EXPECT_EQ(place.run({"models", "list", "--json"}).json()["models"][0]["state"], "missing");
  const Finished gone = place.run({"generate", "hello", "--json"});
  EXPECT_EQ(gone.exit_code, 3);
  EXPECT_EQ(gone.json()["error"]["code"], "not-found");
}

TEST(Models, ADamagedListIsAnErrorAndStays) {
  Workplace place;
  const std::string model = add_model_file(place, "m.gguf").string();
  const fs::path list = place.write(".local/share/saseo/models.json", "{\"version\": 1, ");
  for (const std::vector<std::string>& command : {std::vector<std::string>{"models", "list"},
                                                  {"models", "add", model},
                                                  {"models", "use", "m"}}) {
    const Finished run = place.run(command);
    EXPECT_EQ(run.exit_code, 5);
    EXPECT_NE(run.err.find("models.json"), std::string::npos) << run.err;
  }
  EXPECT_EQ(fs::file_size(list), 15u);
}

TEST(Models, WhatIsNoModelIsNotRegistered) {
  Workplace place;
  const std::string text = place.write("notes.gguf", "not a model").string();
  EXPECT_EQ(place.run({"models", "add", text}).exit_code, 3);
  EXPECT_EQ(place.run({"models", "add", (place.folder() / "none.gguf").string()}).exit_code, 3);
  EXPECT_TRUE(place.run({"models", "list", "--json"}).json()["models"].empty());
}

TEST(Models, AreFoundInAnOllamaStoreAndAHuggingFaceCache) {
  Workplace place;
  const fs::path file = add_model_file(place, "m.gguf");
  const std::string digest = *sha256_of_file(file);
  fs::create_directories(place.folder() / ".ollama/models/blobs");
  fs::copy(file, place.folder() / ".ollama/models/blobs" / ("sha256-" + digest));
  place.write(".ollama/models/manifests/registry.ollama.ai/library/gemma2/2b",
              R"({"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:)" +
                  digest + R"("}]})");
  const nlohmann::json ollama = place.run({"models", "add", "ollama:gemma2:2b", "--json"}).json();
  EXPECT_EQ(ollama["name"], "gemma2-2b");
  EXPECT_EQ(ollama["files"][0]["sha256"], digest);

  const std::string cache = ".cache/huggingface/hub/models--me--tiny-GGUF/";
  place.write(cache + "refs/main", "abc123");
  fs::create_directories(place.folder() / (cache + "snapshots/abc123"));
  fs::create_directories(place.folder() / (cache + "blobs"));
  fs::rename(file, place.folder() / (cache + "blobs/1"));
  fs::create_symlink("../../blobs/1", place.folder() / (cache + "snapshots/abc123/tiny-Q8_0.gguf"));
  EXPECT_EQ(place.run({"models", "add", "hf:me/tiny-GGUF", "--json"}).json()["name"], "tiny");
  EXPECT_EQ(place.run({"generate", "--model", "tiny", "--max-tokens", "2", "hello"}).exit_code, 0);
}

TEST(Models, ASplitModelIsOneModel) {
  Workplace place;
  ASSERT_TRUE(write_split_gguf(random_model({.vocab = 512}), place.folder(), "big-Q8_0", 2).ok());
  const std::string second = (place.folder() / "big-Q8_0-00002-of-00002.gguf").string();
  const nlohmann::json added = place.run({"models", "add", second, "--json"}).json();
  EXPECT_EQ(added["name"], "big");
  EXPECT_EQ(added["kind"], "split-gguf");
  EXPECT_EQ(added["files"].size(), 2u);
}

TEST(Models, TheShellCompletesActionsAndNames) {
  Workplace place;
  place.run({"models", "add", add_model_file(place, "tiny.gguf").string()});
  place.write("completion.bash", place.run({"reference", "bash"}).out);
  const auto complete = [&](const std::string& words) {
    return place
        .run_shell("saseo() { \"$SASEO\" \"$@\"; }; complete() { :; }; source " +
                   (place.folder() / "completion.bash").string() + "; COMP_WORDS=(saseo " + words +
                   "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _saseo; echo \" ${COMPREPLY[*]} \"")
        .out;
  };
  EXPECT_NE(complete("mod").find(" models "), std::string::npos);
  for (const char* action : {"list", "add", "show", "check", "prepack", "use", "remove"})
    EXPECT_NE(complete("models ''").find(" " + std::string(action) + " "), std::string::npos);
  EXPECT_NE(complete("models use ''").find(" extractive tiny "), std::string::npos);
  EXPECT_NE(complete("generate --model t").find(" tiny "), std::string::npos);
}

}  // namespace
}  // namespace saseo::cli
