#include "index/lsa_embedder.h"

#include <cmath>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "index/sqlite.h"
#include "index/stored_form.h"

namespace saseo {

Result<std::optional<StoredEmbedder>> stored_embedder(const Database& database,
                                                      std::string_view name) {
  SASEO_ASSIGN_OR_RETURN(
      Statement rows,
      database.prepare("SELECT id, dims, fit, fitted_chunks FROM embedders WHERE name = ?"));
  rows.bind(1, name);
  SASEO_ASSIGN_OR_RETURN(const bool row, rows.step());
  if (!row) return std::optional<StoredEmbedder>();
  return std::optional(StoredEmbedder{rows.integer(0), static_cast<std::size_t>(rows.integer(1)),
                                      rows.integer(2), static_cast<std::size_t>(rows.integer(3))});
}

Result<StoredEmbedder> store_lsa(const Database& database, const LsaModel& model,
                                 std::size_t fitted_chunks) {
  SASEO_ASSIGN_OR_RETURN(const std::optional<StoredEmbedder> before,
                         stored_embedder(database, kLsaName));
  StoredEmbedder stored{1, model.dims, before ? before->fit + 1 : 1, fitted_chunks};
  SASEO_ASSIGN_OR_RETURN(
      Statement put,
      database.prepare("INSERT INTO embedders(id, name, dims, fit, fitted_chunks, parameters) "
                       "VALUES(?,?,?,?,?,?) "
                       "ON CONFLICT(name) DO UPDATE SET dims = excluded.dims, fit = excluded.fit, "
                       "fitted_chunks = excluded.fitted_chunks, parameters = excluded.parameters"));
  const nlohmann::json parameters = {{"terms", model.terms.size()}};
  put.bind(1, stored.id)
      .bind(2, kLsaName)
      .bind(3, static_cast<std::int64_t>(stored.dims))
      .bind(4, stored.fit)
      .bind(5, static_cast<std::int64_t>(stored.fitted_chunks))
      .bind(6, parameters.dump());
  SASEO_RETURN_IF_ERROR(put.run());
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

Result<std::vector<float>> LsaEmbedder::embed_passage(std::span<const std::string> heading_path,
                                                      std::string_view text) {
  return embed_terms(analyzer_.analyze(text), analyzer_.analyze(join_heading_path(heading_path)));
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
