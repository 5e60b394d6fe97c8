#include "eval/tune/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/message.h"
#include "eval/statistics/random_stream.h"
#include "eval/tune/tuning_grid.h"

namespace saseo::eval {
namespace {

Notice sizes_left_alone(const Error& why) {
  return {message("The size of chunks was left alone: {}", "청크 크기는 그대로 두었습니다: {}",
                  why.message),
          why.advice};
}

constexpr double kMinGain = 1e-9;  // Scores that differ by rounding alone are equal.

std::string key_of(const AnswerSettings& settings) {
  return fmt::format("{} {}", settings.chunk_tokens,
                     search_words(settings.ranking, settings.answering));
}

class Tuner {
 public:
  Tuner(std::span<const Question> questions, RechunkedLibraries libraries,
        const TuneOptions& options, const std::function<void(const TuneProgress&)>& on_progress,
        std::stop_token stop)
      : questions_(questions),
        options_(options),
        on_progress_(on_progress),
        stop_(std::move(stop)),
        random_(RandomStream(options.seed).split(1)),
        libraries_(std::move(libraries)),
        scorer_(questions, libraries_) {}
  Result<Tuning> tune(const AnswerSettings& present);

 private:
  Status split();
  void choose_grid();
  Status search();
  // Takes the best value of the dimension; true when that is not the one it has.
  Result<bool> search_along(const TuningDimension& dimension);
  Result<ScoreFigures> try_settings(const AnswerSettings& settings);
  Result<Credits> score(const AnswerSettings& settings, std::span<const std::size_t> which);
  Status hold_out();
  void shuffle(std::vector<std::size_t>& order);
  bool used_up() const { return tuning_.trials.size() >= options_.trials; }
  bool is_any(Language language, bool is) const {
    return std::ranges::any_of(tuning_.split.tuning, [&](std::size_t i) {
      return (questions_[i].language == language) == is;
    });
  }

