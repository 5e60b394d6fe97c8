// Asks question files through the whole way, from search to citations, and measures the answers.
//
//   answer_eval --questions FILE.jsonl... (--manual FILE... | --library DIR)
//               [--split dev|test|all] [--helper SASEO-PDF] [--threshold T] [--show] [--json]
//
// Figures, over the answerable questions unless said:
//   section   a citation's heading path is the gold section's or below it, or, when the headings of
//             the file do not say, a citation stands on a gold page
//   first     the first citation does so
//   page      the first citation stands on a gold page (files with pages)
//   facts     share of the facts that the answer's text holds, spaces and case aside
//   refused   no answer was given; of the unanswerable: that is right
//   mixed     citations of more than one product although the question or the conversation names
//   one side by side  no product was named, several answer, and each has its own part
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/utf8.h"
#include "bench/arguments.h"
#include "bench/question_set.h"

namespace saseo::bench {
namespace {

struct Outcome {
  const BenchQuestion* question = nullptr;
  Answer answer;
  bool section = false, first = false, page = false, mixed = false, side_by_side = false;
  double facts = 0;
};

struct Tally {
  std::size_t answerable = 0, section = 0, first = 0, page = 0, refused_answerable = 0;
  std::size_t unanswerable = 0, refused_unanswerable = 0, mixed = 0, side_by_side = 0,
              asked_back = 0;
  double facts = 0;
  std::size_t with_facts = 0;
};

bool on_gold_page(const Citation& citation, const GoldSection& gold) {
  return citation.page > 0 && std::ranges::find(gold.pages, citation.page) != gold.pages.end();
}

bool meets(const Citation& citation, const BenchQuestion& question) {
  return meets(citation.heading_path, citation.page, question);
}

Outcome judge(const BenchQuestion& question, Answer answer) {
  Outcome outcome{&question, std::move(answer)};
  std::set<std::string> products;
  for (const Citation& citation : outcome.answer.citations) {
    outcome.section = outcome.section || meets(citation, question);
    products.insert(citation.info.product);
  }
  outcome.side_by_side =
      outcome.answer.product.decision == ProductDecision::kAmbiguous && products.size() > 1;
  outcome.mixed = products.size() > 1 && !outcome.side_by_side;
  if (!outcome.answer.citations.empty()) {
    const Citation& first = outcome.answer.citations.front();
    outcome.first = meets(first, question);
    outcome.page = std::ranges::any_of(
        question.gold, [&](const GoldSection& gold) { return on_gold_page(first, gold); });
  }
  const std::string text =
      outcome.answer.found ? fold_without_spaces(outcome.answer.text) : std::string();
  std::size_t held = 0;
  for (const std::vector<std::string>& spellings : question.facts) {
    held += std::ranges::any_of(spellings, [&](const std::string& spelling) {
      return text.find(fold_without_spaces(spelling)) != std::string::npos;
    });
  }
  if (!question.facts.empty())
    outcome.facts = static_cast<double>(held) / static_cast<double>(question.facts.size());
  return outcome;
}

void count(Tally& tally, const Outcome& outcome) {
  tally.mixed += outcome.mixed;
  tally.side_by_side += outcome.side_by_side;
  tally.asked_back +=
      outcome.answer.product.decision == ProductDecision::kAmbiguous && !outcome.answer.found;
  if (!outcome.question->answerable()) {
    ++tally.unanswerable;
    tally.refused_unanswerable += !outcome.answer.found;
    return;
  }
  ++tally.answerable;
  tally.section += outcome.section;
  tally.first += outcome.first;
  tally.page += outcome.page;
  tally.refused_answerable += !outcome.answer.found;
  if (!outcome.question->facts.empty()) {
    tally.facts += outcome.facts;
    ++tally.with_facts;
  }
}

double percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

void print_row(std::string_view name, const Tally& t) {
  fmt::print(
      "{:<16}{:>4}  section {:5.1f} %  first {:5.1f} %  page {:5.1f} %  facts {:5.1f} %  refused "
      "{:5.1f} %",
      name, t.answerable, percent(t.section, t.answerable), percent(t.first, t.answerable),
      percent(t.page, t.answerable),
      t.with_facts == 0 ? 0.0 : 100.0 * t.facts / static_cast<double>(t.with_facts),
      percent(t.refused_answerable, t.answerable));
  if (t.unanswerable > 0)
    fmt::print("  | silent {:>3}: refused {:5.1f} %", t.unanswerable,
               percent(t.refused_unanswerable, t.unanswerable));
  fmt::print("  mixed {} side by side {} asked back {}\n", t.mixed, t.side_by_side, t.asked_back);
}

std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& heading : path) text += (text.empty() ? "" : " > ") + heading;
  return text;
}

