#include "eval/tune/tuning_grid.h"

#include <fmt/format.h>

namespace saseo::eval {
namespace {

constexpr const char* kSections = "sections";

// Of StageWeights; the language is a template argument, so that functions stay plain pointers.
template <StageWeights RankingOptions::*kStage>
void add_stage(std::vector<TuningDimension>& grid, const std::string& language) {
  grid.push_back({language + ".dense_weight",
                  {0, 0.15, 0.3, 0.5, 0.7},
                  [](const AnswerSettings& s) {
                    return static_cast<double>((s.ranking.*kStage).dense_weight);
                  },
                  [](AnswerSettings& s, double value) {
                    (s.ranking.*kStage).dense_weight = static_cast<float>(value);
                  }});
  grid.push_back({language + ".body_b",
                  {0.3, 0.45, 0.6, 0.75},
                  [](const AnswerSettings& s) {
                    return static_cast<double>((s.ranking.*kStage).lexical.body_b);
                  },
                  [](AnswerSettings& s, double value) {
                    (s.ranking.*kStage).lexical.body_b = static_cast<float>(value);
                  }});
  grid.push_back(
      {language + ".k1",
       {0.8, 1.2, 1.8},
       [](const AnswerSettings& s) { return static_cast<double>((s.ranking.*kStage).lexical.k1); },
       [](AnswerSettings& s, double value) {
         (s.ranking.*kStage).lexical.k1 = static_cast<float>(value);
       }});
  grid.push_back({language + ".dense_length_exponent",
                  {0, 0.25, 0.5},
                  [](const AnswerSettings& s) {
                    return static_cast<double>((s.ranking.*kStage).dense_length_exponent);
                  },
                  [](AnswerSettings& s, double value) {
                    (s.ranking.*kStage).dense_length_exponent = static_cast<float>(value);
                  }});
}

void add_passages(std::vector<TuningDimension>& grid) {
  grid.push_back({"context_tokens",
                  {1000, 1500, 2000, 3000},
                  [](const AnswerSettings& s) {
                    return static_cast<double>(s.answering.context.token_budget);
                  },
                  [](AnswerSettings& s, double value) {
                    s.answering.context.token_budget = static_cast<std::size_t>(value);
                  }});
  grid.push_back({"max_passages",
                  {2, 3, 4, 6, 9},
                  [](const AnswerSettings& s) {
                    return static_cast<double>(s.answering.context.max_passages);
                  },
                  [](AnswerSettings& s, double value) {
                    s.answering.context.max_passages = static_cast<std::size_t>(value);
                  }});
  grid.push_back({kSections,
                  {kWholeSections, 0, 1, 2},
                  [](const AnswerSettings& s) {
                    const ContextOptions& context = s.answering.context;
                    return context.whole_sections ? kWholeSections : context.neighbours;
                  },
                  [](AnswerSettings& s, double value) {
                    ContextOptions& context = s.answering.context;
                    context.whole_sections = value == kWholeSections;
                    if (!context.whole_sections) context.neighbours = static_cast<int>(value);
                  }});
}

void add_search(std::vector<TuningDimension>& grid) {
  grid.push_back({"candidates",
                  {100, 300},
                  [](const AnswerSettings& s) { return static_cast<double>(s.ranking.candidates); },
                  [](AnswerSettings& s, double value) {
                    s.ranking.candidates = static_cast<std::size_t>(value);
                  }});
  grid.push_back({"reranked",
                  {30, 60, 100},
                  [](const AnswerSettings& s) { return static_cast<double>(s.ranking.reranked); },
                  [](AnswerSettings& s, double value) {
                    s.ranking.reranked = static_cast<std::size_t>(value);
                  }});
  grid.push_back({"hits",
                  {20, 60, 100},
                  [](const AnswerSettings& s) { return static_cast<double>(s.answering.hits); },
                  [](AnswerSettings& s, double value) {
                    s.answering.hits = static_cast<std::size_t>(value);
                  }});
}

}  // namespace

std::vector<TuningDimension> tuning_grid(const GridOptions& options) {
  std::vector<TuningDimension> grid;
  if (options.chunk_tokens)
    grid.push_back({kChunkTokens,
                    {160, 240, 320, 480},
                    [](const AnswerSettings& s) { return static_cast<double>(s.chunk_tokens); },
                    [](AnswerSettings& s, double value) {
                      s.chunk_tokens = static_cast<std::size_t>(value);
                    }});
  if (options.korean) add_stage<&RankingOptions::korean>(grid, "korean");
  if (options.other) add_stage<&RankingOptions::other>(grid, "other");
  add_search(grid);
  add_passages(grid);
  if (options.threshold)
    grid.push_back(
        {"threshold",
         {0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8},
         [](const AnswerSettings& s) { return static_cast<double>(s.answering.refusal.threshold); },
         [](AnswerSettings& s, double value) {
           s.answering.refusal.threshold = static_cast<float>(value);
         }});
  return grid;
}

std::string value_words(const TuningDimension& dimension, double value) {
  if (dimension.name == kSections && value == kWholeSections) return "whole";
  return fmt::format("{}", static_cast<float>(value));
}

}  // namespace saseo::eval
