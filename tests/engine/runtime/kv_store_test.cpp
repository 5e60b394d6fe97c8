#include "engine/runtime/kv_store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "engine/forward/kv_cache_io.h"
#include "engine/model/model_identity.h"
#include "engine/runtime/model_runtime.h"
#include "tests/engine/model_files.h"
#include "tests/engine/random_model.h"
#include "tests/temporary_folder.h"

namespace saseo {
namespace {

namespace fs = std::filesystem;

std::vector<TokenId> prompt_of(std::size_t count, unsigned seed = 3) {
  std::mt19937 random(seed);
  std::vector<TokenId> ids(count);
  for (TokenId& id : ids) id = static_cast<TokenId>(random() % 160);
  return ids;
}

// The same first tokens with another end.
std::vector<TokenId> with_end(std::vector<TokenId> tokens, std::size_t count, unsigned seed) {
  for (const TokenId id : prompt_of(count, seed)) tokens.push_back(id);
  return tokens;
}

std::unique_ptr<KvStore> store_at(const fs::path& folder, const Model& model,
                                  const SessionOptions& options,
                                  std::uint64_t max_bytes = std::uint64_t{1} << 30) {
  auto store = KvStore::open({folder, max_bytes}, {.model = model.name,
                                                   .config = model.config,
                                                   .type = options.kv_type,
                                                   .arithmetic = options.arithmetic});
  EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().message);
  return std::move(store).value();
}

struct Outcome {
  std::vector<TokenId> tokens;
  std::vector<float> logprobs;  // Of each token's likeliest.
  GenerationStats stats;
};

// A process: nothing is resident at its beginning.
class Process {
 public:
  Process(const Model& model, const SessionOptions& options, std::unique_ptr<KvStore> store)
      : session_(model, options, {.store = std::move(store)}) {}

  Outcome generate(const std::vector<TokenId>& prompt, std::uint32_t shared) {
    Outcome outcome;
    const auto result = session_.generate(
        {.prompt = prompt, .sampling = {.logprobs = 5}, .max_tokens = 8, .shared_prefix = shared},
        [&](const SampledToken& token) {
          outcome.tokens.push_back(token.token);
          for (const TokenLogprob& likely : token.most_likely)
            outcome.logprobs.push_back(likely.logprob);
          return true;
        });
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    if (result.ok()) outcome.stats = result->stats;
    return outcome;
  }
  void forget() { session_.reset(); }

