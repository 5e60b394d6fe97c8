#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/model/model.h"
#include "tests/engine/has_text.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

class ModelGgufTest : public testing::Test {
 protected:
  // A model whose file has a vocabulary of 512 tokens.
  static Model made(RandomModelShape shape) {
    shape.vocab = 512;
    return random_model(shape);
  }
  Result<Model> opened(const GgufHeader& metadata, std::span<const FileTensor> tensors) const {
    const Status status = write_gguf(metadata, tensors, folder_ / "tiny.gguf");
    EXPECT_TRUE(status.ok()) << status.error().message.english;
    return open_model(folder_ / "tiny.gguf");
  }
  Result<Model> opened(const Model& model) const {
    return opened(metadata_of(model), tensors_of(model));
  }
  template <typename... Of>
  std::string fault(const Of&... of) const {
    const Result<Model> model = opened(of...);
    return model.ok() ? "opened" : model.error().message.english;
  }

  TemporaryFolder folder_;
};

void expect_equal(const WeightMatrix& found, const WeightMatrix& expected) {
  EXPECT_EQ(found.type, expected.type);
  ASSERT_EQ(found.bytes(), expected.bytes());
  EXPECT_EQ(std::memcmp(found.data, expected.data, expected.bytes()), 0);
}

TEST_F(ModelGgufTest, OpensGemma1) {
  const Model tiny = made({.architecture = Architecture::kGemma, .kv_heads = 1});
  const auto model = opened(tiny);
  ASSERT_TRUE(model.ok()) << model.error().message.english;
  const ModelConfig& c = model->config;
  EXPECT_EQ(c.architecture, Architecture::kGemma);
  EXPECT_EQ(c.layers, 3u);
  EXPECT_EQ(c.kv_dim(), 64u);
  EXPECT_EQ(c.window, 0u);
  EXPECT_EQ(c.attention_softcap, 0);
  EXPECT_EQ(c.logit_softcap, 0);
  EXPECT_FLOAT_EQ(c.query_scale, 1 / std::sqrt(64.0f));
  EXPECT_TRUE(model->layers[0].post_attention_norm.empty());
  expect_equal(model->layers[2].down, tiny.layers[2].down);
  EXPECT_EQ(model->output.data, model->embedding.data);
  EXPECT_EQ(model->quantization, "Q8_0");
  EXPECT_EQ(model->name, "random");
}

TEST_F(ModelGgufTest, OpensGemma2WithSoftcapsAndEveryOtherLayerLocal) {
  const Model tiny = made({.tied_head = false});
  const auto model = opened(tiny);
  ASSERT_TRUE(model.ok()) << model.error().message.english;
  const ModelConfig& c = model->config;
  EXPECT_EQ(c.attention_softcap, 50);
  EXPECT_EQ(c.logit_softcap, 30);
  EXPECT_EQ(c.window, 16u);
  EXPECT_TRUE(c.is_local(0));
  EXPECT_FALSE(c.is_local(1));
  EXPECT_EQ(c.rope_base_local, 10000);
  EXPECT_EQ(c.rope_base_global, 10000);
  expect_equal(model->output, tiny.output);
  expect_equal(model->embedding, tiny.embedding);
  EXPECT_EQ(model->layers[2].post_ffn_norm, tiny.layers[2].post_ffn_norm);
  EXPECT_EQ(model->vocabulary.pieces, small_vocabulary().pieces);
  EXPECT_EQ(model->vocabulary.scores, small_vocabulary().scores);
  EXPECT_EQ(model->vocabulary.kinds, small_vocabulary().kinds);
  EXPECT_EQ(model->vocabulary.end_of_turn, 5);
}

TEST_F(ModelGgufTest, OpensGemma3WithTwoRopeBasesAndFiveLocalLayersOfSix) {
  const auto model = opened(made({.architecture = Architecture::kGemma3, .layers = 7}));
  ASSERT_TRUE(model.ok()) << model.error().message.english;
  const ModelConfig& c = model->config;
  for (const std::uint32_t layer : {0u, 4u, 6u}) EXPECT_TRUE(c.is_local(layer)) << layer;
  EXPECT_FALSE(c.is_local(5));
  EXPECT_EQ(c.rope_base_global, 1e6f);
  EXPECT_EQ(c.rope_base_local, 1e4f);
  EXPECT_EQ(c.rope_scale_global, 8);
  EXPECT_EQ(c.attention_softcap, 0);
  EXPECT_EQ(model->layers[6].q_norm.size(), 64u);
}

