#include "app/settings/profile.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "base/files.h"
#include "base/message.h"

namespace saseo::app {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxProfileBytes = 1 << 20;

// A key with a number.
struct NumberKey {
  const char* name;
  double least, most;
  bool whole;
  double (*get)(const AnswerSettings&);
  void (*set)(AnswerSettings&, double);
};

std::size_t count_of(double value) { return static_cast<std::size_t>(value); }

constexpr NumberKey kProfileNumberKeys[] = {
    {"chunk_tokens", 16, 10'000, true,
     [](const AnswerSettings& s) { return static_cast<double>(s.chunk_tokens); },
     [](AnswerSettings& s, double value) { s.chunk_tokens = count_of(value); }},
    {"candidates", 1, 100'000, true,
     [](const AnswerSettings& s) { return static_cast<double>(s.ranking.candidates); },
     [](AnswerSettings& s, double value) { s.ranking.candidates = count_of(value); }},
    {"reranked", 0, 1000, true,
     [](const AnswerSettings& s) { return static_cast<double>(s.ranking.reranked); },
     [](AnswerSettings& s, double value) { s.ranking.reranked = count_of(value); }},
    {"hits", 1, 1000, true,
     [](const AnswerSettings& s) { return static_cast<double>(s.answering.hits); },
     [](AnswerSettings& s, double value) { s.answering.hits = count_of(value); }},
    {"context_tokens", 1, 1'000'000, true,
     [](const AnswerSettings& s) { return static_cast<double>(s.answering.context.token_budget); },
     [](AnswerSettings& s, double value) { s.answering.context.token_budget = count_of(value); }},
    {"max_passages", 1, 100, true,
     [](const AnswerSettings& s) { return static_cast<double>(s.answering.context.max_passages); },
     [](AnswerSettings& s, double value) { s.answering.context.max_passages = count_of(value); }},
    {"neighbours", 0, 100, true,
     [](const AnswerSettings& s) { return static_cast<double>(s.answering.context.neighbours); },
     [](AnswerSettings& s, double value) {
       s.answering.context.neighbours = static_cast<int>(value);
     }},
    {"threshold", 0, 1, false,
     [](const AnswerSettings& s) { return static_cast<double>(s.answering.refusal.threshold); },
     [](AnswerSettings& s, double value) {
       s.answering.refusal.threshold = static_cast<float>(value);
     }},
};
constexpr const char* kWholeSections = "whole_sections";

struct StageKey {
  const char* name;
  double least, most;
  double (*get)(const StageWeights&);
  void (*set)(StageWeights&, double);
};

constexpr StageKey kStageKeys[] = {
    {"k1", 0, 10, [](const StageWeights& w) { return static_cast<double>(w.lexical.k1); },
     [](StageWeights& w, double value) { w.lexical.k1 = static_cast<float>(value); }},
    {"body_b", 0, 1, [](const StageWeights& w) { return static_cast<double>(w.lexical.body_b); },
     [](StageWeights& w, double value) { w.lexical.body_b = static_cast<float>(value); }},
    {"dense_weight", 0, 1,
     [](const StageWeights& w) { return static_cast<double>(w.dense_weight); },
     [](StageWeights& w, double value) { w.dense_weight = static_cast<float>(value); }},
    {"dense_length_exponent", -2, 2,
     [](const StageWeights& w) { return static_cast<double>(w.dense_length_exponent); },
     [](StageWeights& w, double value) { w.dense_length_exponent = static_cast<float>(value); }},
};
constexpr const char* kKorean = "korean";
constexpr const char* kOther = "other";

Error unknown_key(std::string_view source, std::string_view name, std::string_view known) {
  return make_error(ErrorCode::kInvalidArgument, "{}: unknown key \"{}\"; known are {}",
                    "{}: 알 수 없는 항목 \"{}\"입니다. 쓸 수 있는 항목은 {}입니다", source, name,
                    known);
}

template <typename Keys>
std::string names_of(const Keys& keys) {
  std::string names;
  for (const auto& key : keys) names += (names.empty() ? "" : ", ") + std::string(key.name);
  return names;
}

// What a file sets, as it is read.
class ProfileReader {
 public:
  explicit ProfileReader(Profile& profile) : profile_(profile) {}
  Status read(const toml::table& table);

