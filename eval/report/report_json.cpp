#include "eval/report/report_json.h"

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/message.h"
#include "eval/records/described_json.h"

namespace saseo::eval {
namespace {

constexpr std::string_view kFormat = "saseo-evaluation";

}  // namespace

std::string json_report(const Evaluation& evaluation) {
  DescribedJson json = {{"format", kFormat}, {"version", kEvaluationVersion}};
  json.update(to_described_json(evaluation));
  return written_json(json, 1) + "\n";
}

Result<Evaluation> parse_json_report(std::string_view text, const std::filesystem::path& path) {
  const DescribedJson json = parsed_json<DescribedJson>(text);
  if (!json.is_object() || json.value("format", DescribedJson()) != kFormat) {
    return make_error(ErrorCode::kBadInput,
                      "{}: not an evaluation as JSON: an object with \"format\": \"{}\" is "
                      "expected.",
                      "{}: JSON으로 된 평가가 아닙니다. \"format\": \"{}\"인 객체여야 합니다.",
                      path.string(), kFormat)
        .advise(AdviceKind::kWriteJsonReport);
  }
  const DescribedJson version = json.value("version", DescribedJson());
  if (!version.is_number_integer() || version.get<double>() < 1) {
    return make_error(ErrorCode::kBadInput, "{}: \"version\" is not a number from 1.",
                      "{}: \"version\"이 1 이상의 수가 아닙니다.", path.string());
  }
  if (version.get<double>() > kEvaluationVersion) {
    return make_error(
        ErrorCode::kTooNew,
        "{}: written by a newer Saseo (form {}; this one knows {}). Update Saseo.",
        "{}: 더 새로운 사서가 쓴 파일입니다(형식 {}, 아는 형식 {}). 사서를 갱신하세요.",
        path.string(), version.get<double>(), kEvaluationVersion);
  }
  Evaluation evaluation;
  DescribedReader reader;
  reader.read_members(json, evaluation);
  if (!reader.fault().empty()) {
    return make_error(ErrorCode::kBadInput, "{}: damaged or changed by hand: {}.",
                      "{}: 파일이 손상되었거나 손으로 고쳐졌습니다. {}.", path.string(),
                      reader.fault());
  }
  return evaluation;
}

}  // namespace saseo::eval
