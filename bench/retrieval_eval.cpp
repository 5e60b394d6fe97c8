// Measures retrieval on a corpus with known answers, for lexical, dense and fused ranking:
//
//   retrieval_eval --corpus corpus.jsonl --queries queries.jsonl --qrels qrels.tsv
//       one document a line {"id", "text"[, "title"]}, queries {"id", "query"}, qrels "query id
//       document id  1"
//   retrieval_eval --sections FOLDER --questions dev.jsonl
//       one document a Markdown file; questions {"question", "gold_section_id", "gold_alt"}
//
// Every document goes the real way: written as a file, read, chunked, indexed. A document's rank is
// that of its best chunk. Prints hit@1, hit@5, hit@10, MRR@10 and nDCG@10 (binary relevance).
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"
#include "index/caches.h"
#include "index/ingest_run.h"
#include "index/library.h"
#include "index/library_writer.h"
#include "retrieval/ranker.h"

namespace {

using nlohmann::json;
using namespace saseo;
namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& message) {
  std::cerr << "retrieval_eval: " << message << "\n";
  std::exit(1);
}

template <typename T>
T must(Result<T> result) {
  if (!result.ok()) fail(result.error().message);
  return std::move(result).value();
}

struct Question {
  std::string text;
  std::set<std::string> gold;
};

std::vector<json> read_lines(const fs::path& path) {
  std::ifstream in(path);
  if (!in) fail("cannot read " + path.string());
  std::vector<json> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(json::parse(line));
  }
  return lines;
}

struct Metrics {
  double hit1 = 0, hit5 = 0, hit10 = 0, mrr = 0, ndcg = 0;
};

