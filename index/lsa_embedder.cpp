#include "index/lsa_embedder.h"

#include <cmath>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "index/sqlite.h"

namespace saseo {

Result<StoredEmbedder> store_lsa(const Database& database, const LsaModel& model,
                                 std::size_t fitted_chunks) {
  const nlohmann::json parameters = {{"terms", model.terms.size()}};
  SASEO_ASSIGN_OR_RETURN(
      StoredEmbedder stored,
      begin_fit(database, kLsaName, {model.dims, fitted_chunks, parameters.dump()}));
  SASEO_RETURN_IF_ERROR(
      database.execute("DELETE FROM lsa_terms WHERE embedder_id = " + std::to_string(stored.id)));
  SASEO_ASSIGN_OR_RETURN(
      Statement insert,
      database.prepare("INSERT INTO lsa_terms(embedder_id, term, weight, vector) VALUES(?,?,?,?)"));
  for (std::size_t t = 0; t < model.terms.size(); ++t) {
    insert.bind(1, stored.id)
        .bind(2, model.terms[t])
        .bind(3, static_cast<double>(model.weights[t]))
        .bind_blob(
            4, as_blob(std::span<const float>(model.vectors).subspan(t * model.dims, model.dims)));
    SASEO_RETURN_IF_ERROR(insert.run());
  }
  return stored;
}

LsaEmbedder::LsaEmbedder(const Database& database, Analyzer& analyzer, const StoredEmbedder& stored,
                         const LsaOptions& options)
    : database_(database), analyzer_(analyzer), stored_(stored), options_(options) {}

Result<std::vector<float>> LsaEmbedder::embed_query(std::string_view question) {
  return embed_terms(analyzer_.analyze_question(question), {});
}

Result<std::vector<float>> LsaEmbedder::embed_passages(std::span<const PassageText> passages) {
  std::vector<float> vectors;
  vectors.reserve(passages.size() * stored_.dims);
  for (const PassageText& passage : passages) {
    SASEO_ASSIGN_OR_RETURN(
        const std::vector<float> vector,
        embed_terms(analyzer_.analyze(passage.body), analyzer_.analyze(passage.heading)));
    vectors.insert(vectors.end(), vector.begin(), vector.end());
  }
  return vectors;
}

Result<std::vector<float>> LsaEmbedder::embed_terms(const Terms& body, const Terms& heading) {
  std::map<std::string, float> occurrences;  // Ordered: sums are made in one order.
  const auto count = [&](TermKind kind, const std::vector<std::string>& terms, float weight) {
    for (const std::string& term : terms) occurrences[static_cast<char>(kind) + term] += weight;
  };
  count(TermKind::kBigram, body.bigrams, 1);
  count(TermKind::kStem, body.stems, 1);
  count(TermKind::kBigram, heading.bigrams, options_.heading_weight);
  count(TermKind::kStem, heading.stems, options_.heading_weight);

  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      database_.prepare("SELECT weight, vector FROM lsa_terms WHERE embedder_id = ? AND term = ?"));
  std::vector<float> sum(stored_.dims, 0.0f);
  for (const auto& [term, times] : occurrences) {
    rows.bind(1, stored_.id).bind(2, term);
    SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
    if (row && rows.blob(1).size() == sum.size() * sizeof(float)) {
      const float weight = static_cast<float>(rows.real(0)) * std::log1p(times);
      const std::span<const std::byte> blob = rows.blob(1);
      for (std::size_t d = 0; d < sum.size(); ++d) {
        float value;
        std::memcpy(&value, blob.data() + d * sizeof(float), sizeof value);
        sum[d] += weight * value;
      }
    }
    rows.reset();
  }
  normalize(sum);
  return sum;
}

}  // namespace saseo
