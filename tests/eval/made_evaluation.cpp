#include "tests/eval/made_evaluation.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace saseo::eval {
namespace {

constexpr std::array<const char*, 3> kNames = {"extractive", "gemma-2-2b-it", "gemma-2-9b-it"};

struct Topic {
  const char* type;
  const char* question_ko;
  const char* question_en;
  std::vector<const char*> headings_ko, headings_en;
  const char* passage_ko;
  const char* passage_en;
  std::array<const char*, 3> facts_ko, facts_en;
};

const std::array<Topic, 4> kTopics = {{
    {"how-to",
     "지문이 자꾸 안 먹혀요. 더 잘 읽히게 하려면 어떻게 하나요?",
     "My fingerprint keeps failing. How do I get it read better?",
     {"지문과 얼굴 인식", "지문 인식률 높이기"},
     {"Fingerprint and face", "Better fingerprint reading"},
     "지문이 잘 읽히지 않으면 다음을 확인하세요.\n1. 센서와 손가락을 마른 천으로 닦습니다.\n2. "
     "설정 → "
     "디스플레이에서 터치 감도 높이기를 켭니다.\n3. 지문을 지우고 자주 쓰는 손가락을 두 번 "
     "등록합니다.\n4. 인식 학습을 켭니다.",
     "When the fingerprint is not read well, check the following.\n1. Wipe sensor and finger with "
     "a "
     "dry cloth.\n2. Turn on Touch sensitivity in Settings > Display.\n3. Delete the fingerprint "
     "and register the finger you use most twice.\n4. Turn on Learn while reading.",
     {"터치 감도 높이기", "두 번", "인식 학습"},
     {"Touch sensitivity", "twice", "Learn while reading"}},
    {"table",
     "급속 충전기는 몇 W까지 지원하나요?",
     "How many watts does fast charging take at most?",
     {"충전", "충전기와 시간"},
     {"Charging", "Chargers and times"},
     "표: 충전기와 걸리는 시간\n충전기 | 출력 | 0에서 80 %까지\n기본 | 15 W | 95분\n급속 | 45 W | "
     "38분\n무선 | 15 W | 110분",
     "Table: chargers and times\nCharger | Output | 0 to 80 %\nBasic | 15 W | 95 min\nFast | 45 W "
     "| "
     "38 min\nWireless | 15 W | 110 min",
     {"45 W", "38분", "급속"},
     {"45 W", "38 min", "Fast"}},
    {"troubleshooting",
     "폰이 너무 뜨거운데 어떡하죠?",
     "The phone is very hot. What should I do?",
     {"발열 관리", "기기가 뜨거울 때 할 일"},
     {"Heat", "When the device is hot"},
     "기기가 뜨거우면 충전 케이블을 빼고 쓰던 앱을 끝낸 다음 화면을 끕니다. 케이스를 벗기고 바람이 "
     "통하는 "
     "곳에 10분쯤 둡니다. 냉장고나 얼음으로 식히지 마세요.",
     "When the device is hot, unplug the charger, close the apps and turn off the screen. Take off "
     "the case and leave it in moving air for about 10 minutes. Do not cool it with ice or in a "
     "refrigerator.",
     {"케이블을 빼", "케이스를 벗기", "10분"},
     {"unplug", "case", "10 minutes"}},
    {"definition",
     "상시 표시 화면이 뭐예요?",
     "What is the always-on display?",
     {"화면", "상시 표시 화면"},
     {"Screen", "Always-on display"},
     "상시 표시 화면은 꺼진 화면에 시각과 알림을 낮은 밝기로 보여 줍니다. 하루에 배터리를 4 %쯤 "
     "씁니다.",
     "The always-on display shows time and notifications on the dark screen at low brightness. It "
     "takes about 4 % of the battery a day.",
     {"시각", "알림", "4 %"},
     {"time", "notifications", "4 %"}},
}};

// The same on every machine; 0 to 1.
double noise(std::size_t a, std::size_t b) {
  const double x = std::sin(static_cast<double>(a * 131 + b * 17 + 7)) * 43758.5453;
  return x - std::floor(x);
}

std::vector<MetricDefinition> metrics() {
  using enum MetricGroup;
  using enum MetricUnit;
  return {
      {"facts", kAnswering, kShare, true, false, "Required facts", "필수 사실"},
      {"rouge-l", kAnswering, kShare, true, false, "ROUGE-L", "ROUGE-L"},
      {"chrf", kAnswering, kPoints, true, false, "chrF++", "chrF++"},
      {"hit", kFinding, kShare, true, true, "Gold section found (hit@5)", "정답 절 찾음(hit@5)"},
      {"mrr", kFinding, kShare, true, false, "MRR@10", "MRR@10"},
      {"citation-precision", kTrust, kShare, true, false, "Citation precision", "인용 정밀도"},
      {"unsupported", kTrust, kShare, false, false, "Sentences without support",
       "뒷받침 없는 문장"},
      {"first-text-seconds", kCost, kSeconds, false, false, "Time to first text", "첫 글자까지"},
      {"total-seconds", kCost, kSeconds, false, false, "Total time", "전체 시간"},
      {"peak-memory", kCost, kBytes, false, false, "Peak memory", "최대 메모리"},
  };
}

std::map<std::string, double> values_of(std::size_t question, std::size_t model, double facts) {
  const double n = noise(question, model);
  const std::array<double, 3> seconds = {0.06, 3.1, 12.4}, bytes = {0.3, 3.1, 9.8};
  return {{"facts", facts},
          {"rouge-l", std::min(1.0, 0.3 + 0.35 * facts + 0.2 * n)},
          {"chrf", 25 + 40 * facts + 20 * n},
          {"hit", question % 7 == 3 ? 0.0 : 1.0},
          {"mrr", question % 7 == 3 ? 0.0 : 1.0 / static_cast<double>(1 + question % 3)},
          {"citation-precision", model == 0 ? 1.0 : 0.5 + 0.5 * n},
          {"unsupported", model == 0 ? 0.0 : std::round(n * 3) / 3 * 0.6},
          {"first-text-seconds", seconds[model] * (0.3 + 0.1 * n)},
          {"total-seconds", seconds[model] * (0.8 + 0.4 * n)},
          {"peak-memory", bytes[model] * 1024 * 1024 * 1024}};
}

// The manual's own sentences for the first model; for the others as many facts as they recall.
std::string answer_text(const Topic& topic, bool korean, std::size_t model, std::size_t facts) {
  const auto& names = korean ? topic.facts_ko : topic.facts_en;
  if (model == 0) return std::string(korean ? topic.passage_ko : topic.passage_en) + " [1]";
  std::string text = korean ? "설명서에 따르면 다음과 같습니다. [1]\n"
                            : "According to the manual, do the following. [1]\n";
  for (std::size_t i = 0; i < facts; ++i) {
    text += korean ? fmt::format("{}. {} 항목을 확인하세요. [1]\n", i + 1, names[i])
                   : fmt::format("{}. Mind this: {}. [1]\n", i + 1, names[i]);
  }
  if (model == 1) {
    text +=
        korean ? "그래도 안 되면 기기를 초기화하세요." : "If that does not help, reset the device.";
  }
  return text;
}

RecordedPassage passage(const Topic& topic, bool korean, int number, std::size_t page) {
  const auto& headings = korean ? topic.headings_ko : topic.headings_en;
  RecordedPassage made{.number = number,
                       .document = korean ? "다온폰 X1 사용 설명서" : "Daon Phone X1 User Guide",
                       .file = korean ? "daon-phone-x1.pdf" : "daon-phone-x1-en.pdf"};
  made.heading_path.assign(headings.begin(), headings.end());
  made.first_page = made.last_page = static_cast<int>(page);
  made.text = korean ? topic.passage_ko : topic.passage_en;
  return made;
}

QuestionOutcome made_outcome(std::size_t q, const std::string& hostile) {
  const std::size_t which = q / 2 % kTopics.size();
  const Topic& topic = kTopics[which];
  const bool korean = q % 2 == 0;
  QuestionOutcome outcome;
  Question& question = outcome.question;
  question.id = fmt::format("phone-{:03}", q + 1) + hostile;
  question.text = (korean ? topic.question_ko : topic.question_en) + hostile;
  question.language = korean ? Language::kKorean : Language::kEnglish;
  question.type = topic.type + hostile;
  question.references = {(korean ? topic.passage_ko : topic.passage_en) + hostile};
  for (const char* fact : korean ? topic.facts_ko : topic.facts_en) {
    question.facts.push_back({fact, "다른 표기" + hostile});
  }
  const RecordedPassage right = passage(topic, korean, 1, 20 + which);
  question.gold = {{right.document + hostile, right.heading_path, {right.first_page}}};
  if (q == 5) question.history = {{"Which phone is this?" + hostile, "A Daon Phone X1."}};

  for (std::size_t model = 0; model < kNames.size(); ++model) {
    const std::string name = kNames[model] + hostile;
    RecordedAnswer& answer = outcome.answers[name];
    answer.question_id = question.id;
    answer.contestant = name;
    if (model == 1 && q == 7) {
      answer.error = untranslated("the model's process ended (out of memory)" + hostile);
      continue;
    }
    const double chance = model == 0 ? 0.72 : model == 1 ? 0.68 : 0.86;
    std::size_t facts = 0;
    for (std::size_t i = 0; i < 3; ++i) facts += noise(q * 3 + i, model * 31) < chance ? 1 : 0;
    answer.refused = model == 2 && q == 9;
    if (answer.refused) {
      facts = 0;
      answer.text = (korean ? "설명서에서 찾지 못했습니다." : "The manual does not say.") + hostile;
    } else {
      answer.text = answer_text(topic, korean, model, facts) + hostile;
    }
    answer.plain_text = answer.text;
    answer.passages = {right, passage(kTopics[(which + 1) % kTopics.size()], korean, 2,
                                      20 + (which + 1) % kTopics.size())};
    for (RecordedPassage& found : answer.passages) {
      found.document += hostile;
      found.heading_path.back() += hostile;
      found.text += hostile;
    }
    if (const std::size_t end = answer.text.find(" [1]"); end != std::string::npos) {
      const std::string cited(right.text.substr(0, right.text.find('\n')));
      answer.citations = {
          {1, {0, end}, right.document, right.heading_path, right.first_page, cited}};
    }
    if (const std::size_t at = answer.text.find(korean ? "그래도" : "If that");
        model == 1 && at != std::string::npos) {
      answer.sentences = {{{at, answer.text.size()}, "unsupported", {}, true}};
    }
    const double share = static_cast<double>(facts) / 3;
    outcome.values[name] = values_of(q, model, share);
  }
  return outcome;
}

Estimate estimate_of(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const auto count = static_cast<double>(values.size());
  const double mean = sum / count;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double half = 1.96 * std::sqrt(squares / count / count);
  return {mean, mean - half, mean + half, values.size()};
}

void compare(Evaluation& evaluation, const MetricDefinition& metric, const Slice& slice,
             const std::vector<const QuestionOutcome*>& outcomes) {
  for (const Contestant& contestant : evaluation.contestants) {
    std::vector<double> values;
    for (const QuestionOutcome* outcome : outcomes) {
      const auto found = outcome->values.find(contestant.name);
      if (found != outcome->values.end()) values.push_back(found->second.at(metric.name));
    }
    if (values.empty()) continue;
    evaluation.summaries.push_back({metric.name, slice, contestant.name, estimate_of(values)});
  }
  for (std::size_t i = 0; i < evaluation.contestants.size(); ++i) {
    for (std::size_t j = i + 1; j < evaluation.contestants.size(); ++j) {
      Comparison comparison{metric.name, slice, evaluation.contestants[i].name,
                            evaluation.contestants[j].name};
      std::vector<double> differences;
      for (const QuestionOutcome* outcome : outcomes) {
        const auto first = outcome->values.find(comparison.first);
        const auto second = outcome->values.find(comparison.second);
        if (first == outcome->values.end() || second == outcome->values.end()) continue;
        const double difference = second->second.at(metric.name) - first->second.at(metric.name);
        differences.push_back(difference);
        const double gain = metric.higher_is_better ? difference : -difference;
        ++(gain > 0 ? comparison.wins : gain < 0 ? comparison.losses : comparison.ties);
      }
      if (differences.empty()) continue;
      comparison.difference = estimate_of(differences);
      const Estimate& d = comparison.difference;
      const double error = (d.high - d.low) / 3.92;
      comparison.test = metric.yes_no ? "mcnemar" : "permutation";
      comparison.p = error > 0 ? std::erfc(std::abs(d.value) / error / std::sqrt(2.0)) : 1;
      comparison.p_adjusted = std::min(1.0, comparison.p * 4);
      comparison.effect_size = error > 0 ? d.value / (error * std::sqrt(24.0)) : 0;
      comparison.smallest_difference = 2.8 * error;
      evaluation.comparisons.push_back(comparison);
    }
  }
}

}  // namespace

