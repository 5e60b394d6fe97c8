#include "engine/runtime/model_draft.h"

#include <algorithm>
#include <cassert>
#include <chrono>

#include "base/message.h"

namespace saseo {
namespace {

constexpr double kLatestDraftWeight =
    0.2;  // The latest draft's weight in the running estimate of its time.

// Whether text never becomes one of the tokens from `from` on: rows that files add.
bool is_padding(const Vocabulary& vocabulary, std::size_t from) {
  for (std::size_t i = from; i < vocabulary.pieces.size(); ++i) {
    if (vocabulary.kinds[i] == TokenKind::kNormal && !vocabulary.pieces[i].empty() &&
        !vocabulary.pieces[i].starts_with("<unused")) {
      return false;
    }
  }
  return true;
}

Error different(const Model& target, const Model& draft, const std::string& difference) {
  return make_error(ErrorCode::kInvalidArgument,
                    "{} cannot draft for {}: their vocabularies differ ({}). Take a model of the "
                    "same generation for --draft-model, such as Gemma 2 2B for Gemma 2 9B.",
                    "{}은(는) {}의 초안을 쓸 수 없습니다. 어휘가 다릅니다({}). --draft-model에는 "
                    "Gemma 2 9B에 Gemma 2 2B처럼 같은 세대의 모델을 쓰세요.",
                    draft.name, target.name, difference);
}

}  // namespace

Status check_draft_vocabulary(const Model& target, const Model& draft) {
  const Vocabulary &a = target.vocabulary, &b = draft.vocabulary;
  const std::size_t both = std::min(a.pieces.size(), b.pieces.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (a.pieces[i] == b.pieces[i]) continue;
    return different(
        target, draft,
        say("token {}: \"{}\" and \"{}\"", "토큰 {}: \"{}\", \"{}\"", i, a.pieces[i], b.pieces[i]));
  }
  if (!is_padding(a, both) || !is_padding(b, both)) {
    return different(target, draft,
                     say("{} and {} tokens", "토큰 {}개, {}개", a.pieces.size(), b.pieces.size()));
  }
  return {};
}

ModelDraft::ModelDraft(BatchScheduler& scheduler, std::uint32_t target_vocab,
                       const KvCacheOptions& cache)
    : model_(scheduler.model()),
      vocab_(std::min(model_.config.vocab, target_vocab)),
      cache_options_(cache),
      max_batch_(scheduler.max_batch()),
      passes_(scheduler),
      cache_(model_.config, cache) {}

Status ModelDraft::begin(std::span<const TokenId> prompt, const SamplingOptions& sampling,
                         const std::stop_token& stop) {
  sequence_.clear();
  known_ = true;
  for (const TokenId token : prompt) push(token);
  SamplingOptions own = sampling;
  own.logprobs = 0;
  sampler_.emplace(std::move(own));
  // The last token is left to the first draft.
  if (!known_ || sequence_.size() >= cache_.context()) return {};
  const std::size_t done = std::min(return_to_sequence(), sequence_.size() - 1);
  const auto rest = std::span(sequence_).subspan(done, sequence_.size() - 1 - done);
  if (rest.empty()) return {};
  const Result<std::span<const float>> read = append(rest, stop);
  passes_.rest();
  return read.ok() ? Status() : read.error();
}

void ModelDraft::push(TokenId token) {
  sequence_.push_back(token);
  known_ = known_ && static_cast<std::uint32_t>(token) < vocab_;
}

std::size_t ModelDraft::return_to_sequence() {
  // The last token is always computed: its logits choose the first guess.
  const auto most = static_cast<std::ptrdiff_t>(std::min(kept_.size(), sequence_.size() - 1));
  const auto same =
      std::mismatch(kept_.begin(), kept_.begin() + most, sequence_.begin()).first - kept_.begin();
  auto length = static_cast<std::uint32_t>(same);
  if (!cache_.can_truncate(length)) {
    cache_ = KvCache(model_.config, cache_options_);
    length = 0;
  }
  cache_.truncate(length);
  kept_.resize(length);
  return length;
}

Result<std::span<const float>> ModelDraft::append(std::span<const TokenId> tokens,
                                                  const std::stop_token& stop) {
  std::span<const float> logits;
  for (std::size_t i = 0; i < tokens.size(); i += max_batch_) {
    const auto part = tokens.subspan(i, std::min(max_batch_, tokens.size() - i));
    std::vector<BatchToken> batch;
    for (const TokenId id : part) batch.push_back({id, 0, false});
    batch.back().wants_logits = i + part.size() == tokens.size();
    SASEO_ASSIGN_OR_RETURN(logits, passes_.compute(cache_, batch, stop));
    seconds_ += passes_.last_pass().seconds;
    kept_.insert(kept_.end(), part.begin(), part.end());
  }
  return logits;
}

std::span<const DraftGrade> ModelDraft::grades(std::size_t most) {
  const std::size_t used = sequence_.size();
  const std::size_t room = used <= cache_.context() ? cache_.context() - used + 1 : 0;
  grades_.clear();
  if (!known_) return grades_;
  for (std::size_t i = 0; i < std::min(most, room); ++i) {
    grades_.push_back(static_cast<DraftGrade>(std::min(i, kDraftGrades - 1)));
  }
  return grades_;
}

Result<std::span<const TokenId>> ModelDraft::draft(std::size_t count, const Sampler& sampler,
                                                   const std::stop_token& stop) {
  const struct Rest {
    ScheduledSequence& passes;
    ~Rest() { passes.rest(); }
  } rest{passes_};
  seconds_ = 0;
  draft_.clear();
  std::span<const TokenId> next = std::span<const TokenId>(sequence_).subspan(return_to_sequence());
  const bool behind = next.size() > kDraftGrades;  // A pause, not what a draft takes.
  sampler_->stand_where(sampler);
  while (draft_.size() < count) {
    SASEO_ASSIGN_OR_RETURN(const std::span<const float> logits, append(next, stop));
    const auto start = std::chrono::steady_clock::now();
    SASEO_ASSIGN_OR_RETURN(const SampledToken guess, sampler_->sample(logits.first(vocab_)));
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    draft_.push_back(guess.token);
    next = std::span<const TokenId>(draft_).last(1);
  }
  if (count > 0 && !behind) {
    const double each = seconds_ / static_cast<double>(count);
    const double before = seconds_per_token_.value_or(each);
    seconds_per_token_ = before + kLatestDraftWeight * (each - before);
  }
  return std::span<const TokenId>(draft_);
}

}  // namespace saseo
