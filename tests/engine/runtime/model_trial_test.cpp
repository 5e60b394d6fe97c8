#include "engine/runtime/model_trial.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/engine/has_text.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"

namespace saseo {
namespace {

Model model_with_vocabulary() {
  Model model = random_model({.vocab = 512});
  model.vocabulary = small_vocabulary(512);
  return model;
}

TEST(TryModel, ReadsAndWritesAndTellsTheSpeeds) {
  const Result<GenerationStats> stats = try_model(model_with_vocabulary());
  ASSERT_TRUE(stats.ok()) << stats.error().message.english;
  EXPECT_EQ(stats->prompt_tokens, 64u);
  EXPECT_EQ(stats->completion_tokens, 16u);
  EXPECT_GT(stats->prefill_rate(), 0);
  EXPECT_GT(stats->decode_rate(), 0);
}

TEST(TryModel, NamesTheLayerThatComputesWhatIsNoNumber) {
  Model model = model_with_vocabulary();
  model.layers[1].attention_norm[5] = std::numeric_limits<float>::quiet_NaN();
  const Result<GenerationStats> stats = try_model(model);
  ASSERT_FALSE(stats.ok());
  EXPECT_EQ(stats.error().code, ErrorCode::kDamaged);
  EXPECT_TRUE(has_text(stats.error().message.english, "Layer 1 of random"));
}

TEST(TryModel, AStopEndsIt) {
  std::stop_source stopped;
  stopped.request_stop();
  const Result<GenerationStats> stats = try_model(model_with_vocabulary(), stopped.get_token());
  ASSERT_FALSE(stats.ok());
  EXPECT_EQ(stats.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace saseo