 private:
  std::string source_of(const toml::source_region& place) const {
    return fmt::format("{}:{}", profile_.file.string(), place.begin.line);
  }
  Result<double> number(const toml::key& key, const toml::node& node, double least, double most,
                        bool whole);
  Status read_entry(const toml::key& key, const toml::node& node);
  Status read_stage(const toml::key& key, const toml::node& node, StageWeights& weights);

  Profile& profile_;
};

Result<double> ProfileReader::number(const toml::key& key, const toml::node& node, double least,
                                     double most, bool whole) {
  std::optional<double> value;
  if (const auto integer = node.value_exact<std::int64_t>()) {
    value = static_cast<double>(*integer);
  } else if (!whole) {
    value = node.value_exact<double>();
  }
  if (value && *value >= least && *value <= most) return *value;  // NaN is in no range.
  const std::string source = source_of(key.source());
  if (whole)
    return make_error(ErrorCode::kInvalidArgument, "{}: {} needs a whole number from {} to {}",
                      "{}: {}에는 {}부터 {}까지의 정수를 적으세요", source, key.str(), least, most);
  return make_error(ErrorCode::kInvalidArgument, "{}: {} needs a number from {} to {}",
                    "{}: {}에는 {}부터 {}까지의 수를 적으세요", source, key.str(), least, most);
}

Status ProfileReader::read_stage(const toml::key& key, const toml::node& node,
                                 StageWeights& weights) {
  const toml::table* table = node.as_table();
  if (table == nullptr)
    return make_error(ErrorCode::kInvalidArgument,
                      "{}: {} is a table: write [{}] and its keys in the lines below it",
                      "{}: {}은(는) 표입니다. [{}]을 적고 그 아래 줄에 항목을 적으세요",
                      source_of(key.source()), key.str(), key.str());
  for (const auto& [name, value] : *table) {
    const std::string_view wanted = name.str();  // A lambda cannot capture a binding.
    const auto* found = std::ranges::find_if(
        kStageKeys, [&](const StageKey& known) { return known.name == wanted; });
    if (found == std::end(kStageKeys))
      return unknown_key(source_of(name.source()), name.str(), names_of(kStageKeys));
    SASEO_ASSIGN_OR_RETURN(const double read,
                           number(name, value, found->least, found->most, false));
    found->set(weights, read);
    profile_.sources[fmt::format("{}.{}", key.str(), name.str())] = source_of(name.source());
  }
  return {};
}

Status ProfileReader::read_entry(const toml::key& key, const toml::node& node) {
  AnswerSettings& settings = profile_.settings;
  if (key == kKorean) return read_stage(key, node, settings.ranking.korean);
  if (key == kOther) return read_stage(key, node, settings.ranking.other);
  if (key == kWholeSections) {
    const std::optional<bool> value = node.value_exact<bool>();
    if (!value)
      return make_error(ErrorCode::kInvalidArgument, "{}: {} needs true or false",
                        "{}: {}에는 true나 false를 적으세요", source_of(key.source()), key.str());
    settings.answering.context.whole_sections = *value;
  } else {
    const auto* found = std::ranges::find_if(
        kProfileNumberKeys, [&](const NumberKey& known) { return known.name == key.str(); });
    if (found == std::end(kProfileNumberKeys))
      return unknown_key(source_of(key.source()), key.str(),
                         names_of(kProfileNumberKeys) + ", whole_sections, [korean], [other]");
    SASEO_ASSIGN_OR_RETURN(const double value,
                           number(key, node, found->least, found->most, found->whole));
    found->set(settings, value);
  }
  profile_.sources[std::string(key.str())] = source_of(key.source());
  return {};
}

Status ProfileReader::read(const toml::table& table) {
  for (const auto& [key, node] : table) SASEO_RETURN_IF_ERROR(read_entry(key, node));
  return {};
}

std::vector<std::string> first_comments(const std::string& text) {
  std::vector<std::string> comments;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line) && line.starts_with('#');)
    comments.push_back(line.substr(line.starts_with("# ") ? 2 : 1));
  return comments;
}

