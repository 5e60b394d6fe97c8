#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>

#include "cli/program/program.h"
#include "tests/cli/made_models.h"

namespace saseo::cli {
namespace {

// Runs the program with `bytes` more of address space than this process has.
void run_with(const std::vector<std::string>& arguments, std::uint64_t bytes) {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t limit = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) + bytes;
  const rlimit space = {limit, limit};
  if (::setrlimit(RLIMIT_AS, &space) != 0) ::_exit(99);
  ::_exit(run_program(arguments));
}

TEST(OutOfMemory, EndsTheProgramWithASentence) {
#if defined(SASEO_ADDRESS_SANITIZER) || defined(SASEO_THREAD_SANITIZER)
  GTEST_SKIP() << "sanitizers need the whole address space";
#endif
  const Workplace place;
  // Keys and values of 512 positions: 128 MiB in float32.
  const Model model = random_model({.layers = 16, .kv_heads = 4, .head_dim = 1024, .vocab = 512});
  const std::filesystem::path path = place.folder() / "m.gguf";
  ASSERT_TRUE(write_gguf(model, path).ok());
  const std::vector<std::string> generate = {
      "saseo", "generate", "-m", path.string(), "--kv", "f32", "--raw", "--threads", "1", "hi"};
  EXPECT_EXIT(run_with(generate, std::uint64_t{96} << 20), testing::ExitedWithCode(3),
              "out of memory");
}

}  // namespace
}  // namespace saseo::cli
