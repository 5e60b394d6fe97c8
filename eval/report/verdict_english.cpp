#include <fmt/format.h>

#include <cmath>

#include "eval/report/verdict_words.h"

namespace saseo::eval {
namespace {

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

std::string_view language_name(const std::string& code) {
  return code == "ko" ? "Korean" : "English";
}

std::string questions(std::size_t count, const VerdictFindings& f) {
  return fmt::format("{} {} {} question{}", count == 1 ? "this" : "these", count,
                     language_name(f.language), count == 1 ? "" : "s");
}

std::string on_questions(const VerdictFindings& f) {
  const std::string all = questions(f.asked, f);
  return f.scored == f.asked ? "On " + all : fmt::format("On {} of {}", f.scored, all);
}

bool is_facts(const VerdictFindings& f) { return f.metric->name == "facts"; }

std::string metric_name(const VerdictFindings& f) {
  return is_facts(f) ? "the recall of required facts" : f.metric->label_en;
}

// "72 % of the required facts (95 % CI 65 to 79)"
std::string mean(const VerdictFindings& f) {
  const bool share = f.metric->unit == MetricUnit::kShare;
  const double unit = share ? 100 : 1;
  const Estimate& e = f.leader_mean;
  const std::string value = short_number(unit * e.value) + (share ? " %" : "");
  return fmt::format("{} {} (95 % CI {} to {})",
                     is_facts(f) ? "recalls " + value : "reaches " + value,
                     is_facts(f) ? "of the required facts" : "in " + f.metric->label_en,
                     short_number(unit * e.low), short_number(unit * e.high));
}

std::string points(double value) {
  const std::string number = short_number(value);
  return number + (number == "1" || number == "-1" ? " point" : " points");
}

std::string interval(double low, double high) {
  return fmt::format("95 % CI {} to {}", short_number(low), short_number(high));
}

// What the subject costs beside the other: "takes 4.1 times as long", "needs 3.2 times the memory".
std::vector<std::string> costs(const CostRatio& cost) {
  std::vector<std::string> clauses;
  if (cost.seconds) {
    clauses.push_back(
        is_more(*cost.seconds)   ? fmt::format("takes {} times as long", times(*cost.seconds))
        : is_less(*cost.seconds) ? fmt::format("is {} times as fast", times(1 / *cost.seconds))
                                 : "takes about as long");
  }
  if (cost.memory && (is_more(*cost.memory) || is_less(*cost.memory))) {
    clauses.push_back(fmt::format("needs {} times the memory", times(*cost.memory)));
  }
  return clauses;
}

std::string could_have_shown(const Gap& gap) {
  if (gap.could_have_shown <= 0) return "";
  return fmt::format("; the set could have shown one of {} or more", points(gap.could_have_shown));
}

std::string shown(const VerdictFindings& f, const Gap& gap) {
  const std::string more =
      is_facts(f) ? fmt::format("recalls {} more of the required facts", points(gap.points))
                  : fmt::format("is {} better in {}", points(gap.points), f.metric->label_en);
  std::vector<std::string> clauses = {
      fmt::format("{} than {} ({})", more, gap.worse, interval(gap.low, gap.high))};
  for (std::string& clause : costs(gap.cost)) clauses.push_back(std::move(clause));
  return fmt::format("{}, {} {}.", on_questions(f), gap.better, joined(clauses));
}

std::string not_shown(const VerdictFindings& f, const Gap& gap) {
  const std::string ahead = gap.points == 0
                                ? "the means are equal"
                                : fmt::format("{} is ahead by {}", gap.better, points(gap.points));
  std::string text = fmt::format(
      "{}, no difference in {} between {} and {} is shown ({}, {}{}){}.", on_questions(f),
      metric_name(f), gap.better, gap.worse, ahead, interval(gap.low, gap.high),
      gap.held_before ? ", which does not hold once several comparisons are allowed for" : "",
      could_have_shown(gap));
  const std::vector<std::string> clauses = costs(gap.cost);
  if (!clauses.empty())
    text += fmt::format(" Beside {}, {} {}.", gap.worse, gap.better, joined(clauses));
  return text;
}

std::string choice_of_two(const VerdictFindings& f) {
  const Gap& gap = f.gaps.front();
  if (f.cheaper.empty() || (gap.shown && gap.better == f.cheaper)) return "";
  const std::string margin = points(f.margin_points);
  if (f.sufficient) {
    return fmt::format(" {} suffices: a loss of more than {} is excluded.", f.cheaper, margin);
  }
  std::string text;
  if (!f.suffices_for.empty()) {
    std::vector<std::string> types;
    for (const TypeCount& type : f.suffices_for) {
      types.push_back(fmt::format("{} ({})", type.type, type.questions));
    }
    text +=
        fmt::format(" {} suffices for questions of type {}: a loss of more than {} is excluded.",
                    f.cheaper, joined(types), margin);
  } else if (!gap.shown || gap.low < f.margin_points) {
    text +=
        fmt::format(" That {} stays within {} of {} is not shown.", f.cheaper, margin, f.dearer);
  }
  if (!f.gains_for.empty()) {
    std::vector<std::string> types;
    for (const TypeGap& type : f.gains_for) {
      types.push_back(fmt::format("{} ({})", type.type.type, points(type.points)));
    }
    text += fmt::format(" {} gains on questions of type {}.", f.dearer, joined(types));
  }
  if (!f.too_few.empty()) {
    std::vector<std::string> types;
    for (const TypeCount& type : f.too_few) {
      types.push_back(fmt::format("{} ({})", type.type, type.questions));
    }
    text += fmt::format(" Types with fewer than {} questions say nothing by themselves: {}.",
                        f.min_questions, joined(types));
  }
  return text;
}

std::string of_several(const VerdictFindings& f) {
  std::string text =
      fmt::format("{}, {} {}, the best of {}.", on_questions(f), f.leader, mean(f), f.contestants);
  for (const Gap& gap : f.gaps) {
    text += gap.shown ? fmt::format(" {} is ahead of {} by {} ({}).", gap.better, gap.worse,
                                    points(gap.points), interval(gap.low, gap.high))
                      : fmt::format(" No difference between {} and {} is shown ({} ahead, {}){}.",
                                    gap.better, gap.worse, points(gap.points),
                                    interval(gap.low, gap.high), could_have_shown(gap));
  }
  const std::string margin = points(f.margin_points);
  if (f.sufficient) {
    text += fmt::format(" The cheapest shown to stay within {} of {} is {}", margin, f.leader,
                        f.sufficient->name);
    const std::vector<std::string> clauses = costs(f.sufficient->cost);
    text += clauses.empty() ? "." : fmt::format(", which {}.", joined(clauses));
  } else if (f.others_are_cheaper) {
    text += fmt::format(" No cheaper one is shown to stay within {} of it.", margin);
  } else if (f.leader_is_cheapest) {
    text += " No other is cheaper.";
  }
  return text;
}

}  // namespace

std::string verdict_in_english(const VerdictFindings& f) {
  if (!f.metric) {
    return fmt::format(
        "Of {} nothing can be scored: there are no reference answers, required facts or gold "
        "sections.",
        questions(f.asked, f));
  }
  if (f.scored < f.min_questions) {
    return fmt::format("Only {} of {} can be scored by {}: too few to say {}.", f.scored,
                       questions(f.asked, f), metric_name(f),
                       f.contestants > 1 ? "which is better" : "how good the answers are");
  }
  if (f.contestants == 1 || f.gaps.empty()) {
    return fmt::format("{}, {} {}. There is nothing to compare it with.", on_questions(f), f.leader,
                       mean(f));
  }
  if (f.contestants > 2) return of_several(f);
  const Gap& gap = f.gaps.front();
  return (gap.shown ? shown(f, gap) : not_shown(f, gap)) + choice_of_two(f);
}

}  // namespace saseo::eval
