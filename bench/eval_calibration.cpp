// Whether the tests and intervals of eval/ keep what they promise, by simulation: contestants that
// are alike must be called different in 5 % +- 1 % of all sets of questions, and the 95 % interval
// must hold the true difference in 95 % +- 1.5 %.
//
//   eval_calibration [--replications 10000] [--resamples 10000] [--threads 0] [--seed 1]
//                    [--methods] [--json FILE]
//
// Where so few questions differ that a test of whole numbers cannot reach 5 %, or an interval 95 %,
// only the side that would claim too much is held to its bound: the test may call less, the
// interval may cover more. Those rows say "at most", "at least". --methods measures the intervals
// that were not chosen too. Exit code 1 when a row is outside its bounds.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/thread_pool.h"
#include "bench/simulated_pairs.h"
#include "eval/statistics/confidence_interval.h"
#include "eval/statistics/significance.h"

namespace saseo::bench {
namespace {

using eval::BootstrapMethod;
using eval::Interval;
using eval::RandomStream;
using Json = nlohmann::ordered_json;

constexpr std::size_t kQuestions[] = {30, 50, 100, 300};
// So many questions must differ, on average, for both bounds to be asked of a row.
constexpr double kEnoughDiffer = 12;

struct Row {
  std::string what, shape, method;
  std::size_t questions = 0;
  double share = 0;          // Of the replications.
  double low = 0, high = 1;  // Bounds.
  bool held = true;          // To its bounds: what was not chosen is only measured.
  bool ok() const { return !held || (share >= low && share <= high); }
};

struct Settings {
  std::size_t replications = 10000, resamples = 10000, threads = 0;
  std::uint64_t seed = 1;
  bool methods = false;
};

class Calibration {
 public:
  explicit Calibration(const Settings& settings)
      : settings_(settings), threads_(settings.threads), random_(settings.seed) {}

  void run() {
    for (const PairShape shape : kPairShapes) {
      for (const std::size_t questions : kQuestions) {
        measure_tests(shape, questions);
        measure_difference_intervals(shape, questions);
        measure_mean_intervals(shape, questions);
      }
    }
    for (const std::size_t questions : kQuestions) measure_families(questions);
  }
  const std::vector<Row>& rows() const { return rows_; }

 private:
  // The share of replications in which each of the events happens, of `count` events.
  using Events = std::function<std::vector<bool>(RandomStream random)>;
  std::vector<double> shares_of(std::size_t count, const Events& events) {
    const RandomStream stream = random_.split(++streams_);
    std::vector<std::vector<std::size_t>> happened(threads_.size(),
                                                   std::vector<std::size_t>(count));
    threads_.for_each(settings_.replications, [&](std::size_t i, std::size_t thread) {
      const std::vector<bool> seen = events(stream.split(i));
      for (std::size_t k = 0; k < count; ++k) happened[thread][k] += seen[k] ? 1 : 0;
    });
    std::vector<double> shares(count);
    for (std::size_t k = 0; k < count; ++k) {
      for (const auto& of_thread : happened) shares[k] += static_cast<double>(of_thread[k]);
      shares[k] /= static_cast<double>(settings_.replications);
    }
    return shares;
  }

  void add(Row row) {
    fmt::print("{:<28} {:<20} {:>4}  {:<22} {:>6.2f} %  {}\n", row.what, row.shape, row.questions,
               row.method, 100 * row.share, bounds_of(row));
    std::fflush(stdout);
    rows_.push_back(std::move(row));
  }
  static std::string bounds_of(const Row& row) {
    if (!row.held) return "(not used)";
    const std::string bounds = row.low <= 0 ? fmt::format("at most {:g}", 100 * row.high)
                               : row.high >= 1
                                   ? fmt::format("at least {:g}", 100 * row.low)
                                   : fmt::format("{:g} to {:g}", 100 * row.low, 100 * row.high);
    return bounds + (row.ok() ? "" : "  OUTSIDE");
  }
  static bool enough_differ(PairShape shape, std::size_t questions) {
    return share_that_differs(shape) * static_cast<double>(questions) >= kEnoughDiffer;
  }

  void add_test(const std::string& what, PairShape shape, std::size_t questions,
                const std::string& method, double share, bool held, bool both_bounds) {
    add({what, name_of(shape), method, questions, share, both_bounds ? 0.04 : 0, 0.06, held});
  }
  void add_interval(const std::string& what, PairShape shape, std::size_t questions,
                    const std::string& method, double share, bool held, bool both_bounds) {
    add({what, name_of(shape), method, questions, share, 0.935, both_bounds ? 0.965 : 1, held});
  }

