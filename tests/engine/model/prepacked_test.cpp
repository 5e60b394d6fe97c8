#include "engine/model/prepacked.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <thread>

#include "engine/model/model_panels.h"
#include "engine/model/prepacked_header.h"
#include "engine/runtime/model_runtime.h"
#include "tests/engine/has_text.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

namespace fs = std::filesystem;

RandomModelShape shape_of(TensorType type) {
  return {.layers = 2,
          .type = type,
          .d = tensor_type_info(type).block_elements == 256 ? 256u : 128u,
          .vocab = 512};
}

std::vector<TokenId> answer(const Model& model) {
  LoneSession session(model, {.threads = 2});
  const std::vector<TokenId> prompt = {2, 30, 41, 52, 63, 74, 85};
  std::vector<TokenId> tokens;
  EXPECT_TRUE(session
                  .generate({.prompt = prompt, .sampling = {}, .max_tokens = 12, .stop_tokens = {}},
                            [&](const SampledToken& token) {
                              tokens.push_back(token.token);
                              return true;
                            })
                  .ok());
  return tokens;
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

// A model as a file, with its prepacked weights beside it.
class Prepacked : public testing::Test {
 protected:
  fs::path write_model(const RandomModelShape& shape) {
    const fs::path path = folder_ / "model.gguf";
    EXPECT_TRUE(write_gguf(random_model(shape), path).ok());
    return path;
  }
  Model prepack(const RandomModelShape& shape) {
    path_ = write_model(shape);
    file_ = prepacked_path(path_);
    Model model = open_model(path_).value();
    const Status written = write_prepacked(model, file_, pool_);
    EXPECT_TRUE(written.ok()) << written.error().message;
    return model;
  }
  void put(std::uint64_t offset, const std::vector<char>& bytes) const {
    const int fd = ::open(file_.c_str(), O_WRONLY);
    EXPECT_EQ(::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset)),
              static_cast<ssize_t>(bytes.size()));
    ::close(fd);
  }
  std::string bytes() const { return read_file(file_).value(); }
  void flip(std::uint64_t offset) const {
    put(offset, {static_cast<char>(bytes()[offset] ^ 0x10)});
  }
  ErrorCode error_of_use(Model& model) const {
    const Status used = use_prepacked(model, file_);
    EXPECT_FALSE(used.ok());
    EXPECT_FALSE(model.embedding.in_panels);
    EXPECT_TRUE(model.prepacked.bytes().empty());
    return used.ok() ? ErrorCode::kLimit : used.error().code;
  }

  TemporaryFolder folder_;
  ThreadPool pool_{2};
  fs::path path_, file_;
};

TEST_F(Prepacked, WeightsAreTheSameBytesAsThoseArrangedInMemoryForEveryType) {
  for (const TensorType type : kQuantizedTypes) {
    SCOPED_TRACE(tensor_type_info(type).name);
    Model mapped = prepack(shape_of(type));
    Model arranged = open_model(path_).value();
    ASSERT_TRUE(arrange_in_panels(arranged, pool_).ok());
    EXPECT_TRUE(verify_prepacked(mapped, file_, pool_).ok());
    ASSERT_TRUE(use_prepacked(mapped, file_).ok());
    EXPECT_TRUE(mapped.files.empty()) << "the model's own file is not needed any more";
    const auto same = [](const WeightMatrix& a, const WeightMatrix& b) {
      return a.in_panels && b.in_panels && std::memcmp(a.data, b.data, a.bytes()) == 0;
    };
    EXPECT_TRUE(same(mapped.embedding, arranged.embedding));
    EXPECT_EQ(mapped.output.data, mapped.embedding.data);
    for (std::size_t i = 0; i < mapped.layers.size(); ++i) {
      const LayerWeights &a = mapped.layers[i], &b = arranged.layers[i];
      EXPECT_TRUE(same(a.q, b.q) && same(a.k, b.k) && same(a.v, b.v) &&
                  same(a.attention_output, b.attention_output) && same(a.gate, b.gate) &&
                  same(a.up, b.up) && same(a.down, b.down));
    }
    EXPECT_EQ(answer(mapped), answer(arranged));
  }
}

