// Speed and memory of a large library: makes one of N chunks, then measures opening it and asking
// it.
//
//   index_bench [--chunks 100000] [--queries 1000] [--library FOLDER]
//
// The text is made by seed: Korean-looking words with Zipf's frequencies, particles and verb
// endings, in documents of 100 chunks with headings. With --library the folder is kept, and used
// again when it holds a library already. One thread; times are wall time of this process.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/utf8.h"
#include "engine/kernels/distance.h"
#include "index/caches.h"
#include "index/library_writer.h"
#include "ingest/chunker.h"
#include "ingest/text_readers.h"
#include "retrieval/searcher.h"

namespace {

using namespace saseo;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

template <typename T>
T must(Result<T> result) {
  if (!result.ok()) {
    std::cerr << "index_bench: " << result.error().message.english << "\n";
    std::exit(1);
  }
  return std::move(result).value();
}

void must(Status status) {
  if (!status.ok()) {
    std::cerr << "index_bench: " << status.error().message.english << "\n";
    std::exit(1);
  }
}

// "VmRSS", "VmHWM" in MiB.
double memory_mib(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  return 0;
}

// Words by rank, the first the most frequent: P(rank r) ~ 1 / (r + 2.7)  (Zipf-Mandelbrot).
class TextMaker {
 public:
  explicit TextMaker(std::size_t words) : generator_(42) {
    std::uniform_int_distribution<int> syllable(0, 11171), length(2, 4);
    double total = 0;
    for (std::size_t i = 0; i < words; ++i) {
      std::u32string word;
      for (int s = length(generator_); s > 0; --s) {
        // Common syllables only: 2,350 of the 11,172, as in KS X 1001.
        word.push_back(
            static_cast<char32_t>(0xAC00 + syllable(generator_) / 28 * 28 + (s % 3 == 0 ? 4 : 0)));
      }
      words_.push_back(to_utf8(word));
      total += 1 / (static_cast<double>(i) + 2.7);
      cumulative_.push_back(total);
    }
  }
  const std::string& word() {
    std::uniform_real_distribution<double> uniform(0, cumulative_.back());
    const auto found = std::ranges::lower_bound(cumulative_, uniform(generator_));
    return words_[static_cast<std::size_t>(found - cumulative_.begin())];
  }
  std::string sentence(int words) {
    static constexpr std::array<const char*, 6> kParticles = {"을", "이", "에서", "으로", "의", ""};
    static constexpr std::array<const char*, 4> kVerbs = {"누릅니다", "선택하세요", "연결합니다",
                                                          "확인하세요"};
    std::string text;
    for (int i = 0; i < words; ++i)
      text += word() + kParticles[generator_() % kParticles.size()] + " ";
    return text + kVerbs[generator_() % kVerbs.size()] + ".";
  }
  std::mt19937_64& generator() { return generator_; }

 private:
  std::mt19937_64 generator_;
  std::vector<std::string> words_;
  std::vector<double> cumulative_;
};

void make_library(const std::filesystem::path& folder, std::size_t chunks, TextMaker& language) {
  const Clock::time_point start = Clock::now();
  LibraryWriter writer = must(LibraryWriter::open(folder));
  std::size_t made = 0;
  for (int document = 0; made < chunks; ++document) {
    std::string markdown = "# " + language.sentence(2) + "\n\n";
    for (int section = 0; section < 100; ++section) {
      markdown += "## " + language.sentence(2) + "\n\n";
      for (int s = 0; s < 10; ++s) markdown += language.sentence(8) + " ";
      markdown += "\n\n";
    }
    const Document read = read_markdown(markdown);
    std::vector<Chunk> cut = make_chunks(read);
    if (made + cut.size() > chunks) cut.resize(chunks - made);
    made += cut.size();
    const std::filesystem::path path = "/made/" + std::to_string(document) + ".md";
    (void)must(
        writer.put_document({path, content_hash(markdown), "bench", markdown.size()}, read, cut));
  }
  std::printf("made %zu chunks: %.1f s\n", made, seconds_since(start));
  const Clock::time_point fit = Clock::now();
  (void)must(writer.update_embeddings());
  std::printf("fitted LSA and wrote vectors: %.1f s\n", seconds_since(fit));
  const Clock::time_point caches = Clock::now();
  must(writer.write_caches());
  std::printf("wrote caches: %.1f s\n", seconds_since(caches));
}

double percentile(std::vector<double> values, double p) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1,
                         static_cast<std::size_t>(p * static_cast<double>(values.size())))];
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures a library of made chunks: opening, queries, memory.");
  std::string library;
  std::size_t chunks = 100'000, queries = 1000;
  app.add_option("--library", library, "Where it is made, or lies, and stays");
  app.add_option("--chunks", chunks)->capture_default_str();
  app.add_option("--queries", queries)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const bool keep = !library.empty();
  char folder_template[] = "/tmp/saseo-bench-XXXXXX";
  const std::filesystem::path folder =
      keep ? std::filesystem::path(library) : mkdtemp(folder_template);

  TextMaker language(60'000);
  if (!std::filesystem::exists(database_file(folder))) make_library(folder, chunks, language);

  const double before = memory_mib("VmRSS");
  const Clock::time_point open_start = Clock::now();
  const LibraryHost host = must(LibraryHost::open(folder));
  const Searcher searcher = must(Searcher::open(host));
  const double open_seconds = seconds_since(open_start);
  Analyzer::preload();
  const LibraryStats stats = must(searcher.library().stats());
  std::printf(
      "%zu documents, %zu chunks, %zu vectors x %zu; database %.0f MiB, caches %.0f MiB; kernels "
      "%s\n",
      stats.documents, stats.chunks, stats.vectors, stats.dims,
      static_cast<double>(stats.database_bytes) / 1048576,
      static_cast<double>(stats.cache_bytes) / 1048576,
      std::string(distance_kernel_name()).c_str());
  std::printf("open: %.3f s, resident memory +%.0f MiB\n", open_seconds,
              memory_mib("VmRSS") - before);

  std::map<std::string, std::vector<double>> times;
  for (std::size_t i = 0; i < queries; ++i) {
    Query query;
    query.text = language.sentence(3 + static_cast<int>(language.generator()() % 5));
    const Clock::time_point start = Clock::now();
    const SearchResult result = must(searcher.search(query));
    times["total"].push_back(seconds_since(start) * 1e3);
    times["analyze"].push_back(result.timings.analyze_ms);
    times["lexical"].push_back(result.timings.lexical_ms);
    times["dense"].push_back(result.timings.dense_ms);
    times["fuse"].push_back(result.timings.fuse_ms);
    times["fetch"].push_back(result.timings.fetch_ms);
  }
  std::printf("%-8s %8s %8s %8s   (ms, %zu hybrid queries)\n", "stage", "p50", "p99", "max",
              times["total"].size());
  for (const auto& [stage, values] : times) {
    std::printf("%-8s %8.2f %8.2f %8.2f\n", stage.c_str(), percentile(values, 0.5),
                percentile(values, 0.99), percentile(values, 1.0));
  }
  std::printf("resident memory %.0f MiB, peak %.0f MiB\n", memory_mib("VmRSS"),
              memory_mib("VmHWM"));
  if (!keep) std::filesystem::remove_all(folder);
}
