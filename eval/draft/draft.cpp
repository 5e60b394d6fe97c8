#include "eval/draft/draft.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "base/json.h"
#include "base/utf8.h"
#include "eval/draft/draft_candidates.h"
#include "eval/draft/draft_model.h"
#include "index/analyzer.h"
#include "retrieval/question.h"

namespace saseo::eval {
namespace {

using OrderedJson = nlohmann::ordered_json;

// Types in the order of the draft; others behind, by name.
constexpr std::string_view kTypes[] = {"how-to",          "specification", "table",
                                       "troubleshooting", "yes-no",        "unanswerable"};

// A number in [0, below), the same on every platform (std::uniform_int_distribution is not).
std::size_t below(std::mt19937_64& random, std::size_t limit) {
  return static_cast<std::size_t>(random() % limit);
}

// Of the candidates, which are in the manual's order, `count`: one from each of as many stretches.
std::vector<const DraftCandidate*> spread(std::vector<const DraftCandidate*> from,
                                          std::size_t count, std::mt19937_64& random) {
  if (from.size() <= count) return from;
  std::vector<const DraftCandidate*> chosen;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = i * from.size() / count, end = (i + 1) * from.size() / count;
    chosen.push_back(from[begin + below(random, end - begin)]);
  }
  return chosen;
}

std::vector<const DraftCandidate*> choose(const std::vector<DraftCandidate>& candidates,
                                          const std::string& type, std::size_t quota,
                                          std::mt19937_64& random) {
  // A table of forty errors must not be all that is asked about.
  const std::size_t most_of_section = std::max<std::size_t>(2, (quota + 2) / 3);
  std::map<std::size_t, std::vector<const DraftCandidate*>> by_section;
  std::set<std::string> asked;
  for (const DraftCandidate& candidate : candidates) {
    if (candidate.question.type != type || !asked.insert(candidate.question.text).second) continue;
    by_section[candidate.section].push_back(&candidate);
  }
  std::vector<const DraftCandidate*> offered;
  for (auto& [section, here] : by_section) {
    const std::size_t most = type == "unanswerable" ? quota : most_of_section;
    const std::vector<const DraftCandidate*> some = spread(std::move(here), most, random);
    offered.insert(offered.end(), some.begin(), some.end());
  }
  return spread(std::move(offered), quota, random);
}

Language language_of(const StoredDocument& document, const std::vector<ManualSection>& sections) {
  if (document.info.language != Language::kUnknown) return document.info.language;
  std::string text;
  constexpr std::size_t kSample = 20'000;  // Bytes.
  for (const ManualSection& section : sections) {
    for (const Library::StoredBlock& block : section.blocks) {
      if (text.size() < kSample) text += block.text + " ";
    }
  }
  return language_of_question(text);
}

// "R1 manual.pdf" -> "R1-manual": begins the ids.
std::string id_stem(const StoredDocument& document) {
  std::string stem = collapse_spaces(repair_utf8(document.path.stem().string()));
  std::ranges::replace(stem, ' ', '-');
  constexpr std::size_t kMost = 60;
  stem.resize(floor_to_code_point(stem, kMost));
  return stem.empty() ? "draft" : stem;
}

OrderedJson gold_of(const GoldSection& gold) {
  OrderedJson place;
  if (!gold.document.empty()) place["document"] = gold.document;
  place["section"] = fmt::format("{}", fmt::join(gold.path, " > "));
  if (gold.pages.size() == 1) place["page"] = gold.pages.front();
  if (gold.pages.size() > 1) place["pages"] = gold.pages;
  return place;
}

std::string json_line_of(const DraftQuestion& draft) {
  const Question& question = draft.question;
  OrderedJson line;
  line["id"] = question.id;
  line["type"] = question.type;
  line["split"] = question.split;
  line["language"] = language_code(question.language);
  line["question"] = question.text;
  line["answer"] = question.references.front();
  line["facts"] = question.facts;
  line["gold"] = OrderedJson::array();
  for (const GoldSection& gold : question.gold) line["gold"].push_back(gold_of(gold));
  if (!draft.absent.empty()) line["absent"] = draft.absent;
  line["reviewed"] = false;
  return written_json(line) + "\n";
}

}  // namespace

Result<Draft> draft_questions(const Library& library, DocumentId id, const DraftOptions& options,
                              std::stop_token stop) {
  SASEO_ASSIGN_OR_RETURN(const StoredDocument document, library.document(id));
  SASEO_ASSIGN_OR_RETURN(const std::vector<ManualSection> sections,
                         read_sections(library, document));
  DocumentInfo info = document.info;
  if (info.title.empty()) info.title = document.path.filename().string();
  const Language language = language_of(document, sections);
  const std::vector<DraftCandidate> candidates = find_candidates(sections, info, language);
  Draft draft;
  for (const DraftCandidate& candidate : candidates) ++draft.candidates[candidate.question.type];

  std::vector<std::string> types(std::begin(kTypes), std::end(kTypes));
  for (const auto& [type, quota] : options.quotas) {
    if (std::ranges::find(types, type) == types.end()) types.push_back(type);
  }
  std::mt19937_64 random(options.seed);
  std::vector<const DraftCandidate*> chosen;
  for (const std::string& type : types) {
    const auto quota = options.quotas.find(type);
    if (quota == options.quotas.end() || quota->second == 0) continue;
    for (const DraftCandidate* candidate : choose(candidates, type, quota->second, random)) {
      chosen.push_back(candidate);
    }
  }
  const bool any = std::ranges::any_of(
      chosen, [](const DraftCandidate* candidate) { return !candidate->question.unanswerable; });
  if (!any) {
    return make_error(ErrorCode::kBadInput,
                      "{}: found no procedure, table, trouble or statement to ask about; write the "
                      "questions by hand (docs/question-sets.md)",
                      "{}: 물어볼 절차, 표, 문제 해결, 설명을 찾지 못했습니다. 질문을 직접 쓰세요"
                      "(docs/question-sets.md)",
                      document.path.filename().string());
  }

  Analyzer analyzer;
  std::map<std::string, std::size_t> of_type;
  for (const DraftCandidate* candidate : chosen) {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "stopped", "멈췄습니다");
    DraftQuestion question{candidate->question, candidate->absent, false};
    // The words of a question that the manual does not answer are what was looked for in it.
    if (options.model != nullptr && !candidate->question.unanswerable) {
      SASEO_ASSIGN_OR_RETURN(std::string worded,
                             word_by_model(*candidate, *options.model, analyzer, stop));
      question.by_model = !worded.empty();
      draft.refused_wordings += worded.empty();
      if (question.by_model) question.question.text = std::move(worded);
    }
    question.question.id = fmt::format("{}-{:03}", id_stem(document), draft.questions.size() + 1);
    question.question.split = of_type[candidate->question.type]++ % 2 == 0 ? "dev" : "test";
    draft.questions.push_back(std::move(question));
    if (options.on_progress) options.on_progress(draft.questions.size(), chosen.size());
  }
  return draft;
}

std::string json_lines_of(const Draft& draft) {
  std::string lines;
  for (const DraftQuestion& question : draft.questions) lines += json_line_of(question);
  return lines;
}

}  // namespace saseo::eval
