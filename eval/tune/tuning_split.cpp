#include "eval/tune/tuning_split.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "eval/statistics/random_stream.h"

namespace saseo::eval {
namespace {

constexpr const char* kTuning = "dev";
constexpr const char* kHeldOut = "test";

// Questions that begin with the same one, in the order of the set.
using Conversation = std::vector<std::size_t>;

std::vector<Conversation> conversations_of(std::span<const Question> questions) {
  std::vector<Conversation> conversations;
  std::map<std::string, std::size_t> by_beginning;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const Question& question = questions[i];
    const std::string& beginning =
        question.history.empty() ? question.text : question.history.front().question;
    const auto [known, is_new] = by_beginning.try_emplace(beginning, conversations.size());
    if (is_new) conversations.emplace_back();
    conversations[known->second].push_back(i);
  }
  return conversations;
}

void split_as_told(std::span<const Question> questions,
                   const std::vector<Conversation>& conversations, TuningSplit& split) {
  for (const Conversation& conversation : conversations) {
    const std::string& name = questions[conversation.front()].split;
    if (name != kTuning && name != kHeldOut) {
      split.left_out += conversation.size();
      continue;
    }
    std::vector<std::size_t>& half = name == kTuning ? split.tuning : split.held_out;
    for (const std::size_t question : conversation) {
      half.push_back(question);
      split.moved += questions[question].split != name;
    }
  }
}

void split_by_seed(std::span<const Question> questions,
                   const std::vector<Conversation>& conversations, std::uint64_t seed,
                   TuningSplit& split) {
  using Stratum = std::tuple<Language, std::string, bool>;
  std::map<Stratum, std::vector<const Conversation*>> strata;
  for (const Conversation& conversation : conversations) {
    const Question& first = questions[conversation.front()];
    strata[{first.language, first.type, first.unanswerable}].push_back(&conversation);
  }
  RandomStream random(seed);
  bool held_out = false;  // Goes on from stratum to stratum, so that odd ones even out.
  for (auto& [stratum, members] : strata) {
    for (std::size_t i = members.size(); i > 1; --i)
      std::swap(members[i - 1], members[random.below(static_cast<std::uint32_t>(i)).first]);
    for (const Conversation* conversation : members) {
      std::vector<std::size_t>& half = held_out ? split.held_out : split.tuning;
      half.insert(half.end(), conversation->begin(), conversation->end());
      held_out = !held_out;
    }
  }
}

}  // namespace

TuningSplit split_for_tuning(std::span<const Question> questions, std::uint64_t seed) {
  const auto has = [&](const char* name) {
    return std::ranges::any_of(questions,
                               [&](const Question& question) { return question.split == name; });
  };
  TuningSplit split;
  split.own = has(kTuning) && has(kHeldOut);
  const std::vector<Conversation> conversations = conversations_of(questions);
  if (split.own) {
    split_as_told(questions, conversations, split);
  } else {
    split_by_seed(questions, conversations, seed, split);
  }
  std::ranges::sort(split.tuning);
  std::ranges::sort(split.held_out);
  return split;
}

}  // namespace saseo::eval