Error no_such_profile(const fs::path& file) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(file.parent_path(), ignored)) {
    if (entry.path().extension() == ".toml" && entry.path().filename() != "config.toml")
      names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  if (list.empty()) list = say("none", "없음");
  return make_error(ErrorCode::kNotFound,
                    "{}: no such profile; there are: {}. `saseo eval tune QUESTIONS --write NAME` "
                    "makes one, --profile none does without",
                    "{}: 그런 프로필이 없습니다. 있는 프로필: {}. `saseo eval tune 질문 --write "
                    "이름`으로 만들거나 --profile none으로 쓰지 않을 수 있습니다",
                    file.string(), list);
}

}  // namespace

Result<Profile> read_profile(const fs::path& file) {
  std::error_code failure;
  if (!fs::exists(file, failure)) return no_such_profile(file);
  Profile profile;
  profile.name = file.stem().string();
  profile.file = file;
  SASEO_ASSIGN_OR_RETURN(const std::string text, read_file(file, kMaxProfileBytes));
  profile.comments = first_comments(text);
  try {
    SASEO_RETURN_IF_ERROR(ProfileReader(profile).read(toml::parse(text, file.string())));
  } catch (const toml::parse_error& error) {
    return make_error(ErrorCode::kInvalidArgument, "{}:{}: not TOML: {}",
                      "{}:{}: TOML 형식이 아닙니다: {}", file.string(), error.source().begin.line,
                      error.description());
  }
  return profile;
}

std::vector<std::pair<std::string, std::string>> profile_values(const AnswerSettings& settings) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const NumberKey& key : kProfileNumberKeys) {
    const double value = key.get(settings);
    if (std::string_view(key.name) == "neighbours")
      values.emplace_back(kWholeSections,
                          settings.answering.context.whole_sections ? "true" : "false");
    // As a float prints, so that 0.55 does not come out as 0.550000011920929.
    values.emplace_back(key.name, key.whole ? fmt::format("{}", static_cast<std::int64_t>(value))
                                            : fmt::format("{}", static_cast<float>(value)));
  }
  for (const char* table : {kKorean, kOther}) {
    const StageWeights& weights =
        table == kKorean ? settings.ranking.korean : settings.ranking.other;
    for (const StageKey& key : kStageKeys)
      values.emplace_back(fmt::format("{}.{}", table, key.name),
                          fmt::format("{}", static_cast<float>(key.get(weights))));
  }
  return values;
}

std::string profile_text(const AnswerSettings& settings, const std::vector<std::string>& comments) {
  std::string text;
  for (const std::string& comment : comments)
    text += comment.empty() ? "#\n" : "# " + comment + "\n";
  std::string table;
  for (const auto& [key, value] : profile_values(settings)) {
    const std::size_t dot = key.find('.');
    const std::string of = dot == std::string::npos ? "" : key.substr(0, dot);
    if (of != table) text += fmt::format("\n[{}]\n", table = of);
    text += fmt::format("{} = {}\n", dot == std::string::npos ? key : key.substr(dot + 1), value);
  }
  return text;
}

fs::path profile_file(const fs::path& folder, const std::string& name) {
  if (name.find('/') != std::string::npos || name.ends_with(".toml")) return name;
  return folder / (name + ".toml");
}

}  // namespace saseo::app
