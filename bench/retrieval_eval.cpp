// Measures retrieval on a corpus with known answers, for lexical, dense and fused ranking and for
// the whole search (other words, the hits put in order):
//
//   retrieval_eval (--corpus ... | --sections ...) [--set name=value,...]... [--misses LABEL]
//
// with the sets as bench/corpus_set.h states them. --set is a variation of RankingOptions
// ("korean.k1=0.9,body_b=0.4"); --misses prints the questions that the ranking of that label
// misses. Every document goes the real way: written as a file, read, chunked, indexed. A document's
// rank is that of its best chunk. Prints hit@1, hit@5, hit@10, MRR@10 and nDCG@10 (binary
// relevance).
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bench/corpus_set.h"
#include "eval/metrics/ranking_metrics.h"
#include "index/library.h"
#include "index/snapshot.h"
#include "retrieval/ranker.h"
#include "retrieval/searcher.h"

namespace saseo::bench {
namespace {

[[noreturn]] void fail(const std::string& message) {
  std::cerr << "retrieval_eval: " << message << "\n";
  std::exit(1);
}

template <typename T>
T must(Result<T> result) {
  if (!result.ok()) fail(result.error().message.english);
  return std::move(result).value();
}

struct Metrics {
  double hit1 = 0, hit5 = 0, hit10 = 0, mrr = 0, ndcg = 0;
};

// ranking: names of documents, best first, each once.
void add(Metrics& metrics, const std::vector<std::string>& ranking,
         const std::map<std::string, int>& relevant_documents) {
  std::vector<int> grades, relevant;
  for (const std::string& name : ranking) grades.push_back(relevant_documents.contains(name));
  relevant.assign(relevant_documents.size(), 1);
  metrics.hit1 += eval::hit_at(grades, 1);
  metrics.hit5 += eval::hit_at(grades, 5);
  metrics.hit10 += eval::hit_at(grades, 10);
  metrics.mrr += eval::reciprocal_rank_at(grades, 10);
  metrics.ndcg += eval::ndcg_at(grades, 10, relevant);
}

// "korean.k1", "other.dense_weight"; without a prefix: for both.
void set_option(RankingOptions& options, std::string name, float value) {
  const auto set = [&](StageWeights& weights) {
    const std::map<std::string, float*> fields = {
        {"k1", &weights.lexical.k1},
        {"body_b", &weights.lexical.body_b},
        {"heading_b", &weights.lexical.heading_b},
        {"heading_weight", &weights.lexical.heading_weight},
        {"bigram_weight", &weights.lexical.bigram_weight},
        {"stem_weight", &weights.lexical.stem_weight},
        {"dense_weight", &weights.dense_weight},
        {"dense_length_exponent", &weights.dense_length_exponent}};
    const auto field = fields.find(name);
    if (field == fields.end()) fail("no option " + name);
    *field->second = value;
  };
  if (name == "candidates") {
    options.candidates = static_cast<std::size_t>(value);
    return;
  }
  const std::size_t dot = name.find('.');
  const std::string which = dot == std::string::npos ? "" : name.substr(0, dot);
  if (dot != std::string::npos) name = name.substr(dot + 1);
  if (which != "other") set(options.korean);
  if (which != "korean") set(options.other);
}

// "k1=0.9,body_b=0.4"
RankingOptions variation(std::string rest) {
  RankingOptions options;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string item = rest.substr(0, comma);
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos) fail("--set takes name=value");
    set_option(options, item.substr(0, equals), std::stof(item.substr(equals + 1)));
    rest = comma < rest.size() ? rest.substr(comma + 1) : "";
  }
  return options;
}

void measure(const CorpusSet& set, std::vector<std::string> variations, const std::string& misses) {
  std::printf("%s\n", set.description().c_str());
  const LibraryHost host = must(LibraryHost::open(set.library()));
  const Library library = must(Library::open(set.library()));
  const Snapshot snapshot = must(load_snapshot(library));
  Analyzer analyzer;
  using Rank = std::function<std::vector<std::int64_t>(const std::string& question)>;
  // `rank` gives the documents of the hits, best first, repetitions allowed.
  const auto evaluate = [&](const Rank& rank, const char* label) {
    Metrics metrics;
    for (const eval::Question& question : set.questions()) {
      std::vector<std::string> documents;
      std::set<std::string> seen;
      for (const std::int64_t document : rank(question.text)) {
        const std::string& name = set.name_of(document);
        if (seen.insert(name).second) documents.push_back(name);
      }
      const std::map<std::string, int>& gold = question.relevant_documents;
      if (misses == label && (documents.empty() || !gold.contains(documents[0]))) {
        std::printf("MISS %s | gold %s | got %s\n", question.text.c_str(),
                    gold.empty() ? "-" : gold.begin()->first.c_str(),
                    documents.empty() ? "-" : documents[0].c_str());
      }
      add(metrics, documents, gold);
    }
    const double n = static_cast<double>(set.questions().size());
    std::printf("%-10s hit@1 %.3f  hit@5 %.3f  hit@10 %.3f  MRR@10 %.3f  nDCG@10 %.3f\n", label,
                metrics.hit1 / n, metrics.hit5 / n, metrics.hit10 / n, metrics.mrr / n,
                metrics.ndcg / n);
  };
  // None: the program's own options.
  if (variations.empty()) variations.emplace_back();
  for (const std::string& name : variations) {
    RankingOptions options = variation(name);
    if (!name.empty()) std::printf("%s\n", name.c_str());
    for (const auto& [mode, label] : {std::pair{RankingMode::kLexical, "lexical"},
                                      {RankingMode::kDense, "dense"},
                                      {RankingMode::kFused, "fused"},
                                      {RankingMode::kReciprocalRanks, "(rrf)"}}) {
      options.mode = mode;
      const auto rank = [&](const std::string& question) {
        std::vector<std::int64_t> documents;
        for (const RankedOrdinal& chunk :
             must(rank_chunks(snapshot, library.database(), analyzer, question, {}, options))
                 .chunks) {
          documents.push_back(snapshot.postings->chunks()[chunk.ordinal].document);
        }
        return documents;
      };
      evaluate(rank, label);
    }
    options.mode = RankingMode::kFused;
    const Searcher searcher = must(Searcher::open(host, options));
    const auto search = [&](const std::string& question) {
      std::vector<std::int64_t> documents;
      for (const RankedChunk& hit : must(searcher.search({.text = question, .limit = 60})).hits) {
        documents.push_back(static_cast<std::int64_t>(hit.stored.document));
      }
      return documents;
    };
    evaluate(search, "search");
  }
}

}  // namespace
}  // namespace saseo::bench

int main(int argc, char** argv) {
  using namespace saseo::bench;
  CLI::App app("Measures retrieval on a corpus with known answers.");
  CorpusOptions corpus;
  std::vector<std::string> variations;
  std::string misses;
  add_corpus_options(app, corpus);
  app.add_option("--set", variations, "Variations of the ranking: name=value,...");
  app.add_option("--misses", misses, "Print what the ranking of this label misses");
  CLI11_PARSE(app, argc, argv);
  const std::vector<CorpusSet> sets = must(CorpusSet::all_of(corpus));
  if (sets.empty()) fail("give --corpus, --queries and --qrels, or --sections");
  for (const CorpusSet& set : sets) measure(set, variations, misses);
}