TEST_F(ModelGgufTest, A27BModelScalesQueriesByTheWidthPerHead) {
  for (const auto& [architecture, layers] :
       {std::pair{Architecture::kGemma2, 46u}, std::pair{Architecture::kGemma3, 62u}}) {
    const auto model = opened(made({.architecture = architecture, .layers = layers, .d = 64}));
    ASSERT_TRUE(model.ok()) << model.error().message.english;
    EXPECT_FLOAT_EQ(model->config.query_scale, 1 / std::sqrt(16.0f));  // d / heads, not head_dim.
  }
}

TEST_F(ModelGgufTest, KnowsBothNamesOfTheLocalRopeBase) {
  const Model tiny = made({.architecture = Architecture::kGemma3});
  for (const std::string key : {"gemma3.rope.freq_base_swa", "gemma3.rope.local.freq_base"}) {
    GgufHeader header = metadata_of(tiny);
    header.set(key, 5000.0f);
    const auto model = opened(header, tensors_of(tiny));
    ASSERT_TRUE(model.ok()) << model.error().message.english;
    EXPECT_EQ(model->config.rope_base_local, 5000.0f) << key;
  }
}

TEST_F(ModelGgufTest, AScalingOfPositionsThatIsNotAppliedIsNamed) {
  const Model tiny = made({});
  GgufHeader header = metadata_of(tiny);
  header.set("gemma2.rope.scaling.type", "yarn");
  header.set("gemma2.rope.scaling.factor", 4.0f);
  EXPECT_TRUE(has_text(fault(header, tensors_of(tiny)), "\"yarn\""));
}

TEST_F(ModelGgufTest, OpensEveryWeightType) {
  std::vector<TensorType> types = {TensorType::kF32, TensorType::kF16, TensorType::kBF16};
  types.insert(types.end(), std::begin(kQuantizedTypes), std::end(kQuantizedTypes));
  for (const TensorType type : types) {
    const auto model = opened(made({.layers = 1, .type = type, .d = 256}));
    ASSERT_TRUE(model.ok()) << model.error().message.english;
    EXPECT_EQ(model->quantization, tensor_type_info(type).name);
  }
}

TEST_F(ModelGgufTest, AnUnsupportedArchitectureIsNamed) {
  for (const std::string name : {"llama", "gemma3n", "gemma4", "gemma-embedding"}) {
    GgufHeader header;
    header.set("general.architecture", name);
    folder_.write("other.gguf", header.bytes());
    const auto model = open_model(folder_ / "other.gguf");
    ASSERT_FALSE(model.ok());
    EXPECT_TRUE(has_text(model.error().message.english, '"' + name + '"'));
    EXPECT_TRUE(has_text(model.error().message.english, "Gemma 1, 2 or 3"));
  }
}

TEST_F(ModelGgufTest, AnImageProjectorIsNoLanguageModel) {
  GgufHeader header;
  header.set("general.architecture", "clip");
  folder_.write("mmproj.gguf", header.bytes());
  EXPECT_TRUE(
      has_text(open_model(folder_ / "mmproj.gguf").error().message.english, "projector (mmproj)"));
}

TEST_F(ModelGgufTest, AMissingTensorIsNamed) {
  const Model tiny = made({});
  for (const std::string name : {"blk.2.attn_k.weight", "token_embd.weight"}) {
    std::vector<FileTensor> tensors = tensors_of(tiny);
    std::erase_if(tensors, [&](const FileTensor& t) { return t.name == name; });
    EXPECT_TRUE(has_text(fault(metadata_of(tiny), tensors), "the tensor " + name + " is missing"));
  }
}

TEST_F(ModelGgufTest, ATensorOfAnotherShapeIsNamedWithBothShapes) {
  const Model tiny = made({});
  std::vector<FileTensor> tensors = tensors_of(tiny);
  for (FileTensor& t : tensors) {
    if (t.name == "blk.1.ffn_up.weight") t.shape = {256, 128};
  }
  const std::string message = fault(metadata_of(tiny), tensors);
  EXPECT_TRUE(has_text(message, "blk.1.ffn_up.weight is 128 x 256"));
  EXPECT_TRUE(has_text(message, "asks for 256 x 128"));
}

TEST_F(ModelGgufTest, AVocabularyLargerThanTheEmbeddingIsRefused) {
  Model tiny = made({});
  tiny.vocabulary = small_vocabulary(513);
  EXPECT_TRUE(has_text(fault(tiny), "has 513 pieces"));
  EXPECT_TRUE(has_text(fault(tiny), "512 rows"));
}

