// The report's own words in its language, and figures as people read them.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/message.h"
#include "eval/records/evaluation.h"

namespace saseo::eval {

// How a metric's values are shown: multiplied by `factor`, with `decimals`, in `unit`.
struct Scale {
  double factor = 1;
  int decimals = 2;
  std::string_view unit;  // "%", "GiB"; empty of plain points.
};

// Immutable: threads may share one.
class Words {
 public:
  // Korean for kKorean, else English.
  explicit Words(Language language) : korean_(language == Language::kKorean) {}

  bool korean() const { return korean_; }
  // For lang="...".
  std::string_view code() const { return korean_ ? "ko" : "en"; }
  std::string_view operator()(std::string_view english, std::string_view korean) const {
    return korean_ ? korean : english;
  }
  const std::string& operator()(const Message& text) const {
    return korean_ ? text.korean : text.english;
  }
  template <typename... Args>
  std::string format(MessageText<Args...> english, MessageText<Args...> korean,
                     const Args&... args) const {
    [[maybe_unused]] const Language language = korean_ ? Language::kKorean : Language::kEnglish;
    return fmt::format(korean_ ? korean : english, written_in(language, args)...);
  }

  const std::string& label(const MetricDefinition& metric) const;
  std::string_view group(MetricGroup group) const;
  // "ko" -> "Korean"; what is not known stays as it is.
  std::string language(std::string_view code) const;
  std::string type(std::string_view type) const;  // Also of the empty one.
  std::string slice(const Slice& slice) const;    // "All questions", "Korean", "Korean, table".

 private:
  bool korean_;
};

// `largest`: of the values that will be shown, so that all of them get one unit.
Scale scale_of(MetricUnit unit, double largest);
std::string figure(double value, const Scale& scale);         // "83.1"; not finite: "-".
std::string signed_figure(double value, const Scale& scale);  // "+6.0", "−2.1", "0.0"
// "2.0 to 10.0" within brackets: "[2.0, 10.0]".
std::string interval(const Estimate& estimate, const Scale& scale);
std::string p_value(double p);  // "p = 0.012", "p < 0.001"

}  // namespace saseo::eval
