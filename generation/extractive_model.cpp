#include "generation/extractive_model.h"

#include <algorithm>
#include <cassert>

#include "generation/rendering.h"

namespace saseo {
namespace {

class ExtractiveModel : public LanguageModel {
 public:
  explicit ExtractiveModel(const SelectionOptions& options) : options_(options) {}

  std::string_view name() const override { return "extractive"; }

  Result<Generated> generate(const AnswerRequest& request, const Library& library,
                             const TextSink& sink, std::stop_token stop) override {
    assert(request.context != nullptr && request.analyzer != nullptr && request.weights != nullptr);
    Generated generated;
    if (stop.stop_requested()) return generated;
    Analyzer& analyzer = *request.analyzer;
    const ParsedQuestion question = parse_question(request.question, analyzer, *request.weights);
    SASEO_ASSIGN_OR_RETURN(const std::vector<PassageEvidence> evidence,
                           gather_evidence(question, *request.context, library, analyzer));
    SASEO_ASSIGN_OR_RETURN(const std::vector<Extract> extracts,
                           select_extracts(question, evidence, library, options_));
    Renderer renderer(generated, sink);
    const bool several = std::ranges::any_of(extracts, [&](const Extract& extract) {
      return extract.passage->info.product != extracts.front().passage->info.product;
    });
    const std::string* product = nullptr;
    for (const Extract& extract : extracts) {
      if (stop.stop_requested()) break;
      if (several && (product == nullptr || *product != extract.passage->info.product)) {
        product = &extract.passage->info.product;
        renderer.name_product(*product);
      }
      renderer.print(extract);
    }
    renderer.finish();
    return generated;
  }

 private:
  const SelectionOptions options_;
};

}  // namespace

std::unique_ptr<LanguageModel> make_extractive_model(const SelectionOptions& options) {
  return std::make_unique<ExtractiveModel>(options);
}

}  // namespace saseo