TEST_F(ModelGgufTest, ASpecialTokenBeyondTheVocabularyIsRefused) {
  Model tiny = made({});
  tiny.vocabulary = small_vocabulary();
  tiny.vocabulary.eos = 100'000;
  EXPECT_TRUE(has_text(fault(tiny), "has the id 100000"));
}

TEST_F(ModelGgufTest, AScoreThatIsNoNumberIsRefused) {
  Model tiny = made({});
  tiny.vocabulary = small_vocabulary();
  tiny.vocabulary.scores[300] = std::nanf("");
  EXPECT_TRUE(has_text(fault(tiny), "score is not a number"));
}

TEST_F(ModelGgufTest, ImpossibleNumbersAreRefused) {
  EXPECT_TRUE(has_text(fault(made({.heads = 3, .kv_heads = 2})), "head_count_kv is 2"));
  EXPECT_TRUE(has_text(fault(made({.head_dim = 48})), "key_length is 48"));
  EXPECT_TRUE(has_text(fault(made({.layers = 0})), "layers is 0"));
  Model tiny = made({});
  tiny.config.attention_softcap = INFINITY;
  EXPECT_TRUE(has_text(fault(tiny), "attn_logit_softcapping is inf"));
}

TEST_F(ModelGgufTest, ANormThatIsNoNumberIsDamage) {
  Model tiny = made({});
  tiny.output_norm[10] = INFINITY;
  const auto model = opened(tiny);
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.error().code, ErrorCode::kDamaged);
  EXPECT_TRUE(has_text(model.error().message.english, "output_norm.weight"));
}

TEST_F(ModelGgufTest, ASplitModelOpensFromAnyPartAndEqualsTheWhole) {
  const Model tiny = made({});
  ASSERT_TRUE(write_split_gguf(tiny, folder_.path(), "big", 4).ok());
  const auto whole = opened(tiny);
  ASSERT_TRUE(whole.ok());
  for (const std::string part : {"1", "2", "4"}) {
    const auto model = open_model(folder_ / ("big-0000" + part + "-of-00004.gguf"));
    ASSERT_TRUE(model.ok()) << model.error().message.english;
    EXPECT_EQ(model->paths.size(), 4u);
    EXPECT_EQ(model->parameters, whole->parameters);
    expect_equal(model->layers[2].down, tiny.layers[2].down);
    expect_equal(model->embedding, tiny.embedding);
  }
}

TEST_F(ModelGgufTest, AMissingPartIsNamed) {
  ASSERT_TRUE(write_split_gguf(made({}), folder_.path(), "big", 3).ok());
  std::filesystem::remove(folder_ / "big-00002-of-00003.gguf");
  for (const std::string part : {"1", "3"}) {
    const auto model = open_model(folder_ / ("big-0000" + part + "-of-00003.gguf"));
    ASSERT_FALSE(model.ok());
    EXPECT_EQ(model.error().code, ErrorCode::kNotFound);
    EXPECT_TRUE(has_text(model.error().message.english, "big-00002-of-00003.gguf: part 2 of 3"));
  }
}

TEST_F(ModelGgufTest, PartsThatDoNotBelongTogetherAreRefused) {
  namespace fs = std::filesystem;
  const auto replace_third = [&](const std::string& with) {
    fs::copy_file(folder_ / with, folder_ / "big-00003-of-00003.gguf",
                  fs::copy_options::overwrite_existing);
    const auto model = open_model(folder_ / "big-00001-of-00003.gguf");
    return model.ok() ? "opened" : model.error().message.english;
  };
  ASSERT_TRUE(write_split_gguf(made({}), folder_.path(), "big", 3).ok());
  ASSERT_TRUE(write_split_gguf(made({.layers = 2}), folder_.path(), "small", 3).ok());
  fs::copy_file(folder_ / "big-00002-of-00003.gguf", folder_ / "renamed.gguf");
  const auto renamed = open_model(folder_ / "renamed.gguf");
  ASSERT_FALSE(renamed.ok());
  EXPECT_TRUE(
      has_text(renamed.error().message.english, "part 2 of 3 of a split model under another name"));
  EXPECT_TRUE(has_text(replace_third("big-00002-of-00003.gguf"), "part 2 of 3 of a split model"));
  EXPECT_TRUE(has_text(replace_third("small-00003-of-00003.gguf"), "in an earlier part already"));
}

}  // namespace
}  // namespace saseo