 private:
  LoneSession session_;
};

Outcome run(const Model& model, const SessionOptions& options, std::unique_ptr<KvStore> store,
            const std::vector<TokenId>& prompt, std::uint32_t shared) {
  return Process(model, options, std::move(store)).generate(prompt, shared);
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

constexpr std::size_t kShared = 120;

class StoredBeginning : public testing::TestWithParam<std::tuple<Architecture, KvType, bool>> {};

TEST_P(StoredBeginning, AnswersTheNextQuestionBitForBitLikeOneComputedAfresh) {
  const auto [architecture, type, ring] = GetParam();
  const Model model = random_model({.architecture = architecture, .layers = 7});
  const SessionOptions options = {.kv_type = type, .ring = ring, .threads = 2, .max_batch = 32};
  const TemporaryFolder folder;
  const auto passages = prompt_of(kShared);
  const auto first = with_end(passages, 20, 8), second = with_end(passages, 30, 9);
  const Outcome fresh = run(model, options, nullptr, second, 0);
  EXPECT_EQ(fresh.stats.reused_tokens, 0u);

  {
    Process process(model, options, store_at(folder / "kv", model, options));
    EXPECT_EQ(process.generate(first, kShared).stats.reused_tokens, 0u);
    const Outcome resident = process.generate(second, kShared);
    EXPECT_EQ(resident.stats.reused_tokens, kShared);
    EXPECT_EQ(resident.stats.stored_tokens, 0u);
    EXPECT_EQ(resident.tokens, fresh.tokens);
    EXPECT_EQ(resident.logprobs, fresh.logprobs);
  }
  ASSERT_EQ(files_of(folder / "kv").size(), 1u);
  const Outcome stored =
      run(model, options, store_at(folder / "kv", model, options), second, kShared);
  EXPECT_EQ(stored.stats.reused_tokens, kShared);
  EXPECT_EQ(stored.stats.stored_tokens, kShared);
  EXPECT_TRUE(stored.stats.store_notes.empty());
  EXPECT_EQ(stored.tokens, fresh.tokens);
  EXPECT_EQ(stored.logprobs, fresh.logprobs);
  EXPECT_EQ(files_of(folder / "kv").size(), 1u) << "the same beginning is not written again";
}

INSTANTIATE_TEST_SUITE_P(
    Forms, StoredBeginning,
    testing::Combine(testing::Values(Architecture::kGemma, Architecture::kGemma2,
                                     Architecture::kGemma3),
                     testing::Values(KvType::kF32, KvType::kF16, KvType::kQ8_0), testing::Bool()));

class KvStoreTest : public testing::Test {
 protected:
  std::unique_ptr<KvStore> store(std::uint64_t max_bytes = std::uint64_t{1} << 30) {
    return store_at(folder_ / "kv", model_, options_, max_bytes);
  }
  // Stores the beginning of `passages` and gives its file.
  fs::path store_passages(const std::vector<TokenId>& passages) {
    run(model_, options_, store(), with_end(passages, 10, 77),
        static_cast<std::uint32_t>(passages.size()));
    for (const fs::path& path : files_of(folder_ / "kv"))
      if (known_.insert(path).second) return path;
    ADD_FAILURE() << "nothing was stored";
    return {};
  }
  Outcome ask(const std::vector<TokenId>& passages, unsigned seed = 9) {
    return run(model_, options_, store(), with_end(passages, 30, seed),
               static_cast<std::uint32_t>(passages.size()));
  }

  const TemporaryFolder folder_;
  const Model model_ = random_model({});
  SessionOptions options_ = {.ring = false, .threads = 1};
  std::set<fs::path> known_;
};

TEST_F(KvStoreTest, FilesAreTheirOwnersAlone) {
  const fs::path file = store_passages(prompt_of(kShared));
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat((folder_ / "kv").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_F(KvStoreTest, ServesAPromptThatSharesOnlyAPartOfAFile) {
  store_passages(prompt_of(kShared));
  auto part = prompt_of(kShared);
  part.resize(90);
  const auto prompt = with_end(part, 20, 5);
  const Outcome stored = run(model_, options_, store(), prompt, 0);
  const Outcome fresh = run(model_, options_, nullptr, prompt, 0);
  EXPECT_EQ(stored.stats.stored_tokens, 90u);
  EXPECT_EQ(stored.logprobs, fresh.logprobs);
}

TEST_F(KvStoreTest, ARingsFileServesWholeAndAFlatCacheToo) {
  options_.ring = true;
  options_.max_batch = 8;
  const auto passages = prompt_of(500 - 60);
  // The ring of 16 + 512 holds all of it, one of 16 + 8 would not: adopt() says what is missing.
  KvCache ring(model_.config, {.ring = true, .slack = 8}), flat(model_.config, {.ring = false});
  ThreadPool threads(1);
  Transformer transformer(model_, threads, {.max_batch = 8});
  for (std::size_t i = 0; i < passages.size(); i += 8) {
    for (KvCache* cache : {&ring, &flat}) {
      std::vector<BatchToken> batch;
      for (std::size_t t = i; t < i + 8; ++t) batch.push_back({passages[t], 0, false});
      ASSERT_TRUE(transformer.forward(batch, {&cache, 1}).ok());
    }
  }
  const auto writer = store();
  writer->save(passages, ring);
  const auto last = static_cast<std::uint32_t>(passages.size()) - 1;
  for (const bool as_ring : {true, false}) {
    KvCache read(model_.config, {.ring = as_ring, .slack = 8});
    ASSERT_TRUE(store()->load(passages, read));
    EXPECT_EQ(read.length(), passages.size());
    EXPECT_EQ(bytes_at(read, last), bytes_at(flat, last));
    EXPECT_FALSE(read.can_truncate(100));
  }
  // What shares only a part cannot do without the positions that are missing.
  KvCache part(model_.config, {.ring = false});
  EXPECT_FALSE(store()->load(std::span(passages).first(300), part));
  EXPECT_EQ(part.length(), 0u);
}

TEST_F(KvStoreTest, TheLeastRecentlyUsedGoFirst) {
  const auto a = prompt_of(kShared, 21), b = prompt_of(kShared, 22), c = prompt_of(kShared, 23);
  const fs::path file_a = store_passages(a), file_b = store_passages(b);
  const auto age = [](const fs::path& path, long seconds) {
    const timespec times[2] = {{1'700'000'000 + seconds, 0}, {1'700'000'000 + seconds, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  };
  age(file_a, 1);
  age(file_b, 2);
  EXPECT_EQ(ask(a).stats.stored_tokens, kShared) << "which makes it the latest";
  const std::uint64_t two = 2 * fs::file_size(file_a) + 100;
  run(model_, options_, store(two), with_end(c, 10, 1), kShared);
  EXPECT_TRUE(fs::exists(file_a));
  EXPECT_FALSE(fs::exists(file_b));
  EXPECT_EQ(kv_store_usage(folder_ / "kv").files, 2u);
  EXPECT_LE(kv_store_usage(folder_ / "kv").bytes, two);
}

TEST_F(KvStoreTest, TouchesNothingElseInItsFolder) {
  fs::create_directory(folder_ / "kv");
  folder_.write("kv/thesis.kv", "mine");
  folder_.write("kv/0123-4567.kv", "mine");
  const fs::path left =
      folder_ / ("kv/" + std::string(32, 'a') + "-" + std::string(32, 'b') + ".kv.Xy12Zz");
  folder_.write("kv/" + left.filename().string(), "left by a writer that was killed");
  const timespec old[2] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, left.c_str(), old, 0), 0);
  const auto file = store_passages(prompt_of(kShared));
  run(model_, options_, store(fs::file_size(file)), with_end(prompt_of(kShared, 5), 9, 1), kShared);
  EXPECT_EQ(folder_.read("kv/thesis.kv"), "mine");
  EXPECT_EQ(folder_.read("kv/0123-4567.kv"), "mine");
  EXPECT_FALSE(fs::exists(left));
}

TEST_F(KvStoreTest, ABeginningBeyondTheBudgetIsToldAndNotStored) {
  const Outcome outcome =
      run(model_, options_, store(1000), with_end(prompt_of(kShared), 9, 1), kShared);
  ASSERT_EQ(outcome.stats.store_notes.size(), 1u);
  EXPECT_NE(outcome.stats.store_notes[0].find("--kv-cache-size"), std::string::npos);
  EXPECT_TRUE(files_of(folder_ / "kv").empty());
}

TEST_F(KvStoreTest, EveryDamageGivesTheAnswerComputedAfreshAndIsToldOnce) {
  const auto passages = prompt_of(kShared);
  const fs::path file = store_passages(passages);
  const std::string name = "kv/" + file.filename().string();
  const std::string whole = folder_.read(name);
  const Outcome fresh = run(model_, options_, nullptr, with_end(passages, 30, 9), 0);

  const auto expect_ignored = [&](std::string bytes, const std::string& what) {
    folder_.write(name, bytes);
    const Outcome outcome = ask(passages);
    EXPECT_EQ(outcome.stats.stored_tokens, 0u) << what;
    EXPECT_EQ(outcome.logprobs, fresh.logprobs) << what;
    EXPECT_EQ(outcome.stats.store_notes.size(), 1u) << what;
    EXPECT_EQ(folder_.read(name), whole) << what << ": written anew";
  };
  // Magic, settings, length, first position, tokens, checksum, rows, last checksum.
  const std::size_t header = 32 + 4 * kShared;
  for (const std::size_t at : {std::size_t{0}, std::size_t{9}, std::size_t{24}, std::size_t{27},
                               std::size_t{28}, std::size_t{31}, std::size_t{40}, header + 3,
                               header + 8, whole.size() / 2, whole.size() - 1}) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
    expect_ignored(bytes, "byte " + std::to_string(at));
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{31}, std::size_t{32},
                                 header, header + 8, whole.size() - 8, whole.size() - 1})
    expect_ignored(whole.substr(0, size), "cut to " + std::to_string(size));
  expect_ignored(whole + "x", "too long");
  EXPECT_EQ(ask(passages).stats.stored_tokens, kShared);
}

TEST_F(KvStoreTest, AFileWithRightChecksumsThatSomethingElseComputedIsNotBelieved) {
  const auto passages = prompt_of(kShared);
  // Another model writes under this model's name.
  const Model other = random_model({.seed = 2});
  run(other, options_, store(), with_end(passages, 10, 77), kShared);
  ASSERT_EQ(files_of(folder_ / "kv").size(), 1u);
  const Outcome outcome = ask(passages);
  EXPECT_EQ(outcome.stats.reused_tokens, 0u);
  EXPECT_EQ(outcome.stats.stored_tokens, 0u);
  EXPECT_EQ(outcome.stats.store_notes.size(), 1u);
  EXPECT_EQ(outcome.logprobs,
            run(model_, options_, nullptr, with_end(passages, 30, 9), 0).logprobs);
  EXPECT_EQ(ask(passages).stats.stored_tokens, kShared) << "and was written anew";
}

TEST_F(KvStoreTest, FilesOfOtherModelsAndSettingsStayAndAreNotRead) {
  const auto passages = prompt_of(kShared);
  const fs::path file = store_passages(passages);
  for (const KvType type : {KvType::kF32, KvType::kQ8_0}) {
    SessionOptions other = options_;
    other.kv_type = type;
    const Outcome outcome = run(model_, other, store_at(folder_ / "kv", model_, other),
                                with_end(passages, 30, 9), kShared);
    EXPECT_EQ(outcome.stats.stored_tokens, 0u);
    EXPECT_TRUE(outcome.stats.store_notes.empty());
  }
  Model other = random_model({.seed = 2});
  other.name = "other";
  EXPECT_EQ(run(other, options_, store_at(folder_ / "kv", other, options_),
                with_end(passages, 30, 9), kShared)
                .stats.stored_tokens,
            0u);
  EXPECT_TRUE(fs::exists(file));
  EXPECT_EQ(files_of(folder_ / "kv").size(), 4u);
}

TEST_F(KvStoreTest, LinksAndFilesThatOthersMayWriteAreNotRead) {
  const auto passages = prompt_of(kShared);
  const fs::path file = store_passages(passages);
  ASSERT_EQ(::chmod(file.c_str(), 0620), 0);
  EXPECT_EQ(ask(passages).stats.store_notes.size(), 1u);
  fs::rename(file, folder_ / "elsewhere");
  fs::create_symlink(folder_ / "elsewhere", file);
  EXPECT_EQ(ask(passages).stats.store_notes.size(), 1u);
  EXPECT_TRUE(fs::exists(folder_ / "elsewhere"));
  fs::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(ask(passages).stats.store_notes.size(), 1u) << "and nobody waits for a writer";
}

TEST_F(KvStoreTest, AFileThatChangesUnderAnOpenStoreIsNotBelieved) {
  const auto passages = prompt_of(kShared);
  const fs::path file = store_passages(passages);
  const std::string name = "kv/" + file.filename().string(), whole = folder_.read(name);
  for (const std::size_t at : {std::size_t{3}, std::size_t{40}, whole.size() - 20}) {
    folder_.write(name, whole);
    const auto open = store();
    KvCache cache(model_.config, kv_options(options_));
    ASSERT_TRUE(open->load(passages, cache));
    cache.clear();
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    folder_.write(name, bytes);
    EXPECT_FALSE(open->load(passages, cache));
    EXPECT_EQ(cache.length(), 0u);
    EXPECT_EQ(open->take_notes().size(), 1u);
    EXPECT_FALSE(fs::exists(file));
    EXPECT_FALSE(open->load(passages, cache));
    EXPECT_TRUE(open->take_notes().empty()) << "told once";
    ::close(::open(file.c_str(), O_CREAT | O_WRONLY, 0600));
  }
}

TEST_F(KvStoreTest, NoMutatedFileIsBelievedOrCrashes) {
  const auto passages = prompt_of(kShared);
  const std::string name = "kv/" + store_passages(passages).filename().string();
  const std::string whole = folder_.read(name);
  std::mt19937 random(6);
  for (int round = 0; round < 150; ++round) {
    std::string bytes = whole;
    const std::size_t reach = random() % 2 == 0 ? 600 : bytes.size();
    for (std::size_t change = random() % 4 + 1; change > 0; --change)
      bytes[random() % reach] = static_cast<char>(random());
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    if (bytes == whole) continue;
    folder_.write(name, bytes);
    ASSERT_EQ(::chmod((folder_ / name).c_str(), 0600), 0);
    KvCache cache(model_.config, kv_options(options_));
    EXPECT_FALSE(store()->load(passages, cache));
    EXPECT_EQ(cache.length(), 0u);
  }
}

TEST_F(KvStoreTest, ProcessesThatShareAFolderAnswerTheSame) {
  const auto passages = prompt_of(kShared);
  const Outcome fresh = run(model_, options_, nullptr, with_end(passages, 30, 9), 0);
  const std::uint64_t room = fs::file_size(store_passages(passages)) * 5 / 2;
  std::vector<pid_t> children;
  for (unsigned child = 0; child < 3; ++child) {
    children.push_back(::fork());
    if (children.back() != 0) continue;
    bool same = true;
    for (unsigned round = 0; round < 6; ++round) {
      // Others push it out of the folder, and it comes again.
      run(model_, options_, store(room), with_end(prompt_of(kShared, 100 + child), 9, round),
          kShared);
      const Outcome outcome =
          run(model_, options_, store(room), with_end(passages, 30, 9), kShared);
      same = same && outcome.logprobs == fresh.logprobs && outcome.stats.store_notes.empty();
    }
    ::_exit(same ? 0 : 1);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_LE(kv_store_usage(folder_ / "kv").bytes, room);
}

TEST_F(KvStoreTest, AFolderThatIsNoneIsAnError) {
  folder_.write("file", "");
  const auto opened = KvStore::open({folder_ / "file", 1}, {.model = "m", .config = model_.config});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kInvalidArgument);
}

TEST(ModelIdentity, TellsChangedWeightsAndFilesApart) {
  const TemporaryFolder folder;
  const Model made = random_model({.vocab = 512});
  ASSERT_TRUE(write_gguf(made, folder / "a.gguf").ok());
  const auto identity = [&] {
    return model_identity(open_model(folder / "a.gguf").value()).value();
  };
  const std::string before = identity();
  EXPECT_EQ(identity(), before);
  const auto time = fs::last_write_time(folder / "a.gguf");
  ASSERT_TRUE(write_gguf(random_model({.vocab = 512, .seed = 2}), folder / "a.gguf").ok());
  fs::last_write_time(folder / "a.gguf", time);
  EXPECT_NE(identity(), before);
  const Model opened = open_model(folder / "a.gguf").value();
  fs::remove(folder / "a.gguf");
  EXPECT_FALSE(model_identity(opened).ok());
}

}  // namespace
}  // namespace saseo
