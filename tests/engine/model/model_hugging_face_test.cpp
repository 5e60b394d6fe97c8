#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/model/model.h"
#include "tests/engine/has_text.h"
#include "tests/engine/model_files.h"
#include "tests/engine/model_folder.h"
#include "tests/engine/random_model.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

Model made(RandomModelShape shape) {
  shape.vocab = 512;
  if (shape.type == TensorType::kQ8_0) shape.type = TensorType::kBF16;
  return random_model(shape);
}

void expect_equal(const WeightMatrix& a, const WeightMatrix& b) {
  ASSERT_EQ(a.type, b.type);
  ASSERT_EQ(a.rows, b.rows);
  ASSERT_EQ(a.cols, b.cols);
  EXPECT_EQ(std::memcmp(a.data, b.data, a.bytes()), 0);
}

void expect_equal(const ModelConfig& a, const ModelConfig& b) {
  EXPECT_EQ(a.architecture, b.architecture);
  for (const auto member :
       {&ModelConfig::layers, &ModelConfig::d, &ModelConfig::ff, &ModelConfig::heads,
        &ModelConfig::kv_heads, &ModelConfig::head_dim, &ModelConfig::vocab, &ModelConfig::context,
        &ModelConfig::window, &ModelConfig::window_period}) {
    EXPECT_EQ(a.*member, b.*member);
  }
  for (const auto member :
       {&ModelConfig::rms_epsilon, &ModelConfig::query_scale, &ModelConfig::attention_softcap,
        &ModelConfig::logit_softcap, &ModelConfig::rope_base_global, &ModelConfig::rope_base_local,
        &ModelConfig::rope_scale_global}) {
    EXPECT_FLOAT_EQ(a.*member, b.*member);
  }
}

void expect_equal(const Vocabulary& a, const Vocabulary& b) {
  EXPECT_EQ(a.pieces, b.pieces);
  EXPECT_EQ(a.scores, b.scores);
  EXPECT_EQ(a.kinds, b.kinds);
  EXPECT_EQ(a.bos, b.bos);
  EXPECT_EQ(a.eos, b.eos);
  EXPECT_EQ(a.unknown, b.unknown);
  EXPECT_EQ(a.padding, b.padding);
  EXPECT_EQ(a.end_of_turn, b.end_of_turn);
  EXPECT_EQ(a.add_space_prefix, b.add_space_prefix);
}

void expect_equal(const Model& a, const Model& b) {
  expect_equal(a.config, b.config);
  expect_equal(a.vocabulary, b.vocabulary);
  expect_equal(a.embedding, b.embedding);
  expect_equal(a.output, b.output);
  EXPECT_EQ(a.output.data == a.embedding.data, b.output.data == b.embedding.data);
  EXPECT_EQ(a.output_norm, b.output_norm);
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    for (const auto member : {&LayerWeights::attention_norm, &LayerWeights::q_norm,
                              &LayerWeights::k_norm, &LayerWeights::post_attention_norm,
                              &LayerWeights::ffn_norm, &LayerWeights::post_ffn_norm}) {
      EXPECT_EQ(a.layers[i].*member, b.layers[i].*member);
    }
    for (const auto member :
         {&LayerWeights::q, &LayerWeights::k, &LayerWeights::v, &LayerWeights::attention_output,
          &LayerWeights::gate, &LayerWeights::up, &LayerWeights::down}) {
      expect_equal(a.layers[i].*member, b.layers[i].*member);
    }
  }
}

class HuggingFaceTest : public testing::Test {
 protected:
  // Both forms of the model, opened, must be the same.
  void expect_twins(const Model& model, const FolderOptions& options) const {
    ASSERT_TRUE(write_gguf(model, folder_ / "twin.gguf").ok());
    fs::remove_all(folder_ / "twin");
    write_hugging_face(model, folder_ / "twin", options);
    const auto gguf = open_model(folder_ / "twin.gguf");
    const auto folder = open_model(folder_ / "twin");
    ASSERT_TRUE(gguf.ok()) << gguf.error().message.english;
    ASSERT_TRUE(folder.ok()) << folder.error().message.english;
    expect_equal(*gguf, *folder);
    EXPECT_EQ(folder->name, "twin");
    EXPECT_EQ(folder->quantization, tensor_type_info(model.embedding.type).name);
  }
  // Of a gemma3 folder whose config.json was changed.
  template <typename Change>
  Result<Model> with_config(Change change, bool multimodal = false,
                            Architecture architecture = Architecture::kGemma3) const {
    const Model model = made({.architecture = architecture, .layers = 7});
    write_hugging_face(model, folder_ / "m", {.multimodal = multimodal});
    Json config = hugging_face_config(model, multimodal);
    change(config);
    folder_.write("m/config.json", config.dump());
    return open_model(folder_ / "m");
  }
  static std::string text_of(const Result<Model>& model) {
    return model.ok() ? "opened" : model.error().message.english;
  }

