// Speed and memory of the engine on a model file, on all processors, beside what the machine allows
// and measured with it:
//
//   engine_bench MODEL [--run RUN...] [--repeat N] [--threads N] [--batch N] [--kv f16]
//                [--json FILE] [--saseo PROGRAM]
//
//   load              open the file and rearrange its weights
//   start             a `saseo generate` process up to the first token after a short prompt
//   memory:P+N        the most memory of a process that reads P tokens and writes N
//   prefill:N         N tokens into an empty context
//   decode:N@D        N tokens one by one after D
//   verify:K,K,...@D  batches of K tokens with logits for all after D, as in verifying a draft
//   answer:P+N        a session's answer of N tokens to a prompt of P
//   concurrent:SxN@D  S sessions that decode N tokens each after D, together and in turn
//
// Tokens are random; a model that make_model wrote is as fast as a real one. A repetition goes
// through all runs before the next begins, so that a machine whose speed drifts does so for all.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <sstream>

#include "base/files.h"
#include "bench/bench_report.h"
#include "bench/engine_runs.h"
#include "bench/process_runs.h"
#include "engine/kernels/matmul.h"
#include "engine/model/model_panels.h"

namespace {

using saseo::Model;
using saseo::Result;
using saseo::Status;
namespace bench = saseo::bench;

// "kind:first,first,...+second@depth"; "x" may stand for "+".
struct Run {
  std::string kind;
  std::vector<std::uint32_t> first;
  std::uint32_t second = 0;
  std::uint32_t depth = 0;
};

const std::vector<std::string> kStandardRuns = {"load",
                                                "start",
                                                "memory:1536+64",
                                                "prefill:512",
                                                "prefill:1536",
                                                "decode:64@0",
                                                "decode:64@1536",
                                                "verify:1,2,4,8,16,32@512",
                                                "answer:1500+150",
                                                "concurrent:2x64@0"};

std::uint32_t number(const std::string& text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<Run> parse_run(const std::string& text) {
  // What each kind takes; sizes that nothing limits would only exhaust the memory.
  static const std::regex form(
      R"((load|start)|(memory|answer):(\d{1,5})\+(\d{1,4})|(prefill):(\d{1,5})|)"
      R"((decode):(\d{1,3})@(\d{1,5})|(verify):(\d{1,3}(?:,\d{1,3})*)@(\d{1,5})|)"
      R"((concurrent):(\d)x(\d{1,3})@(\d{1,5}))");
  std::smatch m;
  if (!std::regex_match(text, m, form)) return std::nullopt;
  if (m[1].matched) return Run{m[1], {}, 0, 0};
  if (m[2].matched) return Run{m[2], {number(m[3])}, number(m[4]), 0};
  if (m[5].matched) return Run{m[5], {number(m[6])}, 0, 0};
  if (m[7].matched) return Run{m[7], {number(m[8])}, 0, number(m[9])};
  if (m[13].matched) return Run{m[13], {number(m[14])}, number(m[15]), number(m[16])};
  Run run = {m[10], {}, 0, number(m[12])};
  const std::string sizes = m[11];
  for (std::size_t at = 0; at <= sizes.size();) {
    const std::size_t end = std::min(sizes.find(',', at), sizes.size());
    run.first.push_back(number(sizes.substr(at, end - at)));
    at = end + 1;
  }
  return run;
}

struct Options {
  std::string model, json, saseo, child;
  std::vector<std::string> runs = kStandardRuns;
  std::uint32_t repeat = 3;
  saseo::SessionOptions session;
};

Result<Model> open_arranged(const std::string& path, saseo::ThreadPool& pool) {
  SASEO_ASSIGN_OR_RETURN(Model model, saseo::open_model(path));
  SASEO_RETURN_IF_ERROR(saseo::arrange_in_panels(model, pool));
  return model;
}

// What the child of a memory run does: only that, and one line of figures.
Status run_child(const Options& options, const Run& run) {
  saseo::ThreadPool pool(options.session.threads);
  SASEO_ASSIGN_OR_RETURN(const Model model, open_arranged(options.model, pool));
  bench::BenchReport report;
  bench::EngineRuns runs(model, pool, options.session, nullptr, report);
  SASEO_RETURN_IF_ERROR(runs.answer(run.first[0], run.second));
  saseo::KvCacheOptions cache = saseo::kv_options(options.session);
  cache.context = run.first[0] + run.second;
  fmt::print("{} {}\n", bench::peak_memory(), saseo::kv_cache_bytes(model.config, cache));
  return {};
}

class EngineBench {
 public:
  explicit EngineBench(const Options& options)
      : options_(options), pool_(options.session.threads) {}

  Status run() {
    std::vector<Run> runs;
    for (const std::string& text : options_.runs) runs.push_back(*parse_run(text));
    const auto inside = [](const Run& run) {
      return run.kind != "load" && run.kind != "start" && run.kind != "memory";
    };
    // Processes first: while this one holds no model.
    for (std::uint32_t i = 0; i < options_.repeat; ++i) {
      for (const Run& run : runs) {
        if (!inside(run)) SASEO_RETURN_IF_ERROR(outside(run));
      }
    }
    SASEO_ASSIGN_OR_RETURN(const Model model, open_arranged(options_.model, pool_));
    describe(model);
    if (std::ranges::none_of(runs, inside)) return {};
    std::optional<bench::MemoryReader> reader;
    if (std::ranges::any_of(runs, [](const Run& run) { return run.kind == "decode"; })) {
      SASEO_ASSIGN_OR_RETURN(reader, bench::MemoryReader::create());
    }
    bench::EngineRuns engine(model, pool_, options_.session, reader ? &*reader : nullptr, report_);
    for (std::uint32_t i = 0; i < options_.repeat; ++i) {
      for (const Run& run : runs) {
        if (inside(run)) SASEO_RETURN_IF_ERROR(step(engine, run));
      }
    }
    return {};
  }
  const bench::BenchReport& report() const { return report_; }

 private:
  void describe(const Model& model) {
    report_.describe("processor", bench::processor_name());
    report_.describe("kernels", saseo::matmul_kernels().name);
    report_.describe("threads", std::to_string(pool_.size()));
    report_.describe("model",
                     fmt::format("{} {}, {:.3f} GB, of which a token reads {:.3f} GB", model.name,
                                 model.quantization, static_cast<double>(model.file_bytes) / 1e9,
                                 static_cast<double>(bench::weight_bytes_per_token(model)) / 1e9));
    report_.describe("batch", std::to_string(options_.session.max_batch));
  }

  Status step(bench::EngineRuns& engine, const Run& run) {
    if (run.kind == "prefill") return engine.prefill(run.first[0]);
    if (run.kind == "decode") return engine.decode(run.first[0], run.depth);
    if (run.kind == "verify") return engine.verify(run.first, run.depth);
    if (run.kind == "answer") return engine.answer(run.first[0], run.second);
    return engine.concurrent(run.first[0], run.second, run.depth);
  }

  Status outside(const Run& run) {
    const std::vector<std::string> common = {"--threads", std::to_string(pool_.size())};
    if (run.kind == "load") {
      const auto start = std::chrono::steady_clock::now();
      SASEO_ASSIGN_OR_RETURN(const Model model, open_arranged(options_.model, pool_));
      report_.add("load", "s",
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
      return {};
    }
    if (run.kind == "start") {
      // Sixteen tokens with their <bos> in Gemma's vocabularies.
      std::vector<std::string> arguments = {
          options_.saseo,
          "generate",
          "-m",
          options_.model,
          "--raw",
          "--json",
          "-n",
          "1",
          "--context",
          "512",
          "the phone is on the table and the light of the big room is green"};
      arguments.insert(arguments.end(), common.begin(), common.end());
      SASEO_ASSIGN_OR_RETURN(const bench::ProcessRun process, bench::run_process(arguments));
      report_.add("start to first token", "s", process.first_output_seconds);
      return {};
    }
    std::vector<std::string> arguments = {
        bench::own_path(), options_.model,
        "--child",         fmt::format("memory:{}+{}", run.first[0], run.second),
        "--batch",         std::to_string(options_.session.max_batch)};
    arguments.insert(arguments.end(), common.begin(), common.end());
    SASEO_ASSIGN_OR_RETURN(const bench::ProcessRun process, bench::run_process(arguments));
    double peak = 0, cache = 0;
    std::istringstream(process.output) >> peak >> cache;
    const std::string name = fmt::format("peak memory {} + {}", run.first[0], run.second);
    report_.add(name, "GiB", peak / (1 << 30));
    report_.add(name + ", less keys and values", "GiB", (peak - cache) / (1 << 30));
    return {};
  }

  const Options& options_;
  saseo::ThreadPool pool_;
  bench::BenchReport report_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Measures the engine on a model file.");
  const auto is_run = CLI::Validator(
      [](const std::string& text) {
        return parse_run(text) ? std::string() : text + " is no run: see engine_bench.cpp";
      },
      "RUN");
  const std::map<std::string, saseo::KvType> kv_types = {
      {"f32", saseo::KvType::kF32}, {"f16", saseo::KvType::kF16}, {"q8_0", saseo::KvType::kQ8_0}};
  app.add_option("model", options.model)->required();
  app.add_option("--run", options.runs, "What to measure; all without it")->check(is_run);
  app.add_option("--repeat", options.repeat);
  app.add_option("--threads", options.session.threads);
  app.add_option("--batch", options.session.max_batch)->check(CLI::Range(32, 4096));
  app.add_option("--kv", options.session.kv_type)->transform(CLI::CheckedTransformer(kv_types));
  app.add_option("--json", options.json, "Write the report there too");
  app.add_option("--saseo", options.saseo, "The program of `start`; the one beside this");
  app.add_option("--child", options.child)->group("")->check(is_run);
  CLI11_PARSE(app, argc, argv);
  if (options.saseo.empty())
    options.saseo = std::filesystem::path(bench::own_path()).replace_filename("saseo").string();

  EngineBench engine_bench(options);
  const Status status =
      options.child.empty() ? engine_bench.run() : run_child(options, *parse_run(options.child));
  if (!status.ok()) {
    fmt::print(stderr, "{}\n", status.error().message.english);
    return 1;
  }
  if (!options.child.empty()) return 0;
  fmt::print("{}", engine_bench.report().table());
  if (options.json.empty()) return 0;
  const Status written =
      saseo::write_file_atomically(options.json, engine_bench.report().json() + "\n");
  if (!written.ok()) fmt::print(stderr, "{}\n", written.error().message.english);
  return written.ok() ? 0 : 1;
}