Evaluation made_evaluation(const MadeEvaluationOptions& options) {
  const std::string& hostile = options.hostile;
  Evaluation evaluation;
  evaluation.set_name = "phone.jsonl" + hostile;
  evaluation.set_hash = "5f1d3c0b9a7e4d2188c6f0e1a2b3c4d5";
  evaluation.library = "manuals" + hostile;
  evaluation.index_hash = "0c9e8d7f6a5b4c3d2e1f00112233aabb";
  evaluation.created = "2026-11-28T01:02:03Z";
  evaluation.saseo_version = "0.1.0";
  evaluation.machine = "8 threads, 32 GiB" + hostile;
  evaluation.contestants = {
      {kNames[0] + hostile, "the manual's own sentences" + hostile, std::nullopt, 0, 0, 0},
      {kNames[1] + hostile, "Gemma 2, 2.6 B, Q4_K_M, greedy" + hostile, 1.71e9, 0, 0, 0},
      {kNames[2] + hostile, "Gemma 2, 9.2 B, Q4_K_M, greedy" + hostile, 5.76e9, 0, 0, 0}};
  evaluation.metrics = metrics();
  for (std::size_t q = 0; q < options.questions; ++q) {
    evaluation.outcomes.push_back(made_outcome(q, hostile));
    for (Contestant& contestant : evaluation.contestants) {
      const RecordedAnswer& answer = evaluation.outcomes.back().answers.at(contestant.name);
      ++(answer.error     ? contestant.failed
         : answer.refused ? contestant.refused
                          : contestant.answered);
    }
  }
  std::map<Slice, std::vector<const QuestionOutcome*>> slices;
  for (const QuestionOutcome& outcome : evaluation.outcomes) {
    const std::string language(language_code(outcome.question.language));
    for (const Slice& slice : {Slice{}, Slice{language, ""}, Slice{"", outcome.question.type},
                               Slice{language, outcome.question.type}}) {
      slices[slice].push_back(&outcome);
    }
  }
  for (const MetricDefinition& metric : evaluation.metrics) {
    for (const auto& [slice, outcomes] : slices) compare(evaluation, metric, slice, outcomes);
  }
  evaluation.verdicts = {
      {"ko",
       "On these 12 Korean questions gemma-2-9b-it recalls 17 points more facts than gemma-2-2b-it "
       "(95 % CI 3 to 31) and takes 4.0 times as long; for table look-ups the difference is within "
       "what these questions can show." +
           hostile,
       "한국어 질문 12개에서 gemma-2-9b-it는 gemma-2-2b-it보다 사실을 17점 더 담았고(95 % 신뢰 "
       "구간 3~31), "
       "시간은 4.0배 걸렸습니다. 표를 찾는 질문에서는 이 질문들로 드러날 만한 차이가 없습니다." +
           hostile},
      {"en",
       "On these 12 English questions no difference in facts between the models could be shown; "
       "one of at least 24 points would have been." +
           hostile,
       "영어 질문 12개에서는 모델 사이의 사실 재현율 차이가 드러나지 않았습니다. 24점 이상이었다면 "
       "드러났을 것입니다." +
           hostile}};
  evaluation.warnings = {untranslated("1 question failed with gemma-2-2b-it: phone-008." + hostile),
                         untranslated("This machine does not report energy: no joules.")};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    evaluation.corpus_scores.push_back(
        {"chrf", {}, evaluation.contestants[i].name, 58.0 + 3 * static_cast<double>(i)});
  }
  evaluation.signatures = {{"chrf", "nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2"}};
  return evaluation;
}

}  // namespace saseo::eval