  TemporaryFolder folder_;
};

TEST_F(HuggingFaceTest, AFolderAndItsGgufAreTheSameModel) {
  for (const Architecture architecture :
       {Architecture::kGemma, Architecture::kGemma2, Architecture::kGemma3}) {
    for (const TensorType type : {TensorType::kF32, TensorType::kF16, TensorType::kBF16}) {
      SCOPED_TRACE(architecture_name(architecture));
      expect_twins(made({.architecture = architecture, .layers = 7, .type = type}), {});
    }
  }
}

TEST_F(HuggingFaceTest, EveryFormOfAFolderIsTheSameModel) {
  const Model model = made({.architecture = Architecture::kGemma3, .layers = 7});
  expect_twins(model, {.shards = 3});
  expect_twins(model, {.multimodal = true});
  expect_twins(model, {.multimodal = true, .newer_names = true});
  expect_twins(model, {.sentencepiece = true});
  expect_twins(model, {.norms = TensorType::kBF16});
  expect_twins(made({.kv_heads = 4, .head_dim = 256, .tied_head = false}), {.shards = 2});
  const Model untied = made({.architecture = Architecture::kGemma3, .tied_head = false});
  expect_twins(untied, {.multimodal = true});
  expect_twins(untied, {.multimodal = true, .newer_names = true});
}

TEST_F(HuggingFaceTest, ShardsNeedNoIndexWhenAllAreThere) {
  write_hugging_face(made({}), folder_ / "m", {.shards = 3});
  fs::remove(folder_ / "m" / "model.safetensors.index.json");
  EXPECT_EQ(text_of(open_model(folder_ / "m")), "opened");
  fs::remove(folder_ / "m" / "model-00002-of-00003.safetensors");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")),
                       "model-00002-of-00003.safetensors: this part of the model's weights is"));
}

TEST_F(HuggingFaceTest, AMissingShardIsNamed) {
  write_hugging_face(made({}), folder_ / "m", {.shards = 3});
  fs::remove(folder_ / "m" / "model-00003-of-00003.safetensors");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "model-00003-of-00003.safetensors"));
}

TEST_F(HuggingFaceTest, AnIndexCannotLeadOutOfItsFolder) {
  write_hugging_face(made({}), folder_ / "m", {.shards = 2});
  folder_.write("m/model.safetensors.index.json", R"({"weight_map": {"a": "../x.safetensors"}})");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "weight_map"));
}

TEST_F(HuggingFaceTest, AnUnalignedFileIsCopiedIntoPlace) {
  const Model model = made({.type = TensorType::kF32});
  write_hugging_face(model, folder_ / "m");
  std::string bytes = folder_.read("m/model.safetensors");
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data(), 8);
  bytes.insert(8 + size, " ");
  ++size;
  std::memcpy(bytes.data(), &size, 8);
  folder_.write("m/model.safetensors", bytes);
  const auto opened = open_model(folder_ / "m");
  ASSERT_TRUE(opened.ok()) << opened.error().message.english;
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(opened->embedding.data) % 4, 0u);
  expect_equal(opened->layers[1].down, model.layers[1].down);
}

TEST_F(HuggingFaceTest, TakesTheDefaultsOfItsFamilyForWhatAConfigLeavesOut) {
  const auto model = with_config(
      [](Json& config) {
        Json& text = config["text_config"];
        for (const char* key : {"query_pre_attn_scalar", "rope_theta", "rope_local_base_freq",
                                "rope_scaling", "sliding_window", "sliding_window_pattern",
                                "vocab_size", "max_position_embeddings", "tie_word_embeddings"}) {
          text.erase(key);
        }
      },
      true);
  ASSERT_TRUE(model.ok()) << model.error().message.english;
  const ModelConfig& c = model->config;
  EXPECT_FLOAT_EQ(c.query_scale, 1 / 16.0f);
  EXPECT_EQ(c.window, 4096u);
  EXPECT_EQ(c.window_period, 6u);
  EXPECT_EQ(c.rope_base_global, 1e6f);
  EXPECT_EQ(c.rope_base_local, 1e4f);
  EXPECT_EQ(c.rope_scale_global, 1);
  EXPECT_EQ(c.context, 131072u);
  EXPECT_EQ(c.vocab, 512u);
}

TEST_F(HuggingFaceTest, ReadsTheNewerWordsForLayersAndPositions) {
  const auto model = with_config([](Json& config) {
    config.erase("rope_theta");
    config.erase("rope_scaling");
    config.erase("sliding_window_pattern");
    config["rope_parameters"] = {
        {"full_attention", {{"rope_type", "linear"}, {"factor", 8.0}, {"rope_theta", 2e6}}},
        {"sliding_attention", {{"rope_type", "default"}, {"rope_theta", 3e4}}}};
    Json types = Json::array();
    for (int i = 0; i < 7; ++i)
      types.push_back(i % 3 == 2 ? "full_attention" : "sliding_attention");
    config["layer_types"] = types;
  });
  ASSERT_TRUE(model.ok()) << model.error().message.english;
  EXPECT_EQ(model->config.window_period, 3u);
  EXPECT_EQ(model->config.rope_base_global, 2e6f);
  EXPECT_EQ(model->config.rope_base_local, 3e4f);
  EXPECT_EQ(model->config.rope_scale_global, 8);
}