  // Of two that are alike, the share of sets of questions that are called different.
  void measure_tests(PairShape shape, std::size_t questions) {
    const bool enough = enough_differ(shape, questions);
    if (is_yes_no(shape)) {
      const auto shares = shares_of(2, [&](RandomStream random) {
        const Counts counts = count(simulate_pairs(shape, false, questions, random));
        return std::vector<bool>{eval::mcnemar_mid_p(counts.first_only, counts.second_only) < 0.05,
                                 eval::mcnemar_exact(counts.first_only, counts.second_only) < 0.05};
      });
      add_test("called, alike", shape, questions, "McNemar mid-p", shares[0], true, enough);
      add_test("called, alike", shape, questions, "McNemar exact", shares[1], false, false);
      return;
    }
    const auto shares = shares_of(1, [&](RandomStream random) {
      const auto differences =
          differences_of(simulate_pairs(shape, false, questions, random.split(1)));
      return std::vector<bool>{eval::sign_flip_test(differences, {.resamples = settings_.resamples,
                                                                  .seed = random.split(2).next()}) <
                               0.05};
    });
    add_test("called, alike", shape, questions, "sign flips", shares[0], true, enough);
  }

  struct Method {
    std::string name;
    std::function<Interval(const std::vector<double>& values, std::uint64_t seed)> interval;
    bool held = true;
  };
  Method bootstrap(const std::string& name, BootstrapMethod method, Interval range) {
    return {
        name,
        [=, this](const std::vector<double>& values, std::uint64_t seed) {
          return eval::bootstrap_interval(
              values,
              {.resamples = settings_.resamples, .seed = seed, .method = method, .range = range});
        },
        false};
  }
  // What eval/ uses first; then, when asked, the others.
  std::vector<Method> methods_of(const Method& used, const Method& matched, Interval range) {
    std::vector<Method> methods = {used};
    if (!settings_.methods) return methods;
    methods.push_back(matched);
    methods.push_back(bootstrap("percentile", BootstrapMethod::kPercentile, range));
    methods.push_back(
        bootstrap("expanded percentile", BootstrapMethod::kExpandedPercentile, range));
    methods.push_back(bootstrap("BCa", BootstrapMethod::kBca, range));
    methods.push_back(bootstrap("expanded BCa", BootstrapMethod::kExpandedBca, range));
    methods.push_back({"Student",
                       [](const std::vector<double>& values, std::uint64_t) {
                         return eval::student_interval(values, 0.95);
                       },
                       false});
    return methods;
  }

  template <typename Values>
  void measure_intervals(const std::string& what, PairShape shape, std::size_t questions,
                         const std::vector<Method>& methods, double truth, const Values& values) {
    const auto shares = shares_of(methods.size(), [&](RandomStream random) {
      const std::vector<double> drawn = values(random.split(1));
      const std::uint64_t seed = random.split(2).next();
      std::vector<bool> covered;
      for (const Method& method : methods) {
        const Interval interval = method.interval(drawn, seed);
        covered.push_back(interval.low <= truth + 1e-12 && truth - 1e-12 <= interval.high);
      }
      return covered;
    });
    for (std::size_t i = 0; i < methods.size(); ++i) {
      add_interval(what, shape, questions, methods[i].name, shares[i], methods[i].held,
                   enough_differ(shape, questions));
    }
  }

  void measure_difference_intervals(PairShape shape, std::size_t questions) {
    constexpr Interval kRange{-1, 1};
    const Method tango{"Tango", [](const std::vector<double>& differences, std::uint64_t) {
                         const auto first_only = std::ranges::count(differences, -1.0);
                         const auto second_only = std::ranges::count(differences, 1.0);
                         return eval::tango_interval(static_cast<std::size_t>(first_only),
                                                     static_cast<std::size_t>(second_only),
                                                     differences.size());
                       }};
    const Method used{
        "resampling or matched", [&](const std::vector<double>& differences, std::uint64_t seed) {
          return eval::difference_interval(
              differences, {.resamples = settings_.resamples, .seed = seed, .range = kRange});
        }};
    const Method matched{"matched Tango",
                         [&](const std::vector<double>& differences, std::uint64_t) {
                           return eval::matched_tango_interval(differences, kRange, 0.95);
                         },
                         false};
    measure_intervals("difference covered", shape, questions,
                      methods_of(is_yes_no(shape) ? tango : used, matched, kRange),
                      true_difference(shape), [&](RandomStream random) {
                        return differences_of(simulate_pairs(shape, true, questions, random));
                      });
  }

