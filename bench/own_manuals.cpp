#include "bench/own_manuals.h"

#include <algorithm>

#include "eval/metrics/gold.h"
#include "eval/questions/question_set_readers.h"
#include "generation/extractive_model.h"

namespace saseo::bench {

namespace fs = std::filesystem;

Result<std::vector<eval::Question>> read_questions(const std::vector<std::string>& files) {
  std::vector<eval::Question> questions;
  for (const std::string& file : files) {
    SASEO_ASSIGN_OR_RETURN(eval::QuestionSet set, eval::read_question_set(file));
    std::ranges::move(set.questions, std::back_inserter(questions));
  }
  return questions;
}

Result<std::vector<Setting>> settings_of(const std::vector<std::string>& folders,
                                         const fs::path& pdf_helper) {
  IngestOptions options;
  options.read.pdf_helper = pdf_helper;
  std::vector<Setting> settings;
  const auto add = [&](std::string name, const std::vector<fs::path>& manuals,
                       std::vector<eval::Question> questions) -> Status {
    SASEO_ASSIGN_OR_RETURN(WorkFolder work, WorkFolder::make());
    SASEO_RETURN_IF_ERROR(work.ingest(manuals, options));
    settings.push_back({std::move(name), std::move(work), std::move(questions)});
    return {};
  };
  std::vector<fs::path> all_manuals;
  std::vector<eval::Question> all_questions;
  std::string all_names;
  for (const std::string& folder : folders) {
    std::vector<fs::path> manuals;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".pdf") manuals.push_back(entry.path());
    }
    std::ranges::sort(manuals);
    SASEO_ASSIGN_OR_RETURN(std::vector<eval::Question> questions,
                           read_questions({(fs::path(folder) / "questions.jsonl").string()}));
    all_manuals.insert(all_manuals.end(), manuals.begin(), manuals.end());
    all_questions.insert(all_questions.end(), questions.begin(), questions.end());
    const std::string name = fs::path(folder).filename().string();
    all_names += (all_names.empty() ? "" : " + ") + name;
    SASEO_RETURN_IF_ERROR(add(name, manuals, std::move(questions)));
  }
  if (folders.size() > 1) {
    SASEO_RETURN_IF_ERROR(add(all_names, all_manuals, std::move(all_questions)));
    std::ranges::rotate(settings, settings.end() - 1);
  }
  return settings;
}

bool is_gold(const RankedChunk& hit, const eval::Question& question) {
  const Chunk& chunk = hit.stored.chunk;
  const eval::Place place{.heading_path = chunk.heading_path,
                          .first_page = chunk.first_page,
                          .last_page = chunk.first_page};
  return eval::gold_section_of(place, question).has_value();
}

Result<AskedManuals> AskedManuals::open(const Setting& setting, const AnswererOptions& options) {
  SASEO_ASSIGN_OR_RETURN(const LibraryHost host, LibraryHost::open(setting.work.library()));
  SASEO_ASSIGN_OR_RETURN(Searcher searcher, Searcher::open(host));
  return AskedManuals(std::move(searcher), options);
}

AskedManuals::AskedManuals(Searcher searcher, const AnswererOptions& options)
    : searcher_(std::move(searcher)), model_(make_extractive_model()), options_(options) {}

Result<Answer> AskedManuals::ask(const eval::Question& question) const {
  const Answerer answerer(searcher_, *model_, options_);
  Conversation conversation;
  Query query;
  query.filter.product = question.product;
  for (const eval::EarlierTurn& turn : question.history) {
    query.text = turn.question;
    SASEO_ASSIGN_OR_RETURN(const Answer answered, answerer.answer(conversation, query, {}));
    conversation.remember(answered);
  }
  query.text = question.text;
  return answerer.answer(conversation, query, {});
}

}  // namespace saseo::bench
