// Fits the weights of generation/refusal.h: when the manuals are silent.
//
//   calibrate_refusal --own FOLDER... [--extra FILE.jsonl...]
//                     [--helper SASEO-PDF] [--l2 1] [--at 0.5] [--show]
//
// Own folders (manual and questions.jsonl) are asked each alone and all together; the extra
// questions in each of these libraries that holds a manual in their language, unanswerable where it
// does not hold a gold section. Asks
// every question with nothing refused, takes the features, and fits a logistic regression with L2
// on the standardised features, both classes weighing the same. Fitted on the questions of split
// "dev" and on the extra ones; split "test" is only measured. Prints five-fold cross-validation,
// each manual by weights fitted without it, the rates at every threshold, and the weights as C++
// for generation/refusal_weights.h, the bias moved so that the threshold --at becomes 0.5.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "bench/own_manuals.h"
#include "generation/refusal.h"

namespace saseo::bench {
namespace {

struct Sample {
  std::string setting;
  RefusalFeatures features{};
  bool answerable = false;
  bool test = false;
  std::string question;
};

// Weights of the standardised features; [0] is the bias.
struct Model {
  std::array<double, kRefusalFeatures + 1> weights{};
  std::array<double, kRefusalFeatures> mean{}, deviation{};

  double confidence(const RefusalFeatures& features) const {
    double sum = weights[0];
    for (std::size_t i = 0; i < kRefusalFeatures; ++i) {
      sum += weights[i + 1] * (static_cast<double>(features[i]) - mean[i]) / deviation[i];
    }
    return 1 / (1 + std::exp(-sum));
  }
};

Model fit(const std::vector<Sample>& samples, double l2) {
  Model model;
  const double n = static_cast<double>(samples.size());
  for (std::size_t i = 0; i < kRefusalFeatures; ++i) {
    for (const Sample& s : samples) model.mean[i] += static_cast<double>(s.features[i]) / n;
    double variance = 0;
    for (const Sample& s : samples) {
      variance += std::pow(static_cast<double>(s.features[i]) - model.mean[i], 2) / n;
    }
    model.deviation[i] = std::max(std::sqrt(variance), 1e-6);
  }
  const double answerable =
      static_cast<double>(std::ranges::count_if(samples, &Sample::answerable));
  const double weight_yes = 0.5 / std::max(answerable, 1.0);
  const double weight_no = 0.5 / std::max(n - answerable, 1.0);
  for (int step = 0; step < 4000; ++step) {
    std::array<double, kRefusalFeatures + 1> gradient{};
    for (const Sample& s : samples) {
      const double miss = (s.answerable ? 1.0 : 0.0) - model.confidence(s.features);
      const double weight = s.answerable ? weight_yes : weight_no;
      gradient[0] += weight * miss;
      for (std::size_t i = 0; i < kRefusalFeatures; ++i) {
        gradient[i + 1] += weight * miss * (static_cast<double>(s.features[i]) - model.mean[i]) /
                           model.deviation[i];
      }
    }
    for (std::size_t i = 0; i <= kRefusalFeatures; ++i) {
      const double shrink = i == 0 ? 0 : l2 * model.weights[i] / n;
      model.weights[i] += 0.5 * (gradient[i] - shrink);
    }
  }
  return model;
}

struct Rates {
  double refused_silent = 0, refused_answerable = 0;  // Per cent.
};

template <typename Confidence>
Rates rates_of(const std::vector<Sample>& samples, double threshold, const Confidence& confidence) {
  std::size_t silent = 0, answerable = 0, refused_silent = 0, refused_answerable = 0;
  for (const Sample& s : samples) {
    const bool refused = confidence(s) < threshold;
    (s.answerable ? answerable : silent) += 1;
    (s.answerable ? refused_answerable : refused_silent) += refused;
  }
  const auto percent = [](std::size_t part, std::size_t whole) {
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  };
  return {percent(refused_silent, silent), percent(refused_answerable, answerable)};
}

// A question of another manual, which this library does not answer, is an unanswerable one.
Result<bool> answered_by(const AskedManuals& manuals, const eval::Question& question) {
  if (question.unanswerable) return false;
  const std::vector<StoredDocument>& documents = *manuals.searcher().snapshot().documents;
  for (const StoredDocument& document : documents) {
    Query query{.text = question.text, .limit = 60};
    query.filter.documents = {document.id};
    SASEO_ASSIGN_OR_RETURN(const SearchResult result, manuals.searcher().search(query));
    for (const RankedChunk& hit : result.hits) {
      if (is_gold(hit, question)) return true;
    }
  }
  return false;
}

Status collect(const Setting& setting, const std::vector<eval::Question>& extra,
               std::vector<Sample>& samples) {
  std::optional<RefusalFeatures> seen;
  AnswererOptions options;
  options.refusal.threshold = 0;
  // Of products side by side the surest one decides.
  options.refusal.observe = [&](const RefusalFeatures& features) {
    if (!seen || answer_confidence(features) > answer_confidence(*seen)) seen = features;
  };
  SASEO_ASSIGN_OR_RETURN(const AskedManuals manuals, AskedManuals::open(setting, options));
  const auto take = [&](const eval::Question& question, bool answerable) -> Status {
    seen.reset();
    SASEO_RETURN_IF_ERROR(manuals.ask(question));
    if (seen) {
      samples.push_back({setting.name, *seen, answerable, question.split == "test", question.text});
    }
    return {};
  };
  for (const eval::Question& question : setting.questions) {
    SASEO_RETURN_IF_ERROR(take(question, !question.unanswerable));
  }
  const std::vector<StoredDocument>& documents = *manuals.searcher().snapshot().documents;
  for (const eval::Question& question : extra) {
    const bool in_its_language =
        std::ranges::any_of(documents, [&](const StoredDocument& document) {
          return document.info.language == language_of_question(question.text);
        });
    if (!in_its_language) continue;
    SASEO_ASSIGN_OR_RETURN(const bool answered, answered_by(manuals, question));
    SASEO_RETURN_IF_ERROR(take(question, answered));
  }
  return {};
}

void print_weights(const Model& model, double at) {
  double bias = model.weights[0] - std::log(at / (1 - at));
  std::string list;
  for (std::size_t i = 0; i < kRefusalFeatures; ++i) {
    const double weight = model.weights[i + 1] / model.deviation[i];
    bias -= weight * model.mean[i];
    list += fmt::format("    {:.3f}f,  // {}\n", weight, name_of(static_cast<RefusalFeature>(i)));
  }
  fmt::print("inline constexpr float kRefusalBias = {:.3f}f;\n", bias);
  fmt::print("inline constexpr RefusalFeatures kRefusalWeights = {{\n{}}};\n", list);
}

// Each manual alone, by weights fitted on the others alone: what a manual never seen may expect.
void print_each_left_out(const std::vector<Setting>& settings, const std::vector<Sample>& samples,
                         double l2, double at) {
  for (const Setting& left_out : settings) {
    std::vector<Sample> rest, measured;
    for (const Sample& sample : samples) {
      const bool of_several = sample.setting.find(" + ") != std::string::npos;
      if (sample.setting == left_out.name) {
        measured.push_back(sample);
      } else if (!of_several && !sample.test) {
        rest.push_back(sample);
      }
    }
    if (left_out.name.find(" + ") != std::string::npos || rest.empty()) continue;
    const Model model = fit(rest, l2);
    const Rates rates = rates_of(
        measured, at, [&](const Sample& sample) { return model.confidence(sample.features); });
    fmt::print("{} by the others' weights, at {:.2f}: refused {:.1f} silent, {:.1f} answerable\n",
               left_out.name, at, rates.refused_silent, rates.refused_answerable);
  }
}

struct Options {
  std::vector<std::string> own, extra;
  std::string helper;
  double l2 = 1, at = 0.5;
  bool show = false;
};

Status run(const Options& options) {
  SASEO_ASSIGN_OR_RETURN(const std::vector<eval::Question> extra, read_questions(options.extra));
  SASEO_ASSIGN_OR_RETURN(const std::vector<Setting> settings,
                         settings_of(options.own, options.helper));
  std::vector<Sample> samples;
  for (const Setting& setting : settings) {
    SASEO_RETURN_IF_ERROR(collect(setting, extra, samples));
  }
  const double l2 = options.l2;
  std::vector<Sample> train, test;
  for (const Sample& sample : samples) (sample.test ? test : train).push_back(sample);
  fmt::print("{} questions to fit on, {} of them unanswerable; {} to test on, {} unanswerable\n",
             train.size(), std::ranges::count(train, false, &Sample::answerable), test.size(),
             std::ranges::count(test, false, &Sample::answerable));

  constexpr std::size_t kFolds = 5;
  // A question asked in several settings stays in one fold.
  const auto fold_of = [&](const Sample& sample) {
    std::uint32_t hash = 2166136261u;  // FNV-1a.
    for (const char c : sample.question) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    }
    return hash % kFolds;
  };
  std::vector<double> held_out(train.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<Sample> rest;
    for (std::size_t i = 0; i < train.size(); ++i) {
      if (fold_of(train[i]) != fold) rest.push_back(train[i]);
    }
    const Model model = fit(rest, l2);
    for (std::size_t i = 0; i < train.size(); ++i) {
      if (fold_of(train[i]) == fold) held_out[i] = model.confidence(train[i].features);
    }
  }
  const Model model = fit(train, l2);
  print_weights(model, options.at);
  const auto fitted = [&](const Sample& s) { return model.confidence(s.features); };
  const auto cross = [&](const Sample& s) {
    return held_out[static_cast<std::size_t>(&s - train.data())];
  };
  fmt::print("threshold | refused: silent, answerable | cross-validated | fitted | test\n");
  for (int step = 2; step <= 16; ++step) {
    const double t = 0.05 * step;
    const Rates c = rates_of(train, t, cross), f = rates_of(train, t, fitted);
    const Rates e = rates_of(test, t, fitted);
    fmt::print("{:.2f}   {:5.1f} {:5.1f}   {:5.1f} {:5.1f}   {:5.1f} {:5.1f}\n", t,
               c.refused_silent, c.refused_answerable, f.refused_silent, f.refused_answerable,
               e.refused_silent, e.refused_answerable);
  }
  print_each_left_out(settings, samples, l2, options.at);
  if (options.show) {
    std::ranges::sort(train, {}, fitted);
    for (const Sample& s : train) {
      fmt::print("{:.2f} {} {}: {}\n      ", fitted(s), s.answerable ? "answerable" : "SILENT    ",
                 s.setting, s.question);
      for (std::size_t i = 0; i < kRefusalFeatures; ++i) {
        fmt::print(" {}={:.2f}", name_of(static_cast<RefusalFeature>(i)), s.features[i]);
      }
      fmt::print("\n");
    }
  }
  return {};
}

}  // namespace
}  // namespace saseo::bench

int main(int argc, char** argv) {
  CLI::App app("Fits the weights of the refusal.");
  saseo::bench::Options options;
  app.add_option("--own", options.own, "Folders of manuals with questions.jsonl")->required();
  app.add_option("--extra", options.extra, "Further questions");
  app.add_option("--helper", options.helper, "saseo-pdf");
  app.add_option("--l2", options.l2)->capture_default_str();
  app.add_option("--at", options.at, "Threshold that becomes 0.5")->capture_default_str();
  app.add_flag("--show", options.show, "Print every question with its features");
  CLI11_PARSE(app, argc, argv);
  const saseo::Status status = saseo::bench::run(options);
  if (!status.ok()) fmt::print(stderr, "{}\n", status.error().message.english);
  return status.ok() ? 0 : 1;
}
