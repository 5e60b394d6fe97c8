// Fits the weights by which hits are put in order (retrieval/rerank_weights.h).
//
//   calibrate_rerank [--own FOLDER...] [--extra FILE...] [--corpus ... | --sections ...]
//                    [--l2 0.001]                        (the sets: bench/corpus_set.h)
//
// Own folders, with the extra questions, are asked each alone and all together, within the product
// that the question is about; questions of split "test" are only measured. Every set weighs the
// same, however many questions it has. The chance that a hit is the answer is taken as
//
//   p(hit) = exp(w . f(hit)) / sum over the question's hits of exp(w . f)
//
// and the weights, none below 0, maximise the mean log of the answers' chance less l2 |w|^2 (the
// listwise loss of Cao et al., "Learning to Rank", ICML 2007). Prints hit@1, hit@2 and MRR of every
// set by the present weights, by the fitted ones and by weights fitted on the other sets alone.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "bench/corpus_set.h"
#include "bench/own_manuals.h"
#include "retrieval/rerank_weights.h"

namespace saseo::bench {
namespace {

struct Candidate {
  RerankFeatures features{};
  float score = 0;
  bool gold = false;
};
struct Sample {
  std::vector<Candidate> candidates;
  std::string question;
  bool asks = false, test = false;
};
struct SampleSet {
  std::string name;
  std::vector<Sample> samples;
};
using Weights = std::array<double, kRerankFeatures>;

template <typename IsGold>
Sample sample_of(const SearchResult& result, bool test, const IsGold& is_gold) {
  Sample sample;
  sample.test = test;
  sample.question = result.question;
  sample.asks = result.parsed.asks;
  for (const RankedChunk& hit : result.hits) {
    sample.candidates.push_back({hit.features, hit.hit.score, is_gold(hit)});
  }
  return sample;
}

constexpr std::size_t kHits = 60;

Result<SampleSet> collect(const CorpusSet& set) {
  SampleSet samples{set.description(), {}};
  SASEO_ASSIGN_OR_RETURN(const LibraryHost host, LibraryHost::open(set.library()));
  SASEO_ASSIGN_OR_RETURN(const Searcher searcher, Searcher::open(host));
  for (const eval::Question& question : set.questions()) {
    SASEO_ASSIGN_OR_RETURN(const SearchResult result,
                           searcher.search({.text = question.text, .limit = kHits}));
    samples.samples.push_back(sample_of(result, false, [&](const RankedChunk& hit) {
      return question.relevant_documents.contains(
          set.name_of(static_cast<std::int64_t>(hit.stored.document)));
    }));
  }
  return samples;
}

Result<SampleSet> collect(const Setting& setting) {
  SampleSet samples{setting.name, {}};
  SASEO_ASSIGN_OR_RETURN(const AskedManuals manuals, AskedManuals::open(setting));
  const std::vector<StoredDocument>& documents = *manuals.searcher().snapshot().documents;
  for (const eval::Question& question : setting.questions) {
    if (question.gold.empty()) continue;
    SASEO_ASSIGN_OR_RETURN(const Answer answer, manuals.ask(question));
    SampleSet unused;
    for (const StoredDocument& document : documents) {
      Query query{.text = answer.question, .limit = kHits};
      query.filter.documents = {document.id};
      SASEO_ASSIGN_OR_RETURN(const SearchResult result, manuals.searcher().search(query));
      Sample sample = sample_of(result, question.split == "test",
                                [&](const RankedChunk& hit) { return is_gold(hit, question); });
      if (std::ranges::any_of(sample.candidates, &Candidate::gold))
        samples.samples.push_back(std::move(sample));
    }
  }
  return samples;
}

double dot(const Weights& weights, const RerankFeatures& features) {
  double sum = 0;
  for (std::size_t i = 0; i < kRerankFeatures; ++i)
    sum += weights[i] * static_cast<double>(features[i]);
  return sum;
}

// Adds the gradient of the log chance of the sample's answers.
void add_gradient(const Sample& sample, const Weights& weights, double share, Weights& gradient) {
  double all = 0, gold = 0;
  std::vector<double> chances;
  for (const Candidate& candidate : sample.candidates) {
    chances.push_back(std::exp(dot(weights, candidate.features)));
    all += chances.back();
    if (candidate.gold) gold += chances.back();
  }
  if (gold == 0) return;
  for (std::size_t c = 0; c < sample.candidates.size(); ++c) {
    const Candidate& candidate = sample.candidates[c];
    const double pull = (candidate.gold ? chances[c] / gold : 0) - chances[c] / all;
    for (std::size_t i = 0; i < kRerankFeatures; ++i)
      gradient[i] += share * pull * static_cast<double>(candidate.features[i]);
  }
}

Weights fit(const std::vector<const SampleSet*>& sets, double l2) {
  Weights weights;
  weights.fill(1);
  Weights squares{};  // AdaGrad (Duchi et al., 2011).
  for (int step = 0; step < 3000; ++step) {
    Weights gradient{};
    for (const SampleSet* set : sets) {
      const double count =
          static_cast<double>(std::ranges::count(set->samples, false, &Sample::test));
      const double share = 1 / (count * static_cast<double>(sets.size()));
      for (const Sample& sample : set->samples) {
        if (!sample.test) add_gradient(sample, weights, share, gradient);
      }
    }
    for (std::size_t i = 0; i < kRerankFeatures; ++i) {
      const double slope = gradient[i] - 2 * l2 * weights[i];
      squares[i] += slope * slope;
      weights[i] = std::max(0.0, weights[i] + 0.3 * slope / std::sqrt(squares[i] + 1e-9));
    }
  }
  return weights;
}

template <typename Score>
std::string measured(const SampleSet& set, bool test, const Score& score) {
  double n = 0, hit1 = 0, hit2 = 0, mrr = 0;
  for (const Sample& sample : set.samples) {
    if (sample.test != test) continue;
    n += 1;
    double best = -1e9;
    for (const Candidate& candidate : sample.candidates) {
      if (candidate.gold) best = std::max(best, score(candidate));
    }
    if (best <= -1e9) continue;
    const auto before = std::ranges::count_if(
        sample.candidates, [&](const Candidate& c) { return !c.gold && score(c) >= best; });
    hit1 += before < 1;
    hit2 += before < 2;
    mrr += before < 10 ? 1 / (static_cast<double>(before) + 1) : 0;
  }
  return n == 0 ? "" : fmt::format("{:.3f} {:.3f} {:.3f}", hit1 / n, hit2 / n, mrr / n);
}

void print(std::vector<SampleSet> sets, bool asks, double l2) {
  fmt::print("\n{}\n", asks ? "Questions" : "Words looked for");
  for (SampleSet& set : sets)
    std::erase_if(set.samples, [&](const Sample& sample) { return sample.asks != asks; });
  std::erase_if(sets, [](const SampleSet& set) { return set.samples.size() < 50; });
  std::vector<const SampleSet*> all;
  for (const SampleSet& set : sets) all.push_back(&set);
  const Weights weights = fit(all, l2);
  double sum = 0;
  for (const double weight : weights) sum += weight;
  fmt::print("inline constexpr RerankFeatures k{}Weights = {{\n", asks ? "Question" : "Words");
  for (std::size_t i = 0; i < kRerankFeatures; ++i) {
    fmt::print("    {:.3f}f,  // {}\n", weights[i] / sum, name_of(static_cast<RerankFeature>(i)));
  }
  fmt::print("}};  // Sum 1; {:.2f} as fitted.\n\nhit@1 hit@2 MRR\n", sum);
  for (const SampleSet& set : sets) {
    std::vector<const SampleSet*> others;
    for (const SampleSet& other : sets) {
      if (&other != &set) others.push_back(&other);
    }
    const Weights without = others.empty() ? weights : fit(others, l2);
    for (const bool test : {false, true}) {
      const auto by = [&](const Weights& w) {
        return measured(set, test, [&](const Candidate& c) { return dot(w, c.features); });
      };
      const std::string present =
          measured(set, test, [](const Candidate& c) { return static_cast<double>(c.score); });
      if (present.empty()) continue;
      fmt::print("{} {} ({})\n  present {}  fitted {}  fitted without it {}\n", set.name,
                 test ? "(test)" : "", std::ranges::count(set.samples, test, &Sample::test),
                 present, by(weights), by(without));
    }
  }
}

struct Options {
  std::vector<std::string> own, extra;
  std::string helper;
  CorpusOptions corpus;
  double l2 = 0.001;
};

Status run(const Options& options) {
  std::vector<SampleSet> samples;
  SASEO_ASSIGN_OR_RETURN(std::vector<Setting> settings, settings_of(options.own, options.helper));
  SASEO_ASSIGN_OR_RETURN(const std::vector<eval::Question> extra, read_questions(options.extra));
  for (Setting& setting : settings)
    setting.questions.insert(setting.questions.end(), extra.begin(), extra.end());
  for (const Setting& setting : settings) {
    SASEO_ASSIGN_OR_RETURN(SampleSet set, collect(setting));
    samples.push_back(std::move(set));
  }
  SASEO_ASSIGN_OR_RETURN(const std::vector<CorpusSet> sets, CorpusSet::all_of(options.corpus));
  for (const CorpusSet& corpus : sets) {
    SASEO_ASSIGN_OR_RETURN(SampleSet set, collect(corpus));
    samples.push_back(std::move(set));
  }
  for (const bool asks : {true, false}) print(samples, asks, options.l2);
  return {};
}

}  // namespace
}  // namespace saseo::bench

int main(int argc, char** argv) {
  CLI::App app("Fits the weights by which hits are put in order.");
  saseo::bench::Options options;
  app.add_option("--own", options.own, "Folders of manuals with questions.jsonl");
  app.add_option("--extra", options.extra, "Further questions");
  app.add_option("--helper", options.helper, "saseo-pdf");
  add_corpus_options(app, options.corpus);
  app.add_option("--l2", options.l2)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const saseo::Status status = saseo::bench::run(options);
  if (!status.ok()) fmt::print(stderr, "{}\n", status.error().message.english);
  return status.ok() ? 0 : 1;
}