// ranking: document names, best first, each once.
void add(Metrics& metrics, const std::vector<std::string>& ranking,
         const std::set<std::string>& gold) {
  bool seen = false;
  double gain = 0, ideal = 0;
  for (std::size_t i = 0; i < ranking.size() && i < 10; ++i) {
    if (!gold.contains(ranking[i])) continue;
    gain += 1 / std::log2(static_cast<double>(i) + 2);
    if (seen) continue;
    seen = true;
    metrics.hit1 += i < 1;
    metrics.hit5 += i < 5;
    metrics.hit10 += 1;
    metrics.mrr += 1 / (static_cast<double>(i) + 1);
  }
  for (std::size_t i = 0; i < gold.size() && i < 10; ++i)
    ideal += 1 / std::log2(static_cast<double>(i) + 2);
  metrics.ndcg += ideal > 0 ? gain / ideal : 0;
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

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> arguments;
  std::vector<std::string> sets;
  IngestOptions ingest;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string(argv[i]) == "--set")
      sets.push_back(argv[i + 1]);
    else
      arguments[argv[i]] = argv[i + 1];
  }
  if (arguments.contains("--chunk-tokens"))
    ingest.chunk.max_tokens = std::stoul(arguments["--chunk-tokens"]);

  char folder_template[] = "/tmp/saseo-eval-XXXXXX";
  const fs::path work = mkdtemp(folder_template);
  const fs::path files = work / "files";
  fs::create_directories(files);
  std::vector<Question> questions;
  if (arguments.contains("--corpus")) {
    for (const json& line : read_lines(arguments["--corpus"])) {
      std::ofstream out(files / (line["id"].get<std::string>() + ".md"));
      if (line.contains("title") && !line["title"].get<std::string>().empty())
        out << "# " << line["title"].get<std::string>() << "\n\n";
      out << line["text"].get<std::string>();
    }
    std::map<std::string, std::set<std::string>> gold;
    std::ifstream qrels(arguments["--qrels"]);
    std::string line;
    std::getline(qrels, line);  // Column names.
    while (std::getline(qrels, line)) {
      const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
      gold[line.substr(0, first)].insert(line.substr(first + 1, second - first - 1));
    }
    const std::string field = arguments.contains("--field") ? arguments["--field"] : "query";
    for (const json& query : read_lines(arguments["--queries"])) {
      questions.push_back({query[field].get<std::string>(), gold[query["id"].get<std::string>()]});
    }
  } else if (arguments.contains("--sections")) {
    for (const auto& entry : fs::directory_iterator(arguments["--sections"]))
      fs::copy(entry.path(), files / entry.path().filename());
    for (const json& line : read_lines(arguments["--questions"])) {
      std::set<std::string> gold = {line["gold_section_id"].get<std::string>()};
      for (const json& alternative : line["gold_alt"]) gold.insert(alternative.get<std::string>());
      questions.push_back({line["question"].get<std::string>(), gold});
    }
  } else {
    fail("give --corpus, --queries and --qrels, or --sections and --questions");
  }

  const fs::path library_folder = work / "library";
  {
    LibraryWriter writer = must(LibraryWriter::open(library_folder));
    const IngestReport report =
        must(ingest_files(writer, must(find_files({files}, {}, {})), ingest, {}, {}));
    std::printf("%zu documents, %zu chunks, %zu failed; %zu questions\n", report.added,
                report.chunks, report.failed, questions.size());
  }
  Library library = must(Library::open(library_folder));
  const IndexSnapshot snapshot = must(load_snapshot(library.database(), library_folder));
  std::map<std::int64_t, std::string> name_of_document;
  for (const StoredDocument& document : must(library.documents())) {
    name_of_document[static_cast<std::int64_t>(document.id)] = document.path.stem().string();
  }

  Analyzer analyzer;
  const bool verbose = arguments.contains("--misses");
  const auto evaluate = [&](const RankingOptions& options, const char* label) {
    Metrics metrics;
    for (const Question& question : questions) {
      const Ranking ranking =
          must(rank_chunks(snapshot, library.database(), analyzer, question.text, {}, options));
      std::vector<std::string> documents;
      std::set<std::string> seen;
      for (const RankedOrdinal& chunk : ranking.chunks) {
        const std::string& name =
            name_of_document[snapshot.postings->chunks()[chunk.ordinal].document];
        if (seen.insert(name).second) documents.push_back(name);
      }
      if (verbose && options.mode == RankingMode::kFused &&
          (documents.empty() || !question.gold.contains(documents[0]))) {
        std::printf("MISS %s | gold %s | got %s\n", question.text.c_str(),
                    question.gold.begin()->c_str(), documents.empty() ? "-" : documents[0].c_str());
      }
      add(metrics, documents, question.gold);
    }
    const double n = static_cast<double>(questions.size());
    std::printf("%-10s hit@1 %.3f  hit@5 %.3f  hit@10 %.3f  MRR@10 %.3f  nDCG@10 %.3f\n", label,
                metrics.hit1 / n, metrics.hit5 / n, metrics.hit10 / n, metrics.mrr / n,
                metrics.ndcg / n);
  };
  // Each --set is one variation: "k1=0.9,body_b=0.4". None: the program's own options.
  if (sets.empty()) sets.push_back("");
  for (const std::string& set : sets) {
    RankingOptions options;
    std::string rest = set;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      const std::string item = rest.substr(0, comma);
      const std::size_t equals = item.find('=');
      if (equals == std::string::npos) fail("--set takes name=value");
      set_option(options, item.substr(0, equals), std::stof(item.substr(equals + 1)));
      rest = comma < rest.size() ? rest.substr(comma + 1) : "";
    }
    if (!set.empty()) std::printf("%s\n", set.c_str());
    for (const auto& [mode, label] : {std::pair{RankingMode::kLexical, "lexical"},
                                      {RankingMode::kDense, "dense"},
                                      {RankingMode::kFused, "fused"},
                                      {RankingMode::kReciprocalRanks, "(rrf)"}}) {
      options.mode = mode;
      evaluate(options, label);
    }
  }
  fs::remove_all(work);
}
