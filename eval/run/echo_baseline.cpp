#include "eval/run/echo_baseline.h"

#include <cassert>

#include "base/utf8.h"
#include "generation/rendering.h"

namespace saseo::eval {
namespace {

class EchoModel : public LanguageModel {
 public:
  std::string_view name() const override { return kEchoBaseline; }

  Result<Generated> generate(const AnswerRequest& request, const Library& /*library*/,
                             const TextSink& sink, std::stop_token /*stop*/) override {
    assert(request.context != nullptr);
    Generated generated;
    if (request.context->passages.empty()) return generated;
    const Passage& first = request.context->passages.front();
    for (std::string_view rest = first.text; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      const std::string line = printable(rest.substr(0, end));
      if (!line.empty()) generated.text += (generated.text.empty() ? "" : "\n") + line;
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    if (generated.text.empty() || first.segments.empty()) return Generated{};
    Citation citation;
    citation.number = first.number;
    citation.answer_span = {0, generated.text.size()};
    citation.document = first.document;
    citation.span = first.segments.front();
    generated.citations.push_back(std::move(citation));
    generated.text += " [" + std::to_string(first.number) + "]\n";
    if (sink) sink(generated.text);
    return generated;
  }
};

}  // namespace

std::unique_ptr<LanguageModel> make_echo_model() { return std::make_unique<EchoModel>(); }

}  // namespace saseo::eval
