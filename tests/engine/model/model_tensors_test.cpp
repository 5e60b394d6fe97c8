#include "engine/model/model_tensors.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"

namespace saseo {
namespace {

TEST(ModelTensors, AreThoseOfAFile) {
  for (const Architecture architecture :
       {Architecture::kGemma, Architecture::kGemma2, Architecture::kGemma3}) {
    const Model model = RandomModelMaker({.architecture = architecture}).make();
    std::multiset<std::string> listed = {std::string(kOutputNormName)};
    for_each_matrix(model, [&](const std::string& name, const WeightMatrix& w) {
      if (name != kOutputName || w.data != model.embedding.data) listed.insert(name);
    });
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
      for (const LayerNorm& norm : kLayerNorms) {
        EXPECT_EQ((model.layers[i].*norm.weights).empty(), architecture < norm.since) << norm.name;
        if (architecture >= norm.since) listed.insert(layer_tensor_name(i, norm.name));
      }
    }
    std::multiset<std::string> written;
    for (const FileTensor& tensor : tensors_of(model)) written.insert(tensor.name);
    EXPECT_EQ(listed, written) << architecture_name(architecture);
  }
}

TEST(ModelTensors, HaveTheShapesOfTheirConfig) {
  const Model model = RandomModelMaker({.architecture = Architecture::kGemma3}).make();
  const ModelConfig& c = model.config;
  for (const LayerWeights& layer : model.layers) {
    for (const LayerMatrix& m : kLayerMatrices) {
      EXPECT_EQ((layer.*m.matrix).rows, m.rows(c)) << m.name;
      EXPECT_EQ((layer.*m.matrix).cols, m.cols(c)) << m.name;
    }
    for (const LayerNorm& norm : kLayerNorms)
      EXPECT_EQ((layer.*norm.weights).size(), norm.size(c)) << norm.name;
  }
}

}  // namespace
}  // namespace saseo