  void measure_mean_intervals(PairShape shape, std::size_t questions) {
    constexpr Interval kRange{0, 1};
    const Method wilson{"Wilson", [](const std::vector<double>& values, std::uint64_t) {
                          return eval::wilson_interval(
                              static_cast<std::size_t>(std::ranges::count(values, 1.0)),
                              values.size());
                        }};
    const Method used{
        "resampling or matched", [&](const std::vector<double>& values, std::uint64_t seed) {
          return eval::mean_interval(
              values, {.resamples = settings_.resamples, .seed = seed, .range = kRange});
        }};
    const Method matched{"matched Wilson",
                         [&](const std::vector<double>& values, std::uint64_t) {
                           return eval::matched_wilson_interval(values, kRange, 0.95);
                         },
                         false};
    measure_intervals(
        "mean covered", shape, questions,
        methods_of(is_yes_no(shape) ? wilson : used, matched, kRange), true_first_mean(shape),
        [&](RandomStream random) { return simulate_pairs(shape, false, questions, random).first; });
  }

  // Of families of metrics none of which differs, the share in which any is called different.
  void measure_families(std::size_t questions) {
    constexpr std::size_t kMetrics = 12;
    for (const double correlation : {0.0, 0.5, 0.9}) {
      const auto shares = shares_of(2, [&](RandomStream random) {
        const auto metrics = simulate_correlated(kMetrics, correlation, questions, random.split(1));
        std::vector<double> p;
        for (const auto& differences : metrics) {
          p.push_back(eval::sign_flip_test(
              differences, {.resamples = settings_.resamples, .seed = random.split(2).next()}));
        }
        return std::vector<bool>{std::ranges::min(eval::holm_adjusted(p)) < 0.05,
                                 std::ranges::min(p) < 0.05};
      });
      const std::string shape = fmt::format("12 metrics, r = {:g}", correlation);
      add({"any of a family called", shape, "Holm", questions, shares[0], 0, 0.06});
      add({"any of a family called", shape, "unadjusted", questions, shares[1], 0, 1, false});
    }
  }

  struct Counts {
    std::size_t first_only = 0, second_only = 0;
  };
  static Counts count(const SimulatedPairs& pairs) {
    Counts counts;
    for (std::size_t i = 0; i < pairs.first.size(); ++i) {
      counts.first_only += pairs.first[i] > pairs.second[i] ? 1 : 0;
      counts.second_only += pairs.first[i] < pairs.second[i] ? 1 : 0;
    }
    return counts;
  }
  static std::vector<double> differences_of(const SimulatedPairs& pairs) {
    std::vector<double> differences;
    for (std::size_t i = 0; i < pairs.first.size(); ++i) {
      differences.push_back(pairs.second[i] - pairs.first[i]);
    }
    return differences;
  }

  Settings settings_;
  ThreadPool threads_;
  RandomStream random_;
  std::uint64_t streams_ = 0;
  std::vector<Row> rows_;
};

Json json_of(const Settings& settings, const std::vector<Row>& rows) {
  Json list = Json::array();
  for (const Row& row : rows) {
    Json item{{"what", row.what},
              {"shape", row.shape},
              {"questions", row.questions},
              {"method", row.method},
              {"share", row.share}};
    if (row.held) {
      item["low"] = row.low;
      item["high"] = row.high;
      item["ok"] = row.ok();
    }
    list.push_back(std::move(item));
  }
  return {{"replications", settings.replications},
          {"resamples", settings.resamples},
          {"seed", settings.seed},
          {"rows", std::move(list)}};
}

int run(const Settings& settings, const std::string& json_path) {
  Calibration calibration(settings);
  calibration.run();
  if (!json_path.empty()) {
    const Json json = json_of(settings, calibration.rows());
    const Status written = write_file_atomically(json_path, json.dump(1) + "\n");
    if (!written.ok()) {
      fmt::print(stderr, "{}\n", written.error().message.english);
      return 2;
    }
  }
  const auto outside =
      std::ranges::count_if(calibration.rows(), [](const Row& row) { return !row.ok(); });
  fmt::print("{} of {} rows outside their bounds\n", outside, calibration.rows().size());
  return outside == 0 ? 0 : 1;
}

}  // namespace
}  // namespace saseo::bench

int main(int argc, char** argv) {
  CLI::App app("Whether the tests and intervals of the evaluation keep what they promise.");
  saseo::bench::Settings settings;
  std::string json_path;
  app.add_option("--replications", settings.replications)->capture_default_str();
  app.add_option("--resamples", settings.resamples)->capture_default_str();
  app.add_option("--threads", settings.threads, "0: all")->capture_default_str();
  app.add_option("--seed", settings.seed)->capture_default_str();
  app.add_flag("--methods", settings.methods, "Also what was not chosen");
  app.add_option("--json", json_path, "Write the table there");
  CLI11_PARSE(app, argc, argv);
  return saseo::bench::run(settings, json_path);
}
