#include "eval/metrics/finding_metrics.h"

#include <algorithm>
#include <set>

#include "eval/metrics/gold.h"
#include "eval/metrics/ranking_metrics.h"

namespace saseo::eval {
namespace {

// What counts once: a relevant document, a gold section, else the place's own section.
std::string item_of(const Place& place, const Question& question) {
  std::string item(place.document);
  if (!question.relevant_documents.empty()) return item + '\n' + std::string(place.file);
  if (const auto gold = gold_section_of(place, question)) return "gold " + std::to_string(*gold);
  for (const std::string& heading : place.heading_path) item += '\n' + heading;
  if (place.heading_path.empty()) item += '\n' + std::to_string(place.first_page);
  return item;
}

template <typename Places>
std::vector<int> grades_of(const Places& places, const Question& question) {
  std::vector<int> grades;
  std::set<std::string> seen;
  for (const auto& entry : places) {
    const Place place = place_of(entry);
    if (seen.insert(item_of(place, question)).second)
      grades.push_back(std::max(0, relevance_of(place, question)));
  }
  return grades;
}

std::vector<int> relevant_grades(const Question& question) {
  std::vector<int> grades;
  for (const auto& [name, grade] : question.relevant_documents) {
    if (grade > 0) grades.push_back(grade);
  }
  if (question.relevant_documents.empty()) grades.assign(question.gold.size(), 1);
  return grades;
}

}  // namespace

const std::vector<MetricDefinition>& finding_metric_definitions() {
  static const std::vector<MetricDefinition> definitions = [] {
    std::vector<MetricDefinition> list;
    const auto add = [&](const char* name, bool yes_no, const char* english, const char* korean) {
      list.push_back(
          {name, MetricGroup::kFinding, MetricUnit::kShare, true, yes_no, english, korean});
    };
    add("hit@1", true, "Gold section first", "정답 절이 첫째");
    add("hit@3", true, "Gold section in the first 3", "정답 절이 3위 안");
    add("hit@5", true, "Gold section in the first 5", "정답 절이 5위 안");
    add("hit@10", true, "Gold section in the first 10", "정답 절이 10위 안");
    add("recall@10", false, "Recall of the first 10", "10위 안 재현율");
    add("mrr@10", false, "Reciprocal rank, first 10", "역순위, 10위 안");
    add("ndcg@10", false, "nDCG, first 10", "nDCG, 10위 안");
    add("context-precision", false, "Precision of the passages", "대목의 정밀도");
    add("context-recall", false, "Recall of the passages", "대목의 재현율");
    return list;
  }();
  return definitions;
}

std::map<std::string, double> finding_metrics(const Question& question,
                                              const RecordedAnswer& answer) {
  if (!question.has_gold() || answer.error || (answer.hits.empty() && answer.passages.empty()))
    return {};
  const std::vector<int> relevant = relevant_grades(question);
  if (relevant.empty()) return {};
  const std::vector<int> hits = grades_of(answer.hits, question);
  std::map<std::string, double> values = {
      {"hit@1", hit_at(hits, 1)},
      {"hit@3", hit_at(hits, 3)},
      {"hit@5", hit_at(hits, 5)},
      {"hit@10", hit_at(hits, 10)},
      {"recall@10", recall_at(hits, 10, relevant.size())},
      {"mrr@10", reciprocal_rank_at(hits, 10)},
      {"ndcg@10", ndcg_at(hits, 10, relevant)},
  };
  if (answer.passages.empty()) return values;
  const std::vector<int> shown = grades_of(answer.passages, question);
  values["context-precision"] = context_precision(shown);
  values["context-recall"] = context_recall(shown, relevant.size());
  return values;
}

}  // namespace saseo::eval
