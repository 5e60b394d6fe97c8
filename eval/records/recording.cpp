#include "eval/records/recording.h"

#include <algorithm>
#include <map>

namespace saseo::eval {
namespace {

// Bytes of "[12]" or "[?]" at `at`; 0 when there is none.
std::size_t mark_length(std::string_view text, std::size_t at) {
  if (text[at] != '[') return 0;
  std::size_t end = at + 1;
  if (end < text.size() && text[end] == '?') {
    ++end;
  } else {
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (end == at + 1 || end - at > 4) return 0;
  }
  return end < text.size() && text[end] == ']' ? end + 1 - at : 0;
}

std::optional<double> when_positive(double value) {
  if (value <= 0) return std::nullopt;
  return value;
}

}  // namespace

std::string without_citations(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t length = mark_length(text, i)) {
      while (!out.empty() && out.back() == ' ') out.pop_back();
      i += length;
    } else {
      out += text[i++];
    }
  }
  return out;
}

RecordedAnswer record_of(const FoundPassages& found, const Library& library) {
  RecordedAnswer record;
  record.asked_as = found.answer.question;
  std::map<DocumentId, StoredDocument> documents;
  for (const RankedChunk& hit : found.hits) {
    if (record.hits.size() == kRecordedHits) break;
    const DocumentId id = hit.stored.document;
    if (!documents.contains(id)) {
      Result<StoredDocument> document = library.document(id);
      if (document.ok()) documents.emplace(id, std::move(*document));
    }
    RecordedHit place;
    if (const auto known = documents.find(id); known != documents.end()) {
      place.document = known->second.info.title;
      place.file = known->second.path.filename().string();
    }
    place.heading_path = hit.stored.chunk.heading_path;
    place.page = hit.stored.chunk.first_page;
    place.score = hit.hit.score;
    record.hits.push_back(std::move(place));
  }
  for (const Passage& passage : found.answer.context.passages) {
    record.passages.push_back({passage.number, passage.info.title, passage.path.filename().string(),
                               passage.info.product, passage.heading_path, passage.first_page,
                               passage.last_page, passage.text, passage.score});
  }
  return record;
}

void add_answer(RecordedAnswer& record, const Answer& answer) {
  record.text = answer.text;
  record.plain_text = without_citations(answer.text);
  record.refused = !answer.found;
  record.side_by_side = answer.product.decision == ProductDecision::kAmbiguous;
  for (const Citation& citation : answer.citations) {
    record.citations.push_back({citation.number, citation.answer_span, citation.info.title,
                                citation.heading_path, citation.page, citation.text,
                                citation.path.filename().string()});
  }
  for (const CheckedSentence& sentence : answer.sentences) {
    record.sentences.push_back({sentence.answer_span, std::string(name_of(sentence.basis)),
                                sentence.numbers, sentence.doubtful()});
  }
  record.cost.first_text_seconds = when_positive(answer.timings.first_text_ms / 1000);
  record.cost.total_seconds = when_positive(answer.timings.total_ms / 1000);
  if (!answer.generation) return;
  record.prompt = answer.generation->prompt;
  record.invented_citations = answer.generation->invented_citations;
  const TokenUsage& usage = answer.generation->usage;
  record.cost.prompt_tokens = when_positive(static_cast<double>(usage.prompt_tokens));
  record.cost.completion_tokens = when_positive(static_cast<double>(usage.completion_tokens));
  record.cost.reused_prompt_tokens = static_cast<double>(usage.reused_prefix_tokens);
  record.cost.prefill_seconds = when_positive(usage.prefill_seconds);
  record.cost.decode_seconds = when_positive(usage.decode_seconds);
}

}  // namespace saseo::eval
