// Small random models as files in a Workplace, for the commands that run models.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/cli/saseo_process.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"
#include "tests/engine/spoken_model.h"

namespace saseo::cli {

// gemma2 with 512 positions.
inline std::filesystem::path add_model_file(const Workplace& place, const std::string& name,
                                            TensorType type = TensorType::kQ8_0, unsigned seed = 1,
                                            std::uint32_t context = 512) {
  const std::filesystem::path path = place.folder() / name;
  std::filesystem::create_directories(path.parent_path());
  Model model = random_model({.type = type, .vocab = 512, .seed = seed});
  model.config.context = context;
  const Status written = write_gguf(model, path);
  EXPECT_TRUE(written.ok());
  return path;
}

// Writes the texts; tests/engine/spoken_model.h says how.
inline std::filesystem::path add_spoken_model(const Workplace& place, const std::string& name,
                                              const SpokenTexts& texts) {
  const std::filesystem::path path = place.folder() / name;
  EXPECT_TRUE(write_gguf(spoken_model(texts), path).ok());
  return path;
}

}  // namespace saseo::cli