TEST_F(Prepacked, AModelWithAHeadOfItsOwnAndOneInPartsAnswerAsBefore) {
  RandomModelShape shape = shape_of(TensorType::kQ4_0);
  shape.tied_head = false;
  Model model = prepack(shape);
  const auto before = answer(model);
  ASSERT_TRUE(use_prepacked(model, file_).ok());
  EXPECT_NE(model.output.data, model.embedding.data);
  EXPECT_EQ(answer(model), before);

  ASSERT_TRUE(write_split_gguf(random_model(shape), folder_.path(), "parts", 3).ok());
  const fs::path first = folder_ / "parts-00001-of-00003.gguf";
  Model parts = open_model(first).value();
  ASSERT_TRUE(write_prepacked(parts, prepacked_path(first), pool_).ok());
  ASSERT_TRUE(use_prepacked(parts, prepacked_path(first)).ok());
  EXPECT_EQ(answer(parts), before);
}

TEST_F(Prepacked, PanelsBeginWhereHugePagesDoAndMatricesWherePagesDo) {
  const Model model = prepack(shape_of(TensorType::kQ8_0));
  const PanelPlan plan = plan_panels(model);
  const std::size_t data = prepacked_data_offset(plan.places.size());
  EXPECT_EQ(data % (2 << 20), 0u);
  for (const PanelPlace& place : plan.places) EXPECT_EQ(place.offset % 4096, 0u) << place.name;
  EXPECT_EQ(prepacked_bytes(model), data + plan.bytes);
  EXPECT_EQ(fs::file_size(file_), data + plan.bytes);
}

TEST_F(Prepacked, EveryByteOfTheHeaderCounts) {
  Model model = prepack(shape_of(TensorType::kQ4_0));
  const std::string whole = bytes();
  const std::size_t header = prepacked_header_bytes(plan_panels(model).places.size());
  for (std::size_t i = 0; i < header; i += i < 64 ? 1 : 7) {
    put(i, {static_cast<char>(whole[i] ^ 0x40)});
    const ErrorCode code = error_of_use(model);
    EXPECT_TRUE(code == ErrorCode::kBadInput || code == ErrorCode::kTooNew ||
                code == ErrorCode::kDamaged)
        << i;
    put(i, {whole[i]});
  }
  EXPECT_TRUE(use_prepacked(model, file_).ok());
}

TEST_F(Prepacked, AnotherFormatOrLayoutIsToldFromDamage) {
  Model model = prepack(shape_of(TensorType::kQ4_0));
  for (const std::uint64_t at : {std::uint64_t{8}, std::uint64_t{16}}) {
    flip(at);
    EXPECT_EQ(error_of_use(model), ErrorCode::kTooNew);
    flip(at);
  }
}

TEST_F(Prepacked, AFileCutShortOrLongerIsRefused) {
  Model model = prepack(shape_of(TensorType::kQ4_0));
  const std::uint64_t whole = fs::file_size(file_);
  for (const std::uint64_t size : {whole + 1, whole - 1, std::uint64_t{2} << 20, std::uint64_t{600},
                                   std::uint64_t{39}, std::uint64_t{7}, std::uint64_t{0}}) {
    fs::resize_file(file_, size);
    const ErrorCode code = error_of_use(model);
    EXPECT_TRUE(code == ErrorCode::kBadInput || code == ErrorCode::kDamaged) << size;
  }
}

TEST_F(Prepacked, NoFileAFolderAndAForeignFileAreRefused) {
  Model model = open_model(write_model(shape_of(TensorType::kQ4_0))).value();
  file_ = folder_ / "none.panels";
  EXPECT_EQ(error_of_use(model), ErrorCode::kNotFound);
  fs::create_directory(file_);
  EXPECT_EQ(error_of_use(model), ErrorCode::kBadInput);
  file_ = folder_ / "model.gguf";
  EXPECT_EQ(error_of_use(model), ErrorCode::kBadInput);
}

