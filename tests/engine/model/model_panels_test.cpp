#include "engine/model/model_panels.h"

#include <gtest/gtest.h>

#include "engine/runtime/model_runtime.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

std::vector<TokenId> answer(const Model& model) {
  LoneSession session(model, {.threads = 2});
  const std::vector<TokenId> prompt = {2, 30, 41, 52, 63, 74, 85};
  std::vector<TokenId> tokens;
  EXPECT_TRUE(session
                  .generate({.prompt = prompt, .sampling = {}, .max_tokens = 24, .stop_tokens = {}},
                            [&](const SampledToken& token) {
                              tokens.push_back(token.token);
                              return true;
                            })
                  .ok());
  return tokens;
}

TEST(ModelPanels, ChangeNothingInWhatAModelSays) {
  ThreadPool pool(2);
  for (const bool tied : {true, false}) {
    Model model = random_model({.tied_head = tied, .vocab = 167});
    const auto before = answer(model);
    ASSERT_TRUE(arrange_in_panels(model, pool).ok());
    EXPECT_TRUE(model.embedding.in_panels && model.layers[1].down.in_panels);
    EXPECT_EQ(model.embedding.data == model.output.data, tied);
    EXPECT_EQ(answer(model), before);
    const std::byte* place = model.embedding.data;
    ASSERT_TRUE(arrange_in_panels(model, pool).ok());
    EXPECT_EQ(model.embedding.data, place) << "arranged a second time";
  }
}

TEST(ModelPanels, CloseTheFileThatNothingBorrowsFromAnyMore) {
  TemporaryFolder folder;
  ThreadPool pool(2);
  for (const TensorType type : {TensorType::kQ8_0, TensorType::kF16}) {
    const auto path = folder.path() / (std::string(tensor_type_info(type).name) + ".gguf");
    ASSERT_TRUE(write_gguf(random_model({.type = type, .vocab = 512}), path).ok());
    Model model = open_model(path).value();
    const auto before = answer(model);
    ASSERT_TRUE(arrange_in_panels(model, pool).ok());
    EXPECT_EQ(model.files.empty(), type == TensorType::kQ8_0);
    EXPECT_EQ(model.embedding.in_panels, type == TensorType::kQ8_0);
    EXPECT_EQ(answer(model), before);
  }
}

TEST(ModelPanels, LeaveTheModelAsItWasWhenStopped) {
  ThreadPool pool(1);
  Model model = random_model({});
  std::stop_source stop;
  std::uint64_t read = 0;
  const Status status = arrange_in_panels(
      model, pool, {.stop = stop.get_token(), .on_bytes = [&](std::uint64_t bytes) {
                      read += bytes;
                      stop.request_stop();
                    }});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(read, model.embedding.bytes());
  EXPECT_FALSE(model.embedding.in_panels);
  EXPECT_EQ(answer(model).size(), 24u);
}

}  // namespace
}  // namespace saseo
