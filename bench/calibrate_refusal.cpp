// Fits the weights of generation/refusal.h: when the manuals are silent.
//
//   calibrate_refusal --manual FILE... --questions FILE.jsonl... [--extra FILE.jsonl...]
//                     [--helper SASEO-PDF] [--l2 1] [--at 0.3] [--show]
//
// Asks every question with nothing refused, takes the features, and fits a logistic regression with
// L2 on the standardised features, both classes weighing the same. Fitted on the questions of split
// "dev" and on the extra ones; split "test" is only measured. Prints five-fold cross-validation,
// the rates at every threshold, and the weights as C++ for generation/refusal_weights.h, the bias
// moved so that the threshold --at becomes 0.5.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "bench/question_set.h"
#include "generation/refusal.h"

namespace saseo::bench {
namespace {

struct Arguments {
  std::vector<std::filesystem::path> manuals, questions, extra;
  std::filesystem::path helper;
  double l2 = 1, at = 0.3;
  bool show = false;
};

struct Sample {
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

Status collect(Answerer& answerer, std::optional<RefusalFeatures>& seen,
               const std::filesystem::path& file, std::vector<Sample>& samples) {
  SASEO_ASSIGN_OR_RETURN(const std::vector<BenchQuestion> questions, read_questions(file));
  for (const BenchQuestion& question : questions) {
    seen.reset();
    SASEO_ASSIGN_OR_RETURN(const Answer answer, ask(answerer, question, questions));
    if (answer.product.decision == ProductDecision::kAmbiguous || !seen) continue;  // Asked back.
    samples.push_back({*seen, question.answerable(), question.split == "test", question.text});
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

Status run(const Arguments& arguments) {
  SASEO_ASSIGN_OR_RETURN(TemporaryLibrary library,
                         TemporaryLibrary::of(arguments.manuals, arguments.helper));
  std::optional<RefusalFeatures> seen;
  AnswererOptions options;
  options.refusal.threshold = 0;
  options.refusal.observe = [&](const RefusalFeatures& features) { seen = features; };
  SASEO_ASSIGN_OR_RETURN(Answerer answerer, open_answerer(library.folder(), options));
  std::vector<Sample> samples;
  for (const std::filesystem::path& file : arguments.questions) {
    SASEO_RETURN_IF_ERROR(collect(answerer, seen, file, samples));
  }
  for (const std::filesystem::path& file : arguments.extra) {
    SASEO_RETURN_IF_ERROR(collect(answerer, seen, file, samples));
  }
  std::vector<Sample> train, test;
  for (const Sample& sample : samples) (sample.test ? test : train).push_back(sample);
  fmt::print("{} questions to fit on, {} of them unanswerable; {} to test on, {} unanswerable\n",
             train.size(), std::ranges::count(train, false, &Sample::answerable), test.size(),
             std::ranges::count(test, false, &Sample::answerable));

  constexpr std::size_t kFolds = 5;
  std::vector<double> held_out(train.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<Sample> rest;
    for (std::size_t i = 0; i < train.size(); ++i) {
      if (i % kFolds != fold) rest.push_back(train[i]);
    }
    const Model model = fit(rest, arguments.l2);
    for (std::size_t i = fold; i < train.size(); i += kFolds) {
      held_out[i] = model.confidence(train[i].features);
    }
  }
  const Model model = fit(train, arguments.l2);
  print_weights(model, arguments.at);
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
  if (arguments.show) {
    std::ranges::sort(train, {}, fitted);
    for (const Sample& s : train) {
      fmt::print("{:.2f} {} {}\n      ", fitted(s), s.answerable ? "answerable" : "SILENT    ",
                 s.question);
      for (std::size_t i = 0; i < kRefusalFeatures; ++i) {
        fmt::print(" {}={:.2f}", name_of(static_cast<RefusalFeature>(i)), s.features[i]);
      }
      fmt::print("\n");
    }
  }
  return {};
}

std::optional<Arguments> parse(int argc, char** argv) {
  Arguments arguments;
  std::vector<std::filesystem::path>* list = nullptr;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&] { return i + 1 < argc ? argv[++i] : ""; };
    if (word == "--manual") {
      list = &arguments.manuals;
    } else if (word == "--questions") {
      list = &arguments.questions;
    } else if (word == "--extra") {
      list = &arguments.extra;
    } else if (word == "--helper") {
      arguments.helper = value();
    } else if (word == "--l2") {
      arguments.l2 = std::strtod(value(), nullptr);
    } else if (word == "--at") {
      arguments.at = std::strtod(value(), nullptr);
    } else if (word == "--show") {
      arguments.show = true;
    } else if (list != nullptr && !word.starts_with("--")) {
      list->emplace_back(word);
    } else {
      return std::nullopt;
    }
  }
  if (arguments.manuals.empty() || arguments.questions.empty()) return std::nullopt;
  return arguments;
}

}  // namespace
}  // namespace saseo::bench

int main(int argc, char** argv) {
  const auto arguments = saseo::bench::parse(argc, argv);
  if (!arguments) {
    std::fputs(
        "usage: calibrate_refusal --manual FILE... --questions FILE.jsonl... [--extra FILE...]\n"
        "                         [--helper SASEO-PDF] [--l2 1] [--at 0.3] [--show]\n",
        stderr);
    return 2;
  }
  const saseo::Status status = saseo::bench::run(*arguments);
  if (!status.ok()) fmt::print(stderr, "{}\n", status.error().message);
  return status.ok() ? 0 : 1;
}