TEST_F(HuggingFaceTest, WhatWouldBeComputedWronglyIsRefused) {
  const std::vector<std::pair<const char*, Json>> wrong = {
      {"hidden_activation", "silu"},
      {"attention_bias", true},
      {"use_bidirectional_attention", true},
      {"quantization_config", Json::object()},
      {"rope_scaling", {{"rope_type", "yarn"}, {"factor", 4}}},
      {"layer_types", {"full_attention"}},
      {"hidden_size", "128"},
      {"num_hidden_layers", -1}};
  for (const auto& [key, value] : wrong) {
    const auto model =
        with_config([&, key = key, value = value](Json& config) { config[key] = value; });
    EXPECT_TRUE(has_text(text_of(model), '"' + std::string(key) + '"'));
  }
}

TEST_F(HuggingFaceTest, AnotherArchitectureIsNamed) {
  for (const std::string type : {"llama", "gemma3n", "gemma4"}) {
    const auto model = with_config([&](Json& config) { config["model_type"] = type; });
    EXPECT_TRUE(has_text(text_of(model), '"' + type + '"'));
  }
}

TEST_F(HuggingFaceTest, AMissingTensorHasTheNameOfItsFile) {
  Model model = made({});
  model.layers[1].post_ffn_norm.clear();
  write_hugging_face(model, folder_ / "m");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")),
                       "model.layers.1.post_feedforward_layernorm.weight is missing"));
}

TEST_F(HuggingFaceTest, FoldersThatAreNoModelSayWhatTheyAre) {
  fs::create_directory(folder_ / "m");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "no config.json"));
  folder_.write("m/adapter_config.json", "{}");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "LoRA adapter"));
  folder_.write("m/a.gguf", "GGUF");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "name one of them: a.gguf"));
}

TEST_F(HuggingFaceTest, FoldersThatLackAFileNameIt) {
  const Model model = made({});
  write_hugging_face(model, folder_ / "m");
  fs::remove(folder_ / "m" / "tokenizer.json");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "neither tokenizer.json nor"));
  fs::remove(folder_ / "m" / "model.safetensors");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "no weights in this folder"));
  folder_.write("m/pytorch_model.bin", "PK");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "pickle"));
  folder_.write("m/model.safetensors", "version https://git-lfs.github.com/spec/v1\nsize 7\n");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "Git LFS pointer"));
  folder_.write("m/config.json", "{");
  EXPECT_TRUE(has_text(text_of(open_model(folder_ / "m")), "config.json: not the JSON object"));
}

TEST_F(HuggingFaceTest, ReadsSettingsTemplateAndLicenceBesideTheWeights) {
  write_hugging_face(made({}), folder_ / "m");
  folder_.write("m/tokenizer_config.json",
                R"({"bos_token": {"content": "<eos>"}, "eos_token": "<end_of_turn>",
                    "add_bos_token": false, "chat_template": "{{ bos_token }}"})");
  folder_.write("m/generation_config.json", R"({"top_k": 64, "top_p": 0.95, "temperature": null})");
  folder_.write("m/README.md", "---\nlibrary_name: transformers\nlicense: gemma\n---\n# Model\n");
  const auto model = open_model(folder_ / "m");
  ASSERT_TRUE(model.ok()) << model.error().message.english;
  EXPECT_EQ(model->vocabulary.bos, 1);
  EXPECT_EQ(model->vocabulary.eos, 5);
  EXPECT_FALSE(model->vocabulary.add_bos);
  EXPECT_EQ(model->chat_template, "{{ bos_token }}");
  EXPECT_EQ(model->sampling.top_k, 64);
  EXPECT_FLOAT_EQ(*model->sampling.top_p, 0.95f);
  EXPECT_EQ(model->sampling.temperature, std::nullopt);
  EXPECT_EQ(model->license, "gemma");
  folder_.write("m/chat_template.jinja", "of its own");
  EXPECT_EQ(open_model(folder_ / "m")->chat_template, "of its own");
}

TEST_F(HuggingFaceTest, AddedTokensWithoutARowAreLeftOut) {
  Model model = made({});
  model.vocabulary = small_vocabulary(513);  // The last is a control token.
  write_hugging_face(model, folder_ / "m");
  const auto opened = open_model(folder_ / "m");
  ASSERT_TRUE(opened.ok()) << opened.error().message.english;
  EXPECT_EQ(opened->vocabulary.pieces.size(), 512u);
}

}  // namespace
}  // namespace saseo
