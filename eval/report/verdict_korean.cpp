#include <fmt/format.h>

#include "eval/report/korean_particles.h"
#include "eval/report/verdict_words.h"

namespace saseo::eval {
namespace {

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

std::string type_name(const std::string& type) {
  struct Name {
    std::string_view type, korean;
  };
  static constexpr Name kNames[] = {
      {"how-to", "사용 방법"},          {"table", "표"},         {"specification", "사양"},
      {"troubleshooting", "문제 해결"}, {"yes-no", "예/아니요"}, {"follow-up", "이어 묻기"},
      {"unanswerable", "답이 없는"},
  };
  for (const Name& name : kNames) {
    if (name.type == type) return std::string(name.korean);
  }
  return type;
}

// "표(12개)"
std::string counted(const TypeCount& type) {
  return fmt::format("{}({}개)", type_name(type.type), type.questions);
}
std::string counted(const std::vector<TypeCount>& types) {
  std::vector<std::string> items;
  for (const TypeCount& type : types) items.push_back(counted(type));
  return joined(items);
}

std::string questions(const VerdictFindings& f) {
  return fmt::format("이 {} 질문 {}개", f.language == "ko" ? "한국어" : "영어", f.asked);
}

std::string on_questions(const VerdictFindings& f) {
  if (f.scored == f.asked) return questions(f) + "에서";
  return fmt::format("{} 가운데 점수를 매길 수 있는 {}개에서", questions(f), f.scored);
}

bool is_facts(const VerdictFindings& f) { return f.metric->name == "facts"; }
bool is_share(const VerdictFindings& f) { return f.metric->unit == MetricUnit::kShare; }

std::string metric_name(const VerdictFindings& f) {
  return is_facts(f) ? "필수 사실 재현율" : f.metric->label_ko;
}

// Differences of shares are percentage points.
std::string points(const VerdictFindings& f, double value) {
  return short_number(value) + (is_share(f) ? "%p" : "점");
}

std::string interval(const VerdictFindings& f, double low, double high) {
  return fmt::format("95 % 신뢰구간 {}~{}", short_number(low), points(f, high));
}

std::string mean_value(const VerdictFindings& f) {
  return is_share(f) ? short_number(100 * f.leader_mean.value) + " %"
                     : short_number(f.leader_mean.value) + "점";
}

std::string interval_of_mean(const VerdictFindings& f) {
  const double unit = is_share(f) ? 100 : 1;
  return fmt::format("95 % 신뢰구간 {}~{}{}", short_number(unit * f.leader_mean.low),
                     short_number(unit * f.leader_mean.high), is_share(f) ? " %" : "점");
}

// Verbs without their endings: "걸렸" + "고", "걸렸" + "습니다".
std::vector<std::string> costs(const CostRatio& cost) {
  std::vector<std::string> stems;
  if (cost.seconds) {
    stems.push_back(is_more(*cost.seconds) ? fmt::format("시간은 {}배 걸렸", times(*cost.seconds))
                    : is_less(*cost.seconds)
                        ? fmt::format("속도는 {}배 빨랐", times(1 / *cost.seconds))
                        : "시간은 비슷하게 걸렸");
  }
  if (cost.memory && (is_more(*cost.memory) || is_less(*cost.memory))) {
    stems.push_back(fmt::format("메모리는 {}배 썼", times(*cost.memory)));
  }
  return stems;
}

std::string sentence_of(const std::vector<std::string>& stems) {
  std::string text;
  for (std::size_t i = 0; i < stems.size(); ++i) {
    text += stems[i] + (i + 1 == stems.size() ? "습니다." : "고 ");
  }
  return text;
}

std::string could_have_shown(const VerdictFindings& f, const Gap& gap) {
  if (gap.could_have_shown <= 0) return "";
  return fmt::format(" 이 질문들로는 {} 이상의 차이라야 드러낼 수 있었습니다.",
                     points(f, gap.could_have_shown));
}

std::string shown(const VerdictFindings& f, const Gap& gap) {
  const std::string stem =
      is_facts(f) ? fmt::format("필수 사실을 {} 더 담았", points(f, gap.points))
                  : fmt::format("{}에서 {} 앞섰", f.metric->label_ko, points(f, gap.points));
  const std::vector<std::string> cost = costs(gap.cost);
  const bool dearer = gap.cost.seconds && is_more(*gap.cost.seconds);
  const std::string_view ending = cost.empty() ? "습니다" : dearer ? "지만" : "고";
  const std::string reach = interval(f, gap.low, gap.high);
  std::string text =
      fmt::format("{} {} {}보다 {}{}({})", on_questions(f),
                  with_particle(gap.better, Particle::kTopic), gap.worse, stem, ending, reach);
  return cost.empty() ? text + "." : text + " " + sentence_of(cost);
}

std::string ahead(const VerdictFindings& f, const Gap& gap) {
  if (gap.points == 0) return "평균이 같음";
  return fmt::format("{} {} 앞섬", with_particle(gap.better, Particle::kSubject),
                     points(f, gap.points));
}

std::string not_shown(const VerdictFindings& f, const Gap& gap) {
  std::string text = fmt::format(
      "{} {} {}의 {} 차이는 드러나지 않았습니다({}, {}{}).{}", on_questions(f),
      with_particle(gap.better, Particle::kAnd), gap.worse, metric_name(f), ahead(f, gap),
      interval(f, gap.low, gap.high),
      gap.held_before ? ", 여러 비교를 함께 감안하면 유의하지 않음" : "", could_have_shown(f, gap));
  const std::vector<std::string> cost = costs(gap.cost);
  if (!cost.empty()) {
    text += fmt::format(" {} 견주면 {} {}", gap.worse + "에",
                        with_particle(gap.better, Particle::kTopic), sentence_of(cost));
  }
  return text;
}

std::string choice_of_two(const VerdictFindings& f) {
  const Gap& gap = f.gaps.front();
  if (f.cheaper.empty() || (gap.shown && gap.better == f.cheaper)) return "";
  const std::string margin = points(f, f.margin_points);
  const std::string excluded = fmt::format("{} 넘게 뒤질 가능성은 배제되었습니다", margin);
  if (f.sufficient) {
    return fmt::format(" {} 충분합니다. {}.", with_particle(f.cheaper, Particle::kDirection),
                       excluded);
  }
  std::string text;
  if (!f.suffices_for.empty()) {
    text += fmt::format(" {} 유형의 질문에는 {} 충분합니다. {}.", counted(f.suffices_for),
                        with_particle(f.cheaper, Particle::kDirection), excluded);
  } else if (!gap.shown || gap.low < f.margin_points) {
    text += fmt::format(" {} {} 넘게 뒤지지 않는다고는 말할 수 없습니다.",
                        with_particle(f.cheaper, Particle::kSubject), margin);
  }
  if (!f.gains_for.empty()) {
    std::vector<std::string> types;
    for (const TypeGap& type : f.gains_for) {
      types.push_back(fmt::format("{}({})", type_name(type.type.type), points(f, type.points)));
    }
    text += fmt::format(" {} {} 유형의 질문에서 앞섰습니다.",
                        with_particle(f.dearer, Particle::kTopic), joined(types));
  }
  if (!f.too_few.empty()) {
    text += fmt::format(" 질문이 {}개보다 적어 따로 말할 수 없는 유형: {}.", f.min_questions,
                        counted(f.too_few));
  }
  return text;
}

std::string of_several(const VerdictFindings& f) {
  std::string text = fmt::format("{} 모델 {}개 가운데 {} {}({}, {}).", on_questions(f),
                                 f.contestants, with_particle(f.leader, Particle::kSubject),
                                 is_facts(f) ? "필수 사실을 가장 많이 담았습니다"
                                             : f.metric->label_ko + "에서 가장 앞섰습니다",
                                 mean_value(f), interval_of_mean(f));
  for (const Gap& gap : f.gaps) {
    if (gap.shown) {
      text +=
          fmt::format(" {} {}보다 {} 앞섰습니다({}).", with_particle(gap.better, Particle::kTopic),
                      gap.worse, points(f, gap.points), interval(f, gap.low, gap.high));
    } else {
      text += fmt::format(" {} {}의 차이는 드러나지 않았습니다({}, {}).{}",
                          with_particle(gap.better, Particle::kAnd), gap.worse, ahead(f, gap),
                          interval(f, gap.low, gap.high), could_have_shown(f, gap));
    }
  }
  const std::string margin = points(f, f.margin_points);
  if (f.sufficient) {
    text += fmt::format(" {}보다 {} 넘게 뒤지지 않는다고 말할 수 있는 가장 값싼 모델은 {}입니다.",
                        f.leader, margin, f.sufficient->name);
    const std::vector<std::string> cost = costs(f.sufficient->cost);
    if (!cost.empty()) text += fmt::format(" {}에 견주면 {}", f.leader, sentence_of(cost));
  } else if (f.others_are_cheaper) {
    text += fmt::format(" 더 값싼 모델 가운데 {} 넘게 뒤지지 않는다고 말할 수 있는 것은 없습니다.",
                        margin);
  } else if (f.leader_is_cheapest) {
    text += " 더 값싼 모델은 없습니다.";
  }
  return text;
}

std::string alone(const VerdictFindings& f) {
  const std::string what =
      is_facts(f) ? fmt::format("{} 필수 사실의 {}를 담았습니다",
                                with_particle(f.leader, Particle::kTopic), mean_value(f))
                  : fmt::format("{}의 {} {}{}습니다", f.leader,
                                with_particle(f.metric->label_ko, Particle::kTopic), mean_value(f),
                                is_share(f) ? "였" : "이었");
  return fmt::format("{} {}({}). 비교할 다른 모델은 없습니다.", on_questions(f), what,
                     interval_of_mean(f));
}

}  // namespace

std::string verdict_in_korean(const VerdictFindings& f) {
  if (!f.metric) {
    return fmt::format("{}에는 모범 답, 필수 사실, 근거 절이 없어 점수를 매길 수 없습니다.",
                       questions(f));
  }
  if (f.scored < f.min_questions) {
    return fmt::format("{} 가운데 {} 점수를 매길 수 있는 것이 {}개뿐이어서 {} 말할 수 없습니다.",
                       questions(f), with_particle(metric_name(f), Particle::kDirection), f.scored,
                       f.contestants > 1 ? "어느 쪽이 나은지" : "답이 얼마나 좋은지");
  }
  if (f.contestants == 1 || f.gaps.empty()) {
    return alone(f);
  }
  if (f.contestants > 2) return of_several(f);
  const Gap& gap = f.gaps.front();
  return (gap.shown ? shown(f, gap) : not_shown(f, gap)) + choice_of_two(f);
}

}  // namespace saseo::eval