void print_outcome(const Outcome& outcome) {
  const BenchQuestion& question = *outcome.question;
  fmt::print("\n{} [{} {}{}] {}\n", question.id, question.type, question.split,
             question.lead ? " LEAD" : "", question.text);
  if (outcome.answer.question != question.text) fmt::print("  as: {}\n", outcome.answer.question);
  for (const GoldSection& gold : question.gold) fmt::print("  gold: {}\n", joined(gold.path));
  fmt::print("  found {} confidence {:.2f} facts {:.2f} product '{}' ({})\n", outcome.answer.found,
             outcome.answer.confidence, outcome.facts, outcome.answer.product.product,
             static_cast<int>(outcome.answer.product.decision));
  for (const Passage& passage : outcome.answer.context.passages) {
    fmt::print("  [{}] {:.3f} cov {:.2f} p{} {}\n", passage.number, passage.score, passage.coverage,
               passage.first_page, joined(passage.heading_path));
  }
  int last = 0;
  for (const Citation& citation : outcome.answer.citations) {
    if (citation.number == last) continue;
    last = citation.number;
    fmt::print("  cited [{}] {} (p{})\n", citation.number, joined(citation.heading_path),
               citation.page);
  }
  fmt::print("{}\n", outcome.answer.text);
}

nlohmann::json to_json(const Tally& t) {
  return {{"answerable", t.answerable},
          {"section", percent(t.section, t.answerable)},
          {"first", percent(t.first, t.answerable)},
          {"page", percent(t.page, t.answerable)},
          {"facts", t.with_facts == 0 ? 0.0 : 100.0 * t.facts / static_cast<double>(t.with_facts)},
          {"refused_answerable", percent(t.refused_answerable, t.answerable)},
          {"unanswerable", t.unanswerable},
          {"refused_unanswerable", percent(t.refused_unanswerable, t.unanswerable)},
          {"mixed", t.mixed},
          {"side_by_side", t.side_by_side},
          {"asked_back", t.asked_back}};
}

Status run(const Arguments& arguments) {
  std::vector<BenchQuestion> questions;
  for (const std::string& file : arguments.all("--questions")) {
    SASEO_ASSIGN_OR_RETURN(std::vector<BenchQuestion> more, read_questions(file));
    questions.insert(questions.end(), more.begin(), more.end());
  }
  std::optional<TemporaryLibrary> temporary;
  std::filesystem::path folder = arguments.one("--library");
  if (arguments.has("--manual")) {
    const std::vector<std::string>& files = arguments.all("--manual");
    SASEO_ASSIGN_OR_RETURN(TemporaryLibrary made, TemporaryLibrary::of({files.begin(), files.end()},
                                                                       arguments.one("--helper")));
    temporary.emplace(std::move(made));
    folder = temporary->folder();
  }
  AnswererOptions options;
  options.refusal.threshold =
      static_cast<float>(arguments.number("--threshold", options.refusal.threshold));
  const std::string wanted = arguments.one("--split", "all");
  SASEO_ASSIGN_OR_RETURN(const AskedLibrary library, AskedLibrary::open(folder, options));

  std::map<std::string, Tally> by_type, by_split;
  Tally all;
  std::vector<double> times;
  std::vector<Outcome> outcomes;
  for (const BenchQuestion& question : questions) {
    if (wanted != "all" && question.split != wanted) continue;
    SASEO_ASSIGN_OR_RETURN(Answer answer, library.ask(question, questions));
    times.push_back(answer.timings.total_ms);
    outcomes.push_back(judge(question, std::move(answer)));
    for (Tally* tally : {&all, &by_type[question.type], &by_split[question.split]})
      count(*tally, outcomes.back());
  }
  std::ranges::sort(times);
  const double median = times.empty() ? 0 : times[times.size() / 2];
  if (arguments.has("--json")) {
    nlohmann::json out = {{"all", to_json(all)}, {"median_ms", median}};
    for (const auto& [split, tally] : by_split) out["splits"][split] = to_json(tally);
    for (const auto& [type, tally] : by_type) out["types"][type] = to_json(tally);
    fmt::print("{}\n", out.dump(1));
    return {};
  }
  for (const Outcome& outcome : outcomes) {
    const bool failed = outcome.question->answerable()
                            ? !outcome.section || outcome.facts < 1 || outcome.mixed ||
                                  (outcome.question->lead && !outcome.first)
                            : outcome.answer.found;
    if (failed || arguments.has("--show")) print_outcome(outcome);
  }
  fmt::print("\n");
  for (const auto& [type, tally] : by_type) print_row(type, tally);
  for (const auto& [split, tally] : by_split) print_row("split " + split, tally);
  print_row("all", all);
  fmt::print("median {:.1f} ms an answer\n", median);
  for (const Outcome& outcome : outcomes) {
    if (outcome.question->lead)
      fmt::print("lead {} first {} page {} (cited p{})\n", outcome.question->id, outcome.first,
                 outcome.page,
                 outcome.answer.citations.empty() ? 0 : outcome.answer.citations.front().page);
  }
  return {};
}

}  // namespace
}  // namespace saseo::bench

int main(int argc, char** argv) {
  using namespace saseo::bench;
  const auto arguments = Arguments::parse(argc, argv,
                                          {"--questions", "--manual", "--library", "--split",
                                           "--helper", "--threshold", "--show", "--json"});
  if (!arguments || !arguments->has("--questions") ||
      arguments->has("--manual") == arguments->has("--library")) {
    std::fputs(
        "usage: answer_eval --questions FILE.jsonl... (--manual FILE... | --library DIR) [--split "
        "dev|test|all]\n"
        "                   [--helper SASEO-PDF] [--threshold T] [--show] [--json]\n",
        stderr);
    return 2;
  }
  const saseo::Status status = run(*arguments);
  if (!status.ok()) fmt::print(stderr, "{}\n", status.error().message);
  return status.ok() ? 0 : 1;
}