TEST_F(Prepacked, DamageInAPanelIsFoundByTheWholeCheckWhichNamesTheMatrix) {
  const Model model = prepack(shape_of(TensorType::kQ8_0));
  const PanelPlan plan = plan_panels(model);
  const PanelPlace& place = plan.places[4];
  flip(prepacked_data_offset(plan.places.size()) + place.offset + place.bytes / 2 + 5);
  const Status verified = verify_prepacked(model, file_, pool_);
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().code, ErrorCode::kDamaged);
  EXPECT_TRUE(has_text(verified.error().message, place.name));
}

TEST_F(Prepacked, WeightsOfAModelThatChangedSinceAreNotUsed) {
  RandomModelShape shape = shape_of(TensorType::kQ4_0);
  prepack(shape);
  shape.seed = 2;
  Model changed = open_model(write_model(shape)).value();
  EXPECT_EQ(error_of_use(changed), ErrorCode::kBadInput);
  shape.layers = 3;
  Model longer = open_model(write_model(shape)).value();
  EXPECT_EQ(error_of_use(longer), ErrorCode::kBadInput);
}

TEST_F(Prepacked, AChangeOfOneWeightOfTheModelIsFoundByTheWholeCheck) {
  const Model before = prepack(shape_of(TensorType::kQ8_0));
  const WeightMatrix& down = before.layers[1].down;
  const auto offset = down.row(down.rows / 2 + 3) + 9 - before.files[0].bytes().data();
  std::fstream gguf(path_, std::ios::in | std::ios::out | std::ios::binary);
  gguf.seekg(offset);
  const int old = gguf.get();
  gguf.seekp(offset);
  gguf.put(static_cast<char>(old ^ 1));
  gguf.close();
  const Status verified = verify_prepacked(open_model(path_).value(), file_, pool_);
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().code, ErrorCode::kBadInput);
}

TEST_F(Prepacked, AModelOfFloatsHasNothingToPrepack) {
  const fs::path path = write_model(shape_of(TensorType::kF16));
  Model model = open_model(path).value();
  EXPECT_EQ(prepacked_bytes(model), 0u);
  const Status written = write_prepacked(model, prepacked_path(path), pool_);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(fs::exists(prepacked_path(path)));
}

TEST_F(Prepacked, ALimitOnTheSizeOfFilesLeavesNothingBehindAndTheOldFileAsItWas) {
  const Model model = prepack(shape_of(TensorType::kQ8_0));
  const std::string before = bytes();
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const rlimit less = {.rlim_cur = std::uint64_t{2} << 20, .rlim_max = old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &less);
  const Status written = write_prepacked(model, file_, pool_);
  ::setrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(written.ok());
  EXPECT_TRUE(has_text(written.error().message, file_.string()));
  EXPECT_EQ(files_in(folder_.path()), 2u);
  EXPECT_EQ(bytes(), before);
}

TEST_F(Prepacked, StoppingLeavesNothingBehind) {
  const fs::path path = write_model(shape_of(TensorType::kQ8_0));
  const Model model = open_model(path).value();
  std::stop_source stop;
  const Status written =
      write_prepacked(model, prepacked_path(path), pool_,
                      {.stop = stop.get_token(), .on_bytes = [&](auto) { stop.request_stop(); }});
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(files_in(folder_.path()), 1u);
}

TEST_F(Prepacked, OfSeveralWritersOneLeavesAWholeFile) {
  const fs::path path = write_model(shape_of(TensorType::kQ8_0));
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      ThreadPool pool(2);
      const Model model = open_model(path).value();
      EXPECT_TRUE(write_prepacked(model, prepacked_path(path), pool).ok());
    });
  }
  for (std::thread& writer : writers) writer.join();
  Model model = open_model(path).value();
  EXPECT_TRUE(verify_prepacked(model, prepacked_path(path), pool_).ok());
  EXPECT_EQ(files_in(folder_.path()), 2u);
}

TEST(PrepackedPath, LiesBesideTheFileOrFolder) {
  EXPECT_EQ(prepacked_path("a/gemma.gguf"), "a/gemma.gguf.panels");
  EXPECT_EQ(prepacked_path("a/gemma"), "a/gemma.panels");
  EXPECT_EQ(prepacked_path("a/gemma/"), "a/gemma.panels");
}

}  // namespace
}  // namespace saseo