  std::span<const Question> questions_;
  const TuneOptions& options_;
  const std::function<void(const TuneProgress&)>& on_progress_;
  std::stop_token stop_;
  RandomStream random_;
  RechunkedLibraries libraries_;
  SettingsScorer scorer_;
  std::vector<TuningDimension> grid_;
  std::map<std::string, ScoreFigures> tried_;  // By key_of.
  Tuning tuning_;
  TuneProgress progress_;
};

Status Tuner::split() {
  tuning_.split = split_for_tuning(questions_, options_.seed);
  const TuningSplit& split = tuning_.split;
  if (split.left_out > 0)
    tuning_.notes.push_back(
        {message("{} questions are neither of the split dev nor of test and were left out.",
                 "질문 {}개는 dev 분할에도 test 분할에도 들지 않아 뺐습니다.", split.left_out)});
  if (split.moved > 0)
    tuning_.notes.push_back(
        {message("{} follow-ups were moved into the split of the question before them.",
                 "이어지는 질문 {}개를 앞 질문이 든 분할로 옮겼습니다.", split.moved)});
  return {};
}

void Tuner::choose_grid() {
  GridOptions grid;
  grid.korean = is_any(Language::kKorean, true);
  grid.other = is_any(Language::kKorean, false);
  grid.threshold = tuning_.present_tuning.unanswerable > 0;
  if (!grid.threshold)
    tuning_.notes.push_back({message(
        "No question for tuning is unanswerable: the threshold was left alone, because only "
        "such questions tell when it is too low.",
        "조정용 질문에 답이 없는 질문이 하나도 없어 거절 기준(threshold)은 그대로 두었습니다. "
        "너무 낮은지는 그런 질문만 알려 줍니다.")});
  if (!libraries_.present_size()) {
    grid.chunk_tokens = false;
    tuning_.notes.push_back({message(
        "The size of chunks was left alone: the library's manuals differ in it, or an older "
        "saseo cut them.",
        "청크 크기는 그대로 두었습니다. 라이브러리의 설명서마다 크기가 다르거나 이전 판의 "
        "saseo가 나눈 것입니다.")});
  } else if (const Status unchanged = libraries_.files_unchanged(); !unchanged.ok()) {
    grid.chunk_tokens = false;
    tuning_.notes.push_back(sizes_left_alone(unchanged.error()));
  }
  grid_ = tuning_grid(grid);
}

void Tuner::shuffle(std::vector<std::size_t>& order) {
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[random_.below(static_cast<std::uint32_t>(i)).first]);
}

Result<Credits> Tuner::score(const AnswerSettings& settings, std::span<const std::size_t> which) {
  SettingsScorer::Observer observer;
  progress_.questions = which.size();
  observer.on_question = [&](std::size_t done) {
    progress_.question = done;
    if (on_progress_) on_progress_(progress_);
  };
  observer.on_rechunking = [&](const IngestProgress& ingest) {
    TuneProgress reading = progress_;
    reading.rechunking = &ingest;
    if (on_progress_) on_progress_(reading);
  };
  return scorer_.score(settings, which, observer, stop_);
}

Result<ScoreFigures> Tuner::try_settings(const AnswerSettings& settings) {
  SASEO_ASSIGN_OR_RETURN(const Credits credits, score(settings, tuning_.split.tuning));
  const ScoreFigures figures = figures_of(credits, options_.refusal_weight);
  tried_[key_of(settings)] = figures;
  return figures;
}

Result<bool> Tuner::search_along(const TuningDimension& dimension) {
  std::optional<std::size_t> best;  // Of tuning_.trials.
  AnswerSettings best_settings;
  for (const double value : dimension.values) {
    AnswerSettings settings = tuning_.winner;
    dimension.set(settings, value);
    if (tried_.contains(key_of(settings)) || used_up()) continue;
    progress_.trial = tuning_.trials.size() + 1;
    SASEO_ASSIGN_OR_RETURN(const ScoreFigures figures, try_settings(settings));
    tuning_.trials.push_back({dimension.name, value_words(dimension, value), figures, false});
    const double before = best ? tuning_.trials[*best].figures.score : tuning_.winner_tuning.score;
    if (figures.score <= before + kMinGain) continue;
    best = tuning_.trials.size() - 1;
    best_settings = settings;
    progress_.best = figures.score;
  }
  if (!best) return false;
  tuning_.trials[*best].taken = true;
  tuning_.winner = best_settings;
  tuning_.winner_tuning = tuning_.trials[*best].figures;
  return true;
}

Status Tuner::search() {
  while (!used_up() && !tuning_.finished) {
    std::vector<std::size_t> order(grid_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    shuffle(order);
    bool taken = false;
    std::optional<std::size_t> unreadable;
    for (const std::size_t i : order) {
      const Result<bool> moved = search_along(grid_[i]);
      if (moved.ok()) {
        taken = taken || *moved;
      } else if (grid_[i].name == kChunkTokens && moved.error().code != ErrorCode::kCancelled) {
        // The present size does without reading the manuals again.
        tuning_.notes.push_back(sizes_left_alone(moved.error()));
        unreadable = i;
      } else {
        return moved.error();
      }
    }
    if (unreadable) grid_.erase(grid_.begin() + static_cast<std::ptrdiff_t>(*unreadable));
    tuning_.finished = !taken && !used_up();
  }
  return {};
}

Status Tuner::hold_out() {
  progress_.held_out = true;
  SASEO_ASSIGN_OR_RETURN(const Credits winner, score(tuning_.winner, tuning_.split.held_out));
  SASEO_ASSIGN_OR_RETURN(const Credits present, score(tuning_.present, tuning_.split.held_out));
  tuning_.present_held_out = figures_of(present, options_.refusal_weight);
  tuning_.winner_held_out = figures_of(winner, options_.refusal_weight);
  IntervalOptions interval;
  interval.seed = options_.seed;
  tuning_.held_out_gain = gain_of(present, winner, options_.refusal_weight, interval);
  return {};
}

Result<Tuning> Tuner::tune(const AnswerSettings& present) {
  tuning_.present = present;
  if (const auto size = libraries_.present_size()) tuning_.present.chunk_tokens = *size;
  tuning_.winner = tuning_.present;
  SASEO_RETURN_IF_ERROR(split());
  const auto judged = [&](const std::vector<std::size_t>& which) {
    return std::ranges::any_of(which, [&](std::size_t i) {
      return credit_of(questions_[i], RecordedAnswer()).has_value();
    });
  };
  if (!judged(tuning_.split.tuning) || !judged(tuning_.split.held_out))
    return make_error(ErrorCode::kBadInput,
                      "{} questions: too few with facts, gold sections, references or "
                      "\"unanswerable\" to choose on one half and hold the other out",
                      "질문 {}개: 사실, 정답 절, 모범 답안, \"unanswerable\"이 있는 질문이 너무 "
                      "적어 반으로 고르고 반으로 확인할 수 없습니다",
                      questions_.size());
  progress_.trials = options_.trials;
  SASEO_ASSIGN_OR_RETURN(tuning_.present_tuning, try_settings(tuning_.present));
  tuning_.winner_tuning = tuning_.present_tuning;
  progress_.best = tuning_.present_tuning.score;
  choose_grid();
  SASEO_RETURN_IF_ERROR(search());
  SASEO_RETURN_IF_ERROR(hold_out());
  return std::move(tuning_);
}

}  // namespace

bool Tuning::changed() const { return key_of(present) != key_of(winner); }

Result<Tuning> tune(std::span<const Question> questions, const std::filesystem::path& library,
                    const AnswerSettings& present, const TuneOptions& options,
                    const std::function<void(const TuneProgress&)>& on_progress,
                    std::stop_token stop) {
  SASEO_ASSIGN_OR_RETURN(RechunkedLibraries libraries,
                         RechunkedLibraries::open(library, options.read));
  return Tuner(questions, std::move(libraries), options, on_progress, std::move(stop))
      .tune(present);
}

}  // namespace saseo::eval
