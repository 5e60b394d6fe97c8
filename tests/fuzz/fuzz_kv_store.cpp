// Any bytes as a file of computed prompts, under a name that the store reads. Nothing that is not
// whole may be taken from it.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "engine/runtime/kv_store.h"
#include "tests/fuzz/require.h"

namespace {

using namespace saseo;

const std::filesystem::path& folder() {
  static const std::filesystem::path made = [] {
    std::string name = (std::filesystem::temp_directory_path() / "saseo-fuzz-XXXXXX").string();
    return std::filesystem::path(::mkdtemp(name.data()));
  }();
  return made;
}

KvStoreSettings settings() {
  KvStoreSettings settings = {.model = "fuzz"};
  ModelConfig& config = settings.config;
  config.layers = 2;
  config.heads = config.kv_heads = 1;
  config.head_dim = 32;
  config.context = 256;
  config.window = 16;
  config.window_period = 2;
  return settings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A file that the store wrote, once: its name, and the bytes that most inputs change.
  static const std::vector<TokenId> tokens = [] {
    std::vector<TokenId> counted(80);
    std::iota(counted.begin(), counted.end(), 1);
    return counted;
  }();
  static std::string whole;
  static std::filesystem::path path;
  const KvCacheOptions form = {.ring = false};
  if (whole.empty()) {
    auto store = KvStore::open({.folder = folder()}, settings());
    require(store.ok());
    KvCache cache(settings().config, form);
    cache.adopt(80, 0);
    (*store)->save(tokens, cache);
    path = std::filesystem::directory_iterator(folder())->path();
    std::ifstream file(path, std::ios::binary);
    whole.assign(std::istreambuf_iterator<char>(file), {});
  }
  // Pairs of a place and a byte; one left over cuts the file there.
  std::string bytes = whole;
  for (; size >= 3; data += 3, size -= 3)
    bytes[(data[0] | data[1] << 8) % bytes.size()] = static_cast<char>(data[2]);
  if (size == 2) bytes.resize((data[0] | data[1] << 8) % (bytes.size() + 1));
  std::ofstream(path, std::ios::binary) << bytes;
  ::chmod(path.c_str(), 0600);

  auto store = KvStore::open({.folder = folder()}, settings());
  require(store.ok());
  KvCache cache(settings().config, form);
  const bool loaded = (*store)->load(tokens, cache).has_value();
  require(loaded == (bytes == whole));
  require(cache.length() == (loaded ? 80 : 0));
  return 0;
}
